"""How the outside world answers, as activities see it. No text of an answer ever enters an exception or a log."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from onething.domain.errors import FailureCode, OneThingError

RecordValue = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Fetched:
    """A record, only the fields that the source's definition names, and the moment it was true (aware).

    `kept_at`: it was not asked for now, but came then and was kept."""

    record: dict[str, RecordValue] = field(repr=False)
    as_of: datetime
    kept_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """The counterpart will not do it, now or later. `reason` is a word for programs, never its free text."""

    reason: str


@dataclass(frozen=True, slots=True)
class Done:
    """The counterpart has done it, now or at an earlier attempt with the same key."""


@dataclass(frozen=True, slots=True)
class DepartmentDecision:
    """What a department's system has decided of an item. Opinion and outputs are personal, and not judged yet.
    `despite`: comparisons whose values disagree, as it knows, and approves all the same. `conditions`: those of the
    order → whether they are met, where it says so."""

    outcome: str
    opinion: str | None = field(default=None, repr=False)
    outputs: dict[str, Any] = field(default_factory=dict, repr=False)
    despite: tuple[str, ...] = ()
    conditions: dict[str, bool] = field(default_factory=dict)


class Cause(StrEnum):
    """Why a counterpart could not be reached."""

    TIMEOUT = "timeout"
    CONNECTION = "connection"
    SERVER_ERROR = "server_error"
    THROTTLED = "throttled"
    IN_PROGRESS = "in_progress"  # 202: taken, not yet done; the same key asks again
    BREAKER_OPEN = "breaker_open"
    LIMIT_FULL = "limit_full"


_CAUSE_TEXT = {
    Cause.TIMEOUT: "超时未答复",
    Cause.CONNECTION: "连接失败",
    Cause.SERVER_ERROR: "对方系统出错",
    Cause.THROTTLED: "对方限制访问频率",
    Cause.IN_PROGRESS: "对方已收到，尚未办结",
    Cause.BREAKER_OPEN: "连续失败，暂停访问",
    Cause.LIMIT_FULL: "同时访问数已满",
}


class SourceUnavailable(OneThingError):
    """No answer this time; ask again with the same key. The effect may have happened all the same.

    `retry_after` in seconds when it is known how long asking again is pointless, else None: use the retry schedule.
    """

    def __init__(self, counterpart: str, cause: Cause, retry_after: float | None = None) -> None:
        super().__init__(
            FailureCode.SOURCE_UNAVAILABLE, f"{counterpart} 暂时无法访问：{_CAUSE_TEXT[cause]}，系统将自动重试。"
        )
        self.counterpart = counterpart
        self.cause = cause
        self.retry_after = retry_after


class SourceAnswerMalformed(OneThingError):
    """An answer that does not say what was agreed. Retryable: the counterpart may be in the middle of a change.

    `problem` names the part that is wrong, never its content.
    """

    def __init__(self, counterpart: str, problem: str) -> None:
        super().__init__(FailureCode.SOURCE_MALFORMED, f"{counterpart} 的答复不符合约定（{problem}），系统将自动重试。")
        self.counterpart = counterpart
        self.problem = problem
