"""What several cases share, as the rules see it: what an act asks for, what waits for it, when it is free."""

import pytest

from onething.domain.definition.bundle import ReservationKind, TakenAt, WhenFull
from onething.domain.errors import NotAllowed
from onething.domain.events.intake import Rejected, Supplemented, Withdrawn
from onething.domain.kernel.state import ItemState, Reserved
from tests.domain.builders import Case, item, make_plan, shared


def one(**said: object) -> Case:
    """An item whose approval takes something; another beside it."""
    taken = said.pop("taken_by_another", False)
    plan = make_plan(item("a"), item("b"), reservations=[shared("one", "a", **said)])  # type: ignore[arg-type]
    return Case(plan, taken=["one"] if taken else [])


def standing(case: Case) -> Reserved | None:
    return case.state.reservations.get("one")


def test_it_is_taken_by_its_act_and_no_earlier() -> None:
    for taken, seen in (
        (TakenAt.SUBMISSION, [Reserved.HELD] * 3),
        (TakenAt.ACCEPTANCE, [None, Reserved.HELD, Reserved.HELD]),
        (TakenAt.GRANT, [None, None, Reserved.HELD]),
    ):
        case = one(taken=taken)
        found = [standing(case)]
        case.accept()
        found.append(standing(case))
        case.approve("a")
        assert [*found, standing(case)] == seen, taken


def test_what_another_has_is_not_accepted_until_it_is_free() -> None:
    case = one(taken_by_another=True)
    assert standing(case) is Reserved.FULL, "received all the same"
    with pytest.raises(NotAllowed, match="另有一件在办"):
        case.accept()
    case.taken.clear()
    case.accept()
    assert standing(case) is Reserved.HELD


def test_by_silence_it_is_accepted_and_not_granted() -> None:
    """The law's silence is no act of the counter; whoever decides finds it."""
    case = one(taken=TakenAt.ACCEPTANCE)
    case.accept()
    other = one(taken=TakenAt.GRANT, taken_by_another=True)
    other.accept()
    with pytest.raises(NotAllowed, match="没有办成的决定"):
        other.approve("a")
    other.refuse("a")
    assert other.at("a") is ItemState.REFUSED


def test_who_waits_its_turn_is_told_so() -> None:
    case = one(taken=TakenAt.GRANT, taken_by_another=True, kind=ReservationKind.QUOTA, full=WhenFull.QUEUE)
    case.accept()
    with pytest.raises(NotAllowed, match="先后顺序"):
        case.approve("a")


def test_what_is_only_told_stops_nothing() -> None:
    case = one(full=WhenFull.FLAG, taken_by_another=True)
    case.accept()
    case.approve("a")
    assert (standing(case), case.at("a")) == (Reserved.FULL, ItemState.APPROVED)


def test_it_is_free_when_the_case_or_its_item_comes_to_nothing() -> None:
    withdrawn, rejected, refused = one(), one(), one()
    withdrawn.say(Withdrawn())
    rejected.say(Rejected(notice="notice:2"))
    refused.accept()
    refused.refuse("a")
    assert [standing(case) for case in (withdrawn, rejected, refused)] == [Reserved.RELEASED] * 3


def test_what_was_granted_keeps_it_though_the_case_ends_early() -> None:
    stays, frees = one(), one(frees=True)
    for case in (stays, frees):
        case.accept()
        case.approve("a")
        assert standing(case) is Reserved.HELD
        case.say(Withdrawn())
    assert [standing(case) for case in (stays, frees)] == [Reserved.HELD, Reserved.RELEASED]


def test_a_changed_application_asks_anew() -> None:
    case = one()
    case.taken.add("one")
    case.say(Supplemented(fields=True))
    assert standing(case) is Reserved.FULL
