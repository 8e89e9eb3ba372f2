"""Tasks that change hands, and decisions on items."""

from typing import Literal

from pydantic import Field

from onething.domain.base import Strict


class TaskClaimed(Strict):
    kind: Literal["task_claimed"] = "task_claimed"
    item: str
    round: int


class TaskReleased(Strict):
    kind: Literal["task_released"] = "task_released"
    item: str
    round: int


class TaskTransferred(Strict):
    """Handed to a colleague of the same department, whose claim it is from then on. `to`: their account."""

    kind: Literal["task_transferred"] = "task_transferred"
    item: str
    round: int
    to: str


class ItemDecided(Strict):
    """A department's decision: `outcome` is one of those that the plan has for the item. Opinion and outputs are sealed
    under `opinion` and `outputs`. `command`: the one that it answers, where the department's own system decided.
    `seen`: materials that it was made on → number of the version; which file that was, says the line by which it
    came."""

    kind: Literal["item_decided"] = "item_decided"
    item: str
    round: int
    outcome: str
    opinion: str | None = None
    outputs: str | None = None
    command: str | None = None
    despite: tuple[str, ...] = ()  # comparisons whose values disagree, as the officer knows
    seen: dict[str, int] = Field(default_factory=dict)
    conditions: dict[str, bool] = Field(default_factory=dict)  # condition of the item → whether it is met
    held: tuple[str, ...] = ()  # reservations that are this case's from now on
    full: tuple[str, ...] = ()  # those that are another's, or used up
