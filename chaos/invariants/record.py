"""The record in itself: chain, folding, tasks, certificates."""

from collections import Counter
from collections.abc import Iterator

from chaos.evidence import Evidence, Finding, Record
from onething.domain.definition.items import OutputKind
from onething.domain.engine.step import fold
from onething.domain.events.outcomes import CertificatesIssued
from onething.domain.events.tasks import ItemDecided
from onething.domain.events.undo import RevocationDecided
from onething.domain.kernel.state import AT_DEPARTMENT, ItemState
from onething.store.record.hash_chain import first_fault


def chains_hold(evidence: Evidence) -> Iterator[Finding]:
    for case_no, record in evidence.records.items():
        fault = first_fault(case_no, record.lines, record.head_seq, record.head_hash)
        if fault is not None:
            yield Finding(case_no, f"日志第 {fault} 行缺失或与写入时不同")


def journal_folds_to_state(evidence: Evidence) -> Iterator[Finding]:
    for case_no, record in evidence.records.items():
        folded = fold(evidence.plans, evidence.calendars, record.events)
        if folded.to_json().decode() != record.state:
            yield Finding(case_no, "由日志重放得到的状态与存储的状态不同")


def tasks_fit_items(evidence: Evidence) -> Iterator[Finding]:
    for case_no, record in evidence.records.items():
        for text in _misfits(record):
            yield Finding(case_no, text)


def _misfits(record: Record) -> Iterator[str]:
    decided = {(e.item, e.round): e.outcome for _, _, e in record.events if isinstance(e, ItemDecided)}
    deciding = {(task.item, task.round): task for task in record.tasks if task.kind == "decide"}
    by_systems = {(e.item, e.round) for _, _, e in record.events if isinstance(e, ItemDecided) and e.command}
    for visit, outcome in decided.items():
        if visit in by_systems:
            continue
        task = deciding.get(visit)
        if task is None or (task.state, task.result) != ("done", outcome):
            yield f"“{visit[0]}”已决定 {outcome}，待办却是 {task and (task.state, task.result)}"
    for visit, task in deciding.items():
        if task.state == "done" and visit not in decided:
            yield f"待办 {task.task_id} 已办，日志里却没有决定"
    for item, progress in record.final.items.items():
        is_open = any(task.state == "open" and task.item == item for task in deciding.values())
        if is_open != (progress.state in AT_DEPARTMENT):
            yield f"“{item}”的状态是 {progress.state}，待办{'开着' if is_open else '没有开'}"


def certificates_once(evidence: Evidence) -> Iterator[Finding]:
    for case_no, record in evidence.records.items():
        due = _due(evidence, record)
        void = _void(record)
        issued = Counter((one.item, one.output) for one in record.certificates if one.number not in void)
        if issued != due:
            yield Finding(case_no, f"证照应为 {_listed(due)}，实为 {_listed(issued)}")
        numbers = [number for _, _, e in record.events if isinstance(e, CertificatesIssued) for number in e.numbers]
        if sorted(numbers) != sorted(one.number for one in record.certificates):
            yield Finding(case_no, f"日志记载签发 {sorted(numbers)}，与证照表不同")
        for one in record.certificates:
            if one.verified == (one.number in void):
                yield Finding(case_no, f"证照 {one.number} 验真{'通过，却已不再有效' if one.verified else '不通过'}")


def _void(record: Record) -> set[str]:
    """Numbers of certificates in whose place there are others, or whose approval was revoked after them."""
    void: set[str] = set()
    issued: set[str] = set()
    for _, _, event in record.events:
        if isinstance(event, CertificatesIssued):
            void |= event.replaces.keys()
            issued.update(event.numbers)
        elif isinstance(event, RevocationDecided) and event.revoke:
            void |= {one.number for one in record.certificates if one.item == event.item and one.number in issued}
    return void


def _due(evidence: Evidence, record: Record) -> Counter[tuple[str, str]]:
    """Of a case that has ended: each certificate of each item that was granted and stands, however the rest ended."""
    if not record.final.ended:
        return Counter()
    state, plan = record.final, evidence.plans[record.final.plan]
    return Counter(
        (item.code, output.id)
        for item in plan.items
        if state.items[item.code].state is ItemState.APPROVED
        for output in item.outputs
        if output.kind is OutputKind.CERTIFICATE
    )


def _listed(counts: Counter[tuple[str, str]]) -> str:
    return "、".join(f"{item}.{output}×{count}" for (item, output), count in sorted(counts.items())) or "无"
