"""Which steps of a case say that somebody is no more, or take that back: whoever or whatever decides."""

from datetime import timedelta

from onething.domain.definition.time_rules import ClockRules, OverdueHow
from onething.domain.events.intake import Rejected, Withdrawn
from onething.domain.events.undo import ReviewAsked, RevocationDecided
from onething.domain.items.ended_persons import PersonChange, PersonChanged, changes
from onething.domain.plan.plan import Plan
from tests.domain.builders import Case, item, make_plan

ENDED, LIFTED, DROPPED, REPORTED = (PersonChanged("household", one) for one in PersonChange)


def death(overdue: OverdueHow = OverdueHow.ESCALATE) -> Plan:
    household = item("household", overdue=overdue).model_copy(update={"ends_person": "deceased"})
    return make_plan(household, item("pension", needs=["household"]), clocks=ClockRules())


def after(case: Case, *acts: object) -> list[PersonChanged]:
    """What each act changes; an act is a call, or a fact."""
    found = []
    for act in acts:
        before = case.state
        act() if callable(act) else case.say(act)  # type: ignore[arg-type]
        found += changes(case.record.plan, before, case.state)
    return found


def test_approved_revoked_and_sent_back() -> None:
    case = Case(death())
    assert after(case, case.accept, lambda: case.approve("household")) == [ENDED]
    sent_back = after(case, lambda: case.send_back("pension", "household"), lambda: case.approve("household"))
    assert sent_back == [LIFTED, ENDED]
    asked = ReviewAsked(item="household", round=1, reason="review:household:1")
    opinion = "revocation:household:1"
    revoked = RevocationDecided(item="household", round=1, revoke=True, opinion=opinion, review=True)
    assert after(case, lambda: case.approve("pension"), asked, revoked) == [LIFTED]


def test_an_approval_by_silence_is_one() -> None:
    case = Case(death(OverdueHow.DEEM_APPROVED))
    case.accept()
    assert after(case, lambda: case.wait(timedelta(days=60))) == [ENDED]


def test_nothing_comes_of_a_report() -> None:
    for case, end in ((Case(death()), Rejected(notice="notice:2")), (Case(death()), Withdrawn())):
        assert after(case, end) == [DROPPED]
    case = Case(death())
    assert after(case, case.accept, lambda: case.refuse("household")) == [DROPPED]
