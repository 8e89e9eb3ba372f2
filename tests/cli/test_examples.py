"""The applications that come with the project are right: against the API's shapes, the definitions and the demo."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from definitions.compile import applicable_form, check_answers, compile_plan
from definitions.loader import load_catalog
from onething.cli.commands import application_file
from onething.cli.demo.command import EXAMPLES
from onething.cli.demo.performance import STORIES
from onething.connectors.simulator.records import make_record
from onething.domain.errors import InvalidInput
from onething.domain.form.form import check_form, normal_form
from onething.domain.form.look_up_params import look_up_values
from onething.domain.items.rules import required_materials
from onething.domain.sources.compare_as import normal
from onething.services.application.check import Applications
from onething.services.application.schemas import NewApplication

TODAY = date(2026, 11, 20)
FILES = sorted(EXAMPLES.glob("*.yaml"))


def test_every_bundle_has_an_example() -> None:
    assert {file.stem for file in FILES} == set(load_catalog().latest)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_answers_form_and_materials_fit_the_definition(file: Path) -> None:
    catalog, body = load_catalog(), application_file.read(file).body
    definition = catalog.latest[body["bundle"]]
    assert check_answers(definition, body["answers"]) == []
    assert list(check_form(applicable_form(definition, body["answers"]), body["form"], today=TODAY)) == []
    plan = compile_plan(definition, catalog.sources, body["answers"])
    may_come_later = {material.code for material in plan.materials if material.may_wait}
    brought = {paper["code"] for paper in body["materials"]} | set(body.get("commitments", ()))
    assert brought >= set(required_materials(plan)) - may_come_later


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_service_would_take_it(file: Path) -> None:
    application = NewApplication.model_validate(application_file.read(file).body)
    applications = Applications(load_catalog())
    applications.judge(application, (), today=TODAY)
    normal = applications.normal(application)
    applications.judge(normal, (), today=TODAY)
    assert applications.normal(normal) == normal


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_one_wrong_digit_would_be_noticed(file: Path) -> None:
    body = application_file.read(file).body
    number = body["applicant"]["id_number"]
    body["applicant"] = {**body["applicant"], "id_number": number[:-1] + ("1" if number[-1] != "1" else "2")}
    with pytest.raises(InvalidInput) as wrong:
        Applications(load_catalog()).judge(NewApplication.model_validate(body), (), today=TODAY)
    assert [problem.pointer for problem in wrong.value.problems] == ["/applicant/id_number"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_simulated_registers_know_whom_it_is_about(file: Path) -> None:
    catalog, body = load_catalog(), application_file.read(file).body
    definition = catalog.latest[body["bundle"]]
    plan, form = compile_plan(definition, catalog.sources, body["answers"]), normal_form(definition.form, body["form"])
    asked = {need.key: dict(look_up_values(need.params, form, body["answers"])) for need in plan.data}
    records = {need.key: make_record(need.source, asked[need.key], TODAY) for need in plan.data}
    assert plan.compare
    for one in plan.compare:
        said = {normal(one.kind, str(_said(value, form, records))) for value in one.values}
        assert len(said) == 1, f"{one.name}：{said}"


def _said(value: str, form: dict[str, Any], records: dict[str, dict[str, Any]]) -> object:
    *_, key, field = value.split(".")
    return form[field] if key == "form" else records[key][field]


def test_the_demo_plays_examples_that_exist() -> None:
    assert {story.example for story in STORIES} <= {file.name for file in FILES}
