"""One vocabulary of failures for API, activities and logs. Nothing is ever decided from message text."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from typing import TypeVar

MOST_PROBLEMS = 50
MOST_PROBLEM_BYTES = 60_000
"""Of one answer: whoever sends nonsense is told the first of what is wrong, in no more than it takes to send a page."""


class FailureCode(StrEnum):
    # what the caller sent
    INVALID_REQUEST = "invalid_request"
    UNKNOWN_FIELD = "unknown_field"
    INVALID_VALUE = "invalid_value"
    MISSING_VALUE = "missing_value"
    MISSING_MATERIAL = "missing_material"
    UNKNOWN_MATERIAL = "unknown_material"
    TOO_LARGE = "too_large"
    WRONG_FILE_TYPE = "wrong_file_type"
    WRONG_CONTENT_TYPE = "wrong_content_type"
    REQUEST_TIMEOUT = "request_timeout"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    MALFORMED_JSON = "malformed_json"
    IDEMPOTENCY_KEY_MISSING = "idempotency_key_missing"
    IDEMPOTENCY_KEY_REUSED = "idempotency_key_reused"
    VERSION_MISSING = "version_missing"
    STALE_VERSION = "stale_version"
    # who the caller is
    NOT_SIGNED_IN = "not_signed_in"
    INSUFFICIENT_AUTHENTICATION = "insufficient_user_authentication"
    NOT_PERMITTED = "not_permitted"
    WRONG_CREDENTIALS = "wrong_credentials"
    BAD_SIGNATURE = "bad_signature"
    TOO_MANY_REQUESTS = "too_many_requests"
    # where things stand
    NOT_FOUND = "not_found"
    UNKNOWN_BUNDLE = "unknown_bundle"
    NOT_ALLOWED_NOW = "not_allowed_now"
    ALREADY_DECIDED = "already_decided"
    ALREADY_ISSUED = "already_issued"
    PERSON_ENDED = "person_ended"
    CLAIMED_BY_ANOTHER = "claimed_by_another"
    PLAN_FIXED = "plan_fixed"
    DISCREPANCY = "discrepancy"
    SECOND_DEMAND = "second_demand"
    NOT_ASKED_FOR = "not_asked_for"
    NEWER_MATERIAL = "newer_material"
    NEWER_CHANGE = "newer_change"
    CONCURRENT_CHANGE = "concurrent_change"
    # our own state
    BUSY = "busy"
    NEWER_STATE = "newer_state"
    UNAVAILABLE = "unavailable"
    INTERNAL = "internal"
    # sources and departments
    SOURCE_UNAVAILABLE = "source_unavailable"
    SOURCE_REFUSED = "source_refused"
    SOURCE_MALFORMED = "source_malformed"
    COMMAND_VOID = "command_void"


class OneThingError(Exception):
    """A failure with a code for programs and a Chinese sentence for people (what is wrong, what to do next)."""

    def __init__(self, code: FailureCode, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


class NotAllowed(OneThingError):
    """The event is not allowed in the state that the case is in."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something may not happen now, as a value: guards give it, `refuse` raises it."""

    code: FailureCode
    detail: str

    def as_error(self) -> NotAllowed:
        return NotAllowed(self.code, self.detail)


def refuse(why: Refusal | None) -> None:
    """Raise NotAllowed if there is a reason."""
    if why is not None:
        raise why.as_error()


class TooSoon(NotAllowed):
    """Not yet: it may be tried again `retry_after` seconds from now."""

    def __init__(self, detail: str, retry_after: int) -> None:
        super().__init__(FailureCode.TOO_MANY_REQUESTS, detail)
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class TooEarly(Refusal):
    """Refused until `retry_after` seconds from now."""

    retry_after: int

    def as_error(self) -> TooSoon:
        return TooSoon(self.detail, self.retry_after)


class NewerState(OneThingError):
    """State written by newer code: this process must not touch it."""

    def __init__(self, what: str) -> None:
        super().__init__(FailureCode.NEWER_STATE, f"{what}由更新版本的程序写入，本进程不处理，请稍后重试。")


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One thing wrong with what was sent. `pointer` is a JSON pointer into the request, such as `/form/phone`."""

    pointer: str
    code: FailureCode
    detail: str  # Chinese: what is wrong and what to do


class InvalidInput(OneThingError):
    """What was sent has problems: all of them at once, as far as they fit into one answer. `more`: there are others,
    which were not looked for."""

    def __init__(self, problems: Iterable[FieldProblem]) -> None:
        self.problems, self.more = first_few(problems, _bytes_of)
        super().__init__(FailureCode.INVALID_REQUEST, how_many(len(self.problems), more=self.more))


def require_valid(problems: Iterable[FieldProblem]) -> None:
    """Raise InvalidInput if there is one. Problems that are found as they are asked for are looked for no further than
    they are told: judging costs no more than the answer."""
    looked_for = iter(problems)
    first = next(looked_for, None)
    if first is not None:
        raise InvalidInput(chain((first,), looked_for))


Entry = TypeVar("Entry")


def first_few(found: Iterable[Entry], size: Callable[[Entry], int]) -> tuple[tuple[Entry, ...], bool]:
    """As many as one answer tells, and whether there are more. `size`: bytes that one takes in it."""
    few: list[Entry] = []
    room = MOST_PROBLEM_BYTES
    for one in found:
        room -= size(one)
        if few and (room < 0 or len(few) == MOST_PROBLEMS):
            return tuple(few), True
        few.append(one)
    return tuple(few), False


def how_many(count: int, *, more: bool) -> str:
    """What the first line of an answer says of them."""
    if more:
        return f"提交的内容需要修改的地方很多，这里只列出前 {count} 处；改正后重新提交，其余的到时再告知。"
    return f"提交的内容有 {count} 处需要修改。"


def _bytes_of(problem: FieldProblem) -> int:
    """As JSON, with the names of its members."""
    told = json.dumps([problem.pointer, problem.code, problem.detail], ensure_ascii=False)
    return len(told.encode("utf-8", "replace")) + 40
