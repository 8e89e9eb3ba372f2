"""A closed case goes on with items whose decision was set aside; what was granted is not touched."""

from collections.abc import Iterable
from datetime import datetime

import pytest

from onething.domain.deadlines.clock_kinds import (
    CASE_CLOCK,
    CASE_STATUTORY,
    DELIVERY_CLOCK,
    RATING_CONTACT,
    RATING_RECTIFY,
    deferred_clock,
    item_clock,
    item_statutory,
)
from onething.domain.definition.bundle import DeliveryMethod
from onething.domain.definition.items import Handling, OnRefusal, UndoBy, UndoHow
from onething.domain.definition.time_rules import ClockRules, Missed, OverdueHow
from onething.domain.documents import results
from onething.domain.engine.task_flags import flags_of
from onething.domain.errors import NotAllowed
from onething.domain.events.documents import DeliveryChosen, LetterDelivered
from onething.domain.events.followup import Rated, RatingContacted, RatingRectified
from onething.domain.events.intake import Supplemented, Withdrawn
from onething.domain.events.items import CaseReopened
from onething.domain.events.tasks import ItemDecided
from onething.domain.events.undo import ReviewAsked, RevocationDecided
from onething.domain.items.ended_persons import PersonChange, PersonChanged, changes
from onething.domain.kernel.clock_id import ClockId
from onething.domain.kernel.commands import CommandKind
from onething.domain.kernel.queries import granted
from onething.domain.kernel.state import (
    CaseStatus,
    ClockState,
    DataState,
    Edition,
    ItemState,
    Reopening,
)
from onething.domain.kernel.task_ref import item_task
from onething.domain.plan.plan import Plan
from onething.domain.reissue.rules import to_make_out
from tests.domain.builders import DAY, Case, item, make_plan, may_wait, record
from tests.domain.stories import corrected, finish, issue

SKIPS = OnRefusal.SKIP_DEPENDANTS


def reopened(*items: str) -> CaseReopened:
    return CaseReopened(items=items, basis="杭政复〔2026〕12号", reason="notice:9")


def licence_and_permit(**more: object) -> Plan:
    return make_plan(
        item("licence", certificate=True),
        item("permit", needs=["licence"], certificate=True, refusal=OnRefusal.GO_ON),
        clocks=ClockRules(),
        **more,  # type: ignore[arg-type]
    )


def closed(plan: Plan, refused: Iterable[str], **more: object) -> Case:
    """Every item that comes to people is approved but for these."""
    case = Case(plan, **more)  # type: ignore[arg-type]
    case.accept(*(one.code for one in plan.materials if one.may_wait))
    while case.deciding():
        code = case.deciding()[0]
        (case.refuse if code in refused else case.approve)(code)
    close(case)
    return case


def close(case: Case) -> None:
    if case.targets(CommandKind.ISSUE_CERTIFICATES):
        target = case.targets(CommandKind.ISSUE_CERTIFICATES)[0]
        issue(case, *due(case, target))
    finish(case)
    assert case.status is CaseStatus.CLOSED


def due(case: Case, target: str = "") -> list[str]:
    return list(to_make_out(case.record.plan, case.state.effects, case.state.editions, target))


def started(case: Case, clock: ClockId) -> datetime:
    return case.state.clocks[clock].started_at


def test_it_goes_on_with_what_was_refused_and_closes_again() -> None:
    case = closed(licence_and_permit(), ["permit"])
    case.wait(30 * DAY)
    effected = case.say(reopened("permit"))
    line = len(case.record.journal)
    assert (case.status, case.at("permit"), case.round("permit")) == (CaseStatus.PROCESSING, ItemState.OPEN, 2)
    assert case.deciding() == ["permit"]
    clocks = (CASE_CLOCK, CASE_STATUTORY, item_clock("permit"), item_statutory("permit"))
    assert {started(case, clock) for clock in clocks} == {case.now}
    assert case.state.clocks[item_clock("licence")].state is ClockState.MET
    assert case.state.reopening == Reopening(line=line, items=("permit",))
    assert flags_of(case.record.plan, case.state)[item_task("permit"), 2].flags == (), "nobody has sent it back"
    assert case.state.letters == {line: "reopened"}
    assert [one.target for one in effected.commands] == ["reopened"]
    assert not case.state.told
    case.notify("reopened")
    case.approve("permit")
    assert case.status is CaseStatus.DECIDED
    assert due(case) == ["permit"], "the licence has its certificate"
    first = next(iter(case.state.earlier_results))
    close(case)
    assert case.state.editions == {"licence": Edition(), "permit": Edition()}
    assert results(case.state) == {first, case.state.result}
    assert case.state.told


