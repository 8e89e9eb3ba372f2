"""Recorded journals fold to the state that was recorded with them.

A failure means that a running case would be judged anew. Where that is meant, and no case of before runs anywhere,
record them again (`python -m tests.record golden`) and read what changed.
"""

from pathlib import Path

import pytest

from onething.domain.engine.step import fold
from onething.domain.events.union import EVENT
from onething.domain.kernel.state import CaseStatus
from tests.domain.builders import by_digest
from tests.domain.journal_files import FOLDER, GoldenJournal
from tests.domain.stories import STORIES

FILES = sorted(FOLDER.glob("*.json"))


def load(path: Path) -> GoldenJournal:
    return GoldenJournal.model_validate_json(path.read_bytes())


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_recorded_journal_folds_to_its_recorded_state(path: Path) -> None:
    golden = load(path)
    plans = {plan.digest: plan for plan in golden.plans}
    calendars = by_digest(golden.calendar, *golden.later)
    folded = fold(plans, calendars, ((line.seq, line.at, line.event) for line in golden.journal))
    assert folded == golden.state
    assert folded.to_json() == golden.state.to_json()


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_recorded_plan_keeps_its_digest(path: Path) -> None:
    """Plans are found by it: a new plan field must not change the digests of stored plans."""
    golden = load(path)
    named = {line.event.plan for line in golden.journal if line.event.kind in {"submitted", "supplemented"}}
    assert named - {None} <= {plan.digest for plan in golden.plans}


def test_every_story_is_recorded_and_nothing_else() -> None:
    assert {path.stem for path in FILES} == set(STORIES), "run `python -m tests.record golden`"


def test_the_journals_together_hold_every_kind_of_event_and_every_ending() -> None:
    golden = [load(path) for path in FILES]
    schema = EVENT.json_schema(ref_template="{model}")
    assert {line.event.kind for one in golden for line in one.journal} == set(schema["discriminator"]["mapping"])
    endings = {CaseStatus.CLOSED, CaseStatus.TERMINATED, CaseStatus.WITHDRAWN, CaseStatus.REJECTED}
    assert {one.state.status for one in golden} >= endings
