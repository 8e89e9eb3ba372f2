"""Journals recorded by earlier rules fold to the state that was recorded with them.

A failure means that running cases would be judged anew. Put the change behind a plan field whose default means "as
before" or a branch on `plan.rules`. `python -m tests.record golden` records anew what was meant to change; those in
`golden/earlier` are of rules by which the story would go otherwise today, and nothing writes them anew.
"""

from pathlib import Path

import pytest

from onething.domain.events import EVENT
from onething.domain.state import CaseState, CaseStatus
from onething.domain.step import fold
from tests.domain.begun import BEFORE_CLOCKS, STATE_BEFORE_CLOCKS, go_on_with
from tests.domain.builders import by_digest
from tests.domain.golden_journals import path_of
from tests.domain.journal_files import FOLDER, GoldenJournal
from tests.domain.stories import STORIES

FILES = [*sorted(FOLDER.glob("*.json")), *sorted((FOLDER / "earlier").glob("*.json")), BEFORE_CLOCKS]


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


def test_every_story_is_recorded() -> None:
    missing = [story for story in STORIES if not path_of(story).exists()]
    assert missing == [], "run `python -m tests.record golden --missing`"


def test_the_journals_together_hold_every_kind_of_event_and_every_ending() -> None:
    golden = [load(path) for path in FILES]
    schema = EVENT.json_schema(ref_template="{model}")
    assert {line.event.kind for one in golden for line in one.journal} == set(schema["discriminator"]["mapping"])
    endings = {CaseStatus.CLOSED, CaseStatus.TERMINATED, CaseStatus.WITHDRAWN, CaseStatus.REJECTED}
    assert {one.state.status for one in golden} >= endings


def test_what_was_stored_before_the_clocks_of_the_law_is_stored_the_same_today() -> None:
    """Byte for byte; and today's rules, told the same, write the same journal."""
    golden, stored = load(BEFORE_CLOCKS), STATE_BEFORE_CLOCKS.read_bytes()
    assert golden.state.to_json() == stored
    assert CaseState.from_json(stored).to_json() == stored
    again = go_on_with(golden).record
    assert [(line.seq, line.at, line.event) for line in again.journal] == [
        (line.seq, line.at, line.event) for line in golden.journal
    ]
    assert again.state.to_json() == stored


def test_a_case_that_went_on_keeps_to_the_promises_alone() -> None:
    clocks = load(path_of("begun_before_clocks")).state.clocks
    assert not [code for code in clocks if code.endswith(":statutory")]
