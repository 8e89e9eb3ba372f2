"""好差评: once, when the case has ended; a bad one is answered and put right, however long ago that was."""

import pytest
from pydantic import ValidationError

from onething.domain.deadlines.rules import next_wake_at
from onething.domain.engine.snapshot import SECOND_LOOK_WITHIN, snapshot_of
from onething.domain.errors import NotAllowed
from onething.domain.events.followup import Rated, RatingContacted, RatingRectified
from onething.domain.events.intake import Rejected, Withdrawn
from onething.domain.kernel.state import CaseStatus, ClockState, Rating
from tests.domain.builders import DAY, Case, item, make_plan
from tests.domain.deadlines.test_rules import local, whats
from tests.domain.stories import finish

CONTACT, RECTIFY = "rating:contact", "rating:rectify"
CONTACTED, RECTIFIED = RatingContacted(note="n"), RatingRectified(note="n")


def closed() -> Case:
    case = Case(make_plan(item("a")))
    case.accept()
    case.approve("a")
    finish(case)
    assert case.status is CaseStatus.CLOSED
    return case


def test_a_good_rating_owes_nothing() -> None:
    case = closed()
    case.say(Rated(grade=3))
    assert (case.state.rating, next_wake_at(case.state)) == (Rating.GOOD, None)
    for event in (CONTACTED, RECTIFIED):
        with pytest.raises(NotAllowed, match="没有等待"):
            case.say(event)


@pytest.mark.parametrize("grade", [1, 2])
def test_a_bad_rating_is_answered_within_one_day_and_put_right_within_five(grade: int) -> None:
    case = closed()
    case.say(Rated(grade=grade))
    assert case.status is CaseStatus.CLOSED
    assert case.state.clocks[CONTACT].due_at == next_wake_at(case.state) == local(3, 17)
    assert case.state.clocks[RECTIFY].due_at == local(9, 17)
    looks = snapshot_of("1", 1, 9, case.state).next_wake_at  # the workflow's is the second look
    assert looks is not None
    assert local(3, 17) < looks <= local(3, 17) + SECOND_LOOK_WITHIN
    with pytest.raises(NotAllowed, match="请先登记回访"):
        case.say(RECTIFIED)
    case.say(CONTACTED)
    assert next_wake_at(case.state) == local(9, 17)
    case.say(RECTIFIED)
    assert (case.state.rating, next_wake_at(case.state)) == (Rating.RECTIFIED, None)
    assert whats(case, CONTACT) == whats(case, RECTIFY) == ["started", "met"]


def test_what_is_late_is_on_record_and_can_still_be_done() -> None:
    case = closed()
    case.say(Rated(grade=1))
    case.wait(30 * DAY)
    assert [line.at for line in case.record.events("clock_overdue")] == [local(3, 17), local(9, 17)]
    case.say(CONTACTED)
    case.say(RECTIFIED)
    assert {case.state.clocks[name].state for name in (CONTACT, RECTIFY)} == {ClockState.MISSED}


def test_once_only() -> None:
    case = closed()
    case.say(Rated(grade=5))
    with pytest.raises(NotAllowed, match="只评价一次"):
        case.say(Rated(grade=1))


def test_however_it_ended_but_not_before() -> None:
    case = Case(make_plan(item("a")))
    with pytest.raises(NotAllowed, match="已提交"):
        case.say(Rated(grade=1))
    case.accept()
    case.refuse("a")
    case.say(Rated(grade=1))  # while the applicant is still being told
    finish(case)
    assert case.status is CaseStatus.TERMINATED
    for end in (Rejected(notice="n"), Withdrawn()):
        other = Case(make_plan(item("a")))
        other.say(end)
        other.say(Rated(grade=2))
        assert other.state.rating is Rating.TO_CONTACT


@pytest.mark.parametrize("grade", [0, 6])
def test_grades_are_one_to_five(grade: int) -> None:
    with pytest.raises(ValidationError):
        Rated(grade=grade)
