"""How the applicant is told, and how a letter came to them."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from onething.domain.base import Strict
from onething.domain.definition.bundle import DeliveryMethod

DeliveryOutcome = Literal[
    "read", "handed_over", "sent", "delivered", "answered", "no_answer", "not_possible"
]  # which of them goes with which way: `domain/documents.py`


class DeliveryChosen(Strict):
    """The applicant has chosen another way after acceptance. An address is in the sealed application."""

    kind: Literal["delivery_chosen"] = "delivery_chosen"
    method: DeliveryMethod


class LetterDelivered(Strict):
    """What was done to get a letter to the applicant, and what came of it, as whoever did it says; `read`: by the
    applicant, of a result whose notice had not got through. `letter`: the line of the journal that it tells of. A
    tracking number and remarks are sealed under `notice`."""

    kind: Literal["letter_delivered"] = "letter_delivered"
    letter: int = Field(ge=1)
    channel: Literal["electronic", "counter", "post", "call"]
    outcome: DeliveryOutcome
    happened_at: datetime  # as it is said: on the slip, or by the post
    notice: str | None = None
