"""What becomes of golden journals that are recorded anew."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.domain.golden_journals import golden
from tests.domain.stories import STORIES
from tests.record.book import Book
from tests.record.golden import changes, record_golden

STORY = "all_approved"
TODAY = golden(STORY, STORIES[STORY]()).to_json()


def edited(change: Callable[[dict[str, Any]], object]) -> str:
    journal = json.loads(TODAY)
    change(journal)
    return json.dumps(journal)


@pytest.fixture(autouse=True)
def _one_story(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.record.golden.STORIES", {STORY: STORIES[STORY]})


def test_what_lacks_only_defaults_is_the_same() -> None:
    assert changes(edited(lambda journal: journal["state"].pop("rating")), TODAY) == []


def test_a_line_s_new_and_lost_fields_are_said() -> None:
    old = edited(lambda journal: journal["journal"][0]["event"].update(channel="counter"))
    assert changes(old, TODAY) == ['line 1 submitted: channel was "counter", is "online"']


def test_what_can_t_be_read_any_more_is_said_with_what_is_new_and_gone() -> None:
    def older(journal: dict[str, Any]) -> None:
        del journal["journal"][0]["event"]["plan"]
        journal["journal"][0]["event"]["scheme"] = "x"

    first, *others = changes(edited(older), TODAY)
    assert first.startswith("can't be read by today's code (journal.0.event.submitted.plan")
    assert "line 1 submitted has lost the field scheme" in others
    assert [one for one in others if one.startswith("line 1 submitted has a new field plan: ")]


def test_another_kind_is_another_line() -> None:
    said = changes(edited(lambda journal: journal["journal"].pop()), TODAY)
    assert len(said) == 1
    assert said[0].startswith("line ")
    assert said[0].endswith(" is new")


def test_recorded_once_it_stays_until_it_changes(tmp_path: Path) -> None:
    file = tmp_path / f"{STORY}.json"
    record_golden(first := Book(), tmp_path)
    assert first.lines() == [f"golden {STORY}: is recorded for the first time"]
    assert file.read_text() == TODAY

    lacking = edited(lambda journal: journal["state"].pop("rating"))
    file.write_text(lacking)
    record_golden(second := Book(), tmp_path)
    assert second.lines() == ["nothing changed"]
    assert file.read_text() == lacking

    file.write_text(edited(lambda journal: journal["journal"][0]["event"].update(channel="counter")))
    record_golden(third := Book(), tmp_path)
    assert third.lines() == [f'golden {STORY}: line 1 submitted: channel was "counter", is "online"']
    assert file.read_text() == TODAY


def test_only_what_is_missing(tmp_path: Path) -> None:
    (tmp_path / f"{STORY}.json").write_text("as it was")
    record_golden(book := Book(missing_only=True), tmp_path)
    assert book.lines() == ["nothing changed"]
    assert (tmp_path / f"{STORY}.json").read_text() == "as it was"


def test_only_looking_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "old_story.json").write_text(TODAY)
    record_golden(book := Book(look_only=True), tmp_path)
    assert book.lines() == [
        f"golden {STORY}: is recorded for the first time",
        "golden old_story: is gone, for there is no such story any more",
    ]
    assert [file.name for file in tmp_path.iterdir()] == ["old_story.json"]


def test_without_its_story_it_goes(tmp_path: Path) -> None:
    (tmp_path / "old_story.json").write_text(TODAY)
    record_golden(Book(), tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == [f"{STORY}.json"]
