"""The rules of time of a definition, in its plans: absent unless it says `clocks:`."""

from typing import Any

import pytest
from pydantic import ValidationError

from definitions.compile import compile_plan
from definitions.loader import load_catalog
from onething.domain.calendar.countdown import PauseBasis
from onething.domain.definition.bundle import BundleDefinition
from onething.domain.definition.time_rules import OverdueHow, SupplementSilence
from onething.domain.plan.critical_path import critical_nodes
from onething.domain.plan.plan import Plan

CATALOG = load_catalog()
OPENING = CATALOG.latest["enterprise-opening"]
RULES: dict[str, Any] = {
    "joint": True,
    "supplement": {"amount": 20, "unit": "working_day"},
    "supplement_silence": "go_on",
    "ladder": [{"code": "red", "of": "statutory", "days_after": 1, "tells": ["supervisor"], "card": "red"}],
}
SILENCE: dict[str, Any] = {"how": "deem_approved", "basis": {"title": "某条例", "article": "第十二条"}}

HEARING: dict[str, Any] = {
    "for": "hearing",
    "at_most": {"amount": 20, "unit": "working_day", "for": "office"},
    "basis": {"title": "《行政许可法》", "article": "第四十七条"},
}
VISIT: dict[str, Any] = {
    "for": "site_visit",
    "at_most": {"amount": 3, "for": "office"},
    "basis": {"title": "《某条例》", "article": "第三条"},
}


def changed(of_first_item: dict[str, Any], **of_bundle: Any) -> BundleDefinition:
    said = OPENING.model_dump(mode="json", by_alias=True) | of_bundle
    said["items"][0] |= of_first_item
    return BundleDefinition.model_validate(said)


def plan_of(definition: BundleDefinition) -> Plan:
    return compile_plan(definition, CATALOG.sources, definition.examples[0].answers)


def test_without_the_word_plans_count_promises_only() -> None:
    plan = plan_of(OPENING.model_copy(update={"clocks": None}))
    assert plan.clocks is None
    assert "clocks" not in plan.to_json().decode()


def test_rules_and_the_critical_path_are_in_the_plan() -> None:
    plan = plan_of(changed({"pauses": [HEARING, VISIT], "overdue": SILENCE}, clocks=RULES))
    assert plan.clocks is not None
    assert (plan.clocks.joint, plan.clocks.supplement_silence) == (True, SupplementSilence.GO_ON)
    assert plan.clocks.critical == critical_nodes(plan.items)
    assert plan.clocks.critical[0] == plan.items[0].code
    first = plan.items[0]
    assert [(one.procedure, one.at_most.amount, one.stops_law) for one in first.pauses] == [
        (PauseBasis.HEARING, 20, True),
        (PauseBasis.SITE_VISIT, 3, False),
    ]
    assert first.pauses[0].basis == "《行政许可法》第四十七条"
    assert first.overdue is OverdueHow.DEEM_APPROVED
    assert first.overdue_basis == "某条例第十二条"
    assert Plan.model_validate_json(plan.to_json()) == plan


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"overdue": {"how": "deem_approved"}}, "article"),
        ({"overdue": {"how": "approve"}}, "overdue.how"),
        ({"pauses": [HEARING | {"for": "lunch"}]}, "pauses"),
        ({"pauses": [HEARING | {"for": "correction"}]}, "依法需要的程序"),
        ({"pauses": [HEARING, HEARING]}, "只写一次"),
    ],
)
def test_what_a_definition_may_not_say(change: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        changed(change)


def test_rungs_have_names_of_their_own() -> None:
    with pytest.raises(ValidationError, match="同名"):
        changed({}, clocks={"ladder": RULES["ladder"] * 2})
