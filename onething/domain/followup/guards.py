"""When somebody may rate, urge, supervise and answer.

Urging and supervising stay few: of a case at most one urge of the applicant's side and one of a supervisor wait for
their answer, and of each item and of the case as a whole one supervision. States stay small whatever people send.
"""

import math
from datetime import datetime

from onething.domain.calendar.days import LOCAL
from onething.domain.errors import FailureCode, Refusal, TooEarly
from onething.domain.events.followup import (
    Rated,
    RatingContacted,
    RatingRectified,
    Supervised,
    SupervisionAnswered,
    UrgeAnswered,
    Urged,
)
from onething.domain.kernel.clock_id import ClockId, ClockKind
from onething.domain.kernel.state import AT_DEPARTMENT, CaseState, LastUrge, Rating

UrgeEvent = Urged | UrgeAnswered | Supervised | SupervisionAnswered


def guard_urging(state: CaseState, event: UrgeEvent, at: datetime) -> Refusal | None:
    """Why not, of an urge that comes too soon `TooEarly`. The case's status is judged by engine/guards.py."""
    match event:
        case Urged():
            return _guard_item(state, event.item) or _guard_urged(state, event, at)
        case Supervised():
            return _guard_item(state, event.item) or _guard_supervised(state, event)
        case UrgeAnswered() | SupervisionAnswered():
            kind = ClockKind.URGE if isinstance(event, UrgeAnswered) else ClockKind.SUPERVISION
            if event.clock not in state.clocks or event.clock.kind is not kind:
                return _no("没有等待答复的催办或督办，可能已经答复，或者事项已经办结。")
    return None


def urges_of(state: CaseState) -> list[ClockId]:
    """Clocks of the urges that wait for their answer, the older first."""
    return [name for name in state.clocks if name.kind is ClockKind.URGE]


def urge_of(state: CaseState, *, by_supervisor: bool) -> ClockId | None:
    """The one of that side."""
    for name in urges_of(state):
        reply = state.clocks[name].reply
        if reply is not None and reply.to_supervisor is by_supervisor:
            return name
    return None


def last_urge(state: CaseState, *, by_supervisor: bool) -> LastUrge | None:
    return state.supervisors_urge if by_supervisor else state.urge


def supervision_of(state: CaseState, item: str | None) -> ClockId | None:
    """The clock of the supervision of that item (None: of the case) that waits for its answer."""
    for name, clock in state.clocks.items():
        if name.kind is ClockKind.SUPERVISION and clock.reply is not None and clock.reply.item == item:
            return name
    return None


def _guard_item(state: CaseState, code: str | None) -> Refusal | None:
    if code is None:
        return None
    if code not in state.items:
        return Refusal(FailureCode.NOT_FOUND, "没有这个事项。")
    if state.items[code].state not in AT_DEPARTMENT:
        return _no("该事项不在部门办理中：尚未交到部门，或者已经办结；可以不指明事项，针对整个办件提出。")
    return None


def _guard_supervised(state: CaseState, event: Supervised) -> Refusal | None:
    waiting = supervision_of(state, event.item)
    if waiting is None:
        return None
    return _no(f"上一次督办尚待答复（{_told(state.clocks[waiting].due_at)}前），请等待答复后再督办。")


def _guard_urged(state: CaseState, event: Urged, at: datetime) -> Refusal | None:
    last = last_urge(state, by_supervisor=event.by_supervisor)
    if last is None:
        return None
    waiting = urge_of(state, by_supervisor=event.by_supervisor)
    due_at = state.clocks[waiting].due_at if waiting else None  # a new calendar may have moved it
    again_at = max(last.again_at, due_at or last.again_at)
    if at < again_at:
        again = math.ceil((again_at - at).total_seconds())
        detail = f"{_told(last.at)}已经催办过，部门须在一个工作日内答复；{_told(again_at)}以后可以再次催办。"
        return TooEarly(FailureCode.TOO_MANY_REQUESTS, detail, again)
    return None


def _told(at: datetime | None) -> str:
    return f"{at.astimezone(LOCAL):%Y-%m-%d %H:%M}" if at else ""


def guard_rating(standing: Rating | None, event: Rated | RatingContacted | RatingRectified) -> Refusal | None:
    """Why not: rated once, answered in order. That the case has ended is judged by engine/guards.py."""
    match event:
        case Rated() if standing is not None:
            return Refusal(FailureCode.NOT_ALLOWED_NOW, "这个办件已经评价过，每个办件只评价一次。")
        case RatingContacted() if standing is not Rating.TO_CONTACT:
            return Refusal(FailureCode.NOT_ALLOWED_NOW, "没有等待回访的差评，可能已经回访。")
        case RatingRectified() if standing is not Rating.TO_RECTIFY:
            detail = "没有等待整改的差评：请先登记回访；已经整改的不需要再登记。"
            return Refusal(FailureCode.NOT_ALLOWED_NOW, detail)
    return None


def _no(detail: str) -> Refusal:
    return Refusal(FailureCode.NOT_ALLOWED_NOW, detail)
