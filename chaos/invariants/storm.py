"""Temporal afterwards, and whether the storm was one."""

from collections import Counter
from collections.abc import Iterator

from chaos.evidence import Evidence, Finding
from chaos.invariants.endings import left_over

_GOOD = ("COMPLETED", "CONTINUED_AS_NEW")
_MUST_COME_UP = (
    "corrections_asked", "supplemented", "rejected", "withdrawn", "task_claimed", "item_decided", "record_fetched",
    "record_refused", "certificates_issued", "notices_sent", "effect_undone",
    "dispatch_refused", "discrepancy_resolved",
)  # fmt: skip


def workflows_are_over(evidence: Evidence) -> Iterator[Finding]:
    for workflow in evidence.workflows:
        record = evidence.records.get(workflow.id.removeprefix("case-"))
        if workflow.status == "RUNNING":
            waits = record is not None and record.next_wake_at is not None  # a result that nobody has collected
            if record is None or not (any(left_over(record)) or record.was_called_back or record.was_checked or waits):
                yield Finding(workflow.id, "办件已没有未了的事，工作流却还开着")
        elif workflow.status not in _GOOD:
            yield Finding(workflow.id, f"工作流的结局是 {workflow.status}")


def people_went_on(evidence: Evidence) -> Iterator[Finding]:
    for stop in evidence.stops:
        if evidence.thorough and not (stop.submitted and stop.decided and stop.opened):
            yield Finding(
                f"第 {stop.begin:.0f}–{stop.end:.0f} 秒 {stop.what}",
                f"提交 {stop.submitted}，决定 {stop.decided}，打开后续事项 {stop.opened}",
            )


def faults_happened(evidence: Evidence) -> Iterator[Finding]:
    for name, demanded in evidence.demanded_kills.items():
        if evidence.kills.get(name, 0) < demanded:
            yield Finding(name, f"应杀 {demanded} 次，实为 {evidence.kills.get(name, 0)} 次")


def enough_happened(evidence: Evidence) -> Iterator[Finding]:
    """A thorough storm in which something never came up has not shown that it is withstood."""
    if not evidence.thorough:
        return
    kinds = Counter(line.kind for record in evidence.records.values() for line in record.lines)
    for kind in _MUST_COME_UP:
        if not kinds[kind]:
            yield Finding("日志", f"整场风暴里没有一次 {kind}")
    heard = [one for intent in evidence.intents for one in intent.heard]
    if all(one.definite for one in heard):
        yield Finding("客户端的日志", "没有一个答复丢失过")
    if all(one.standing is None for one in heard):
        yield Finding("客户端的日志", "没有一次两个人同时作决定")