def test_it_may_be_refused_once_more_and_is_reopened_once_more() -> None:
    case = closed(licence_and_permit(), ["permit"])
    for _ in range(2):
        case.say(reopened("permit"))
        case.refuse("permit")
        assert case.status is CaseStatus.DELIVERED, "there is nothing to make out"
        finish(case)
        assert case.status is CaseStatus.CLOSED
    assert case.round("permit") == 3
    assert len(case.state.earlier_results) == 2


def test_what_was_skipped_with_it_waits_again_and_is_looked_up_again() -> None:
    plan = make_plan(
        item("site", refusal=SKIPS),
        item("fire", refusal=SKIPS),
        item("permit", needs=["site"], data=["title"]),
        item("sign", needs=["permit"], data=["title"]),
        item("opening", needs=["site", "fire"]),
        data=[record("title", releasable=True)],
    )
    case = Case(plan)
    case.accept()
    case.fetch("title")
    for code in ("site", "fire"):
        case.refuse(code)
    case.undo()
    finish(case)
    assert (case.status, case.state.data) == (CaseStatus.CLOSED, {})
    case.say(reopened("site"))
    assert case.state.reopening is not None
    assert case.state.reopening.items == ("site", "permit", "sign")
    assert case.at("opening") is ItemState.SKIPPED, "the fire office's refusal stands"
    assert case.state.data == {"title": DataState.PENDING}
    case.fetch("title")
    case.approve("site")
    assert (case.at("permit"), case.at("sign")) == (ItemState.OPEN, ItemState.WAITING)
    case.approve("permit")
    case.approve("sign")
    finish(case)
    case.say(reopened("fire"))
    assert case.state.reopening.items == ("fire", "opening")
    assert case.at("opening") is ItemState.WAITING
    case.refuse("fire")
    assert case.at("opening") is ItemState.SKIPPED


def test_named_together_each_waits_for_what_it_needs() -> None:
    plan = make_plan(item("site", refusal=OnRefusal.GO_ON), item("permit", needs=["site"], refusal=OnRefusal.GO_ON))
    case = closed(plan, ["site", "permit"])
    case.say(reopened("permit", "site"))
    assert (case.at("site"), case.at("permit")) == (ItemState.OPEN, ItemState.WAITING)
    assert item_clock("permit") not in case.state.clocks
    case.wait(5 * DAY)
    case.approve("site")
    assert started(case, item_clock("permit")) == case.now
    case.approve("permit")
    finish(case)
    assert case.status is CaseStatus.CLOSED


def test_people_decide_it_though_it_was_a_systems() -> None:
    plan = make_plan(
        item("permit", refusal=SKIPS, handling=Handling.SYSTEM),
        item("sign", needs=["permit"], handling=Handling.SYSTEM),
    )
    case = Case(plan)
    case.accept()
    case.system_decides("permit", "refuse")
    finish(case)
    case.say(reopened("permit"))
    assert case.deciding() == ["permit"]
    case.approve("permit")
    assert case.targets(CommandKind.DISPATCH_ITEM) == ["sign"], "of it nobody has thought yet"


def test_what_lapsed_is_decided_anew_and_silence_has_its_effect_once_more() -> None:
    plan = make_plan(item("site", overdue=OverdueHow.LAPSE, law=5), item("permit", needs=["site"]), clocks=ClockRules())
    case = Case(plan)
    case.accept()
    case.wait(10 * DAY)
    assert (case.at("site"), case.at("permit")) == (ItemState.LAPSED, ItemState.SKIPPED)
    finish(case)
    case.say(reopened("site"))
    assert (case.at("site"), case.at("permit")) == (ItemState.OPEN, ItemState.WAITING)
    case.wait(10 * DAY)
    assert (case.at("site"), case.at("permit")) == (ItemState.LAPSED, ItemState.SKIPPED)


def test_what_was_deferred_and_never_came_has_its_time_anew() -> None:
    plan = make_plan(
        item("site", refusal=SKIPS, materials=["lease"]),
        item("permit", needs=["site"], materials=["plan"]),
        materials=[],
        clocks=ClockRules(),
    )
    rule = may_wait(20, 0, Missed.GO_ON)
    waiting = tuple(one.model_copy(update={"due": rule}) for one in plan.materials)
    plan = plan.model_copy(update={"materials": waiting})
    case = closed(plan, ["site"], materials=())
    assert case.state.deferred == ()
    case.wait(60 * DAY)
    case.say(reopened("site"))
    assert case.state.deferred == ("lease", "plan")
    assert {started(case, deferred_clock(code)) for code in ("lease", "plan")} == {case.now}
    with pytest.raises(NotAllowed, match="还没有补交"):
        case.approve("site")
    case.say(Supplemented(materials=("lease",)))
    case.approve("site")
    case.wait(60 * DAY)
    assert (case.state.done_without, case.at("permit")) == (("plan",), ItemState.OPEN)
    case.approve("permit")
    finish(case)
    assert case.status is CaseStatus.CLOSED


