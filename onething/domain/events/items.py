"""Items that are sent back or decided anew, that pass to another department with its duties, and whose certificates are
made out once more."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from onething.domain.base import Strict
from onething.domain.calendar.countdown import Pause
from onething.domain.kernel.state import ReissueWhy


class ItemReassigned(Strict):
    """Duties have moved: another department holds the item (or the owner's part in the look-ups of a data key) from now
    on. With `consult` it is the opinion of that number on the item. `basis` is the public document that moved them.
    What the system of the one before has of the item is called off there, and the other's gets an order of its own."""

    kind: Literal["item_reassigned"] = "item_reassigned"
    item: str
    before: str
    department: str
    basis: str = Field(min_length=1, max_length=200)
    consult: int | None = None


class TimeUsed(Strict):
    """Of a clock that has ended: what the state forgets, and going on with it takes."""

    pauses: tuple[Pause, ...] = ()
    extended: int = 0  # of the budget's unit
    fired: tuple[int, ...] = ()  # places in the plan's ladder
    warn_at: datetime | None = None  # none: it was warned, or not to be


class ItemReturned(Strict):
    """退回: who has `item` in hand sends the `earlier` one, which it needs, back to its department. `reason`: where it
    is sealed. `since`: when that was decided, from when on its time stood still, and what was used of it."""

    kind: Literal["item_returned"] = "item_returned"
    item: str
    round: int
    earlier: str
    reason: str
    since: datetime
    promised: TimeUsed = TimeUsed()
    statutory: TimeUsed | None = None  # none: it had no such clock


class CaseReopened(Strict):
    """重新办理: a decision that ended these items was set aside, so a supervisor has the closed case go on with them.
    `basis`: the public document that set it aside. Why, is sealed under `reason`."""

    kind: Literal["case_reopened"] = "case_reopened"
    items: tuple[str, ...] = Field(min_length=1)
    basis: str = Field(min_length=1, max_length=200)
    reason: str


class CertificateReissued(Strict):
    """更正、补发、换发: the department has certificates of an item made out once more; each takes the place of the one
    before, which counts no more from the moment that the new one is issued. `outputs`: of the item, whose certificates;
    `fields`: pointers to what is corrected. What that says now, and the reason, is sealed under `reissue`. `relying`:
    items that were decided on the outputs that are corrected; their departments look for themselves."""

    kind: Literal["certificate_reissued"] = "certificate_reissued"
    item: str
    outputs: tuple[str, ...] = Field(min_length=1)
    edition: int = Field(ge=2)  # of the item's certificates
    why: ReissueWhy
    fields: tuple[str, ...] = ()
    relying: tuple[str, ...] = ()
    reissue: str
