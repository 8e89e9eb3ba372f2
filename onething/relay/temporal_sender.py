"""Giving a snapshot to the workflow of its case, which begins if it is not running."""

from typing import Protocol

from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from onething.domain.engine.snapshot import CaseSnapshot, CaseStart
from workflows.case import CaseWorkflow


def workflow_id(case_no: str) -> str:
    return f"case-{case_no}"


class Sender(Protocol):
    async def send(self, snapshot: CaseSnapshot, *, first: bool) -> None:
        """Raise when it is not certain that the snapshot was taken. `first`: most likely none was before."""
        ...


class TemporalSender:
    def __init__(self, client: Client, task_queue: str) -> None:
        self._client = client
        self._task_queue = task_queue

    async def send(self, snapshot: CaseSnapshot, *, first: bool) -> None:
        if first:
            try:
                await self._start(snapshot)
            except WorkflowAlreadyStartedError:
                await self._signal(snapshot)
        else:
            await self._signal(snapshot)

    async def _start(self, snapshot: CaseSnapshot) -> None:
        """The snapshot as what the run starts from: one event less than a signal."""
        await self._client.start_workflow(
            CaseWorkflow.run,
            CaseStart(case_no=snapshot.case_no, carried=snapshot),
            id=workflow_id(snapshot.case_no),
            task_queue=self._task_queue,
            id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
            request_eager_start=True,  # our own worker is at hand: its first task comes with the answer
        )

    async def _signal(self, snapshot: CaseSnapshot) -> None:
        """A signal, to a run that begins if there is none."""
        await self._client.start_workflow(
            CaseWorkflow.run,
            CaseStart(case_no=snapshot.case_no),
            id=workflow_id(snapshot.case_no),
            task_queue=self._task_queue,
            start_signal="hand_over",
            start_signal_args=[snapshot],
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        )