def revoke(case: Case, code: str, round_no: int = 1) -> None:
    case.say(ReviewAsked(item=code, round=round_no, reason=f"review:{code}:{round_no}"))
    opinion = f"revocation:{code}:{round_no}"
    case.say(RevocationDecided(item=code, round=round_no, revoke=True, opinion=opinion, review=True))


def test_what_was_revoked_is_approved_anew_with_another_certificate() -> None:
    case = closed(licence_and_permit(), [])
    case.say(corrected("permit", 2, "/outputs/number"))
    close(case)
    revoke(case, "permit")
    with pytest.raises(NotAllowed, match="还在撤销"):
        case.say(reopened("permit"))
    case.undo()
    finish(case)
    case.say(reopened("permit"))
    assert case.state.editions["permit"] == Edition(n=3, due=("out",), first=3)
    case.refuse("permit")
    assert case.status is CaseStatus.DELIVERED, "what is not granted is not made out"
    finish(case)
    case.say(reopened("permit"))
    assert case.state.editions["permit"].n == 3, "it was never made out"
    case.approve("permit")
    command = case.command(CommandKind.ISSUE_CERTIFICATES)
    assert command.target == ""
    issue(case, "permit")
    assert case.state.editions["permit"] == Edition(n=3, first=3)
    finish(case)
    case.say(corrected("permit", 4))
    assert case.state.editions["permit"].first == 3
    close(case)
    revoke(case, "permit", 2)  # a later review is another question
    assert case.at("permit") is ItemState.UNDONE


def test_what_is_made_out_once_more_meanwhile_is_made_out_first() -> None:
    """One command at a time gives certificates: two would each give one of the same edition."""
    case = closed(licence_and_permit(), ["permit"])
    case.say(reopened("permit"))
    case.say(corrected("licence", 2))
    case.approve("permit")
    assert (case.status, case.targets(CommandKind.ISSUE_CERTIFICATES)) == (CaseStatus.DECIDED, ["licence"])
    issue(case, "licence")
    assert (case.status, case.targets(CommandKind.ISSUE_CERTIFICATES)) == (CaseStatus.DECIDED, [""])
    assert due(case) == ["permit"]
    close(case)
    assert case.state.editions == {"licence": Edition(n=2), "permit": Edition()}


def test_withdrawn_meanwhile_what_was_granted_before_stands_with_what_is_granted_since() -> None:
    plan = make_plan(
        item("name", undo=UndoHow.RELEASE),
        item("licence", undo=UndoHow.BY_LAW, certificate=True),
        item("permit", certificate=True, refusal=OnRefusal.GO_ON),
        item("sign", refusal=OnRefusal.GO_ON, undo=UndoHow.RELEASE, by=UndoBy.PEOPLE),
        item("stall", refusal=OnRefusal.GO_ON),
        clocks=ClockRules(),
    )
    case = closed(plan, ["permit", "sign", "stall"])
    case.say(reopened("permit", "sign", "stall"))
    case.approve("permit")
    case.approve("sign")
    case.say(Withdrawn())
    assert case.status is CaseStatus.WITHDRAWN
    assert granted(case.state.effects) == {"name", "licence", "permit"}
    assert case.at("name") is ItemState.APPROVED, "only reserved, and yet of a case that was closed"
    assert case.at("stall") is ItemState.LAPSED
    assert due(case) == ["permit"]
    issue(case, "permit")
    finish(case)
    assert case.state.told
    with pytest.raises(NotAllowed, match="已由申请人撤回，不能重新办理；请申请人重新申请"):
        case.say(reopened("stall"))


def test_withdrawn_meanwhile_with_nothing_new_there_is_no_other_result() -> None:
    case = closed(licence_and_permit(), ["permit"], delivery=DeliveryMethod.COUNTER)
    first = case.state.result
    case.say(reopened("permit"))
    case.say(Withdrawn())
    assert not case.targets(CommandKind.ISSUE_CERTIFICATES)
    assert case.state.result == first
    assert case.state.clocks[DELIVERY_CLOCK].state is ClockState.RUNNING, "the first is still to be delivered"
    said = {"channel": "counter", "outcome": "handed_over", "happened_at": case.now}
    case.say(LetterDelivered.model_validate({"letter": first, **said}))
    assert DELIVERY_CLOCK not in case.state.clocks


