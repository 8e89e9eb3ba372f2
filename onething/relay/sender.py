"""Giving a hand-over to the workflow of its case, which begins if it is not running."""

from typing import Protocol

from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy

from onething.domain.handover import CaseStart, HandOver
from workflows.case import CaseWorkflow


def workflow_id(case_no: str) -> str:
    return f"case-{case_no}"


class Sender(Protocol):
    async def send(self, news: HandOver) -> None:
        """Raise when it is not certain that the hand-over was taken."""
        ...


class TemporalSender:
    def __init__(self, client: Client, task_queue: str) -> None:
        self._client = client
        self._task_queue = task_queue

    async def send(self, news: HandOver) -> None:
        await self._client.start_workflow(
            CaseWorkflow.run,
            CaseStart(case_no=news.case_no, joint_look_ups=True),
            id=workflow_id(news.case_no),
            task_queue=self._task_queue,
            start_signal="hand_over",
            start_signal_args=[news],
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        )
