"""Running cases replay their histories with today's code: every branch of the workflow, recorded when written."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer, UnsandboxedWorkflowRunner, WorkflowRunner
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner
from temporalio.workflow import NondeterminismError

from tests.replay.record import FOLDER
from tests.workflows.stories import STORIES

HISTORIES = sorted(FOLDER.glob("*.json"))
WORKFLOWS = Path(__file__).parents[2] / "workflows"

# One plausible mistake each: what a change of the workflow could do to running cases.
MUTATIONS = {
    "commands set out in another order": (
        "command_runner.py",
        "for command in new:\n            if command.id",
        "for command in reversed(new):\n            if command.id",
    ),
    "another activity for a command": (
        "command_runner.py",
        "NoticeActivities.send_notices",
        "CertificateActivities.issue_certificates",
    ),
    "look-ups that begin together go singly": ("command_runner.py", "len(together) > 1", "False"),
    "a look-up that begins alone goes jointly": ("command_runner.py", "len(together) > 1", "together"),
    "asked again at once": ("command_runner.py", "if wait_s is not None:", "if False:"),
    "no timer": ("wake_timer.py", "if self._wakes_at is None or", "if False and"),
    "timer never moved earlier": ("wake_timer.py", "next_wake_at < self._wakes_at", "False"),
    "timer set anew when later": ("wake_timer.py", "next_wake_at < self._wakes_at", "next_wake_at != self._wakes_at"),
    "no timer for what has passed": ("wake_timer.py", "max(at - workflow.now(), _AT_LEAST)", "at - workflow.now()"),
    "old timer kept after a look": ("wake_timer.py", "self._timer, self._wakes_at = None, None\n", "pass\n"),
    "what a look found forgotten": ("wake_timer.py", "self._bring_home(await", "print(await"),
    "another undo for an effect": (
        "command_runner.py",
        "DepartmentActivities.undo_effect",
        "NoticeActivities.send_notices",
    ),
    "called off at once": ("command_runner.py", "> ATTEMPT:", "> ATTEMPT * 0:"),
    "timer left running": ("wake_timer.py", "self._timer.cancel()", "pass"),
    "nothing called off": ("command_runner.py", "and not wanted and", "and False and"),
    "wakes without looking": ("wake_timer.py", "self._ticking = True", "return"),
    "never ends": ("case.py", "return known and", "return False and"),
    "continues as new without bringing home": (
        "command_runner.py",
        "            running.task.cancel()\n        await workflow.wait",
        "            pass\n        await workflow.wait",
    ),
    "never continues as new": ("case.py", "if self._grown_long(start):", "if False:"),
}


def replayer(workflow: type, runner: WorkflowRunner) -> Replayer:
    return Replayer(workflows=[workflow], data_converter=pydantic_data_converter, workflow_runner=runner)


def history(path: Path) -> WorkflowHistory:
    return WorkflowHistory.from_json(path.stem, path.read_text())


def test_every_story_is_recorded() -> None:
    recorded = {path.name.split(".")[0] for path in HISTORIES}
    assert recorded == set(STORIES), "run `python -m tests.record histories --missing`"


@pytest.mark.parametrize("path", HISTORIES, ids=lambda path: path.stem)
async def test_history_replays(path: Path) -> None:
    workflow = import_module("workflows.case").CaseWorkflow
    await replayer(workflow, SandboxedWorkflowRunner()).replay_workflow(history(path))


@pytest.mark.parametrize("mutation", MUTATIONS)
async def test_the_corpus_notices(mutation: str, tmp_path: Path) -> None:
    """Replay under a mutated workflow must fail for at least one history."""
    with mutated(tmp_path, *MUTATIONS[mutation]) as workflow:
        runner = replayer(workflow, UnsandboxedWorkflowRunner())
        for path in HISTORIES:
            result = await runner.replay_workflow(history(path), raise_on_replay_failure=False)
            if _diverged(result.replay_failure):
                return
    pytest.fail(f"{len(HISTORIES)} histories replay as if nothing had changed")


def _diverged(failure: Exception | None) -> bool:
    """Other commands than the recorded ones. A mutant that merely breaks proves nothing."""
    return isinstance(failure, NondeterminismError) or "workflow machines" in str(failure)


@contextmanager
def mutated(folder: Path, file: str, old: str, new: str) -> Iterator[type]:
    """The workflow with one change in its source, imported in place of the real one."""
    package = folder / "workflows"
    package.mkdir()
    for path in WORKFLOWS.glob("*.py"):
        text = path.read_text()
        if path.name == file:
            assert text.count(old) >= 1, f"the mutation no longer applies to {file}: {old}"
            text = text.replace(old, new)
        (package / path.name).write_text(text)
    kept = {name: module for name, module in sys.modules.items() if name.split(".")[0] == "workflows"}
    for name in kept:
        del sys.modules[name]
    sys.path.insert(0, str(folder))
    try:
        yield import_module("workflows.case").CaseWorkflow
    finally:
        sys.path.remove(str(folder))
        for name in [name for name in sys.modules if name.split(".")[0] == "workflows"]:
            del sys.modules[name]
        sys.modules.update(kept)
