"""Corrections come in whatever order, papers are received by who says so, and what changes is looked at."""

import pytest

from onething.domain.deadlines.clock_kinds import NOTICE_CLOCK
from onething.domain.definition.time_rules import ClockRules
from onething.domain.errors import FailureCode, NotAllowed
from onething.domain.events.intake import Accepted, CorrectionsAsked, PapersReceived, Supplemented
from onething.domain.kernel.queries import open_demands
from onething.domain.kernel.state import CaseStatus, ItemState
from tests.domain.builders import DAY, Case, item, make_plan, material, may_wait


def needing(*codes: str) -> Case:
    return Case(make_plan(item("a", materials=codes)))


def asked(*materials: str, fields: tuple[str, ...] = ()) -> CorrectionsAsked:
    return CorrectionsAsked(materials=materials, fields=fields, notice="n")


def test_a_word_is_no_paper() -> None:
    """Said to be handed in, it answers nothing and begins no time anew; who received it says that it is there."""
    case = Case(make_plan(item("a", materials=["deed"]), clocks=ClockRules()), materials=[])
    began = case.state.clocks[NOTICE_CLOCK].started_at
    case.wait(DAY)
    case.say(Supplemented(announced=("deed",)))
    assert (case.state.materials, case.state.announced) == ((), ("deed",))
    assert case.state.clocks[NOTICE_CLOCK].started_at == began
    with pytest.raises(NotAllowed, match="收到以后才能受理"):
        case.accept()
    case.say(PapersReceived(materials=("deed",)))
    assert (case.state.materials, case.state.announced) == (("deed",), ())
    case.accept()
    assert case.at("a") is ItemState.OPEN


def test_a_word_ends_no_correction_and_no_deferral() -> None:
    deed, lease = material("deed"), material("lease", due=may_wait())
    case = Case(make_plan(item("a", materials=["deed", "lease"]), materials=[deed, lease], clocks=ClockRules()))
    case.say(asked("deed", "lease"))
    case.say(Supplemented(announced=("deed", "lease")))
    assert case.status is CaseStatus.CORRECTION
    case.say(PapersReceived(materials=("deed",), how="post"))
    assert (case.status, case.state.materials_asked) == (CaseStatus.CORRECTION, ("lease",))
    case.say(PapersReceived(materials=("lease",)))
    assert case.status is CaseStatus.SUBMITTED

    waiting = Case(make_plan(item("a", materials=["lease"]), materials=[lease], clocks=ClockRules()), materials=[])
    waiting.accept("lease")
    waiting.say(Supplemented(announced=("lease",)))
    assert waiting.state.deferred == ("lease",)
    waiting.say(PapersReceived(materials=("lease",)))
    assert waiting.state.deferred == ()


def test_what_a_demand_still_waits_for_is_known_in_whatever_order_it_comes() -> None:
    for form_first in (True, False):
        case = needing("deed")
        case.say(asked("deed", fields=("/form/name", "/form/scope")))
        form = Supplemented(fields=True, answered=("/form/name",))
        for said in (form, Supplemented(materials=("deed",)))[:: 1 if form_first else -1]:
            case.say(said)
        assert (case.status, open_demands(case.state)) == (CaseStatus.CORRECTION, 1)
        assert (case.state.fields_asked, case.state.materials_asked) == (("/form/scope",), ())
        case.say(Supplemented(fields=True, answered=("/form/scope",)))
        assert (case.status, open_demands(case.state)) == (CaseStatus.SUBMITTED, 0)


def test_changes_that_nobody_asked_for_are_looked_at_before_acceptance() -> None:
    case = needing("deed")
    with pytest.raises(NotAllowed, match="没有未经要求的修改"):
        case.say(Accepted(seen=1))
    case.say(Supplemented(fields=True, changed=("/form/name",), unasked=("/form/name",)))
    line = case.state.unasked
    assert line == len(case.record.journal)
    for seen, code in ((None, FailureCode.MISSING_VALUE), (1, FailureCode.NEWER_CHANGE)):
        with pytest.raises(NotAllowed) as refusal:
            case.say(Accepted(seen=seen))
        assert refusal.value.code is code
    case.say(Supplemented(fields=True, changed=("/form/scope",)))  # asked for: nothing new to be looked at
    case.say(Accepted(seen=line))
    assert case.status is not CaseStatus.SUBMITTED
