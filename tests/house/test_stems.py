"""Files are called by their role or by a noun, and one thing by one word."""

import re
from collections import defaultdict
from pathlib import Path

from tests.house.source import FLOORS, concerns, modules, packages, where

_LIST = "tests/house/concerns.toml"
_PARTICIPLES = {"begun", "done", "given", "gone", "held", "kept", "known", "left", "made", "met", "read", "said",
                "seen", "sent", "shown", "taken", "told", "written"}  # fmt: skip
"""Irregular ones; regular ones end in -ed."""


def _stems(floor: str) -> dict[Path, str]:
    return {file: file.stem for file in modules(f"onething/{floor}") if file.name != "__init__.py"}


def _words(stem: str) -> list[str]:
    return stem.split("_")


def _allowed() -> set[str]:
    return set(concerns()["stems"]["allowed"])


def _acts() -> set[str]:
    return set(concerns()["stems"]["acts"])


def _simple(word: str) -> str:
    """What its forms have in common, roughly: consults, consulting, consulted → consult."""
    plain = re.sub(r"(ings?|ed|er|ers|ies|es|s)$", "", word)
    return plain if len(plain) > 2 else word


def _is_verbal(stem: str) -> bool:
    last = _words(stem)[-1]
    return last.endswith("ing") or (last.endswith("ed") and not last.endswith("eed")) or last in _PARTICIPLES


def test_no_file_is_called_by_a_gerund_or_a_participle() -> None:
    odd = [
        where(file)
        for floor in FLOORS
        for file, stem in _stems(floor).items()
        if _is_verbal(stem) and stem not in _allowed() | (_acts() if floor == "services" else set())
    ]
    assert not odd, (
        f"call it by its role ({', '.join(concerns()['stems']['roles'])}) or by a noun of its sub-topic, in services "
        f"also by the verb of its act; a noun that only looks so goes to [stems.allowed] of {_LIST}, with the reason:\n"
        + "\n".join(odd)
    )


def test_verbs_are_the_names_of_acts_in_services_only() -> None:
    used = set(_stems("services").values())
    strange = sorted(_acts() - used)
    assert not strange, f"{_LIST}: {', '.join(strange)} of [stems] acts is no file of services any more: strike it out"
    odd = [where(file) for file, stem in _stems("domain").items() if stem in _acts()]
    assert not odd, f"acts are services'; in the domain name by a noun what it is about: {', '.join(odd)}"


def test_a_role_has_one_name() -> None:
    """`rule.py`, `checks.py` or `moves.py` beside `rules.py` and `guards.py` would say the same in other words."""
    roles = concerns()["stems"]["roles"]
    others = {_simple(role): role for role in roles}
    others |= dict.fromkeys(("moves", "checks", "checking", "validators"), "guards")
    others |= dict.fromkeys(("logic", "handlers", "helpers", "utils", "common", "misc"), "rules")
    others |= dict.fromkeys(("models", "shapes", "requests", "responses", "dto"), "schemas")
    odd = [
        f"{where(file)}: {others[file.stem]}.py"
        for floor in FLOORS.values()
        for package in packages(floor)
        if package.name in concerns()["concerns"]
        for file in sorted(package.glob("*.py"))
        if others.get(file.stem, file.stem) != file.stem and file.stem not in _allowed()
    ]
    assert not odd, (
        "these roles have another name, the same in every room; what is something else is called by its sub-topic:\n"
        + "\n".join(odd)
    )


def test_one_thing_is_called_by_one_form_of_its_word() -> None:
    forms: dict[str, set[str]] = defaultdict(set)
    places: dict[str, list[str]] = defaultdict(list)
    for floor, folder in FLOORS.items():
        named = {**_stems(floor), **{package: package.name for package in packages(folder)}}
        for path, stem in named.items():
            key = "_".join(_simple(word) for word in _words(stem))
            forms[key].add(stem)
            places[key].append(where(path))
    several = [
        f"{', '.join(sorted(found))}: {', '.join(places[key])}"
        for key, found in forms.items()
        if len(found - _allowed()) > 1
    ]
    assert not several, (
        f"forms of one word: choose one for what is one thing, or say in [stems.allowed] of {_LIST} why they are two:\n"
        + "\n".join(several)
    )


def test_nothing_is_allowed_that_is_not_there() -> None:
    used = {stem for floor in FLOORS for stem in _stems(floor).values()}
    gone = sorted(_allowed() - used)
    assert not gone, f"{_LIST}: no file is called {', '.join(gone)} any more: strike it out of [stems.allowed]"
