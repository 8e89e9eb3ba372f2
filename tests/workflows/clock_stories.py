"""Stories that the clocks of the law tell: silence, what never came, time that stood still, a date that moved."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from onething.domain.calendar.countdown import PauseBasis
from onething.domain.calendar.days import Calendar, local_date
from onething.domain.calendar.limits import ExtensionRank, Limit
from onething.domain.definition.items import OnRefusal, UndoHow
from onething.domain.definition.time_rules import ClockRules, OverdueHow, SupplementSilence
from onething.domain.engine.snapshot import SECOND_LOOK_WITHIN
from onething.domain.events.commitments import CommitmentChecked
from onething.domain.events.deadlines import (
    CalendarChanged,
    ClockExtended,
    ClockResumed,
    ClockSuspended,
)
from onething.domain.events.followup import (
    Rated,
    RatingContacted,
    RatingRectified,
    Supervised,
    SupervisionAnswered,
    UrgeAnswered,
    Urged,
)
from onething.domain.events.intake import Accepted, CorrectionsAsked
from onething.domain.events.tasks import ItemDecided
from onething.domain.kernel.clock_id import ClockKind
from onething.domain.kernel.state import CaseStatus, ItemState
from onething.domain.plan.plan import Plan
from tests.domain.builders import CALENDAR, LADDER, item, make_plan, material, may_be_promised, may_wait, record
from tests.workflows.world import World

DAY = timedelta(days=1)
RED = ("item:a:statutory", "red")


def approve(code: str) -> ItemDecided:
    return ItemDecided(item=code, round=1, outcome="approve")


def two_in_a_row() -> Plan:
    return make_plan(
        item("first", data=["a"], certificate=True),
        item("next", needs=["first"]),
        data=[record("a", releasable=True)],
        clocks=ClockRules(
            supplement=Limit(amount=3),
            supplement_silence=SupplementSilence.WITHDRAWN,
            silence_basis="《测试条例》第一条",
        ),
    )


def silence(means: OverdueHow) -> Callable[[], Plan]:
    """Three days by law for the second of three items, and what follows when nobody decides."""
    return lambda: make_plan(
        item("first", data=["a"], certificate=True, undo=UndoHow.RELEASE),
        item("silent", needs=["first"], law=3, overdue=means, refusal=OnRefusal.STOP, certificate=True),
        item("next", needs=["silent"]),
        data=[record("a", releasable=True)],
        clocks=ClockRules(),
    )


def one_may_come_later() -> Plan:
    return make_plan(
        item("licence", data=["a"], certificate=True, undo=UndoHow.RELEASE),
        item("card", needs=["licence"], materials=["lease"], days=30),
        data=[record("a", releasable=True)],
        materials=[material("lease", due=may_wait())],
    )


def one_that_may_stand_still() -> Plan:
    return make_plan(
        item("licence", pauses=[PauseBasis.HEARING], days=3), item("tax", days=15), days=30, clocks=ClockRules()
    )


def on_a_ladder() -> Plan:
    return make_plan(item("a", days=3, law=8), days=5, clocks=ClockRules(ladder=LADDER))


def long_promised() -> Plan:
    return make_plan(item("licence", days=15), item("tax", days=15, law=25), days=30, clocks=ClockRules())


def taken_on_trust() -> Plan:
    """A promise in place of the lease, to be looked into within ten days."""
    return make_plan(
        item("licence", data=["a"], materials=["lease"], certificate=True),
        data=[record("a")],
        materials=[material("lease", commitment=may_be_promised())],
        clocks=ClockRules(),
    )


async def nobody_accepts(world: World) -> None:
    """Nobody says within five days what is missing: it is taken to be accepted on the day of receipt."""
    await world.hand_over()
    await world.settled()
    await world.sleep(10 * DAY)
    await world.until(lambda: bool(world.case.record.events("deemed_accepted")))
    await world.settled()
    await world.say(approve("first"), approve("next"))
    await world.ended()
    assert world.case.status is CaseStatus.CLOSED


async def silence_approves(world: World) -> None:
    """Certificates are issued for what nobody decided, and the next item opens by itself."""
    await _silence(world)
    await world.until(lambda: world.case.at("silent") is ItemState.APPROVED)
    await world.say(approve("next"))
    await world.ended()
    assert world.calls["issue"] == 1


async def silence_refuses(world: World) -> None:
    """What was reserved before is released, without anybody having said a word."""
    await _silence(world)
    await world.ended()
    assert world.case.at("silent") is ItemState.REFUSED
    assert world.undos == ["revoke first", "release src-a"]


async def silence_lapses(world: World) -> None:
    """What depends on it is not handled, and the case ends by itself."""
    await _silence(world)
    await world.ended()
    assert (world.case.at("silent"), world.case.at("next")) == (ItemState.LAPSED, ItemState.SKIPPED)


async def silence_is_passed_over(world: World) -> None:
    await _silence(world)
    await world.until(lambda: world.case.at("next") is ItemState.OPEN)
    await world.say(approve("next"))
    await world.ended()
    assert world.case.at("silent") is ItemState.LAPSED


async def _silence(world: World) -> None:
    await world.hand_over()
    await world.settled()
    await world.say(Accepted(), approve("first"))
    await world.sleep(10 * DAY)
    await world.until(lambda: bool(world.case.record.events("decided_by_silence")))


async def never_supplied(world: World) -> None:
    """What was asked for does not come in time: taken to be withdrawn, and the record is released."""
    await world.hand_over()
    await world.settled()
    await world.say(CorrectionsAsked(fields=("name",), notice="notice:1"))
    await world.sleep(10 * DAY)
    await world.until(lambda: world.case.status is CaseStatus.WITHDRAWN)
    await world.ended()
    assert world.undos == ["release src-a"]


async def deferred_never_supplied(world: World) -> None:
    """The time for a deferred material runs out: the case is terminated, and what was reserved is released."""
    await world.hand_over()
    await world.settled()
    await world.say(Accepted(deferred=("lease",), notice="notice:2"), approve("licence"))
    due = world.case.state.clocks["deferred:lease"].due_at
    assert due is not None
    await world.sleep(due - await world.env.get_current_time() - timedelta(minutes=1))
    assert world.case.at("card") is ItemState.OPEN
    await world.sleep(timedelta(minutes=1) + SECOND_LOOK_WITHIN)
    await world.until(lambda: world.case.status is CaseStatus.TERMINATED)
    await world.ended()
    (ended,) = world.case.record.events("deferred_time_ended")
    assert ended.at == due


async def rated_after_closing(world: World) -> None:
    """Rated badly days after the last run has ended: a new run of the same workflow keeps the clocks of that."""
    await world.hand_over()
    await world.settled()
    await world.say(Accepted(), approve("first"), approve("next"))
    await world.ended()
    assert world.case.status is CaseStatus.CLOSED
    await world.sleep(3 * DAY)
    await world.say(Rated(grade=1))
    due = world.case.state.clocks["rating:contact"].due_at
    assert due is not None
    await world.sleep(due - await world.env.get_current_time() + SECOND_LOOK_WITHIN)
    await world.until(lambda: bool(world.case.record.events("clock_overdue")))
    await world.say(RatingContacted(note="note:1"), RatingRectified(note="note:2"))
    await world.ended()
    (overdue,) = world.case.record.events("clock_overdue")
    assert overdue.at == due


async def resumed_after_its_timer(world: World) -> None:
    """The timer of a promise that stands still fires in vain; resumed, the promise comes before what is waited for."""
    await world.hand_over()
    await world.say(Accepted())
    await world.say(ClockSuspended(item="licence", basis=PauseBasis.HEARING, expected_days=5, notice="notice:3"))
    await world.settled()
    await world.sleep(6 * DAY)
    if world.max_history_events > 1:  # a run that continued as new has left the old timer behind
        await world.until(lambda: world.calls["tick"] > 0)
    assert not world.case.record.events("clock_overdue")
    await world.say(ClockResumed(item="licence"))
    due = world.case.state.clocks["item:licence"].due_at
    assert due is not None
    await world.sleep(due - await world.env.get_current_time() + SECOND_LOOK_WITHIN)
    await world.until(lambda: bool(world.case.record.events("clock_overdue")))
    await world.say(approve("licence"), approve("tax"))
    await world.ended()
    (overdue,) = world.case.record.events("clock_overdue")
    assert overdue.at == due


async def told_too_late(world: World) -> None:
    """The first that the workflow hears of a case is a moment that has long passed."""
    await world.say(Accepted(), tell=False)
    await world.sleep(25 * DAY)
    assert not _overdue(world)
    await world.hand_over()
    await world.sleep(timedelta(minutes=1))
    await world.until(lambda: RED in _rungs(world))
    await world.say(approve("a"))
    await world.ended()
    assert all(world.case.state.clocks[clock].due_at == at for clock, at in _overdue(world).items())


async def calendar_moves_it_earlier(world: World) -> None:
    """Weekends are worked from now on: the timer goes with the promise, and the applicant is told."""
    await world.hand_over()
    await world.say(Accepted())
    before = world.case.state.clocks["item:tax"].due_at
    new = _weekends_worked(world)
    world.case.record.calendars = {**world.case.record.calendars, new.digest: new}
    await world.say(CalendarChanged(old=CALENDAR.digest, new=new.digest))
    due = world.case.state.clocks["item:tax"].due_at
    assert before is not None
    assert due is not None
    assert due < before - DAY
    await world.say(approve("licence"))
    await world.sleep(due - await world.env.get_current_time() + SECOND_LOOK_WITHIN)
    await world.until(lambda: bool(world.case.record.events("clock_overdue")))
    await world.say(approve("tax"))
    await world.ended()
    (overdue,) = world.case.record.events("clock_overdue")
    assert overdue.at == due


async def every_rung(world: World) -> None:
    """A warning, a yellow card and, past the law's time, a red one: each by a timer of its own."""
    await world.hand_over()
    await world.say(Accepted())
    await world.sleep(25 * DAY)
    await world.until(lambda: RED in _rungs(world))
    await world.say(approve("a"))
    await world.ended()
    assert sorted(_rungs(world)) == sorted({*_rungs(world)})
    assert {code for _, code in _rungs(world)} == {"soon", "yellow", "before", "red"}


