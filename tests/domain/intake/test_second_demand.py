"""All that is missing is told once: what a later notice may name, and what it may not add."""

from typing import Any

import pytest

from onething.domain.intake.second_demand import unheard_of, whole_answer


def asked(*materials: str, fields: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"kind": "corrections_asked", "materials": list(materials), "fields": list(fields)}


def came(*materials: str, **more: object) -> dict[str, Any]:
    return {"kind": "supplemented", "materials": list(materials), **more}


@pytest.mark.parametrize(
    ("before", "points", "new"),
    [
        ([], ("deed", "/form/name"), ()),
        ([came("deed")], ("deed", "map"), ()),  # what came before the first notice is no notice
        ([asked("deed"), came("deed")], ("deed",), ()),
        ([asked("deed"), came("deed")], ("deed", "map", "/form/name"), ("map", "/form/name")),
        ([asked("deed"), came("deed", "map")], ("map",), ()),  # nobody could know what comes later
        ([came("map"), asked("deed")], ("map",), ("map",)),
        ([asked("deed"), came("deed"), asked("map")], ("map", "deed"), ()),  # a supervisor allowed the second
        ([asked(fields=("/form/directors",))], ("/form/directors/0/name",), ()),
        ([asked(fields=("/form/directors/0",))], ("/form/directors",), ("/form/directors",)),
        ([asked(fields=("/form/name",))], ("/form/name_en",), ("/form/name_en",)),
        ([asked("deed"), came(fields=True)], ("map",), ("map",)),
        ([asked("deed"), came(fields=True, changed=["/form/name"])], ("/form/name", "/form/age"), ("/form/age",)),
        ([came(fields=True, changed=["/form/name"]), asked("deed")], ("/form/name",), ("/form/name",)),
        ([asked("deed"), came(plan="p2", fields=True)], ("map",), ()),  # other answers: another application
        ([asked("deed"), came(plan="p2"), asked("map"), came("map")], ("seal",), ("seal",)),
    ],
)  # fmt: skip
def test_what_was_forgotten(before: list[dict[str, Any]], points: tuple[str, ...], new: tuple[str, ...]) -> None:
    assert unheard_of(before, points) == new


@pytest.mark.parametrize(
    ("before", "told"),
    [
        ([], False),
        ([asked("deed")], True),
        ([asked("deed"), came("deed")], True),
        ([asked("deed"), came(plan="p2")], False),  # other answers: another application
    ],
)
def test_after_a_notice_it_is_judged_by_the_notice(before: list[dict[str, Any]], told: bool) -> None:
    assert whole_answer(before) is told
