"""Commands in the pages are real, what they name exists, and links lead somewhere."""

import importlib.util
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer
from starlette.routing import compile_path
from typer.core import TyperGroup

from api.app import create_app
from onething.services.core.context import AppContext
from tests.cli.in_process import the_app
from tests.docs.reading import PAGES, ROOT, Command, commands, prose

COMMANDS = [command for page in PAGES for command in commands(page)]
LINK = re.compile(r"\]\(([^)#\s]+)(?:#([^)\s]+))?\)")
# a file or folder of the project, as the pages write it; names to fill in (<code>) and addresses (/api/…) are not meant
PATH = re.compile(r"`((?:[\w.-]+/)+[\w.-]*|\w[\w-]*\.(?:md|py|yml|toml|lock))`")
# made when it runs, or stands in another folder that the sentence names
ELSEWHERE = {"logs/", "onething.env", "__init__.py"}
_STANDS_FOR = {"办件编号": "33010020260302000019", "$CASE": "33010020260302000019", "$LETTER": "4"}
_MOVED = 29
"""The number of the decision that moved every file. A decision is not rewritten: those before it name files where they
stood then."""


def of(program: str) -> list[Any]:
    return [pytest.param(command, id=str(command)) for command in COMMANDS if command.words[0] == program]


@cache
def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


@cache
def program() -> Any:
    return typer.main.get_command(the_app())


@pytest.mark.parametrize("command", of("make"))
def test_make_targets_exist(command: Command) -> None:
    assert set(command.words[1:]) <= make_targets()


@pytest.mark.parametrize("command", of("onething"))
def test_onething_commands_parse(command: Command) -> None:
    """Down to options and arguments; nothing is run. Where a page says 办件编号, a reader puts a number."""
    found: Any = program()
    assert isinstance(found, TyperGroup)
    words = [_STANDS_FOR.get(word, word) for word in command.words[1:]]
    context = found.context_class(found, info_name="onething")
    while isinstance(found, TyperGroup):
        assert words, f"half a command: {command}"
        name = words.pop(0)
        found = found.get_command(context, name)
        assert found is not None, f"no such command: {name}"
        context = found.context_class(found, parent=context)
    found.parse_args(context, words)


@pytest.mark.parametrize("command", of("python") + of(".venv/bin/python"))
def test_python_modules_exist(command: Command) -> None:
    if command.words[1] == "-m":
        assert importlib.util.find_spec(command.words[2]) is not None
    for word in command.words[3:]:
        if word.startswith("tests/"):
            assert (ROOT / word).exists()


@pytest.mark.parametrize("command", [p for p in of("curl") if "$API/" in " ".join(p.values[0].words)])
def test_addresses_exist(command: Command) -> None:
    address = next(word for word in command.words if word.startswith("$API/"))
    path = re.sub(r"\$\w+", "1", address.removeprefix("$API").split("?")[0])
    posts = any(word in {"--json", "--data"} for word in command.words)
    asked = command.words[command.words.index("--request") + 1] if "--request" in command.words else None
    assert (asked or ("POST" if posts else "GET"), True) in [
        (method, bool(pattern.fullmatch(path))) for method, pattern in routes()
    ]


@cache
def routes() -> tuple[tuple[str, re.Pattern[str]], ...]:
    described = create_app(AppContext.__new__(AppContext)).openapi()["paths"]
    return tuple((method.upper(), compile_path(path)[0]) for path, calls in described.items() for method in calls)


def test_every_program_is_one_that_people_have_or_get() -> None:
    known = {"make", "onething", "curl", "jq", "docker", "psql", "openssl", "source", "echo", "umask", "tee", "true"}
    known |= {"python", ".venv/bin/python", "export", "base64"}
    assert {str(command) for command in COMMANDS if command.words[0] not in known} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    dead = [
        target for target, _ in LINK.findall(prose(page)) if "://" not in target and not (page.parent / target).exists()
    ]
    assert dead == []


def _of_today() -> list[Path]:
    decisions = ROOT / "docs" / "adr"
    return [
        page
        for page in PAGES
        if page.parent != decisions or not page.stem[:4].isdigit() or int(page.stem[:4]) >= _MOVED
    ]


@pytest.mark.parametrize("page", _of_today(), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_paths_that_are_named_exist(page: Path) -> None:
    named = set(PATH.findall(prose(page))) - ELSEWHERE
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


def test_every_page_is_reached_from_the_readme() -> None:
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page not in reached:
            reached.add(page)
            linked = [(page.parent / target).resolve() for target, _ in LINK.findall(page.read_text())]
            waiting += [target for target in linked if target.suffix == ".md" and target.exists()]
    assert [page.relative_to(ROOT).as_posix() for page in PAGES if page not in reached] == []


def test_decisions_are_all_listed_and_numbered() -> None:
    folder = ROOT / "docs" / "adr"
    files = sorted(path.name for path in folder.glob("[0-9]*.md"))
    listed = re.findall(r"\((\d{4}-[a-z0-9-]+\.md)\)", (folder / "README.md").read_text())
    assert listed == files
    numbers = [name[:4] for name in files]
    assert len(set(numbers)) == len(numbers), "a number is one decision's; some may still be written on other branches"
    for number, name in zip(numbers, files, strict=True):
        assert (folder / name).read_text().startswith(f"# {number} ")


def test_examples_that_the_readme_submits_exist() -> None:
    named = {word for command in COMMANDS for word in command.words if word.startswith("examples/")}
    assert named
    assert [name for name in named if not (ROOT / name).is_file()] == []
