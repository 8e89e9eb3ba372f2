"""What a case costs Temporal: counted in the histories of a sample, all runs of a case added up."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from temporalio.api.enums.v1 import EventType
from temporalio.client import Client

COUNTED = {
    "工作流任务": EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED,
    "活动": EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED,
    "信号": EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED,
    "更新": EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED,
    "定时器": EventType.EVENT_TYPE_TIMER_STARTED,
    "运行": EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED,
}
ALL = "历史事件"
ACTIVITIES = "活动"


@dataclass(frozen=True)
class Costs:
    """Mean and largest number a case, by what is counted."""

    mean: dict[str, float]
    most: dict[str, int]


async def costs(client: Client, workflow_ids: Sequence[str]) -> Costs:
    """ValueError for an empty sample."""
    if not workflow_ids:
        raise ValueError("no case to count")
    counts = [await _count(client, workflow_id) for workflow_id in workflow_ids]
    names = [*COUNTED, ALL]
    return Costs(
        {name: sum(one[name] for one in counts) / len(counts) for name in names},
        {name: max(one[name] for one in counts) for name in names},
    )


async def _count(client: Client, workflow_id: str) -> Counter[str]:
    counted: Counter[str] = Counter()
    async for run in client.list_workflows(f"WorkflowId = '{workflow_id}'"):
        history = await client.get_workflow_handle(workflow_id, run_id=run.run_id).fetch_history()
        kinds = Counter(event.event_type for event in history.events)
        counted[ALL] += len(history.events)
        for name, kind in COUNTED.items():
            counted[name] += kinds[kind]
    if not counted[ALL]:
        raise RuntimeError(f"Temporal lists no run of {workflow_id}")
    return counted
