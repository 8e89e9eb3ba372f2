"""A change in what the workflow commands must be noticed before it meets running cases."""

import json

from tests.replay.fingerprints import FILE, fingerprints

REMEDY = (
    "The command calls of the workflow changed. Running cases replay them: follow docs/changing-a-live-workflow.md "
    "(guard the change with workflow.patched or prove that old histories replay, record new histories), then run "
    "`python -m tests.record fingerprints`."
)


def test_command_calls_are_the_recorded_ones() -> None:
    assert fingerprints() == json.loads(FILE.read_text()), REMEDY


def test_a_moved_call_changes_the_fingerprint(monkeypatch, tmp_path) -> None:  # type: ignore[no-untyped-def]
    import tests.replay.fingerprints as module

    for name in ("case.py", "command_runner.py", "wake_timer.py"):
        (tmp_path / name).write_text((module.FOLDER / name).read_text())
    changed = (tmp_path / "wake_timer.py").read_text().replace("await workflow.sleep(", "await asyncio.sleep(")
    (tmp_path / "wake_timer.py").write_text(changed.replace("max(at", "min(at"))
    monkeypatch.setattr(module, "FOLDER", tmp_path)
    assert fingerprints() != json.loads(FILE.read_text())
