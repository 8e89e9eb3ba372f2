"""Every command teaches: a Chinese sentence and an example that is the command itself."""

import re
import shlex
from collections.abc import Iterator
from functools import cache

import pytest
import typer

from tests.cli.in_process import run, the_app

CHINESE = re.compile(r"[\u4e00-\u9fff]")
EXPECTED = {
    "demo", "up", "down", "status", "login", "logout",
    "access lock", "access unlock", "access list", "asked list", "asked confirm", "asked decline",
    "api", "worker", "schema install", "agent", "connector test",
    "definitions check", "definitions lock", "definitions graph", "definitions plan",
    "definitions source", "definitions difference", "definitions effective",
    "definitions questions", "definitions publish", "definitions new",
    "phrase list", "phrase add", "phrase delete",
    "calendar check", "calendar show", "calendar add-year", "calendar close", "calendar load",
    "departments list", "departments move",
    "journal anchor", "journal verify",
    "audit access", "audit mine",
    "case submit", "case list", "case show", "case watch", "case confirm", "case supplement",
    "case accept", "case withdraw",
    "case correct", "case reject", "case search", "case query-code",
    "bundle list", "bundle show",
    "task search", "task note", "view list", "view save", "view show", "view delete",
    "material list", "material save", "material upload",
    "case clocks", "case documents", "case extend", "case receive", "case review", "case reissue", "case reopen",
    "case period",
    "case take-in",
    "case inspection-days", "case inspection-choose", "case inspection-day", "case inspection-record",
    "case inspection-list", "case inspection-rectified",
    "case discard",
    "case deliver", "case delivery", "case unread",
    "task list", "task show", "task claim", "task release", "task transfer", "task decide", "task return",
    "task resolve", "task look-up", "task revoke",
    "task correct", "task suspend", "task resume", "task extend",
    "task uncorrect", "task unconsult",
    "task consult", "task answer", "task inspect", "task reinspect", "task conclude",
    "supervision overview",
    "supervision supervise",
    "supervision answer",
    "supervision reminders",
    "supervision cards",
    "supervision sources", "supervision data-quality", "supervision credit-notes",
    "case urge",
    "case answer-urge",
    "case retry",
    "case check",
    "event send", "event list", "event show", "event confirm", "outlet list",
    "precheck ask", "precheck show", "precheck cancel", "precheck list", "precheck open", "precheck answer",
    "precheck take-over",
    "subscription add", "subscription list", "subscription rotate", "subscription remove",
    "subscription deliveries", "subscription redeliver",
    "mandate give", "mandate list", "mandate show", "mandate revoke",
    "licence search",
    "rating give", "rating list", "rating contact", "rating rectify", "rating code", "rating visit",
    "rating visit-show", "rating visit-contact", "rating visit-rectify",
}  # fmt: skip


def commands(app: typer.Typer, path: str = "") -> Iterator[str]:
    for command in app.registered_commands:
        name = command.name or command.callback.__name__  # type: ignore[union-attr]
        yield f"{path}{name}"
    for group in app.registered_groups:
        assert group.typer_instance is not None
        yield from commands(group.typer_instance, f"{path}{group.name} ")


@cache
def help_of(command: str) -> str:
    result = run(*shlex.split(command), "--help", env={"COLUMNS": "200", "TERM": "dumb"})
    assert result.exit_code == 0, result.output
    return result.output


def test_the_commands_are_these() -> None:
    assert set(commands(the_app())) == EXPECTED


@pytest.mark.parametrize("command", sorted(EXPECTED))
def test_help_is_chinese_and_has_an_example(command: str) -> None:
    text = help_of(command)
    first, _, rest = text.partition("例：")
    assert CHINESE.search(first.split("Usage:")[1])
    assert re.search(rf"^\s*(\S+=\S+ )?onething {command}\b", rest, re.MULTILINE), text


@pytest.mark.parametrize("command", sorted(EXPECTED))
def test_every_option_is_explained(command: str) -> None:
    """Whatever stands in the options panel, but `--help`, has a Chinese sentence."""
    for line in re.findall(r"│ +(?:--\S+).*│", help_of(command)):
        if "--help" not in line:
            assert CHINESE.search(line), line


def test_the_top_tells_exit_codes_and_first_steps() -> None:
    text = help_of("")
    for told in ("退出码", "onething demo", "onething up", "130"):
        assert told in text
