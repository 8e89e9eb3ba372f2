"""Plans compiled from answers: by example, and for random answers of every bundle."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from definitions.answers import applicable_questions, check_answers
from definitions.compile import applicable_form, compile_plan
from definitions.loader import load_catalog
from onething.domain.definition.bundle import BundleDefinition
from onething.domain.definition.questions import Answers, Question, QuestionType
from onething.domain.errors import FailureCode, InvalidInput
from onething.domain.plan.plan import Plan
from tests.definitions.support import changed, folder_with

CATALOG = load_catalog()
OPENING = CATALOG.latest["enterprise-opening"]
NEWBORN = CATALOG.latest["newborn"]
DEATH = CATALOG.latest["death-deregistration"]
TRANSPORT = CATALOG.latest["transport-business"]
LLC: Answers = {"company_type": "llc", "premises": "rented"}
EXAMPLES = [(bundle, example) for bundle in CATALOG.bundles.values() for example in bundle.examples]


def plan_of(definition: BundleDefinition, answers: Answers) -> Plan:
    return compile_plan(definition, CATALOG.sources, answers)


@pytest.mark.parametrize(("bundle", "example"), EXAMPLES, ids=lambda value: getattr(value, "name", ""))
def test_examples_hold(bundle: BundleDefinition, example: Any) -> None:
    plan = plan_of(bundle, example.answers)
    assert [item.code for item in plan.items] == list(example.expect.items)
    assert {material.code for material in plan.asked_materials} == set(example.expect.materials)
    assert {data.key for data in plan.data} == set(example.expect.lookups)


def test_enterprise_opening_runs_five_departments_in_parallel() -> None:
    plan = plan_of(OPENING, LLC)
    assert plan.dependants["registration"] == ("seal", "tax", "social-insurance", "housing-fund", "bank")
    assert {item.department for item in plan.items} == {"amr", "psb", "tax", "hrss", "hpf", "bank"}
    registration = plan.item_by_code["registration"]
    assert registration.needs_materials == ("articles", "appointment-documents", "premises-lease")
    assert registration.needs_data == ("name-reservation", "representative-identity", "address-check")
    assert plan.item_by_code["tax"].needs_items == ("registration",)
    assert plan.data_by_key["name-reservation"].releasable
    assert plan.data_by_key["name-reservation"].patience_minutes == 30  # the source's own
    assert plan.material_by_code["name-notice"].fallback_for == ("name-reservation",)


def test_what_a_case_has_is_compared(tmp_path: Path) -> None:
    compare = """audience: person
compare:
  - {code: who, name: 姓名, as: name, values: [applicant.name, form.name, data.identity.status]}
  - {code: why, name: 理由, as: name, values: [form.reason, data.identity.matches]}
