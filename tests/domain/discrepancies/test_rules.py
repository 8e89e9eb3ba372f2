"""Values that have to say the same: who looks when they don't, and what is not decided in silence meanwhile."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onething.domain.discrepancies.guards import disagreeing
from onething.domain.errors import FailureCode, NotAllowed
from onething.domain.events.deadlines import CalendarChanged
from onething.domain.events.intake import Supplemented, Withdrawn
from onething.domain.events.items import ItemReassigned
from onething.domain.events.outcomes import RecordFetched
from onething.domain.events.tasks import ItemDecided
from onething.domain.kernel.commands import CommandKind
from onething.domain.kernel.custody import Custody, held_by
from onething.domain.kernel.state import CaseState, Differing, Discrepancy, ItemState
from onething.domain.kernel.step_result import TaskOpened
from onething.domain.kernel.task_ref import (
    TaskKind,
)
from tests.domain.builders import CALENDAR, DAY, HOUR, LATER, Case, fetched, item, make_plan, record, saying
from tests.domain.deadlines.test_rules import local
from tests.domain.stories import SAID, comparing, resolved


def submitted() -> Case:
    return Case(comparing(), says=SAID)


def approval(*despite: str, item: str = "licence") -> ItemDecided:
    return ItemDecided(item=item, round=1, outcome="approve", despite=despite)


def looking(case: Case) -> list[TaskOpened]:
    return [task for task in case.record.open_tasks() if task.kind is TaskKind.DISCREPANCY]


def differing() -> Case:
    case = submitted()
    case.fetch_saying("home", "address", address="a2", name="n1")
    case.fetch_saying("land", "address", address="a1")
    case.accept()
    return case


def test_the_owner_of_the_first_record_looks() -> None:
    case = submitted()
    case.fetch_saying("land", "address", address="a3")
    assert looking(case) == [TaskOpened(TaskKind.DISCREPANCY, "address.differs", "land", "owner-land", 1, local(5, 17))]
    case.fetch_saying("home", "address", "name", address="a2", name="n2")
    assert [(task.name, task.department) for task in looking(case)] == [
        ("address.differs", "owner-land"),
        ("name.differs", "owner-home"),
    ]


def test_who_relies_on_it_says_that_he_knows_or_waits() -> None:
    case = differing()
    with pytest.raises(NotAllowed, match="“比对 address”（address）") as refused:
        case.say(approval())
    assert refused.value.code is FailureCode.DISCREPANCY
    with pytest.raises(NotAllowed):
        case.say(approval("name"))
    case.say(approval("address"))
    case.say(approval(item="seal"))  # does not rely on where somebody lives
    assert case.at("seal") is ItemState.APPROVED
    assert looking(case)  # the register is still wrong
    case.say(resolved("address", "form.address"))
    assert case.state.discrepancies["address"].which == "form.address"


def test_a_refusal_waits_for_nobody() -> None:
    case = differing()
    case.refuse("licence")
    assert case.at("licence") is ItemState.REFUSED


def test_once_resolved_it_stands() -> None:
    case = differing()
    for code, which, round_no in (
        ("address", "form.nothing", 1),
        ("address", "form.address", 2),
        ("name", "form.x", 1),
    ):
        with pytest.raises(NotAllowed):
            case.say(resolved(code, which, round_no))
    case.say(resolved("address", "form.address"))
    with pytest.raises(NotAllowed, match="可能已经核实"):
        case.say(resolved("address", "form.address"))
    case.say(approval())


def test_a_new_value_asks_anew() -> None:
    case = submitted()
    case.fetch_saying("home", "address", address="a2", name="n1")
    case.say(resolved("address", "form.address"))
    case.fetch_saying("land", "address", address="a3")
    assert [(task.name, task.round) for task in looking(case)] == [("address.differs", 2)]
    assert case.state.discrepancies["address"] == Discrepancy(data="home", round=2)


def test_what_was_looked_up_with_other_words_says_nothing_any_more() -> None:
    case = differing_before_acceptance()
    case.say(Supplemented(fields=True, refetch=("home",), compared=SAID, disagrees=()))
    assert (looking(case), case.state.compared) == ([], SAID)
    assert case.state.discrepancies["address"].standing is Differing.MATCHED
    case.fetch_saying("home", "address", address="a4", name="n1")
    assert [task.round for task in looking(case)] == [2]


def differing_before_acceptance() -> Case:
    case = submitted()
    case.fetch_saying("home", "address", address="a2", name="n1")
    return case


def test_what_comes_after_the_end_is_kept_and_asks_nobody() -> None:
    case = submitted()
    case.accept()
    late = case.command(CommandKind.FETCH_RECORD, "home")
    case.say(Withdrawn())
    case.comes(fetched(late))
    assert (case.state.discrepancies, case.kinds()[-1]) == ({}, "came_too_late")


def test_who_takes_over_the_register_looks() -> None:
    case = differing()
    assert Custody("home") in list(held_by(case.record.plan, case.state, "owner-home"))
    case.say(ItemReassigned(item="home", before="owner-home", department="heir", basis="测试办法"))
    assert [
        (row.opened.department, row.state) for row in case.record.tasks.values() if "differs" in row.opened.name
    ] == [("heir", "open")]
    case.say(resolved("address", "form.address"))
    assert not looking(case)
    assert not [one for one in held_by(case.record.plan, case.state, "owner-home") if one.item == "home"]


def test_a_case_that_compares_nothing_keeps_nothing() -> None:
    case = Case(make_plan(item("a", data=["home"]), data=[record("home")]))
    case.fetch("home")
    assert b"compared" not in case.state.to_json() + b"".join(
        line.event.model_dump_json(exclude_none=True).encode() for line in case.record.journal
    )


@given(
    says=st.lists(
        st.tuples(st.sampled_from(["form.address", "data.home.address", "data.land.address"]), st.sampled_from("ab")),
        min_size=1,
    )
)
def test_two_say_the_same_or_it_is_told(says: list[tuple[str, str]]) -> None:
    compared = dict(says)
    found = disagreeing(comparing(), compared, {says[-1][0]})
    known = {compared[value] for value in compared}
    alone = all(value.startswith("form.") for value in compared)
    assert found == (("address",) if len(known) > 1 and not alone else ())


@given(words=st.lists(st.tuples(st.sampled_from(["home", "land"]), st.sampled_from("ab"), st.booleans()), max_size=12))
def test_tasks_and_state_say_the_same(words: list[tuple[str, str, bool]]) -> None:
    """Whatever records say, are asked for again, and whoever resolves."""
    case = submitted()
    for data, word, resolves in words:
        commands = [c for c in case.record.open_commands(CommandKind.FETCH_RECORD) if c.target == data]
        if commands:
            case.comes(judged(case.state, saying(commands[0], address=word)))
        else:
            others = {v: d for v, d in case.state.compared.items() if not v.startswith(f"data.{data}.")}
            says = SAID | {"form.address": word}
            disagrees = disagreeing(case.record.plan, others | says, says)
            case.say(Supplemented(fields=True, refetch=(data,), compared=says, disagrees=disagrees))
        one = case.state.discrepancies.get("address")
        if resolves and one is not None and one.standing is Differing.OPEN:
            case.say(resolved("address", next(v for v in case.state.compared if v.endswith("address")), one.round))
        opened = {
            (f"{code}.differs", one.round)
            for code, one in case.state.discrepancies.items()
            if one.standing is Differing.OPEN
        }
        assert {(task.name, task.round) for task in looking(case)} == opened
        wanted = disagreeing(case.record.plan, case.state.compared, case.state.compared)
        assert {code for code, one in case.state.discrepancies.items() if one.standing is not Differing.MATCHED} == set(
            wanted
        )
        case.now += HOUR - timedelta(minutes=50)


def judged(state: CaseState, event: RecordFetched) -> RecordFetched:
    says = event.compared or {}
    return event.model_copy(update={"disagrees": disagreeing(comparing(), {**state.compared, **says}, says)})


def test_who_looks_has_a_clock_that_a_new_calendar_moves() -> None:
    case = differing()
    (before,) = looking(case)
    case.say(CalendarChanged(old=CALENDAR.digest, new=LATER.digest))
    (after,) = looking(case)
    assert before.due_at != after.due_at == case.state.clocks["differs:address"].due_at
    case.wait(20 * DAY)
    late = [line.event for line in case.record.events("clock_overdue")]
    assert "differs:address" in [one.clock for one in late]  # type: ignore[union-attr]
    case.say(resolved("address", "form.address"))
    assert case.record.folded() == case.state
