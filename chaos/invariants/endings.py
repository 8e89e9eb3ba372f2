"""Every case ends as its script says it may, and leaves nothing behind."""

from collections.abc import Iterator

from chaos.evidence import Evidence, Finding, Record
from onething.domain.deadlines.clock_kinds import DELIVERY_CLOCK
from onething.domain.definition.bundle import DeliveryMethod
from onething.domain.documents import CARRIES_ALL, unread_result
from onething.domain.events.items import CaseReopened
from onething.domain.kernel.commands import CommandKind
from onething.domain.kernel.state import CaseState, ClockState

_GOING = (ClockState.RUNNING, ClockState.OVERDUE)


def played_to_the_end(evidence: Evidence) -> Iterator[Finding]:
    for one in evidence.played:
        if one.failure is not None:
            yield Finding(one.name, one.failure)
        elif one.case_no is None or one.case_no not in evidence.records:
            yield Finding(one.name, "没有留下办件")


def as_the_script_allows(evidence: Evidence) -> Iterator[Finding]:
    for one in evidence.played:
        record = evidence.records.get(one.case_no or "")
        if record is not None and record.status not in one.endings:
            yield Finding(f"{one.case_no} {one.name}", f"状态是 {record.status}，应为 {'、'.join(sorted(one.endings))}")


def at_rest(evidence: Evidence) -> Iterator[Finding]:
    for case_no, record in evidence.records.items():
        for left in left_over(record):
            yield Finding(case_no, left)


def left_over(record: Record) -> Iterator[str]:
    state = record.final
    if not state.ended:
        yield f"尚未结束：{record.status}"
    if record.status != state.status:
        yield f"案头状态 {record.status} 与规则状态 {state.status} 不同"
    for command in record.commands:
        if command.status == "open":
            yield f"指令 {command.id}（{command.target}）仍未了结"
    if state.commands:
        yield f"状态里仍有指令：{'、'.join(state.commands)}"
    for task in record.tasks:
        if task.state == "open":
            yield f"待办 {task.task_id} 仍开着"
    going = {name for name, clock in state.clocks.items() if clock.state in _GOING}
    to_collect = going & {DELIVERY_CLOCK} if _is_the_applicants_to_collect(state) else set()
    for name in going - to_collect:
        yield f"时限 {name} 仍在走"
    if record.next_wake_at is not None and not to_collect:
        yield f"仍约定在 {record.next_wake_at} 醒来"
    if record.handover_waits:
        yield "交接仍在等待或被占用"
    if state.undo_queue or state.undo_tasks:
        yield "撤销尚未做完"


def _is_the_applicants_to_collect(state: CaseState) -> bool:
    """A result that is fetched, posted or read keeps its time to deliver (行政许可法 Art. 44) until somebody has it,
    and in the storm nobody does: the case is closed all the same."""
    by_hand = state.delivery is not DeliveryMethod.ELECTRONIC and state.result is not None
    return by_hand or unread_result(state)


def told_once(evidence: Evidence) -> Iterator[Finding]:
    """Each time that a case ends; it ends once, and once more each time that it is reopened."""
    for case_no, record in evidence.records.items():
        if not record.final.ended:
            continue
        told = sum(one.kind == CommandKind.SEND_NOTICES and one.target in CARRIES_ALL for one in record.commands)
        times = 1 + sum(isinstance(event, CaseReopened) for _, _, event in record.events)
        if told != times:
            yield Finding(case_no, f"办结 {times} 次，告知结果 {told} 次")
