"""好差评: what the applicant thinks of how it went, and what follows when that is little.

Source: none in law. As set locally: who gave a bad rating is contacted within 1 working day, and what was bad is put
right within 5. Both may come when the case has long ended.
"""

from onething.domain.deadlines import rules as deadlines_rules
from onething.domain.deadlines.clock_kinds import RATING_CONTACT, RATING_RECTIFY
from onething.domain.events.followup import Rated
from onething.domain.kernel.reducer import Reducer
from onething.domain.kernel.state import Rating

BAD = 2
"""The best of the bad grades."""


def rated(reducer: Reducer, event: Rated) -> None:
    if event.grade > BAD:
        reducer.set(rating=Rating.GOOD)
        return
    reducer.set(rating=Rating.TO_CONTACT)
    deadlines_rules.start(reducer, RATING_CONTACT)
    deadlines_rules.start(reducer, RATING_RECTIFY)


def contacted(reducer: Reducer) -> None:
    reducer.set(rating=Rating.TO_RECTIFY)
    deadlines_rules.stop(reducer, RATING_CONTACT)


def rectified(reducer: Reducer) -> None:
    reducer.set(rating=Rating.RECTIFIED)
    deadlines_rules.stop(reducer, RATING_RECTIFY)
