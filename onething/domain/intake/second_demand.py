"""一次告知: all that is missing is told once. What nobody was told of is not added later, but by a supervisor.

行政许可法 Art. 32 has the applicant told once of all that is missing; that a supervisor may allow a second demand, and
that the same holds for what a department asks for after acceptance, is assumed.
"""

from collections.abc import Iterable, Mapping
from typing import Any

_CAME = frozenset({"supplemented", "papers_received"})


def unheard_of(before: Iterable[Mapping[str, Any]], points: Iterable[str]) -> tuple[str, ...]:
    """Of `points` (materials, and pointers into the form) those that a notice forgot; none if this is the first notice.

    `before`: demands and supplements as journalled, oldest first. Not new is what was asked for before, and what came
    since the first notice: it may be wanting itself. Other answers make another application: its telling begins anew.
    """
    told, known = False, set[str]()
    for event in before:
        if event["kind"] in _CAME:
            told = told and "plan" not in event
            known.update((*event.get("materials", ()), *event.get("changed", ())) if told else ())
        else:
            told = True
            known.update((*event.get("materials", ()), *event.get("fields", ())))
    return tuple(point for point in points if not _covered(point, known)) if told else ()


def whole_answer(before: Iterable[Mapping[str, Any]]) -> bool:
    """Whether a notice has been made since the application is what it is: who has supplied all that it demanded is to
    be accepted (行政许可法 Art. 32 (5)), unless one of its points is still unmet."""
    told = False
    for event in before:
        told = (told and "plan" not in event) if event["kind"] in _CAME else True
    return told


def _covered(point: str, known: set[str]) -> bool:
    return point in known or any(point.startswith(f"{one}/") for one in known)
