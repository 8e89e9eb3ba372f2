"""`python -m tests.record`: it teaches, it chooses, and its exit code says whether something would change."""

from pathlib import Path

import pytest

from tests.record import kinds
from tests.record.__main__ import main
from tests.record.book import MOST, Book
from tests.record.documents import DOCUMENTS, Document
from tests.record.kinds import KINDS, Kind
from tests.record.sentences import of_lines


def test_help_lists_every_kind_and_shows_examples(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    shown = capsys.readouterr().out
    assert [name for name in KINDS if f"\n  {name} " not in shown] == []
    assert "python -m tests.record openapi golden" in shown


def test_an_unknown_kind_is_told_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["opanapi"])
    assert ended.value.code == 2
    assert "there is no opanapi; there are openapi, schema, " in capsys.readouterr().err


def _recorded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    called: list[str] = []
    for name in KINDS:
        monkeypatch.setitem(kinds.KINDS, name, Kind("", lambda _, name=name: called.append(name)))  # type: ignore[misc]
    return called


def test_only_what_was_chosen_or_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    called = _recorded(monkeypatch)
    assert main(["golden", "openapi"]) == 0
    assert called == ["golden", "openapi"]
    called.clear()
    main([])
    assert called == list(KINDS)


def test_nothing_changed_is_said_and_looking_tells_by_its_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _recorded(monkeypatch)
    assert main(["--look"]) == 0
    assert capsys.readouterr().out == "nothing changed\n"
    monkeypatch.setitem(kinds.KINDS, "golden", Kind("", lambda book: book.note("golden", ["is new"], "a")))
    assert main(["golden"]) == 0
    assert main(["golden", "--look"]) == 1
    assert capsys.readouterr().out == "golden a: is new\n" * 2


def test_the_same_of_many_recordings_is_one_sentence() -> None:
    book = Book()
    for name in "abcd":
        book.note("golden", ["line 1 has a new field x", *(["state.y is gone"] if name == "a" else [])], name)
    assert book.lines() == ["golden a, b and 2 others: line 1 has a new field x", "golden a: state.y is gone"]


def test_no_more_than_can_be_read() -> None:
    book = Book()
    book.note("openapi", [f"field A.f{number} is new" for number in range(MOST + 5)])
    assert len(book.lines()) == MOST + 1
    assert book.lines()[-1] == "openapi: and 5 more differences, which `git diff` shows"


def test_a_document_is_written_once(tmp_path: Path) -> None:
    page = Document("page", "", tmp_path / "docs" / "page.md", lambda: "new\n", of_lines)
    page.record(first := Book())
    assert first.lines() == ["page: is not recorded yet"]
    page.record(second := Book())
    assert second.lines() == ["nothing changed"]
    page.file.write_text("old\n")
    page.record(missing := Book(missing_only=True))
    page.record(looked := Book(look_only=True))
    assert (missing.lines(), page.file.read_text()) == (["nothing changed"], "old\n")
    assert looked.lines() == ['page: the line "old" is gone', 'page: the line "new" is new']
    assert page.remedy().splitlines()[1:] == [
        "`python -m tests.record page`. What changed:",
        'the line "old" is gone',
        'the line "new" is new',
    ]
    page.record(Book())
    assert page.file.read_text() == "new\n"
    page.file.write_text("new")
    assert page.stale() == ["only the layout of the file changed"]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_is_recorded_is_what_the_code_gives(name: str) -> None:
    assert not DOCUMENTS[name].stale(), DOCUMENTS[name].remedy()


def test_changed_command_calls_are_said_with_what_to_read() -> None:
    said = DOCUMENTS["fingerprints"].differences('{"a.py:f": "1", "a.py:g": "1"}', '{"a.py:f": "2", "a.py:h": "1"}')
    assert said == [
        "a.py:f gives Temporal other commands: running cases replay them, see docs/changing-a-live-workflow.md",
        "a.py:g is gone",
        "a.py:h is new",
    ]