def _rungs(world: World) -> list[tuple[str, str]]:
    return [(one.event.clock, one.event.rung) for one in world.case.record.events("rung_fired")]  # type: ignore[union-attr]


async def urged_and_supervised(world: World) -> None:
    """Two answers are owed before any promise: one is given in time, whose timer wakes in vain, the other too late."""
    await world.hand_over()
    await world.say(Accepted())
    await world.say(Urged(item="licence"))
    (urge,) = (one for one in world.case.state.clocks if one.kind is ClockKind.URGE)
    await world.say(UrgeAnswered(clock=urge, notice="notice:4"))
    await world.say(Supervised(item="tax", days=3, notice="supervision:5"))
    (supervised,) = (one for one in world.case.state.clocks if one.kind is ClockKind.SUPERVISION)
    due = world.case.state.clocks[supervised].due_at
    assert due is not None
    await world.sleep(due - await world.env.get_current_time() + SECOND_LOOK_WITHIN)
    await world.until(lambda: bool(world.case.record.events("clock_overdue")))
    await world.say(SupervisionAnswered(clock=supervised, notice="supervision:9"))
    await world.say(approve("licence"), approve("tax"))
    await world.ended()
    (overdue,) = world.case.record.events("clock_overdue")
    assert overdue.at == due


async def extended(world: World) -> None:
    """The law's time is extended before it ends: the timer of the old moment finds the case with time left."""
    await world.hand_over()
    await world.say(Accepted(), approve("licence"))
    before = world.case.state.clocks["item:tax:statutory"].due_at
    assert before is not None
    await world.sleep(before - await world.env.get_current_time() - DAY)
    await world.say(ClockExtended(item="tax", amount=10, rank=ExtensionRank.AGENCY_HEAD, notice="notice:4"))
    await world.sleep(DAY + SECOND_LOOK_WITHIN)
    due = world.case.state.clocks["item:tax:statutory"].due_at
    assert due is not None
    assert due > before
    assert "item:tax:statutory" not in _overdue(world)
    await world.sleep(due - await world.env.get_current_time() + SECOND_LOOK_WITHIN)
    await world.until(lambda: "item:tax:statutory" in _overdue(world))
    await world.say(approve("tax"))
    await world.ended()
    assert _overdue(world)["item:tax:statutory"] == due


