"""For every event: its guard, rule, line in the timeline, letters, publication and policy, or why it has none.

A new event fails here once for each of them that is missing. The list is events.toml; what it claims is looked up in
the code.
"""

import ast
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from onething.domain.engine import publication
from onething.domain.events.union import Event, Fact
from onething.domain.kernel import lifecycle
from onething.security.policy import TABLE, Act
from onething.services.cases import timeline
from onething.services.documents import letters
from tests.house.source import FLOORS, ROOT, modules, tree

_LIST = "tests/house/events.toml"
_DOMAIN = FLOORS["domain"]
_STEP, _GUARDS = _DOMAIN / "engine" / "step.py", _DOMAIN / "engine" / "guards.py"
_ASPECTS = {"about", "guard", "rule", "letters", "publication", "acts"}
_EVENTS: dict[str, type[BaseModel]] = {
    event.model_fields["kind"].default: event for event in get_args(get_args(Event)[0])
}
_FACTS = {event.model_fields["kind"].default for event in get_args(Fact)}

each_event = pytest.mark.parametrize("kind", sorted(_EVENTS))


@cache
def _claims() -> dict[str, dict[str, Any]]:
    return tomllib.loads((ROOT / _LIST).read_text(encoding="utf-8"))


def _claim(kind: str, aspect: str) -> list[str]:
    """What the list names; nothing where it says why."""
    claimed = _claims().get(kind, {}).get(aspect)
    has_reason = isinstance(claimed, dict) and claimed.keys() == {"none"} and bool(claimed["none"])
    assert has_reason or (isinstance(claimed, list) and claimed), (
        f"{_LIST}: [{kind}] needs `{aspect} = [...]`, or `{aspect} = {{ none = 'why not' }}`"
    )
    return claimed if isinstance(claimed, list) else []


def _by_key(module: ModuleType, key: str, kind: type) -> Any:
    """The constant of the module that holds `key`: its name is nobody's business here."""
    [found] = [value for value in vars(module).values() if isinstance(value, kind) and key in value]
    return found


@cache
def _names(node: ast.AST) -> frozenset[str]:
    return frozenset(part.id for part in ast.walk(node) if isinstance(part, ast.Name))


@cache
def _imported(file: Path) -> dict[str, Path]:
    """Name in the file → file of the domain that it comes from, be it the module or something of it."""
    found = {}
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("onething.domain"):
            folder = ROOT / str(node.module).replace(".", "/")
            for alias in node.names:
                module = folder / f"{alias.name}.py"
                found[alias.asname or alias.name] = module if module.exists() else folder.with_suffix(".py")
    return found


def test_the_list_has_the_events_that_there_are() -> None:
    gone, new = sorted(_claims().keys() - _EVENTS.keys()), sorted(_EVENTS.keys() - _claims().keys())
    assert not gone, f"{_LIST}: there is no event {', '.join(gone)} any more: strike it out"
    assert not new, f"{_LIST}: add [{'], ['.join(new)}] with {', '.join(sorted(_ASPECTS))}"
    odd = {kind: sorted(claims.keys() ^ _ASPECTS) for kind, claims in _claims().items() if claims.keys() != _ASPECTS}
    assert not odd, f"{_LIST}: each event has exactly {', '.join(sorted(_ASPECTS))}: {odd}"


@each_event
def test_what_it_is_about(kind: str) -> None:
    """“已撤销”: what? A line of the timeline, and what subscribers are told, name it."""
    fields, text = _claim(kind, "about"), _by_key(timeline, "submitted", dict).get(kind, "")
    unknown = sorted(set(fields) - _EVENTS[kind].model_fields.keys())
    assert not unknown, f"{_LIST}: {kind} has no field {', '.join(unknown)}"
    untold = sorted(set(fields) - publication.public_fields(dict.fromkeys(fields, "x")).keys())
    assert not untold, f"domain/engine/publication.py tells nobody {', '.join(untold)} of {kind}"
    assert not fields or "{" in text, f"services/cases/timeline.py: “{text}” does not name what {kind} is about"


@each_event
def test_its_guard(kind: str) -> None:
    name, files = _EVENTS[kind].__name__, _claim(kind, "guard")
    for path in files:
        file = _DOMAIN / path
        assert file.exists(), f"{_LIST}: [{kind}] names domain/{path}, which is not there"
        assert name in _names(tree(file)), f"domain/{path} judges no {name}: guard it there, or mend {_LIST}"
        assert file == _GUARDS or file in _imported(_GUARDS).values(), (
            f"domain/engine/guards.py asks nothing of domain/{path}: call the guard of {name} there"
        )
    assert files or name not in _names(tree(_GUARDS)), (
        f"domain/engine/guards.py judges {name}: name its file as guard of [{kind}] in {_LIST}"
    )
    if kind in _FACTS:
        allowed = _by_key(lifecycle, "item_decided", dict)
        assert kind in allowed, f"domain/kernel/lifecycle.py: say in which statuses of a case {kind} may be said"


