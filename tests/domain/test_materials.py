"""Versions of materials: a decision names those that it was made on, and nothing is replaced behind its back."""

import pytest

from onething.domain.definition.items import Handling
from onething.domain.definition.time_rules import ClockRules
from onething.domain.errors import FailureCode, NotAllowed
from onething.domain.events.intake import ItemCorrectionsAsked, Supplemented, VersionReceived
from onething.domain.events.tasks import ItemDecided
from onething.domain.kernel.commands import CommandKind
from onething.domain.kernel.state import ItemState
from onething.domain.materials import decides_on
from tests.domain.builders import Case, item, make_plan, material
from tests.support.record import Taken


def brought(*codes: str, version: int = 1) -> Supplemented:
    versions = tuple(VersionReceived(code=code, version=version, digest="0" * 64) for code in codes)
    return Supplemented(materials=codes, versions=versions)


def two_that_look_at_the_deed(**of_second: object) -> Case:
    """`a` and `b` both look at the deed; only `a` at the photo, which nobody has to bring."""
    deed = material("deed").model_copy(update={"needed_by": ("a", "b")})
    photo = material("photo", required=False).model_copy(update={"needed_by": ("a",)})
    second = item("b", materials=["deed"], **of_second)  # type: ignore[arg-type]
    case = Case(make_plan(item("a", materials=["deed"]), second, materials=[deed, photo], clocks=ClockRules()))
    case.say(brought("deed"))
    case.accept()
    return case


def decide(case: Case, code: str, **seen: int) -> None:
    case.say(ItemDecided(item=code, round=1, outcome="approve", seen=seen))


def refused(case: Case, code: str, **seen: int) -> FailureCode:
    with pytest.raises(NotAllowed) as refusal:
        decide(case, code, **seen)
    return refusal.value.code


def test_a_decision_names_every_material_and_nothing_else() -> None:
    case = two_that_look_at_the_deed()
    assert decides_on(case.record.plan, case.state, "a") == {"deed": 1}
    assert refused(case, "a") is FailureCode.MISSING_VALUE
    assert refused(case, "a", deed=1, photo=1) is FailureCode.UNKNOWN_MATERIAL
    decide(case, "a", deed=1)
    assert case.at("a") is ItemState.APPROVED


def test_a_newer_version_is_looked_at_first() -> None:
    case = two_that_look_at_the_deed()
    case.say(ItemCorrectionsAsked(item="b", materials=("deed",), notice="n"))
    case.say(brought("deed", version=2))  # b asked for it, and a has it open as well
    assert refused(case, "a", deed=1) is FailureCode.NEWER_MATERIAL
    decide(case, "a", deed=2)


def test_what_came_while_it_was_open_has_to_be_named() -> None:
    case = two_that_look_at_the_deed()
    case.say(brought("photo"))
    assert refused(case, "a", deed=1) is FailureCode.MISSING_VALUE
    decide(case, "a", deed=1, photo=1)


def test_after_acceptance_nothing_is_replaced_that_nobody_asked_for() -> None:
    case = two_that_look_at_the_deed()
    with pytest.raises(NotAllowed, match="已经收到") as refusal:
        case.say(brought("deed", version=2))
    assert refusal.value.code is FailureCode.NOT_ASKED_FOR
    decide(case, "a", deed=1)
    with pytest.raises(NotAllowed, match="“事项 a”已经作出决定"):
        case.say(brought("photo"))
    assert case.state.versions == {"deed": 1}


def test_before_acceptance_it_may_be_replaced() -> None:
    deed = material("deed").model_copy(update={"needed_by": ("a",)})
    case = Case(make_plan(item("a", materials=["deed"]), materials=[deed]))
    case.say(brought("deed", version=1))
    case.say(brought("deed", version=2))
    assert case.state.versions == {"deed": 2}


def test_a_system_is_ordered_anew_with_the_newer_version() -> None:
    """What it says to the order before comes too late, so that it has always decided on the newest."""
    case = two_that_look_at_the_deed(handling=Handling.SYSTEM)
    before = case.command(CommandKind.DISPATCH_ITEM, "b")
    case.say(ItemCorrectionsAsked(item="a", materials=("deed",), notice="n"))
    case.say(brought("deed", version=2))
    after = case.command(CommandKind.DISPATCH_ITEM, "b")
    assert after.id != before.id
    late = case.comes(ItemDecided(item="b", round=1, outcome="approve", command=before.id))
    assert (late, case.at("b")) == (Taken.LATE, ItemState.OPEN)
    case.system_decides("b")
    assert case.at("b") is ItemState.APPROVED
