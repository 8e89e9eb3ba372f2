"""What every case is to live through, and how it may end. Pure: the seed decides."""

import random
from dataclasses import dataclass
from enum import StrEnum

from chaos.applications import AT_ONCE, DRAWN
from onething.domain.definition.items import OnRefusal
from onething.domain.kernel.state import CaseStatus
from tests.api.catalogue import CATALOG

C = CaseStatus
LAST_ARRIVAL = 0.84  # share of the storm
REFUSED_SHARE = 0.25  # of what is drawn from the catalogue
# many are under way when workers or Temporal are kept down, and when Temporal loses everything
_RUSHES = ((0.18, 0.29), (0.42, 0.54), (0.70, LAST_ARRIVAL))
_WHILE_DOWN = ((0.36, 0.39), (0.62, 0.65)) * 2  # some arrive while workers, and while Temporal, are kept down
_ANY_TIME = (0.0, LAST_ARRIVAL)


class Story(StrEnum):
    WELL = "well"
    CORRECTED = "corrected"  # a correction round that changes the form
    REJECTED = "rejected"  # at the counter
    REFUSED = "refused"  # by a department
    WITHDRAWN_AT_ONCE = "withdrawn_at_once"  # while look-ups are in flight
    WITHDRAWN_BEFORE_CALLBACK = "withdrawn_before_callback"  # about when a source calls back, or long before
    WITHDRAWN_LATER = "withdrawn_later"  # after some approvals
    WITHDRAWAL_RACE = "withdrawal_race"  # withdrawal and decision at the same moment
    TWO_OFFICERS = "two_officers"  # two people of a department decide at the same moment


@dataclass(frozen=True)
class Script:
    """`item`: the one that is refused, raced for, or decided by two. `endings`: statuses that the case may end in."""

    number: int
    bundle: str
    story: Story
    endings: frozenset[CaseStatus]
    item: str | None = None
    example: int | None = None  # of the definition; none: as examples/ says
    as_draft: bool = False  # begun as a draft
    arrives_at: float = 0.0  # share of the storm
    seed: int = 0

    @property
    def name(self) -> str:
        return f"{self.number:03d}-{self.bundle}-{self.story}"


E, D, N, T = "enterprise-opening", "death-deregistration", "newborn", "transport-business"
_CLOSED, _WITHDRAWN, _REJECTED, _TERMINATED = (
    frozenset({one}) for one in (C.CLOSED, C.WITHDRAWN, C.REJECTED, C.TERMINATED)
)
_OVERTAKEN = _WITHDRAWN | _CLOSED  # all may be decided before the withdrawal comes

Drawn = tuple[str, Story, str | None, frozenset[CaseStatus], int | None]
"""Bundle, story, item, endings, and the number of the example."""
PLAYS: tuple[tuple[str, Story, str | None, frozenset[CaseStatus]], ...] = (
    (E, Story.WELL, None, _CLOSED),
    (D, Story.WELL, None, _CLOSED),
    (N, Story.WELL, None, _CLOSED),
    (T, Story.WELL, None, _CLOSED),
    (T, Story.REFUSED, "permit", _TERMINATED),  # the licence stands, and the name that it rests on
    (E, Story.WITHDRAWN_LATER, None, _OVERTAKEN),
    (D, Story.CORRECTED, None, _CLOSED),
    (E, Story.TWO_OFFICERS, "registration", _CLOSED | _TERMINATED),
    (T, Story.WITHDRAWAL_RACE, "permit", _WITHDRAWN),
    (E, Story.WITHDRAWN_AT_ONCE, None, _WITHDRAWN),
    (N, Story.WITHDRAWN_LATER, None, _OVERTAKEN),
    (E, Story.CORRECTED, None, _CLOSED),
    (T, Story.REFUSED, "vehicle-registration", _CLOSED),  # its dependant is skipped
    (E, Story.REJECTED, None, _REJECTED),
    (D, Story.TWO_OFFICERS, "pension", _CLOSED),
    (T, Story.WITHDRAWN_LATER, None, _OVERTAKEN),
    (E, Story.REFUSED, "registration", _TERMINATED),
    (E, Story.WITHDRAWAL_RACE, "tax", _WITHDRAWN | _CLOSED),
    (T, Story.WITHDRAWN_AT_ONCE, None, _WITHDRAWN),
    (D, Story.WITHDRAWN_LATER, None, _OVERTAKEN),
    (N, Story.REFUSED, "household", _TERMINATED),
    (T, Story.REJECTED, None, _REJECTED),
    (E, Story.REFUSED, "seal", _CLOSED),
    (D, Story.REFUSED, "household", _TERMINATED),
    (E, Story.WITHDRAWN_BEFORE_CALLBACK, None, _WITHDRAWN),
    (E, Story.WITHDRAWN_BEFORE_CALLBACK, None, _WITHDRAWN),
)  # fmt: skip


def _drawn(chance: random.Random) -> Drawn:
    """An example of a bundle without plays of its own: granted, or some item of it refused."""
    bundle = chance.choice(DRAWN)
    number = chance.choice(AT_ONCE[bundle])
    if chance.random() >= REFUSED_SHARE:
        return bundle, Story.WELL, None, _CLOSED, number
    code = chance.choice(CATALOG.latest[bundle].examples[number].expect.items)
    [item] = [one for one in CATALOG.latest[bundle].items if one.code == code]
    return bundle, Story.REFUSED, item.code, _TERMINATED if item.on_refusal is OnRefusal.STOP else _CLOSED, number


def cast(cases: int, seed: int) -> list[Script]:
    """So many scripts, in the order of their arrival. The first have one of each play, every second of the others is an
    example of the catalogue."""
    chance = random.Random(f"scripts/{seed}")
    more = range(cases - len(PLAYS))
    drawn = [_drawn(chance) if number % 2 else (*PLAYS[number // 2 % len(PLAYS)], None) for number in more]
    plays = [*((*play, None) for play in PLAYS[:cases]), *drawn]
    chance.shuffle(plays)
    times = (*_RUSHES, _ANY_TIME)
    spans = [*_WHILE_DOWN, *(times[number % len(times)] for number in range(cases))][:cases]
    arrivals = sorted(chance.uniform(*span) for span in spans)
    return [
        Script(
            number=number,
            bundle=bundle,
            story=story,
            endings=endings,
            item=item,
            example=example,
            as_draft=chance.random() < 0.25,
            arrives_at=arrival,
            seed=chance.randrange(2**31),
        )
        for number, ((bundle, story, item, endings, example), arrival) in enumerate(
            zip(plays, arrivals, strict=True), start=1
        )
    ]