def _called_for(name: str) -> Iterator[Path]:
    for case in (node for node in ast.walk(tree(_STEP)) if isinstance(node, ast.match_case)):
        if name in {cls.cls.id for cls in ast.walk(case.pattern) if isinstance(cls, ast.MatchClass)
                    and isinstance(cls.cls, ast.Name)}:  # fmt: skip
            for statement in case.body:
                yield from (_imported(_STEP)[used] for used in _names(statement) if used in _imported(_STEP))


@each_event
def test_its_rule(kind: str) -> None:
    name = _EVENTS[kind].__name__
    called, claimed = set(_called_for(name)), {_DOMAIN / path for path in _claim(kind, "rule")}
    assert name in _names(tree(_STEP)), f"domain/engine/step.py: `case {name}()` is missing"
    missing = [path.relative_to(_DOMAIN).as_posix() for path in sorted(claimed - called)]
    assert not missing, (
        f"domain/engine/step.py calls nothing of {', '.join(missing)} for {name}: call its rule, or mend {_LIST}"
    )
    assert claimed or not called, f"{_LIST}: name the rule of [{kind}], {[path.stem for path in sorted(called)]}"


@each_event
def test_its_line_in_the_timeline(kind: str) -> None:
    texts = _by_key(timeline, "submitted", dict)
    assert texts.get(kind), f"services/cases/timeline.py: say in Chinese what {kind} was, for people who read the case"


def _words_that_select(file: Path) -> set[str]:
    """Strings that the file distinguishes lines by: keys of its tables and patterns of its matches."""
    keys = (key for node in ast.walk(tree(file)) if isinstance(node, ast.Dict) for key in node.keys)
    patterns = (node.value for node in ast.walk(tree(file)) if isinstance(node, ast.MatchValue))
    return {str(node.value) for node in (*keys, *patterns) if isinstance(node, ast.Constant)}


@each_event
def test_its_letters(kind: str) -> None:
    claimed = _claim(kind, "letters")
    where, lines, titles = "services/documents/letters.py", *(
        _by_key(letters, key, type_) for key, type_ in (("corrections_asked", tuple), ("corrections", dict))
    )  # fmt: skip
    assert claimed or kind not in lines, f"{where} writes letters of {kind}: name them in {_LIST}"
    assert not claimed or kind in lines, f"{where} does not look at lines of {kind}: add it to what is told in writing"
    untitled = [letter for letter in claimed if letter not in titles]
    assert not untitled, f"{where} has no title for {', '.join(untitled)}: give it one, or mend [{kind}] in {_LIST}"
    assert not claimed or kind in _words_that_select(Path(letters.__file__)), (
        f"{where} does not say which letter a line of {kind} is"
    )


def test_every_letter_is_written_for_some_event() -> None:
    titles = _by_key(letters, "corrections", dict)
    unwritten = sorted(titles.keys() - {letter for kind in _EVENTS for letter in _claim(kind, "letters")})
    assert not unwritten, f"{_LIST}: which event is told by {', '.join(unwritten)}?"


def test_every_notice_has_a_name_in_the_timeline() -> None:
    sent = {
        str(node.args[0].value)
        for file in _DOMAIN.rglob("*.py")
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "notice"
        and isinstance(node.args[0], ast.Constant)
    }
    assert len(sent) > 10
    for template in sorted(sent | {"rejected", "withdrawn", "terminated"}):
        assert letters.notice_name(template), template


@each_event
def test_its_publication(kind: str) -> None:
    """Subscribers choose by type; one that changes is a new type for them, and stops what they have."""
    item = _EVENTS[kind].model_fields.get("item")
    bodies: list[dict[str, str]] = [{"item": "x"}] if item is not None else [{}]
    if item is not None and not item.is_required():
        bodies.append({})
    types = sorted({publication.type_of(kind, body) for body in bodies})
    assert _claim(kind, "publication") == types, (
        f"domain/engine/publication.py publishes {kind} as {types}: a new event is listed so in {_LIST}; of one that "
        "subscribers know the type stays"
    )


@each_event
def test_its_policy(kind: str) -> None:
    name, claimed = _EVENTS[kind].__name__, _claim(kind, "acts")
    for act in claimed:
        assert act in set(Act), f"security/policy.py has no act {act}: add it with its row, or mend [{kind}] in {_LIST}"
        assert TABLE[Act(act)], f"security/policy.py: nobody may {act}"
        acting = [
            file
            for file in modules("onething/services")
            if name in _names(tree(file)) and f"Act.{Act(act).name}" in _attributes(file)
        ]
        assert acting, f"no file of services says {name} under Act.{Act(act).name}: write the act, or mend {_LIST}"
    assert not claimed or kind in _FACTS, f"{_LIST}: [{kind}] is no fact; nobody says it by a right of their own"


@cache
def _attributes(file: Path) -> set[str]:
    """`Act.SUSPEND` and the like."""
    return {
        f"{node.value.id}.{node.attr}"
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }
