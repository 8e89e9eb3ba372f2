"""The storm's own parts: logs that are read back, applications that fit, schedules that repeat, searches that find."""

import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from chaos import decisions, faults, gather, logbook
from chaos.applications import AT_ONCE, BUNDLES, DRAWN, Registry
from chaos.faults import Group, Kind
from chaos.logbook import Logbook
from chaos.scripts import PLAYS, Story, cast
from definitions.loader import load_catalog
from onething.domain.form.form import check_form
from onething.services.application.check import Applications
from onething.services.application.schemas import NewApplication

TODAY = date(2026, 11, 20)
ALL = frozenset(Group)
CASE = "330106202603020000017"


def test_a_client_s_log_is_read_back(tmp_path: Path) -> None:
    book = Logbook(tmp_path / "somebody.jsonl")
    book.write(line="intent", key="k", account="citizen", act="submitted", route="POST /api/cases", at=1.0)
    book.write(line="heard", key="k", at=2.0, unknown="ReadTimeout")
    book.write(line="heard", key="k", at=3.0, status=201, case_no="33", body="digest")
    book.close()
    [intent] = logbook.read(tmp_path)
    assert (intent.client, intent.of_case, intent.settled) == ("somebody", "33", True)
    assert [one.definite for one in intent.heard] == [False, True]


def test_an_intent_without_an_answer_is_not_settled(tmp_path: Path) -> None:
    book = Logbook(tmp_path / "somebody.jsonl")
    book.write(line="intent", key="k", account="citizen", act="withdrawn", route="POST", at=1.0, case_no="33")
    book.write(line="heard", key="k", at=2.0, unknown="503 unavailable")
    book.close()
    [intent] = logbook.read(tmp_path)
    assert (intent.settled, intent.acknowledgement, intent.refusal) == (False, None, None)


@pytest.mark.parametrize("bundle", BUNDLES)
def test_made_up_applications_are_accepted_and_nobody_is_twice(bundle: str) -> None:
    catalog, registry = load_catalog(), Registry(7)
    first, second = registry.apply(bundle, "counter"), registry.apply(bundle, "counter")
    assert not first.secrets & second.secrets
    request = NewApplication.model_validate(first.body)
    plan = Applications(catalog).judge(request, [paper.code for paper in request.materials], today=TODAY).plan
    assert all(secret in json.dumps(first.body, ensure_ascii=False) for secret in first.secrets)
    definition = next(one for one in catalog.bundles.values() if one.code == bundle)
    for item in definition.items:
        if item.code in plan.item_by_code:
            approval = decisions.approve(bundle, item.code, CASE)["outputs"]
            assert list(check_form(item.decision_form, approval, "", today=TODAY)) == []


@pytest.mark.parametrize("bundle", DRAWN)
def test_every_example_that_may_be_drawn_is_accepted_and_decided(bundle: str) -> None:
    catalog, registry = load_catalog(), Registry(7)
    definition = catalog.latest[bundle]
    for number in AT_ONCE[bundle]:
        body = registry.apply(bundle, "counter", number).body
        request = NewApplication.model_validate(body)
        plan = Applications(catalog).judge(request, [paper.code for paper in request.materials], today=TODAY).plan
        for item in definition.items:
            if item.code in plan.item_by_code:
                approval = decisions.approve(bundle, item.code, CASE)["outputs"]
                assert list(check_form(item.decision_form, approval, "", today=TODAY)) == []


def test_what_is_drawn_ends_as_its_definition_says() -> None:
    scripts = [one for seed in range(8) for one in cast(64, seed) if one.example is not None]
    assert {one.bundle for one in scripts} == set(DRAWN)
    assert {one.story for one in scripts} == {Story.WELL, Story.REFUSED}
    assert {str(ending) for one in scripts for ending in one.endings} == {"closed", "terminated"}


def test_scripts_come_from_the_seed_and_cover_every_play() -> None:
    scripts = cast(len(PLAYS), 3)
    assert scripts == cast(len(PLAYS), 3) != cast(len(PLAYS), 4)
    assert {(one.bundle, one.story, one.item) for one in scripts} == {play[:3] for play in PLAYS}
    assert {one.bundle for one in scripts} == set(BUNDLES)
    assert {one.story for one in scripts} == set(Story)


@pytest.mark.parametrize("seed", range(20))
def test_faults_come_from_the_seed_and_each_process_is_killed_twice(seed: int) -> None:
    plan = faults.schedule(seed, 240.0, ALL)
    assert plan == faults.schedule(seed, 240.0, ALL)
    assert [fault.at for fault in plan] == sorted(fault.at for fault in plan)
    assert all(0 <= fault.at <= 240.0 for fault in plan)
    kills = Counter(name for fault in plan if fault.kind is Kind.KILL for name in fault.targets)
    assert min(kills.values()) >= faults.KILLED_EACH
    assert len(kills) == 4 + faults.WORKERS
    assert sum(fault.kind is Kind.LOSE for fault in plan) == 1


def test_workers_and_temporal_are_kept_down_for_a_while() -> None:
    plan = faults.schedule(1, 240.0, frozenset({Group.HALT}))
    assert [(fault.targets, fault.lasts) for fault in plan] == [(faults.WORKER_NAMES, 24.0), ((faults.TEMPORAL,), 24.0)]


@pytest.mark.parametrize("written", ["欧阳䶮".encode(), json.dumps("欧阳䶮").encode()])
def test_a_search_finds_what_leaked_plain_and_escaped(tmp_path: Path, written: bytes) -> None:
    file = tmp_path / "api.log"
    file.write_bytes(b'\x00{"logger": "x", "who": ' + written + b"}")
    leaks, seen = gather.spilled([file], {"欧阳䶮", "33010619900101001X"}, b'"logger"')
    assert (leaks, seen) == (["api.log: '欧阳䶮'"], True)


def test_a_search_that_sees_nothing_says_so(tmp_path: Path) -> None:
    assert gather.spilled([tmp_path / "none"][:0], {"欧阳䶮"}, b"case-33") == ([], False)
