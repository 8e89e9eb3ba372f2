"""What several cases share (reservations): what only one may have at a time or once a year, and what there is only so
much of."""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from onething.domain.base import Code, Strict, Text
from onething.domain.definition.basis import Bases


class ReservationKind(StrEnum):
    UNIQUE = "unique"  # one case at a time
    QUOTA = "quota"  # so much, and no more


class TakenAt(StrEnum):
    """The act by which it is taken."""

    SUBMISSION = "submission"
    ACCEPTANCE = "acceptance"
    GRANT = "grant"


class WhenFull(StrEnum):
    """What follows where it is another's, or used up."""

    NOT_ACCEPT = "not_accept"  # a counter doesn't accept, and no department grants it
    FLAG = "flag"  # whoever deals with it is told, and decides
    REFUSE = "refuse"  # as NOT_ACCEPT, of a quota: nobody waits for what may come free
    QUEUE = "queue"  # it waits for what comes free, first come first served


OF_KIND: dict[ReservationKind, tuple[WhenFull, ...]] = {
    ReservationKind.UNIQUE: (WhenFull.NOT_ACCEPT, WhenFull.FLAG),
    ReservationKind.QUOTA: (WhenFull.REFUSE, WhenFull.QUEUE),
}

KeyPart = Annotated[str, StringConstraints(pattern=r"^form\.[a-z][a-z0-9_]*$", max_length=80)]
"""`form.<field>`."""
Pool = Annotated[str, StringConstraints(pattern=r"^params\.[a-z][a-z0-9_]*$", max_length=80)]
"""`params.<parameter>`: how much there is."""


class Reservation(Strict):
    """`item`: whose approval it is for. Where that is refused, or comes to nothing, it is free again; what was granted
    keeps it: for good (`once_granted: stays`), or until its case is over (`frees`)."""

    code: Code
    name: Text
    kind: ReservationKind
    item: Code
    key: tuple[KeyPart, ...] = ()  # of what only one may have: what makes two the same
    pool: Pool | None = None
    amount: int = Field(1, ge=1)  # of the pool, of each case
    per: Literal["year"] | None = None  # calendar year in which it was applied for; none: at any time
    within: Literal["region", "all"] = "all"  # where two are the same: in one region, or wherever this system serves
    taken: TakenAt
    once_granted: Literal["stays", "frees"] = "stays"
    full: WhenFull
    says: Text  # to the office, where it is another's or used up
    basis: Bases

    @model_validator(mode="after")
    def _is_of_its_kind(self) -> Self:
        unique = self.kind is ReservationKind.UNIQUE
        if unique != bool(self.key) or unique == (self.pool is not None):
            raise ValueError("unique 写 key（哪几项相同就是同一个），quota 写 pool（总数是哪个当地标准），不能混写")
        if self.full not in OF_KIND[self.kind]:
            raise ValueError(f"{self.kind} 的 full 只能写 {' 或 '.join(OF_KIND[self.kind])}")
        if self.once_granted == "frees" and (self.per or not unique):
            raise ValueError("一年一次的、有总数的，办成以后不放开：不写 once_granted: frees")
        return self
