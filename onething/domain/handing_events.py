"""Work that passes from one hand to another: the part of `events` on departments whose duties move."""

from typing import Literal

from pydantic import Field

from onething.domain.model import Strict


class ItemReassigned(Strict):
    """Duties have moved: another department holds the item (or the owner's part in the look-ups of a data key) from now
    on. With `consult` it is the opinion of that number on the item. `basis` is the public document that moved them.
    `calls_off`: what the system of the one before has of the item is called off there, and the other's gets an order of
    its own; in journals of before it went to people."""

    kind: Literal["item_reassigned"] = "item_reassigned"
    item: str
    before: str
    department: str
    basis: str = Field(min_length=1, max_length=200)
    consult: int | None = None
    calls_off: Literal[True] | None = None
