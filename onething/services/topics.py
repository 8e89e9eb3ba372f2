"""What a page is told while it is open: that something of a topic has changed, never what. The page reads that anew.

A topic is a case, the queue of the caller's department, the counter's inbox, the supervisor's board, or what is the
caller's own. News say topic and seq. Of a case that is the number of its last line (of those that the caller hears of):
a page that shows that one or a later one has nothing to read. Of other topics it counts the news of this stream.

Nothing is resumed: a stream begins by naming each topic once, so whoever comes back reads each anew, once, and has
missed nothing. What a lost notice would have told comes within a minute all the same. News of one topic that come thick
and fast are told together.
"""

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from onething.domain.errors import FailureCode, FieldProblem, InvalidInput, OneThingError
from onething.domain.kernel.case_no import DIGITS
from onething.domain.principal import APPLYING_SIDE, Principal, Role
from onething.security.identity.claims import SignedIn
from onething.security.identity.refusals import NotSignedIn
from onething.security.policy import Act, Facts, NotPermitted, reaches_cases, require
from onething.services.cases.stream import last_seq, may_watch
from onething.services.core.case_feed import board_key, inbox_key, queue_key
from onething.services.core.context import AppContext
from onething.services.summaries.responses import ResponseModel
from onething.store.record import access_log
from onething.store.tables import cases

MOST = 30
"""Topics of one stream."""
_LOOK_S = 15.0
"""So often token and rights are judged anew; what has a number of its own is looked up, too."""
_ANYWAY = timedelta(minutes=1)
"""So often a topic that has none is named although nobody has said that it has changed."""
_TOGETHER_S = 0.3
_OWN = 200
_TOPIC = re.compile(rf"case:(?P<case>{DIGITS})|queue:(?P<queue>[a-z][a-z0-9-]{{0,59}})|inbox|board|mine")
_ENDED = frozenset({FailureCode.NOT_PERMITTED, FailureCode.NOT_FOUND, FailureCode.INSUFFICIENT_AUTHENTICATION})


class TopicNews(ResponseModel):
    """`kind`: changed; gone, for a topic of which the caller hears no more; bye, without a topic, before the stream
    ends for good: the caller signs in anew first."""

    kind: Literal["changed", "gone", "bye"]
    topic: str | None = None
    seq: int | None = None


_Kind = Literal["case", "queue", "inbox", "board", "mine"]


@dataclass
class _Topic:
    """`key`: under which it is waited for. `subject`: number of the case, code of the department. `own`: cases that are
    the caller's own, and under way."""

    name: str
    kind: _Kind
    key: str
    subject: str = ""
    known: object = None
    named_at: datetime | None = None
    own: frozenset[str] = frozenset()


def parsed(text: str) -> tuple[str, ...]:
    """Topics, written with commas between. Raises InvalidInput."""
    names = tuple(dict.fromkeys(filter(None, text.split(","))))
    wrong = [name for name in names if _TOPIC.fullmatch(name) is None]
    if wrong or not 0 < len(names) <= MOST:
        detail = f"请写 1 至 {MOST} 个主题，以逗号分隔：case:办件编号、queue:部门代码、inbox、board、mine。"
        raise InvalidInput([FieldProblem("/topics", FailureCode.INVALID_VALUE, detail)])
    return names


async def may_follow(context: AppContext, principal: Principal, names: Sequence[str]) -> None:
    """Before a stream begins. Raises NotPermitted, NOT_FOUND for the first topic that is not the caller's,
    TooManyRequests. Each leaves a line."""
    context.feed.check_room(principal.subject)
    for topic in _topics(principal, names):
        at, detail = context.clock.now(), f"stream:{topic.name}"
        match topic.kind:
            case "case":
                await may_watch(context, principal, topic.key)
            case "queue":
                async with context.transaction(principal, Act.LIST_TASKS) as tx:
                    _require_queue(principal, topic, at)
                    access_log.add(tx, Act.LIST_TASKS, at, detail=detail)
            case "board":
                async with context.transaction(principal, Act.VIEW_MEASURES) as tx:
                    _require_board(principal, at)
                    access_log.add(tx, Act.VIEW_MEASURES, at, detail=detail)
            case "inbox" | "mine":
                async with context.transaction(principal, Act.LIST_CASES) as tx:
                    _require_list(principal, topic, at)
                    access_log.add(tx, Act.LIST_CASES, at, detail=detail)


