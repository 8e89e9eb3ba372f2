"""Which acts are there for which kinds of tasks, and that an act on an item finds its task open."""

from collections.abc import Mapping

from onething.domain.errors import FailureCode, Refusal
from onething.domain.kernel.task_ref import TaskKind
from onething.domain.principal import Principal, Role
from onething.security.policy import Act
from onething.store.tables.tasks import Task

_ITEM = frozenset({TaskKind.DECIDE})
KINDS: Mapping[Act, frozenset[TaskKind]] = {
    Act.CLAIM: _ITEM,
    Act.RELEASE: _ITEM,
    Act.TRANSFER: _ITEM,
    Act.DECIDE: frozenset({TaskKind.DECIDE, TaskKind.UNDO}),
    Act.SEND_BACK: _ITEM,
    Act.ASK_ITEM_CORRECTIONS: _ITEM,
    Act.TAKE_BACK_DEMAND: _ITEM,
    Act.DECIDE_REVOCATION: frozenset({TaskKind.REVOKE}),
    Act.RESOLVE_DISCREPANCY: frozenset({TaskKind.DISCREPANCY}),
    Act.LOOK_BY_HAND: frozenset({TaskKind.MANUAL_CHECK}),
    Act.CONSULT: _ITEM,
    Act.TAKE_BACK_CONSULT: _ITEM,
    Act.GIVE_OPINION: frozenset({TaskKind.CONSULT}),
    Act.APPOINT_INSPECTION: _ITEM,
    Act.MOVE_INSPECTION: _ITEM,
    Act.CONCLUDE_INSPECTION: _ITEM,
    Act.SUSPEND: _ITEM,
    Act.RESUME: _ITEM,
    Act.EXTEND_ITEM: _ITEM,
}
ON_OPEN_ITEMS = frozenset(
    {
        *(Act.TAKE_BACK_DEMAND, Act.TAKE_BACK_CONSULT),
        *(
            Act.ASK_ITEM_CORRECTIONS,
            Act.TAKE_BACK_DEMAND,
            Act.TAKE_BACK_CONSULT,
            Act.CONSULT,
            Act.APPOINT_INSPECTION,
            Act.MOVE_INSPECTION,
        ),
        *(Act.CONCLUDE_INSPECTION, Act.SUSPEND, Act.RESUME, Act.EXTEND_ITEM),
    }
)
"""Done with an item, by its task, which therefore is open and not another officer's."""

_HOW: Mapping[str, str] = {
    TaskKind.DECIDE: "这是办理事项的待办，请用 decide 作出决定。",
    TaskKind.UNDO: "这是人工撤销的待办，没有办理时限，不需要认领；办完后请用 decide 登记 undone。",
    TaskKind.CONSULT: "这是其他部门征求意见的待办，不需要认领，请用 answer 答复。",
    TaskKind.CHECK: "这是核查承诺的待办，请用 commitments/{material}/check 登记核查结果。",
    TaskKind.DISCREPANCY: "这是核实数据的待办，请用 resolve 登记哪一方的数据正确。",
    TaskKind.MANUAL_CHECK: "这是人工核查数据的待办，请用 look-up 登记查到的记录，或查无此记录。",
    TaskKind.REVOKE: "这是决定是否撤销的待办，请用 revoke 登记决定和理由。",
}
"""How the result of a task is recorded."""


def guard_kind(act: Act, task: Task) -> Refusal | None:
    """Why not, unless such tasks are there for the act."""
    if TaskKind(task.kind) in KINDS[act]:
        return None
    return Refusal(FailureCode.NOT_ALLOWED_NOW, _HOW[task.kind])


def guard_item_task(principal: Principal, act: Act, task: Task) -> Refusal | None:
    """Why not, if so: by its kind, and of what is done with an item by whether the task is open and whose it is."""
    if act not in ON_OPEN_ITEMS:
        return guard_kind(act, task)
    if (wrong := guard_kind(act, task)) is not None:
        return wrong
    if task.state != "open":
        return Refusal(FailureCode.NOT_ALLOWED_NOW, "这件待办已经结束，不能再改变它的时限。")
    if principal.role is Role.OFFICER and task.claimed_by not in (None, principal.subject):
        return Refusal(FailureCode.CLAIMED_BY_ANOTHER, "该待办已由其他人员认领，请先由其放回。")
    return None