def _overdue(world: World) -> dict[str, datetime]:
    return {one.event.clock: one.at for one in world.case.record.events("clock_overdue")}  # type: ignore[union-attr]


async def checked_after_closing(world: World) -> None:
    """All is done but to look into a promise: the run stays until that is due, and the department is late with it."""
    await world.hand_over()
    await world.settled()
    await world.say(Accepted(), approve("licence"))
    await world.until(lambda: world.case.status is CaseStatus.CLOSED)
    await world.settled()
    due = world.case.state.clocks["check:lease"].due_at
    assert due is not None
    await world.sleep(due - await world.env.get_current_time() + SECOND_LOOK_WITHIN)
    await world.until(lambda: _overdue(world) == {"check:lease": due})
    await world.say(CommitmentChecked(material="lease", kept=True, finding="finding:lease"))
    await world.ended()


def _weekends_worked(world: World) -> Calendar:
    today = local_date(world.case.now)
    days = [today + n * DAY for n in range(60)]
    weekends = {day: "调休上班" for day in days if day.isoweekday() > 5}
    covers = {"covered_from": min(today, CALENDAR.covered_from), "covered_until": max(days[-1], CALENDAR.covered_until)}
    return CALENDAR.model_copy(update={"version": 3, "workdays": weekends, **covers})


CLOCK_STORIES: dict[str, tuple[Callable[[], Plan], Callable[[World], Awaitable[None]]]] = {
    "nobody_accepts": (two_in_a_row, nobody_accepts),
    "silence_approves": (silence(OverdueHow.DEEM_APPROVED), silence_approves),
    "silence_refuses": (silence(OverdueHow.REFUSE), silence_refuses),
    "silence_lapses": (silence(OverdueHow.LAPSE), silence_lapses),
    "silence_is_passed_over": (silence(OverdueHow.PROCEED_WITHOUT), silence_is_passed_over),
    "never_supplied": (two_in_a_row, never_supplied),
    "deferred_never_supplied": (one_may_come_later, deferred_never_supplied),
    "rated_after_closing": (two_in_a_row, rated_after_closing),
    "resumed_after_its_timer": (one_that_may_stand_still, resumed_after_its_timer),
    "calendar_moves_it_earlier": (one_that_may_stand_still, calendar_moves_it_earlier),
    "told_too_late": (on_a_ladder, told_too_late),
    "every_rung": (on_a_ladder, every_rung),
    "urged_and_supervised": (long_promised, urged_and_supervised),
    "extended": (long_promised, extended),
    "checked_after_closing": (taken_on_trust, checked_after_closing),
}
