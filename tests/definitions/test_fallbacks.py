"""What takes the place of a record, as definitions say it: shapes, plans and the guide."""

from pathlib import Path

import pytest

from definitions.compile import compile_plan
from definitions.guide import guide
from definitions.lint import lint
from definitions.loader import Catalog, load_catalog
from onething.domain.definition.materials import FallbackKind
from tests.definitions.support import SMALL, folder_with, problems_after

OLD = "fallback: id-copy"
COPY = "name: 身份证复印件"
OFFER = "commitment: {check: all, check_days: 10, basis: {title: 《办法》}}"
BY_HAND = "fallback: {kind: manual_check, days: 2, material: id-copy}"


def catalog(tmp_path: Path, *changes: tuple[str, str]) -> Catalog:
    text = SMALL
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return load_catalog(folder_with(tmp_path, text))


@pytest.mark.parametrize(
    ("new", "pointer", "what"),
    [
        ("{kind: manual_check}", "/materials/1/fallback/days", "缺少“days”"),
        ("{kind: manual_check, days: 0}", "/materials/1/fallback/days", "不合要求"),
        ("{kind: manual_check, days: 2, day: 3}", "/materials/1/fallback/day", "不认识“day”"),
        ("{kind: commitment}", "/materials/1/fallback/material", "缺少“material”"),
        ("{kind: waiting}", "/materials/1/fallback", "种类 waiting 不在允许之列"),
        ("{material: id-copy}", "/materials/1/fallback", "没有写明种类"),
        ("{kind: wait, material: id-copy}", "/materials/1/fallback/material", "不认识“material”"),
        ("Id Copy", "/materials/1/fallback", "不合格式"),
        ("5", "/materials/1/fallback", "不合要求"),
    ],
)
def test_each_shape_is_strict(tmp_path: Path, new: str, pointer: str, what: str) -> None:
    problems = problems_after(tmp_path, OLD, f"fallback: {new}")
    assert [one.pointer for one in problems if what in one.what and one.remedy] == [pointer], problems


def test_a_plan_says_how(tmp_path: Path) -> None:
    known = catalog(tmp_path, (OLD, BY_HAND))
    plan = compile_plan(known.bundles["small@1"], known.sources, {})
    (data,) = plan.data
    assert (data.fallback_kind, data.fallback, data.check_days) == (FallbackKind.MANUAL_CHECK, "id-copy", 2)
    assert plan.material_by_code["id-copy"].fallback_for == ("identity",)


def test_a_fallback_may_be_promised_where_it_is_written_so(tmp_path: Path) -> None:
    promised = (COPY, f"{COPY}, {OFFER}")
    assert lint(catalog(tmp_path, (OLD, "fallback: {kind: commitment, material: id-copy}"), promised)) == []
    (problem,) = lint(catalog(tmp_path, promised))
    assert "不能以后交或承诺" in problem.what


def test_a_plan_with_a_material_is_as_it_was(tmp_path: Path) -> None:
    known = catalog(tmp_path)
    said = compile_plan(known.bundles["small@1"], known.sources, {}).to_json().decode()
    assert '"fallback":"id-copy"' in said
    assert "fallback_kind" not in said
    assert "check_days" not in said


def test_waiting_needs_no_material(tmp_path: Path) -> None:
    gone = (f"  - {{code: id-copy, {COPY}}}\n", "")
    known = catalog(
        tmp_path, (OLD, "fallback: {kind: wait}"), gone, ("[letter, identity, id-copy]", "[letter, identity]")
    )
    (data,) = compile_plan(known.bundles["small@1"], known.sources, {}).data
    assert (data.fallback_kind, data.fallback) == (FallbackKind.WAIT, None)


@pytest.mark.parametrize(
    ("fallback", "told"),
    [
        (OLD, "先由系统调取，调取不到时再由您提供"),
        (BY_HAND, "先由系统调取，调取不到时由公安局人工核查，仍查不到再由您提供"),
        ("fallback: {kind: commitment, material: id-copy}", "先由系统调取，调取不到时再由您提供，或作出承诺"),
    ],
)
def test_the_guide_says_what_comes_of_it(tmp_path: Path, fallback: str, told: str) -> None:
    known = catalog(tmp_path, (OLD, fallback), (COPY, f"{COPY}, {OFFER}"))
    shown = guide(known, known.bundles["small@1"], {})
    (copy,) = [one for one in shown.materials if one.code == "id-copy"]
    assert copy.from_where == told
