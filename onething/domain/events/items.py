"""Items that are sent back, and that pass to another department with its duties."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from onething.domain.base import Strict
from onething.domain.calendar.countdown import Pause


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
