"""好差评: what the applicant thinks of how it went, and what follows when that is little.

Source: none in law. As set locally: who gave a bad rating is contacted within 1 working day, and what was bad is put
right within 5. Both may come when the case has long ended.
"""

from onething.domain.deadlines import rules as deadlines_rules
from onething.domain.deadlines.clock_kinds import RATING_CONTACT, RATING_RECTIFY
from onething.domain.events.followup import Rated
from onething.domain.kernel.reducer import Turn
from onething.domain.kernel.state import Rating

BAD = 2
"""The best of the bad grades."""


def rated(turn: Turn, event: Rated) -> None:
    if event.grade > BAD:
        turn.set(rating=Rating.GOOD)
        return
    turn.set(rating=Rating.TO_CONTACT)
    deadlines_rules.start(turn, RATING_CONTACT)
    deadlines_rules.start(turn, RATING_RECTIFY)


def contacted(turn: Turn) -> None:
    turn.set(rating=Rating.TO_RECTIFY)
    deadlines_rules.stop(turn, RATING_CONTACT)


def rectified(turn: Turn) -> None:
    turn.set(rating=Rating.RECTIFIED)
    deadlines_rules.stop(turn, RATING_RECTIFY)