"""
    small = load_catalog(folder_with(tmp_path, changed("audience: person\n", compare))).latest["small"]
    (who,) = plan_of(small, {}).compare
    assert (who.code, who.kind, who.keys, who.items) == ("who", "name", ("identity",), ("first",))
    assert who.values == ("applicant.name", "form.name", "data.identity.status")
    assert [one.code for one in plan_of(small, {"extra": True}).compare] == ["who", "why"]
    looking = tuple(one.model_copy(update={"materials": (*one.materials, "identity")}) for one in small.items)
    assert plan_of(small.model_copy(update={"items": looking}), {}).compare[0].items == ("first", "second")
    without = small.model_copy(update={"compare": ()})
    compared = plan_of(small, {}).model_copy(update={"compare": (), "definition_digest": without.digest})
    assert plan_of(without, {}).to_json() == compared.to_json()


def test_a_refused_permit_leaves_the_licence_alone() -> None:
    plan = plan_of(TRANSPORT, {})
    assert plan.item_by_code["permit"].on_refusal == "stop"
    assert plan.item_by_code["permit"].needs_items == ("registration",)
    licence = plan.item_by_code["registration"]
    assert (licence.undo, licence.undo_by) == ("on_application", "system")
    # with a licence already held there is nothing to wait for but the look-up
    held = plan_of(TRANSPORT, {"licence": "existing"})
    assert held.item_by_code["permit"].needs_items == ()
    assert held.item_by_code["permit"].needs_data == ("business-licence", "driver-qualification")


def test_a_fallback_is_asked_for_at_once_where_the_source_is_not_asked() -> None:
    looked_up = plan_of(DEATH, {"pension": "none"})
    assert looked_up.material_by_code["death-certificate-paper"].fallback_for == ("death-certificate",)
    assert looked_up.item_by_code["household"].needs_materials == ()
    at_home = plan_of(DEATH, {"pension": "none", "place": "home"})
    assert at_home.material_by_code["death-certificate-paper"].fallback_for == ()
    assert at_home.item_by_code["household"].needs_materials == ("death-certificate-paper",)


def test_people_may_look_or_the_applicant_promise_before_a_paper_is_brought() -> None:
    birth = plan_of(NEWBORN, {"parents": "married"}).data_by_key["birth-record"]
    assert (birth.fallback_kind, birth.check_days, birth.fallback) == ("manual_check", 1, "birth-certificate-paper")
    plan = plan_of(TRANSPORT, {})
    assert plan.data_by_key["driver-qualification"].fallback_kind == "commitment"
    offer = plan.material_by_code["driver-certificate-copy"].commitment
    assert offer is not None
    assert offer.check == "all"


def test_one_material_may_stand_in_for_two_sources() -> None:
    assert plan_of(NEWBORN, {"parents": "married", "settle_with": "father"}).material_by_code[
        "parent-household-booklet"
    ].fallback_for == ("father-household",)


def test_the_form_holds_what_applies() -> None:
    def ids(answers: Answers) -> set[str]:
        return {field.id for field in applicable_form(OPENING, answers)}

    everything, little = ids(LLC), ids(LLC | {"services": []})
    assert {"shareholders", "seal_kinds", "bank_outlet", "directors"} <= everything
    assert not {"seal_kinds", "bank_outlet", "employees", "accounting_system"} & little
    assert "shareholders" not in ids(LLC | {"investors": "enterprise"})
    assert "monthly_sales" not in ids(LLC | {"invoices": "none"})


def test_answers_are_checked_all_at_once() -> None:
    answers: Answers = {"company_type": "gmbh", "premises": 3, "services": ["seal", "seal"], "colour/~": "red"}
    assert {(problem.pointer, problem.code) for problem in check_answers(OPENING, answers)} == {
        ("/answers/company_type", FailureCode.INVALID_VALUE),
        ("/answers/premises", FailureCode.INVALID_VALUE),
        ("/answers/services", FailureCode.INVALID_VALUE),
        ("/answers/colour~1~0", FailureCode.UNKNOWN_FIELD),
    }
    assert [problem.code for problem in check_answers(OPENING, {"premises": "owned"})] == [FailureCode.MISSING_VALUE]
    not_asked: Answers = LLC | {"company_type": "sole_proprietorship", "investors": "both"}
    assert [problem.pointer for problem in check_answers(OPENING, not_asked)] == ["/answers/investors"]
    assert check_answers(OPENING, LLC | {"prior_approval": 1})[0].pointer == "/answers/prior_approval"
    with pytest.raises(InvalidInput) as raised:
        plan_of(OPENING, {"company_type": "llc"})
    assert [problem.pointer for problem in raised.value.problems] == ["/answers/premises"]


def test_questions_follow_the_answers_so_far() -> None:
    def shown(answers: Answers) -> list[str]:
        return [question.id for question in applicable_questions(NEWBORN, answers)]

    assert "settle_with" not in shown({"parents": "mother_only"})
    assert "settle_with" in shown({"parents": "married"})
    assert shown({})[0] == "birth_certificate"


def test_defaults_make_no_difference_to_the_plan() -> None:
    spelt = LLC | {"investors": "natural_person", "prior_approval": False, "invoices": "ordinary"}
    assert plan_of(OPENING, spelt).digest == plan_of(OPENING, LLC).digest
    assert plan_of(OPENING, LLC | {"prior_approval": True}).digest != plan_of(OPENING, LLC).digest


def test_an_application_for_nothing_is_refused() -> None:
    nothing = OPENING.model_copy(update={"items": ()})
    with pytest.raises(InvalidInput) as refused:
        plan_of(nothing, LLC)
    assert [(one.pointer, one.detail) for one in refused.value.problems] == [
        ("/answers", "按这些回答没有要办的事项，请核对。")
    ]


def answers_to(question: Question) -> st.SearchStrategy[Any]:
    values = [option.value for option in question.options]
    match question.type:
        case QuestionType.BOOLEAN:
            return st.booleans()
        case QuestionType.CHOICE:
            return st.sampled_from(values)
        case QuestionType.MULTI_CHOICE:
            return st.lists(st.sampled_from(values), unique=True)
        case QuestionType.NUMBER | QuestionType.AMOUNT:
            numbers = st.decimals(question.minimum, question.maximum, places=question.places)
            return numbers.map(lambda one: f"{one:f}")
        case QuestionType.DATE:
            return st.dates().map(lambda one: one.isoformat())


@st.composite
def cases(draw: st.DrawFn) -> tuple[BundleDefinition, Answers]:
    bundle = draw(st.sampled_from(list(CATALOG.bundles.values())))
    answers: Answers = {}
    for question in bundle.questions:
        if question in applicable_questions(bundle, answers) and (question.default is None or draw(st.booleans())):
            answers[question.id] = draw(answers_to(question))
    return bundle, answers


@given(cases())
def test_every_item_of_every_plan_can_open(case: tuple[BundleDefinition, Answers]) -> None:
    bundle, answers = case
    plan = plan_of(bundle, answers)
    form = {field.id for field in applicable_form(bundle, answers)}
    asked = {material.code for material in plan.asked_materials if material.required}
    opened: set[str] = set()
    while True:
        more = {item.code for item in plan.items if opened.issuperset(item.needs_items)} - opened
        if not more:
            break
        opened |= more
    assert opened == {item.code for item in plan.items} != set()
    for item in plan.items:
        assert set(item.needs_materials) <= asked
        assert set(item.needs_data) <= plan.data_by_key.keys()
    for data in plan.data:
        assert {value for value in data.params.values() if "." not in value} <= form
        assert data.fallback is None or data.key in plan.material_by_code[data.fallback].fallback_for
        assert any(data.key in item.needs_data for item in plan.items)
    assert len(plan.to_json()) < 11_000
