"""What is to be made out, and what a reissue brings about.

That an office corrects an obvious error in a paper of its own, and gives a new one for one that was lost or damaged,
follows from its duty to give a certificate at all (行政许可法 Art. 39); how is set by no article for all matters
(assumed): on application or by itself, without a new decision, the one before counting no more. The electronic one says
the same as the paper (国务院关于在线政务服务的若干规定 Art. 10), so it is made out anew, and never changed.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from onething.domain.definition.items import OutputKind
from onething.domain.events.items import CertificateReissued
from onething.domain.events.outcomes import CertificatesIssued
from onething.domain.kernel import queries
from onething.domain.kernel.commands import CommandKind
from onething.domain.kernel.reducer import Reducer
from onething.domain.kernel.state import AT_ITS_END, DECIDED, CaseState, Edition, Effect, ItemState, ReissueWhy
from onething.domain.plan.plan import Plan, PlanItem

_RELYING = DECIDED | {ItemState.LAPSED}


class ToMakeOut(NamedTuple):
    """Certificates of an item. `why` None: they are the first of its approval, and take nobody's place."""

    edition: int
    outputs: tuple[str, ...]
    why: ReissueWhy | None


def certificate_outputs(item: PlanItem) -> tuple[str, ...]:
    return tuple(one.id for one in item.outputs if one.kind is OutputKind.CERTIFICATE)


def awaited(plan: Plan, effects: Iterable[Effect], materials: Collection[str]) -> set[str]:
    """What has to be handed in now, for certificates of what was granted. `materials`: in hand."""
    stands = queries.granted(effects)
    return {one for item, due in plan.for_issue.items() if item in stands for one in due if one not in materials}


def to_make_out(
    plan: Plan,
    effects: Iterable[Effect],
    editions: Mapping[str, Edition],
    materials: Collection[str],
    target: str = "",
) -> dict[str, ToMakeOut]:
    """Item → what a command to issue certificates is for; `target`: that item only. The first ones of an approval wait
    for what is to be handed in for them."""
    stands, found = queries.granted(effects), {}
    for item in plan.items:
        outputs = certificate_outputs(item)
        if item.code not in stands or target not in ("", item.code) or not outputs:
            continue
        held = not set(materials).issuperset(plan.for_issue.get(item.code, ()))
        if held and (item.code not in editions or editions[item.code].why is None):
            continue
        last = editions.get(item.code)
        if last is None:
            found[item.code] = ToMakeOut(1, outputs, None)
        elif last.due:
            found[item.code] = ToMakeOut(last.n, last.due, last.why)
    return found


def left_to_make_out(reducer: Reducer) -> bool:
    """Whether something that was granted has no certificate yet, and none on its way."""
    commands = reducer.open_commands.values()
    under_way = {one.target for one in commands if one.kind == CommandKind.ISSUE_CERTIFICATES}
    return bool(to_make_out(reducer.plan, reducer.effects, reducer.editions, reducer.materials).keys() - under_way)


def decided_anew(reducer: Reducer, item: str) -> None:
    """What was issued on an approval that was revoked stays revoked. If the item is approved anew, other certificates
    are made out on that, which take nobody's place."""
    last = reducer.editions.get(item)
    if last is not None and not last.due:
        n = last.n + 1
        outputs = certificate_outputs(reducer.plan.item_by_code[item])
        reducer.editions[item] = Edition(n=n, due=outputs, first=n)


def reissued(reducer: Reducer, event: CertificateReissued) -> None:
    first = reducer.editions[event.item].first
    reducer.editions[event.item] = Edition(n=event.edition, due=event.outputs, why=event.why, first=first)
    reducer.command(CommandKind.ISSUE_CERTIFICATES, event.item)


def issued(reducer: Reducer, event: CertificatesIssued) -> None:
    """They are out. The applicant is told of those that took the place of others, once the new ones are there."""
    due = to_make_out(reducer.plan, reducer.effects, reducer.editions, reducer.materials)
    out = [code for code in dict.fromkeys(event.items) if code in due]
    for code in out:
        last = reducer.editions.get(code, Edition())
        reducer.editions[code] = Edition(n=due[code].edition, first=last.first)
    if any(due[code].why is not None for code in out):
        reducer.notice("reissued")
    elif reducer.final_notice_queued and any(code in reducer.plan.for_issue for code in out):
        reducer.notice("issued")


def handed_in(reducer: Reducer) -> None:
    """What certificates have waited for has come after the case was at its end: they are made out now."""
    if reducer.status not in AT_ITS_END:
        return
    due = to_make_out(reducer.plan, reducer.effects, reducer.editions, reducer.materials)
    under_way = {one.target for one in reducer.open_commands.values() if one.kind == CommandKind.ISSUE_CERTIFICATES}
    for code in reducer.plan.for_issue:
        if code in due and not under_way.intersection({"", code}):
            reducer.command(CommandKind.ISSUE_CERTIFICATES, code)


def relying(plan: Plan, state: CaseState, item: str) -> tuple[str, ...]:
    """Items that were decided on what the item gave, in any number of steps, in plan order."""
    reached: set[str] = set()
    ahead = list(plan.dependants[item])
    while ahead:
        code = ahead.pop()
        if code not in reached:
            reached.add(code)
            ahead.extend(plan.dependants[code])
    return tuple(one.code for one in plan.items if one.code in reached and state.items[one.code].state in _RELYING)
