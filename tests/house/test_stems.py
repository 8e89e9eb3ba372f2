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


def test_no_file_is_called_by_a_gerund_or_a_participle() -> None:
    for floor in FLOORS:
        verbs = _acts() if floor == "services" else set()
        for file, stem in _stems(floor).items():
            last = _words(stem)[-1]
            odd = last.endswith("ing") or (last.endswith("ed") and not last.endswith("eed")) or last in _PARTICIPLES
            assert not odd or stem in _allowed() | verbs, (
                f"{where(file)}: call it by its role ({', '.join(concerns()['stems']['roles'])}) or by a noun of its "
                f"sub-topic; in services also by the verb of its act. A noun that only looks so goes to "
                f"[stems.allowed] of {_LIST}, with the reason"
            )


def test_verbs_are_the_names_of_acts_in_services_only() -> None:
    used = set(_stems("services").values())
    strange = sorted(_acts() - used)
    assert not strange, f"{_LIST}: {', '.join(strange)} of [stems] acts is no file of services any more: strike it out"
    verbs = _acts() - {"list", "read", "search", "claim"}  # nouns as well
    for file, stem in _stems("domain").items():
        assert stem not in verbs, f"{where(file)}: acts are services'; in the domain name what it is about by a noun"


def test_a_role_has_one_name() -> None:
    """`rule.py`, `checks.py` or `moves.py` beside `rules.py` and `guards.py` would say the same in other words."""
    roles = concerns()["stems"]["roles"]
    others = {_simple(role): role for role in roles}
    others |= dict.fromkeys(("moves", "checks", "checking", "validators"), "guards")
    others |= dict.fromkeys(("logic", "handlers", "helpers", "utils", "common", "misc"), "rules")
    others |= dict.fromkeys(("models", "shapes", "requests", "responses", "dto"), "schemas")
    for floor in FLOORS:
        for package in packages(FLOORS[floor]):
            if package.name not in concerns()["concerns"]:
                continue
            for file in sorted(package.glob("*.py")):
                role = others.get(file.stem)
                assert role is None or role == file.stem or file.stem in _allowed(), (
                    f"{where(file)}: that role is called {role}.py in every room; for something else name its sub-topic"
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
    for key, found in forms.items():
        left = found - _allowed()
        assert len(left) < 2, (
            f"{', '.join(sorted(found))} are forms of one word: choose one for {', '.join(places[key])}, "
            f"or say in [stems.allowed] of {_LIST} why they are two things"
        )


def test_nothing_is_allowed_that_is_not_there() -> None:
    used = {stem for floor in FLOORS for stem in _stems(floor).values()}
    gone = sorted(_allowed() - used)
    assert not gone, f"{_LIST}: no file is called {', '.join(gone)} any more: strike it out of [stems.allowed]"