async def follow(context: AppContext, signed_in: SignedIn, names: Sequence[str]) -> AsyncIterator[TopicNews | None]:
    """News as they come; None: nothing new. The last is a bye: no topic is left, the token has ended, or its caller is
    locked out. Raises OneThingError while the record can't be read."""
    principal = signed_in.principal
    topics = {topic.name: topic for topic in _topics(principal, names)}
    seqs = Counter[str]()
    with context.feed.watching(_keys(topics), principal.subject) as news:
        while topics:
            rung = news.take()
            try:
                context.tokens.still(signed_in)
            except NotSignedIn:
                break
            for topic in list(topics.values()):
                told = await _news(context, principal, topic, seqs, rung)
                if told is None:
                    continue
                if told.kind == "gone":
                    del topics[topic.name]
                yield told
            news.wait_for(_keys(topics))
            yield None
            left = (signed_in.expires_at - context.clock.now()).total_seconds()
            with suppress(TimeoutError):
                async with asyncio.timeout(max(0.0, min(_LOOK_S, left))):
                    await news.wait()
                    await asyncio.sleep(_TOGETHER_S)
    yield TopicNews(kind="bye")


async def _news(
    context: AppContext, principal: Principal, topic: _Topic, seqs: Counter[str], rung: set[str]
) -> TopicNews | None:
    """None: it stands as it was told."""
    first, now = topic.named_at is None, context.clock.now()
    try:
        found = await _look(context, principal, topic, now)
    except OneThingError as refused:
        if refused.code not in _ENDED:
            raise
        return TopicNews(kind="gone", topic=topic.name)
    if isinstance(found, _OwnCases):
        topic.own = found.under_way
    if found is None:
        waited = topic.named_at is not None and now - topic.named_at >= _ANYWAY
        changed = first or waited or topic.key in rung
    else:
        changed = first or found != topic.known
    if not changed:
        return None
    topic.known, topic.named_at = found, now
    seqs[topic.name] += 1
    return TopicNews(kind="changed", topic=topic.name, seq=found if isinstance(found, int) else seqs[topic.name])


def _keys(topics: dict[str, _Topic]) -> set[str]:
    return {key for topic in topics.values() for key in (topic.key, *topic.own) if key}


def _topics(principal: Principal, names: Sequence[str]) -> Iterator[_Topic]:
    region = principal.region
    for name in names:
        found = _TOPIC.fullmatch(name)
        if found is None:
            raise AssertionError("topics are parsed before they are followed")
        if found["case"] is not None:
            yield _Topic(name, "case", found["case"], found["case"])
        elif found["queue"] is not None:
            yield _Topic(name, "queue", queue_key(region, found["queue"]), found["queue"])
        elif name == "inbox":
            yield _Topic(name, "inbox", inbox_key(region))
        elif name == "board":
            yield _Topic(name, "board", board_key(region))
        else:
            yield _Topic(name, "mine", "")


async def _look(context: AppContext, principal: Principal, topic: _Topic, at: datetime) -> object:
    """Judges the caller's right to the topic, and gives what changes with it; None for a topic of which only notices
    tell. Raises NotPermitted, NOT_FOUND, InsufficientAuthentication."""
    match topic.kind:
        case "case":
            return await last_seq(context, principal, topic.subject)
        case "queue":
            _require_queue(principal, topic, at)
        case "board":
            _require_board(principal, at)
        case "inbox":
            _require_list(principal, topic, at)
        case "mine":
            return await _own_cases(context, principal, topic)
    return None


def _require_queue(principal: Principal, topic: _Topic, at: datetime) -> None:
    require(principal, Act.LIST_TASKS, Facts(region=principal.region, task_department=topic.subject, at=at))


def _require_board(principal: Principal, at: datetime) -> None:
    require(principal, Act.VIEW_MEASURES, Facts(region=principal.region, task_department=principal.department, at=at))


def _require_list(principal: Principal, topic: _Topic, at: datetime) -> None:
    require(principal, Act.LIST_CASES, Facts(at=at))
    if topic.kind == "inbox" and principal.role is not Role.COUNTER:
        raise NotPermitted(FailureCode.NOT_PERMITTED, "收件箱（inbox）是综合窗口的，您可以关注 mine 或 queue。")
    if topic.kind == "mine" and principal.role not in APPLYING_SIDE:
        raise NotPermitted(FailureCode.NOT_PERMITTED, "本人的办件（mine）是申请人的，您可以关注 queue 或 inbox。")


@dataclass(frozen=True, slots=True)
class _OwnCases:
    """How the caller's own cases stand, to be compared."""

    standing: tuple[object, ...]
    under_way: frozenset[str] = field(compare=False)


async def _own_cases(context: AppContext, principal: Principal, topic: _Topic) -> _OwnCases:
    async with context.transaction(principal, Act.LIST_CASES) as tx:
        _require_list(principal, topic, tx.asked_at)
        if reaches_cases(principal):
            rows = await cases.of_applying(tx, principal.subject, principal.identity, limit=_OWN)
        else:
            rows = await cases.own_drafts(tx, principal.subject, limit=_OWN)
    standing = tuple((row.case_no, row.status, row.version, row.open_demands, row.expires_at) for row in rows)
    return _OwnCases(standing, frozenset(row.case_no for row in rows if row.ended_at is None))
