"""The outside world's own list against the record."""

from collections import Counter
from collections.abc import Iterator

from chaos.evidence import Effect, Evidence, Finding, Record
from onething.domain.definition.items import UndoBy
from onething.domain.definition.outcomes import OutcomeEffect
from onething.domain.events.outcomes import EffectUndone, NoticesSent, RecordFetched
from onething.domain.events.tasks import ItemDecided
from onething.domain.events.undo import RevocationDecided, UndoneByHand
from onething.domain.kernel import queries
from onething.domain.kernel.state import CaseStatus, DataState, EffectKind, ItemState
from onething.domain.plan.plan import Plan

_KIND_OF = {
    "record": "fetch_record",
    "item": "dispatch_item",
    "notice": "send_notices",
    "release": "undo_effect",
    "revocation": "undo_effect",
}


def one_effect_a_key(evidence: Evidence) -> Iterator[Finding]:
    known = {record.key(one.id): one.kind for record in evidence.records.values() for one in record.commands}
    times = Counter(effect.key for effect in evidence.effects)
    for effect in evidence.effects:
        if effect.effects != 1 or times[effect.key] != 1:
            yield Finding(effect.key, f"生效了 {max(effect.effects, times[effect.key])} 次")
        if known.get(effect.key) != _KIND_OF[effect.kind]:
            yield Finding(effect.key, f"{effect.kind} 生效了，本系统却没有这样的指令")
    for key in evidence.called_keys:
        if key not in known:
            yield Finding(key, "向外部世界发过请求，本系统却没有这样的指令")


def done_means_done(evidence: Evidence) -> Iterator[Finding]:
    happened = {effect.key for effect in evidence.effects}
    for case_no, record in evidence.records.items():
        for seq, _, event in record.events:
            if isinstance(event, RecordFetched) and event.kept_at is not None:
                continue  # its source did nothing for this one
            if isinstance(event, RecordFetched | NoticesSent | EffectUndone) and happened.isdisjoint(
                record.asked_by(event.command)
            ):
                yield Finding(case_no, f"第 {seq} 行（{event.kind}）说办成了，外部世界却没有")


def undo_touched_what_was_done(evidence: Evidence) -> Iterator[Finding]:
    for case_no, record in evidence.records.items():
        plan = evidence.plans[record.final.plan]
        effects = evidence.effects_of(case_no)
        for text in (*_approvals(record, plan, effects), *_holds(evidence, record, plan, effects)):
            yield Finding(case_no, text)


def _approvals(record: Record, plan: Plan, effects: list[Effect]) -> Iterator[str]:
    """What was granted stands, however the case ended, unless it was revoked; of a case that ended early, what was only
    reserved is given back once, in the way that its item names, but for what it had granted when it was reopened. So is
    what a department's system did for an order that was called off, unless its department has upheld that."""
    approvals = [
        (seq, e.item, e.command)
        for seq, _, e in record.events
        if isinstance(e, ItemDecided) and plan.item_by_code[e.item].effect(e.outcome) is OutcomeEffect.WELL
    ]
    revoked_lines = _revoked(record, approvals)
    standing_lines = {seq: item for seq, item, _ in approvals if seq not in revoked_lines}
    reopened_at = record.final.reopening.line if record.final.reopening else 0
    for_good = {item for seq, item in standing_lines.items() if seq < reopened_at}
    early = record.final.ended_early
    fallen = queries.falling(plan, set(standing_lines.values()), for_good) if early else set()
    due = {by: Counter[str]() for by in UndoBy}
    for seq, item, command in approvals:
        if item in fallen or seq in revoked_lines:
            by = plan.item_by_code[item].undo_by
            due[by][record.key(command) if command and by is UndoBy.SYSTEM else command or f"{seq}.approval"] += 1
    called_off = {record.key(one.id) for one in record.commands if one.kind == "dispatch_item" and one.status == "void"}
    standing = {record.key(one.id) for one in record.final.effects if one.kind is not EffectKind.LOOKUP}
    revocations = [str(effect.of_key) for effect in effects if effect.kind == "revocation"]
    revoked = Counter(key for key in revocations if key not in called_off)
    if revoked != due[UndoBy.SYSTEM]:
        yield f"部门系统应释放 {_listed(due[UndoBy.SYSTEM])}，实际 {_listed(revoked)}"
    for effect in effects:
        if effect.kind == "item" and effect.undone != (effect.key in revocations):
            yield f"部门系统办的 {effect.key} {'撤销了，本系统却没有请求过' if effect.undone else '没有撤销'}"
        if effect.kind == "item" and effect.key in called_off and not effect.undone and effect.key not in standing:
            yield f"不再等待的 {effect.key} 在部门系统里仍然有效"
    by_hand = Counter(e.effect for _, _, e in record.events if isinstance(e, UndoneByHand))
    if by_hand != due[UndoBy.PEOPLE]:
        yield f"应人工释放 {_listed(due[UndoBy.PEOPLE])}，实际 {_listed(by_hand)}"
    for seq, item in standing_lines.items():
        state = record.final.items[item].state
        if state is not (ItemState.UNDONE if item in fallen else ItemState.APPROVED):
            yield f"“{item}”于第 {seq} 行准予，最后却是 {state}"


def _revoked(record: Record, approvals: list[tuple[int, str, str | None]]) -> set[int]:
    """Lines of approvals that their department revoked: each time the last one before."""
    revocations = [(n, e.item) for n, _, e in record.events if isinstance(e, RevocationDecided) and e.revoke]
    before = ([seq for seq, item, _ in approvals if item == of and seq < n] for n, of in revocations)
    return {lines[-1] for lines in before if lines}


def _holds(evidence: Evidence, record: Record, plan: Plan, effects: list[Effect]) -> Iterator[str]:
    """What look-ups hold is released, but for what a closed case rests on."""
    standing = {record.key(one.id) for one in record.final.effects if one.kind is EffectKind.LOOKUP}
    releasable = _releasable(evidence, record)
    held = {effect.key: effect for effect in effects if effect.kind == "record"}
    for key, effect in held.items():
        if key in releasable and effect.undone == (key in standing):
            yield f"{effect.code} 的占用 {key} {'被释放了，办件却还需要它' if effect.undone else '没有释放'}"
    released = {effect.of_key for effect in effects if effect.kind == "release"}
    for key in sorted(str(key) for key in released - releasable):
        yield f"释放了没有占用过的 {key}"
    if record.status == CaseStatus.CLOSED:
        wanted = {one.key for one in plan.data if one.releasable}
        in_hand = Counter(
            key for key, state in record.final.data.items() if state is DataState.IN_HAND and key in wanted
        )
        stands = Counter(one.target for one in record.final.effects if one.kind is EffectKind.LOOKUP)
        if in_hand != stands or not standing <= set(held):
            yield f"应占用 {_listed(in_hand)}，实际占用 {_listed(stands)}"


def _releasable(evidence: Evidence, record: Record) -> set[str]:
    """Keys of the look-ups that may leave something at their source, under any plan that the case has had."""
    digests = [line.event["plan"] for line in record.lines if line.event.get("plan")]
    wanted = {one.key for digest in digests for one in evidence.plans[digest].data if one.releasable}
    return {record.key(one.id) for one in record.commands if one.kind == "fetch_record" and one.target in wanted}


def _listed(counts: Counter[str]) -> str:
    return "、".join(f"{name}×{count}" for name, count in sorted(counts.items())) or "无"