@pytest.mark.parametrize(("days", "ended"), [(1, "cancelled"), (30, "missed")])
def test_the_time_to_deliver_the_first_result_goes_on_until_there_is_another(days: int, ended: str) -> None:
    case = closed(licence_and_permit(), ["permit"], delivery=DeliveryMethod.COUNTER)
    first, since = case.state.result, started(case, DELIVERY_CLOCK)
    case.say(reopened("permit"))
    case.wait(days * DAY)
    assert started(case, DELIVERY_CLOCK) == since
    case.say(DeliveryChosen(method=DeliveryMethod.POST))  # of what is to come
    case.approve("permit")
    assert started(case, DELIVERY_CLOCK) == case.now
    lines = [line.what for _, line in case.record.ledger if line.clock == DELIVERY_CLOCK]
    assert lines[-2:] == [ended, "started"]
    said = {"channel": "counter", "outcome": "handed_over", "happened_at": case.now}
    case.say(LetterDelivered.model_validate({"letter": first, **said}))
    assert case.state.clocks[DELIVERY_CLOCK].state is ClockState.RUNNING, "the other is still to be delivered"
    close(case)
    case.say(LetterDelivered.model_validate({"letter": case.state.result, **said}))
    assert DELIVERY_CLOCK not in case.state.clocks


def test_what_is_owed_for_a_rating_is_answered_meanwhile_and_nobody_rates_twice() -> None:
    case = closed(licence_and_permit(), ["permit"])
    case.say(Rated(grade=1))
    case.say(reopened("permit"))
    assert {RATING_CONTACT, RATING_RECTIFY} <= case.state.clocks.keys()
    case.say(RatingContacted(note="rating:contact"))
    case.say(Withdrawn())
    assert case.state.clocks[RATING_RECTIFY].state is ClockState.RUNNING
    case.say(RatingRectified(note="rating:rectified"))
    with pytest.raises(NotAllowed, match="只评价一次"):
        case.say(Rated(grade=5))


def test_what_was_granted_before_is_not_sent_back() -> None:
    case = closed(licence_and_permit(), ["permit"])
    case.say(reopened("permit"))
    with pytest.raises(NotAllowed, match="归档前已经准予"):
        case.send_back("permit", "licence")
    assert case.at("licence") is ItemState.APPROVED


@pytest.mark.parametrize(
    ("items", "why"),
    [
        (["none"], "没有事项“none”"),
        (["licence"], "“事项 licence”（licence）的准予有效.*先请其部门复核"),
        (["sign"], "“事项 sign”（sign）没有作出过决定：请写明使它不再办理的前一事项"),
        (["permit", "permit"], "只能写一次"),
        (["permit", "licence"], "准予有效"),
    ],
)
def test_only_what_a_decision_ended(items: list[str], why: str) -> None:
    plan = make_plan(item("licence"), item("permit", refusal=SKIPS), item("sign", needs=["permit"]))
    case = closed(plan, ["permit"])
    with pytest.raises(NotAllowed, match=why):
        case.say(reopened(*items))


def test_not_before_it_is_closed_nor_what_is_still_looked_into() -> None:
    case = Case(licence_and_permit())
    case.accept()
    with pytest.raises(NotAllowed, match="“办理中”"):
        case.say(reopened("permit"))
    case.say(ItemDecided(item="licence", round=1, outcome="approve"))
    case.approve("permit")
    close(case)
    case.say(ReviewAsked(item="permit", round=1, reason="review:permit:1"))
    with pytest.raises(NotAllowed, match="准予有效"):
        case.say(reopened("permit"))


def test_of_a_case_that_was_terminated_nothing_is_reopened() -> None:
    case = Case(make_plan(item("permit", refusal=OnRefusal.STOP)))
    case.accept()
    case.refuse("permit")
    with pytest.raises(NotAllowed, match="已终止办理，不能重新办理；请申请人重新申请"):
        case.say(reopened("permit"))


def test_whose_end_was_reported_is_reported_again_where_that_is_what_is_decided_anew() -> None:
    household = item("household", refusal=OnRefusal.GO_ON).model_copy(update={"ends_person": "deceased"})
    case = closed(make_plan(household, item("pension", refusal=OnRefusal.GO_ON)), ["household", "pension"])

    def after(*acts: object) -> list[PersonChange]:
        found: list[PersonChanged] = []
        for act in acts:
            before = case.state
            act() if callable(act) else case.say(act)  # type: ignore[arg-type]
            found += changes(case.record.plan, before, case.state)
        return [one.change for one in found]

    nothing_of_it = (reopened("pension"), lambda: case.refuse("pension"), lambda: finish(case))
    assert after(*nothing_of_it) == []
    anew = (reopened("household"), lambda: case.refuse("household"), lambda: finish(case))
    assert after(*anew) == [PersonChange.REPORTED, PersonChange.DROPPED]
    assert after(reopened("household"), lambda: case.approve("household")) == [
        PersonChange.REPORTED,
        PersonChange.ENDED,
    ]
