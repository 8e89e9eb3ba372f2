"""How two versions differ, in words: nothing that changes goes unsaid, and nothing is said of what stays."""

from collections.abc import Iterator
from enum import StrEnum
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import pytest
from pydantic import BaseModel

from definitions import commands
from definitions.difference import differences
from definitions.loader import load_catalog
from definitions.words import FIELD_WORDS, VALUE_WORDS
from onething.domain.calendar.limits import Limit, Unit, Whose
from onething.domain.definition.basis import Basis
from onething.domain.definition.bundle import BundleDefinition
from onething.domain.definition.items import Remedies, UndoHow
from onething.domain.definition.materials import WaitFallback
from tests.support.whole import sampled

CATALOG = load_catalog()
OPENING = CATALOG.latest["enterprise-opening"]


def texts(old: BundleDefinition, new: BundleDefinition) -> list[str]:
    return [one.text for one in differences(CATALOG, old, new)]


def with_item(code: str, **changes: Any) -> BundleDefinition:
    items = tuple(one.model_copy(update=changes) if one.code == code else one for one in OPENING.items)
    return OPENING.model_copy(update={"items": items, "version": 2})


def test_versions_that_say_the_same_have_no_difference() -> None:
    assert texts(OPENING, OPENING.model_copy(update={"version": 2})) == []


def with_promise(**changes: Any) -> BundleDefinition:
    limits = next(one for one in OPENING.items if one.code == "registration").limits
    [promised] = limits.promised
    changed = limits.model_copy(update={"promised": (promised.model_copy(update=changes),)})
    return with_item("registration", limits=changed)


def test_a_promise_that_gets_shorter_is_said_in_one_line() -> None:
    promised = next(one for one in OPENING.items if one.code == "registration").promised
    assert promised.amount == 1
    slower = with_promise(amount=2)
    assert texts(slower, OPENING) == ["企业设立登记：承诺期限 2 → 1 个工作日"]
    hours = with_promise(amount=4, unit=Unit.WORKING_HOUR)
    assert texts(hours, OPENING) == ["企业设立登记：承诺期限 4个工作小时 → 1个工作日"]
    theirs = with_promise(amount=1, whose=Whose.PERSON)
    assert texts(theirs, OPENING) == ["企业设立登记：承诺期限 1个工作日（个人的日子） → 1个工作日（机关的日子）"]


def test_values_are_told_by_the_names_that_people_know() -> None:
    assert texts(OPENING, with_item("registration", remedies=Remedies.REVIEW_FIRST, department="tax")) == [
        "企业设立登记：部门 市场监督管理局 → 税务局",
        "企业设立登记：救济 可以复议或诉讼 → 先复议，再诉讼",
    ]
    seal = next(one for one in OPENING.items if one.code == "seal")
    undone = seal.undo.model_copy(update={"how": UndoHow.RELEASE})
    (line,) = texts(OPENING, with_item("seal", undo=undone))
    assert line.startswith(f"{seal.name}·撤回：后果 ")


def test_what_is_new_and_what_is_gone_is_named() -> None:
    fewer = OPENING.model_copy(update={"materials": OPENING.materials[1:], "version": 2})
    gone = OPENING.materials[0]
    assert texts(OPENING, fewer) == [f"整件事：取消材料“{gone.name}”"]
    again = texts(fewer, OPENING)
    assert again[0] == f"整件事：新增材料“{gone.name}”"
    assert any(line.startswith(f"材料“{gone.name}”：依据 ") for line in again)


def test_another_order_is_a_difference() -> None:
    turned = OPENING.model_copy(update={"questions": OPENING.questions[::-1], "version": 2})
    (line,) = texts(OPENING, turned)
    assert line.startswith("整件事：情形问题的顺序：")


@pytest.mark.parametrize("definition", sampled([*CATALOG.latest.values()], 4), ids=lambda one: one.ref)
def test_no_change_of_any_single_value_goes_unsaid(definition: BundleDefinition) -> None:
    """Each value of the packaged definitions, changed alone, is a difference; and the way back is one, too."""
    changed = list(_changed(definition))
    assert len(changed) > 200
    for where, other in changed:
        assert texts(definition, other), where
        assert texts(other, definition), where


def _changed(model: BaseModel, at: str = "") -> Iterator[tuple[str, Any]]:
    for field in type(model).model_fields:
        if field in ("version", "schema_version", "bases"):
            continue
        value = getattr(model, field)
        for where, other in _others(value, f"{at}/{field}"):
            yield where, model.model_copy(update={field: other})


def _others(value: Any, at: str) -> Iterator[tuple[str, Any]]:
    match value:
        case bool():
            yield at, not value
        case "none" if at.endswith("/statutory"):  # a law that sets one
            yield at, OPENING.items[0].limits.of_law
        case StrEnum():
            yield at, next(one for one in type(value) if one is not value)
        case str():
            yield at, value + "9"
        case int():
            yield at, value + 1
        case BaseModel():
            yield from _changed(value, at)
        case dict():
            yield at, {**value, "other": "9"}
        case tuple() if value:
            yield at, value[1:]
            for index, one in enumerate(value):
                for where, other in _others(one, f"{at}/{index}"):
                    yield where, (*value[:index], other, *value[index + 1 :])


def _models(found: dict[type[BaseModel], None], of: Any) -> None:
    if get_origin(of) is not None or isinstance(of, UnionType):
        for inner in get_args(of):
            _models(found, inner)
    elif isinstance(of, type) and issubclass(of, BaseModel) and of not in found:
        found[of] = None
        for info in of.model_fields.values():
            _models(found, info.annotation)
            for extra in info.metadata:
                _models(found, extra)


def _enums(of: Any) -> Iterator[type[StrEnum]]:
    if get_origin(of) in (Union, UnionType, tuple, dict, Annotated) or isinstance(of, UnionType):
        for inner in get_args(of):
            yield from _enums(inner)
    elif isinstance(of, type) and issubclass(of, StrEnum):
        yield of


def test_every_field_and_every_value_of_the_model_has_a_word() -> None:
    models: dict[type[BaseModel], None] = {}
    _models(models, BundleDefinition)
    assert {Basis, WaitFallback, Limit} <= models.keys()
    fields = {name for model in models for name in model.model_fields}
    assert sorted(fields - FIELD_WORDS.keys()) == []
    enums = {one for model in models for info in model.model_fields.values() for one in _enums(info.annotation)}
    assert sorted(f"{one.__name__}.{value}" for one in enums for value in one if value not in VALUE_WORDS[one]) == []


def test_it_is_told_on_the_command_line() -> None:
    said: list[str] = []
    assert commands.difference("newborn@1", "newborn", echo=said.append) == 0
    assert said == ["newborn@1 → newborn@1：没有不同。"]
    said.clear()
    assert commands.difference("newborn", "death-deregistration", echo=said.append) == 0
    assert "处不同" in said[0]
    assert len(said) > 10
    assert all(line.startswith("  ") and "：" in line for line in said[1:])
    assert commands.difference("newborn", "no-such", echo=said.append) == 1
