"""Laws of the rules, tried on random plans and random schedules. `ONETHING_EXAMPLES` sets how many a law gets."""

import itertools
import os
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from random import Random
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onething.domain.calendar import countdown
from onething.domain.calendar.countdown import PauseBasis
from onething.domain.consults.guards import MOST_CONSULTS
from onething.domain.deadlines.clock_kinds import (
    CASE_CLOCK,
    CASE_STATUTORY,
    DELIVERY_CLOCK,
    NOTICE_CLOCK,
    RATING_CONTACT,
    RATING_RECTIFY,
    SUPPLEMENT_CLOCK,
    by_hand_clock,
    check_clock,
    clock_of,
    confirmation_clock,
    consult_clock,
    deferred_clock,
    demand_clock,
    inspection_clock,
    item_clock,
    item_of,
    item_statutory,
    joint_clock,
    legal_effect,
    limit_of,
    mend_clock,
    owed_clock,
    period_clock,
    rectify_clock,
    revocation_clock,
    wait_reminder,
)
from onething.domain.deadlines.rules import next_due, next_wake_at
from onething.domain.definition.bundle import DeliveryMethod
from onething.domain.definition.items import UndoHow
from onething.domain.definition.materials import FallbackKind
from onething.domain.definition.outcomes import OutcomeEffect
from onething.domain.definition.periods import PeriodState
from onething.domain.definition.time_rules import LegalEffect, Missed, OverdueHow
from onething.domain.documents import REACHED
from onething.domain.engine.snapshot import snapshot_of
from onething.domain.engine.step import calendar_after, plan_after, step
from onething.domain.engine.subjects import named
from onething.domain.errors import NotAllowed
from onething.domain.events.consults import ConsultAnswered, ConsultAsked, PartRecorded
from onething.domain.events.deadlines import (
    ClockSuspended,
    DecidedBySilence,
    DeemedAccepted,
    DeferredTimeEnded,
    PatienceEnded,
    RungFired,
)
from onething.domain.events.documents import LetterDelivered
from onething.domain.events.intake import PapersReceived, Supplemented
from onething.domain.events.items import CaseReopened, ItemReassigned, ItemReturned
from onething.domain.events.lookups import LookedByHand
from onething.domain.events.outcomes import CameTooLate, EffectUndone, NoticesSent, RecordFetched
from onething.domain.events.tasks import ItemDecided
from onething.domain.events.union import EVENT
from onething.domain.items.deemed import deemed_approvals
from onething.domain.items.deferral import latest
from onething.domain.items.rules import undeferrable_materials
from onething.domain.kernel import queries
from onething.domain.kernel.clock_id import ClockId, ClockKind
from onething.domain.kernel.commands import CommandKind, CommandStatus
from onething.domain.kernel.custody import custodian
from onething.domain.kernel.lifecycle import CASE_TRANSITIONS, FACTS_ALLOWED, ITEM_TRANSITIONS
from onething.domain.kernel.queries import ended_with
from onething.domain.kernel.state import (
    AT_DEPARTMENT,
    DECIDED,
    ENDED,
    SETTLED,
    UNDER_CHECK,
    CaseState,
    CaseStatus,
    ClockState,
    Commitment,
    CountersignRule,
    DataState,
    Edition,
    Effect,
    EffectKind,
    ItemState,
    PartyAnswer,
    Rating,
    Reserved,
)
from onething.domain.kernel.step_result import TaskClosed
from onething.domain.kernel.task_ref import (
    TaskKind,
    check_task,
    consult_task,
    manual_task,
    revoke_task,
)
from onething.domain.plan.plan import Plan
from tests.domain.builders import success
from tests.domain.calendar.schedules import Play, plan_pairs, played
from tests.support.record import Line, Taken
from tests.support.whole import WHOLE

EXAMPLES = int(os.environ.get("ONETHING_EXAMPLES", "200" if WHOLE else "12"))
law = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
TICKING = {ClockState.RUNNING, ClockState.SUSPENDED, ClockState.OVERDUE}
MOMENTS = {
    "marks_taken_back",
    "pause_time_ended",
    "demand_time_ended",
    "period_ended",
    "inspection_day_ended",
    "mending_time_ended",
    "rectify_time_ended",
    "owed_time_ended",
    "clock_warned",
    "clock_overdue",
    "rung_fired",
    "deemed_accepted",
    "supplement_time_ended",
    "deferred_time_ended",
    "decided_by_silence",
    "confirmation_lapsed",
    "manual_time_ended",
    "look_up_due",
    "patience_ended",
}
UNOPENED = {ItemState.WAITING, ItemState.GATHERING}
S = TypeVar("S")


def may_open(plan: Plan, state: CaseState, code: str, *, stands_without: bool = False) -> bool:
    """What an item's opening waits for, said once more and independently. `stands_without`: its approval stands though
    what was deferred never came."""
    item = plan.item_by_code[code]
    forgotten = {one.code for one in plan.materials if one.may_wait} if stands_without else set()
    for key in item.needs_data:
        instead = plan.data_by_key[key]
        promised = instead.fallback_kind is FallbackKind.COMMITMENT and instead.fallback in state.commitments
        supplied = instead.fallback in state.materials or promised
        if not (supplied and state.data[key] is DataState.SUPPLIED) and state.data[key] is not DataState.IN_HAND:
            return False
    return (
        state.accepted_at is not None
        and all(state.items[need].state in SETTLED for need in item.needs_items)
        and all(state.periods.get(code) is outcome for code, outcome in item.needs_periods.items())
        and all(code in state.planned and state.planned[code].state == "closed" for code in item.needs_inspections)
        and all(_ended(plan, state, code, outcome) for code, outcome in item.needs_outcomes.items())
        and set(item.needs_materials)
        <= {*state.materials, *state.deferred, *state.done_without, *state.commitments} | forgotten
    )


def _ended(plan: Plan, state: CaseState, code: str, outcome: str) -> bool:
    """With that outcome; what was revoked since had been granted."""
    item, progress = plan.item_by_code[code], state.items[code]
    effects = {ItemState.APPROVED: OutcomeEffect.WELL, ItemState.UNDONE: OutcomeEffect.WELL}
    effects |= {ItemState.REFUSED: OutcomeEffect.REFUSED, ItemState.NEUTRAL: OutcomeEffect.NEUTRAL}
    named = progress.outcome in {None, outcome} or progress.state is ItemState.UNDONE
    return named and progress.state in effects and item.effect(outcome) is effects[progress.state]


@law
@given(played())
def test_an_item_opens_when_its_needs_are_complete_and_never_before(play: Play) -> None:
    for one in play.record.steps:
        state = one.effected.state
        plan = play.record.plans[state.plan]
        for code, progress in state.items.items():
            over = {ItemState.SKIPPED, ItemState.LAPSED, ItemState.REFUSED, ItemState.NEUTRAL}  # deferred: for no more
            if state.reopening is not None and code not in state.reopening.items:
                assert progress.state in SETTLED, "nothing but what was named goes on"
            elif progress.state not in UNOPENED | over:
                # approved by silence, or after the end and let stand: nobody waits for what was deferred any more
                stands = code in state.revocations or code in deemed_approvals(plan, state)
                told = f"{code} opened before its needs at line {one.line.seq}"
                assert may_open(plan, state, code, stands_without=stands), told
            if progress.state in UNOPENED:
                assert not may_open(plan, state, code), f"{code} could open at line {one.line.seq}"


@law
@given(played())
def test_data_are_what_last_came_of_their_look_up(play: Play) -> None:
    """In hand only by the newest look-up, or by hand; supplied only with the paper in hand, or promised; pending only
    while one is under way or will be, beside which a paper is awaited where it was asked anew, and people may look."""
    record = play.record
    newest: dict[str, str] = {}
    came: set[str] = set()
    for one in record.steps:
        newest |= {c.target: c.id for c in one.effected.commands if c.kind == CommandKind.FETCH_RECORD}
        if isinstance(one.line.event, RecordFetched):
            came.add(one.line.event.command)
        if isinstance(one.line.event, LookedByHand) and one.line.event.record is not None:
            came.add(newest[one.line.event.data])
        state = one.effected.state
        plan = record.plans[state.plan]
        fetching = Counter(c.target for c in state.commands.values() if c.kind == CommandKind.FETCH_RECORD)
        for key, data in state.data.items():
            if data is DataState.IN_HAND:
                assert newest[key] in came
            if data is DataState.SUPPLIED:
                instead = plan.data_by_key[key]
                promised = instead.fallback_kind is FallbackKind.COMMITMENT and instead.fallback in state.commitments
                assert instead.fallback in state.materials or promised
            assert (key in state.by_hand and state.by_hand[key].open) <= (data is DataState.CHECKING)
            assert (key in state.waits) <= (data in {DataState.PENDING, DataState.CHECKING})
        assert state.waits.keys() <= state.data.keys()
        if not state.ended and state.status not in {CaseStatus.DECIDED, CaseStatus.DELIVERED}:
            wanted = {key: one for key, one in state.data.items() if one in {DataState.PENDING, DataState.CHECKING}}
            later = {key for key, one in state.waits.items() if one.again_at is not None}
            pending = Counter(key for key in wanted if key not in later)
            asked_anew = {key: state.data[key] for key in (fetching - pending)}
            assert pending <= fetching
            assert not later & fetching.keys()
            assert all(state.by_hand[key].open for key, one in wanted.items() if one is DataState.CHECKING)
            assert max(fetching.values(), default=1) == 1
            assert set(asked_anew.values()) <= {DataState.ASKED}
            assert asked_anew.keys() <= state.retries.keys()
        else:
            assert not fetching
            assert not state.waits
            assert not [one for one in state.by_hand.values() if one.open]


@law
@given(played())
def test_nothing_is_asked_of_a_source_without_a_right(play: Play) -> None:
    """Said once more and independently: what is about somebody is asked for when each party is known or agrees, or by
    duty once an office has the application; and what waits for that waits no longer than until then."""
    for one in play.record.steps:
        state, plan = one.effected.state, play.record.plans[one.effected.state.plan]
        begun = {c.target for c in one.effected.commands if c.kind == CommandKind.FETCH_RECORD}
        for data in plan.data:
            known = [state.parties.get(party) for party in data.about]
            agreed = bool(known) and all(
                party is not None and (party.proof is not None or party.answer is PartyAnswer.CONFIRMED)
                for party in known
            )
            by_law = data.duty is not None and (state.taken_in or state.accepted_at is not None)
            may = not data.personal or agreed or by_law
            assert data.key not in begun or may, f"{data.key} is looked up by nobody's right at line {one.line.seq}"
            if state.data.get(data.key) is DataState.AWAITS and not state.ended:
                assert not may, f"{data.key} waits in vain at line {one.line.seq}"


@law
@given(played())
def test_what_cases_share_is_free_once_its_item_comes_to_nothing(play: Play) -> None:
    """Held before it is granted, unless it is only told of; and not by who needs it no more."""
    for one in play.record.steps:
        state, plan = one.effected.state, play.record.plans[one.effected.state.plan]
        rules = {rule.code: rule for rule in plan.reservations}
        for code, standing in state.reservations.items():
            if standing is Reserved.RELEASED:
                continue
            item = state.items[rules[code].item].state
            assert item is ItemState.APPROVED or item not in SETTLED
            assert not (rules[code].frees and state.ended)
        if isinstance(one.line.event, ItemDecided) and state.items[one.line.event.item].state is ItemState.APPROVED:
            mine = [rule for rule in plan.reservations if rule.item == one.line.event.item and rule.blocks]
            there = {Reserved.HELD, Reserved.RELEASED} if state.ended else {Reserved.HELD}
            assert all(state.reservations[rule.code] in there for rule in mine)


@law
@given(played())
def test_nothing_is_fetched_or_asked_for_skipped_items_only(play: Play) -> None:
    plan, state = play.record.plan, play.state
    for key in state.data:
        needing = [item.code for item in plan.items if key in item.needs_data]
        assert not needing or any(state.items[code].state is not ItemState.SKIPPED for code in needing)


@pytest.mark.parametrize("world_answers", [True, False])
@law
@given(play=played())
def test_every_case_can_end(play: Play, world_answers: bool) -> None:
    play.bring_to_end(world_answers=world_answers)
    state = play.state
    assert state.ended
    assert state.told
    assert not state.commands
    assert not state.undo_queue
    assert not [name for name, clock in state.clocks.items() if clock.state in TICKING]
    assert next_wake_at(state) is None
    assert {task.kind for task in play.record.open_tasks()} <= {TaskKind.UNDO}


@law
@given(played())
def test_rows_beside_the_state_say_the_same_as_the_state(play: Play) -> None:
    """Commands, tasks and clocks: what is open is open in both."""
    record, state = play.record, play.state
    assert {command.id for command in record.open_commands()} == set(state.commands)
    handed = snapshot_of("1", 1, len(record.journal), state)
    assert set(handed.commands) == set(record.open_commands())
    checking = {task.name for task in record.open_tasks() if task.kind is TaskKind.CHECK}
    assert checking == {check_task(code) for code, one in state.commitments.items() if one in UNDER_CHECK}
    revoking = {task.name for task in record.open_tasks() if task.kind is TaskKind.REVOKE}
    assert revoking == {revoke_task(code) for code, one in state.revocations.items() if one.revoked is None}
    looking = {(task.name, task.round) for task in record.open_tasks() if task.kind is TaskKind.MANUAL_CHECK}
    assert looking == {(manual_task(key), one.round) for key, one in state.by_hand.items() if one.open}
    deciding = {task.name for task in record.open_tasks() if task.kind is TaskKind.DECIDE}
    opened = {code for code, progress in state.items.items() if progress.state in AT_DEPARTMENT}
    with_systems = {one.target for one in state.commands.values() if one.kind == CommandKind.DISPATCH_ITEM}
    assert with_systems <= opened
    assert deciding == opened - with_systems
    undoing = [task.name for task in record.open_tasks() if task.kind is TaskKind.UNDO]
    assert sorted(undoing) == sorted(effect.id for effect in state.undo_tasks)
    assert len(undoing) == len(set(undoing)), "two people were asked to undo one effect"
    consulting = sorted(task.name for task in record.open_tasks() if task.kind is TaskKind.CONSULT)
    asked = [(code, one.n) for code, all_ in state.consults.items() for one in all_ if one.answer is None]
    assert consulting == sorted(consult_task(*one) for one in asked)
    # what others were asked outlives a round: it stands while the item waits for its next one
    begun = opened | {code for code, one in state.items.items() if one.round and one.state in UNOPENED}
    assert {code for code, _ in asked} | {code for one in state.inspections.values() for code in one.waiting} <= begun
    # and what was said to a countersign outlives the decision, should the item come back
    heard = [one for code in state.consults.keys() - begun for one in state.consults[code]]
    assert all(one.rule is not None and one.answer is not None for one in heard)
    ticking = {name for name, clock in state.clocks.items() if clock.state in TICKING}
    running = state.status in {CaseStatus.ACCEPTED, CaseStatus.PROCESSING}
    wanted = {deferred_clock(code) for code in state.deferred}
    wanted |= {period_clock(code) for code, one in state.periods.items() if one is PeriodState.RUNNING}
    going_on = {code: one for code, one in state.planned.items() if one.state != "closed"}
    wanted |= {(mend_clock if one.state == "rectifying" else joint_clock)(code) for code, one in going_on.items()}
    wanted |= {demand_clock(code) for code in state.asked}
    wanted |= {confirmation_clock(one) for one, known in state.parties.items() if known.answer is PartyAnswer.ASKED}
    granted = {one.target for one in state.effects if one.kind is EffectKind.APPROVAL}
    for one in record.plan.after_decision:
        if one.code not in state.materials and granted.intersection(one.needed_by):
            most = 2 if one.due and one.due.missed is Missed.RECTIFY else 1
            wanted |= {owed_clock(one.code)} if state.owed[one.code] < most else set()
    looked_at = {Commitment.CHECKING, Commitment.RECHECKING}
    wanted |= {check_clock(code) for code, one in state.commitments.items() if one in looked_at}
    wanted |= {rectify_clock(code) for code, one in state.commitments.items() if one is Commitment.RECTIFYING}
    undecided = {code for code, one in state.revocations.items() if one.revoked is None}
    wanted |= {revocation_clock(code) for code in undecided}
    wanted |= {RATING_CONTACT} if state.rating is Rating.TO_CONTACT else set()
    wanted |= {RATING_RECTIFY} if state.rating in {Rating.TO_CONTACT, Rating.TO_RECTIFY} else set()
    sent_away = {code for code, one in state.items.items() if one.round and one.state in UNOPENED}
    sent_away -= _waits_anew(play)
    with_time = opened | sent_away
    wanted |= {item_clock(code) for code in with_time} | ({CASE_CLOCK} if running else set())
    wanted |= {consult_clock(*one) for one in asked} | {inspection_clock(n) for n in state.inspections}
    if record.plan.clocks is not None:
        wanted |= {item_statutory(code) for code in with_time - _had_by_silence(play)}
        wanted |= {CASE_STATUTORY} if running else set()
        wanted |= {NOTICE_CLOCK} if state.status is CaseStatus.SUBMITTED else set()
        issuing = any(c.kind == CommandKind.ISSUE_CERTIFICATES and not c.target for c in state.commands.values())
        issuing = issuing or state.status is CaseStatus.DECIDED
        wanted |= {DELIVERY_CLOCK} if issuing or (state.result is not None and not _over(play, state.result)) else set()
        has_time = state.status is CaseStatus.CORRECTION and record.plan.clocks.supplement is not None
        wanted |= {SUPPLEMENT_CLOCK} if has_time else set()
    in_time = {by_hand_clock(key) for key, one in state.by_hand.items() if one.open}
    wanted |= in_time & state.clocks.keys()  # without a paper to ask for, whoever looks may go on beyond it
    open_ = {clock for clock, reminder in record.reminders.items() if reminder.result is None}
    told = {wait_reminder(key, one.told): one for key, one in state.waits.items() if one.told is not None}
    assert told.keys() == {clock for clock in open_ if clock.kind is ClockKind.WAIT}
    assert all(record.reminders[clock].since == one.since for clock, one in told.items())
    awaited = open_ - told.keys()
    assert ticking == wanted | awaited
    assert {clock for clock in state.clocks if state.clocks[clock].reply} == awaited
    for clock in awaited:
        assert record.reminders[clock].due_at == state.clocks[clock].due_at
    for name, clock in state.clocks.items():
        lines = [line for _, line in record.ledger if line.clock == name]
        assert lines[-1].due_at == clock.due_at, "the ledger says another due date"
        last = lines[-1].what
        if last not in {"recounted", "suspended", "resumed", "extended", "away", "back"} and not last.startswith(
            ("rung:", "rung_back:")
        ):
            runs = dict.fromkeys(("started", "warned", "not_overdue"), ClockState.RUNNING)
            assert runs.get(last, last) == clock.state
    for task in record.open_tasks():
        if task.kind is TaskKind.CHECK:
            looking = state.commitments[task.name.subject] is not Commitment.RECTIFYING
            assert task.due_at == (state.clocks[check_clock(task.name.subject)].due_at if looking else None)
        if task.kind is TaskKind.MANUAL_CHECK and (clock := by_hand_clock(task.item)) in state.clocks:
            assert task.due_at == state.clocks[clock].due_at
        if task.kind is TaskKind.REVOKE:
            assert task.due_at == state.clocks[revocation_clock(task.item)].due_at
        if task.kind is TaskKind.DECIDE:
            assert task.due_at == state.clocks[item_clock(task.item)].due_at
    due_of = {consult_task(*one): state.clocks[consult_clock(*one)].due_at for one in asked}
    assert due_of == {task.name: task.due_at for task in record.open_tasks() if task.kind is TaskKind.CONSULT}


def _waits_anew(play: Play) -> set[str]:
    """Items that have not come to their department since the case was reopened for them."""
    waiting: set[str] = set()
    for one in play.record.steps:
        state = one.effected.state
        if isinstance(one.line.event, CaseReopened) and state.reopening is not None:
            waiting |= set(state.reopening.items)
        waiting -= {code for code in waiting if state.items[code].state not in UNOPENED}
    return waiting


def _over(play: Play, letter: int) -> bool:
    """It has reached the applicant, or the post has brought it back."""
    for one in play.record.steps:
        event = one.line.event
        if isinstance(event, LetterDelivered) and event.letter == letter:
            if event.outcome in REACHED or (event.channel, event.outcome) == ("post", "not_possible"):
                return True
        elif isinstance(event, NoticesSent):
            ways = {out.channel for out in one.effected.letters_out if out.letter == letter}
            if DeliveryMethod.ELECTRONIC in ways:
                return True
    return False


def _had_by_silence(play: Play) -> set[str]:
    """Items that silence approved before they were sent back: the law's time has had its effect, until they are decided
    anew."""
    deemed = {item: seq for seq, item in _deemed(play) if seq > _opened_anew(play).get(item, 0)}
    returned = [(line.seq, line.event.earlier) for line in play.record.events("item_returned")]  # type: ignore[union-attr]
    return {item for seq, item in returned if item in deemed and deemed[item] < seq}


def _reopenings(play: Play) -> list[tuple[int, tuple[str, ...]]]:
    """By line: which items went on since."""
    after = [one.effected.state.reopening for one in play.record.steps if isinstance(one.line.event, CaseReopened)]
    return [(one.line, one.items) for one in after if one is not None]


def _opened_anew(play: Play) -> dict[str, int]:
    """Item → the last line by which it went on."""
    return {item: line for line, items in _reopenings(play) for item in items}


def _times_anew(play: Play, clock: ClockId) -> int:
    """How often the case was reopened; of a clock of an item: for that."""
    item = item_of(clock)
    return sum(item is None or item in items for _, items in _reopenings(play))


def _deemed(play: Play) -> list[tuple[int, str]]:
    lines = play.record.events("decided_by_silence")
    deemed = [line for line in lines if line.event.how is OverdueHow.DEEM_APPROVED]  # type: ignore[union-attr]
    return [(line.seq, line.event.item) for line in deemed]  # type: ignore[union-attr]


@law
@given(played())
def test_every_open_task_is_with_the_department_that_holds_what_it_is_about(play: Play) -> None:
    plan, state = play.record.plan, play.state
    for task in play.record.open_tasks():
        if task.kind is TaskKind.CONSULT:
            asked = {consult_task(task.item, one.n): one.department for one in state.consults[task.item]}
            assert task.department == asked[task.name]
        else:
            assert task.department == custodian(plan, state, task.item)
    for item in plan.items:
        taken = [line.event for line in play.record.events("item_reassigned")]
        last = [one.department for one in taken if one.item == item.code and one.consult is None]  # type: ignore[union-attr]
        assert custodian(plan, state, item.code) == (last[-1] if last else item.department)
    assert set(state.holders) <= {*play.plan.item_by_code, *play.plan.data_by_key} | {
        *play.other.item_by_code,
        *play.other.data_by_key,
    }


@law
@given(played())
def test_repeating_every_outcome_changes_nothing(play: Play) -> None:
    record = play.record
    for row in list(record.commands.values()):
        if row.status is CommandStatus.VOID:
            record.outcome(success(row.command), play.now)  # late, once
    for row in list(record.commands.values()):
        if row.status is not CommandStatus.OPEN:
            before, lines = record.state, len(record.journal)
            assert record.outcome(success(row.command), play.now) is Taken.REPEATED
            assert (record.state, len(record.journal)) == (before, lines)


@law
@given(plan_pairs(), st.randoms(use_true_random=False), st.integers(0, 15))
def test_the_order_in_which_records_come_changes_nothing(
    plans: tuple[Plan, Plan], random: Random, refused: int
) -> None:
    """All at the same moment, each fetched or refused: items, data and clocks end up the same.

    What may wait was brought: its time may be over as soon as an item opens, which ends the case between two records.
    """
    needed = undeferrable_materials(plans[0])
    every = enumerate(plans[0].materials)
    brought = [one.code for n, one in every if n % 2 == 0 or one.may_wait or one.code in needed]
    ends = []
    for shuffled in (False, True):
        play = Play(plans[0], plans[1], brought=brought)
        play.record.fact(play.fact("accept", 3), play.now)
        fetches = play.record.open_commands(CommandKind.FETCH_RECORD)
        refuse = {command.id for n, command in enumerate(fetches) if refused >> n & 1}
        if shuffled:
            random.shuffle(fetches)
        for command in fetches:
            outcome = success(command)
            if command.id in refuse:
                outcome = play.refusal(command)
            play.record.outcome(outcome, play.now)
        ends.append((play.state.status, play.state.items, play.state.data, play.state.clocks))
    assert ends[0] == ends[1]


@law
@given(played(), st.booleans())
def test_undo_touches_exactly_what_was_done(play: Play, world_answers: bool) -> None:
    """Whatever was done is in one place: standing, to be undone, with a person, or undone."""
    play.bring_to_end(world_answers=world_answers)
    record, state = play.record, play.state
    done: set[str] = set()  # certainly: approvals, and look-ups that leave something
    maybe: set[str] = set()  # look-ups and orders called off, which may have reached where they were sent
    ordered: set[str] = set()  # orders called off while their case went on
    late: dict[str, int] = {}
    asked: set[str] = set()  # approved by a system when the case had ended: its department decides
    undone: Counter[str] = Counter()
    first = _first_names(play)
    for before, line, effected in record.steps:
        after = effected.state
        done |= {first(effect.id) for effect in after.effects}
        going_on = {first(command_id) for command_id in after.commands}
        maybe |= {first(c) for c in effected.voided if before and before.commands[c].hold} - going_on
        # a newer version of what a system looks at has it ordered anew
        calls_off = isinstance(line.event, ItemReturned | ItemReassigned | Supplemented | PapersReceived) or (
            isinstance(line.event, DecidedBySilence) and line.event.how is not OverdueHow.DEEM_APPROVED
        )
        if before and (after.status in ENDED or calls_off):
            maybe |= {c for c in effected.voided if before.commands[c].kind == CommandKind.DISPATCH_ITEM}
        if before and calls_off:
            ordered |= {c for c in effected.voided if before.commands[c].kind == CommandKind.DISPATCH_ITEM}
        is_late_approval = isinstance(line.event, CameTooLate) and _well(play, before, line.event)
        if before and is_late_approval and before.ended_early and _nobody_decided(before, line.event):
            asked.add(line.event.command)
        elif is_late_approval and line.event.command in maybe:
            late.setdefault(line.event.command, line.seq)
        elif before and is_late_approval:
            over = before.items[line.event.item or ""].state
            counts = line.event.command in ordered or over in _WITHOUT_EFFECT
            done |= {line.event.command} if counts else set()
        if isinstance(line.event, CameTooLate) and line.event.record and first(line.event.command) in maybe:
            late.setdefault(first(line.event.command), line.seq)
        if isinstance(line.event, EffectUndone):
            undone[first(line.event.effect)] += 1
        undone.update(first(change.name) for change in effected.tasks if _undone(change))
        if before and isinstance(line.event, ItemReturned):
            # what its people had approved had not left the house
            gone = {effect.id for effect in before.effects if effect.target == line.event.earlier}
            done -= {effect_id for effect_id in gone if effect_id.endswith(".approval")}
    assert not (done & maybe) - asked
    everywhere = (*state.effects, *state.undo_queue, *state.undo_tasks)
    places = Counter(first(effect.id) for effect in everywhere)
    assert set(places) | set(undone) == done | maybe, "something was lost, or undone without having been done"
    for effect_id, count in (places + undone).items():
        assert count == 1 or (count <= 3 and effect_id in {*late, *asked}), f"{effect_id} counted {count} times"
    for effect_id, seq in late.items():
        assert _undone_after(play, effect_id, seq), f"the late record of {effect_id} is still held"


_WITHOUT_EFFECT = {ItemState.LAPSED, ItemState.REFUSED, ItemState.NEUTRAL, ItemState.UNDONE}


def _well(play: Play, before: CaseState | None, event: CameTooLate | ItemDecided) -> bool:
    """Whether what a department decided is what the item is there for."""
    outcome = event.outcome if isinstance(event, ItemDecided) else event.decided
    if before is None or outcome is None:
        return False
    return play.record.plans[before.plan].item_by_code[event.item or ""].effect(outcome) is OutcomeEffect.WELL


def _nobody_decided(state: CaseState, event: CameTooLate) -> bool:
    return event.item is not None and state.items[event.item].state is ItemState.LAPSED


@law
@given(played(), st.booleans())
def test_what_was_granted_stands_until_its_own_department_revokes_it(play: Play, world_answers: bool) -> None:
    """行政许可法 Arts. 8, 69, 70, said once more and independently: the end of a case changes no approval but of what
    was only reserved, or what a law lets fall; and what stands is made out."""
    play.bring_to_end(world_answers=world_answers)
    record, state = play.record, play.state
    decided = {
        one.event.item: one.seq for one in record.journal if isinstance(one.event, DecidedBySilence | ItemDecided)
    }
    revoked = {
        line.event.item  # type: ignore[union-attr]
        for line in record.events("revocation_decided")
        if line.event.revoke and line.seq > decided.get(line.event.item, 0)  # type: ignore[union-attr]
    }  # and not granted anew since, in a case that was reopened
    for before, line, effected in record.steps:
        after = effected.state
        if before is None or not after.ended_early or before.ended:
            continue
        plan = record.plans[after.plan]
        granted = {code for code, one in before.items.items() if one.state is ItemState.APPROVED}
        if isinstance(line.event, DecidedBySilence | ItemDecided):
            granted.discard(line.event.item)
        if before.reopening is not None:
            old = {code for code in granted if not _went_on(before, code)}
            assert all(after.items[code].state is ItemState.APPROVED for code in old), "given by a case that was closed"
        for code in granted:
            item = plan.item_by_code[code]
            if item.undo in {UndoHow.STANDS, UndoHow.ON_APPLICATION}:
                assert after.items[code].state is ItemState.APPROVED
                assert state.items[code].state is (ItemState.UNDONE if code in revoked else ItemState.APPROVED)
                held = {effect.target for effect in before.effects if effect.hold} & set(item.needs_data)
                assert held <= {effect.target for effect in after.effects if effect.hold}, "its name is registered"
    anew = Counter(line.event.item for line in record.events("certificate_reissued"))  # type: ignore[union-attr]
    first: dict[str, int] = {}
    for before, line, _ in record.steps:
        for code in line.event.items if isinstance(line.event, CaseReopened) and before is not None else ():
            if code in before.editions and not before.editions[code].due:
                anew[code] += 1
                first[code] = before.editions[code].n + 1
    for code in queries.granted(state.effects) if world_answers else ():
        if not set(state.materials).issuperset(record.plan.for_issue.get(code, ())):
            last = state.editions.get(code)
            assert last is None or last.due or last.n > 1, "the old one has not been handed in"
        elif queries.gives_certificate(record.plan, _of(state, code)):
            wanted = Edition(n=1 + anew[code], first=first.get(code, 1))
            assert state.editions[code] == wanted, "each time that it was asked for, and once"
    if state.ended_early and world_answers:
        shown = {
            code for code in queries.granted(state.effects) if queries.gives_certificate(record.plan, _of(state, code))
        }
        assert bool(shown) <= bool(record.events("certificates_issued"))
    lapsed = {code for code, one in state.revocations.items() if one.revoked is None}
    for effect in state.effects if state.ended_early else ():
        if effect.kind is EffectKind.ORDER:
            assert effect.target in lapsed, "nobody was asked whether it stands"


def _went_on(state: CaseState, code: str) -> bool:
    return state.reopening is not None and code in state.reopening.items


def _of(state: CaseState, code: str) -> list[Effect]:
    return [effect for effect in state.effects if effect.target == code]


def _first_names(play: Play) -> Callable[[str], str]:
    """A look-up that was asked anew while it waited is the same one to its source: told by its first command."""
    names = {
        name: command.asked_as
        for one in play.record.steps
        for name, command in one.effected.state.commands.items()
        if command.asked_as
    }
    return lambda name: names.get(name, name)


def _undone(change: object) -> bool:
    return isinstance(change, TaskClosed) and change.result == "undone"


def _undone_after(play: Play, effect_id: str, seq: int) -> bool:
    """Whether an undoing began, or a person was busy with it, after that line."""
    first = _first_names(play)
    begun = [
        one.line.seq
        for one in play.record.steps
        if any(c.kind == CommandKind.UNDO_EFFECT and first(c.target) == effect_id for c in one.effected.commands)
        or any(_undone(change) and first(change.name) == effect_id for change in one.effected.tasks)
    ]
    with_person = any(first(effect.id) == effect_id for effect in play.state.undo_tasks)
    return with_person or any(one >= seq for one in begun)


@law
@given(played())
def test_an_early_end_undoes_newest_first_and_one_at_a_time(play: Play) -> None:
    for before, line, effected in play.record.steps:
        state = effected.state
        undoing = [c.target for c in state.commands.values() if c.kind == CommandKind.UNDO_EFFECT]
        assert undoing == [effect.id for effect in state.undo_queue[:1]], f"line {line.seq}"
        if before is not None and state.ended and not before.ended:
            standing = [effect.id for effect in before.effects]
            for place in (state.undo_queue, state.undo_tasks):
                ours = [effect.id for effect in place if effect.id in standing]
                assert ours == sorted(ours, key=standing.index, reverse=True)
            waiting = [standing.index(effect.id) for effect in state.undo_queue if effect.id in standing]
            over = {e.id for e in state.undo_tasks} & set(standing)
            assert not waiting or all(standing.index(effect_id) > max(waiting) for effect_id in over)


@law
@given(played())
def test_folding_the_journal_gives_the_state(play: Play) -> None:
    assert play.record.folded() == play.state
    for line in play.record.journal:
        assert EVENT.validate_json(EVENT.dump_json(line.event)) == line.event


@law
@given(played())
def test_a_step_is_pure_and_its_state_survives_json(play: Play) -> None:
    for before, line, effected in play.record.steps:
        frozen = before.to_json() if before is not None else None
        plan = play.record.plans[plan_after(before, line.event)]
        calendar = play.record.calendars[calendar_after(before, line.event)]
        assert step(plan, calendar, before, line.event, line.seq, line.at) == effected
        if before is not None:
            assert before.to_json() == frozen
            read = CaseState.from_json(before.to_json())
            assert read == before
            assert step(plan, calendar, read, line.event, line.seq, line.at) == effected


@law
@given(played())
def test_moves_only_along_the_tables(play: Play) -> None:
    for before, line, effected in play.record.steps:
        if before is None:
            continue
        after = effected.state
        assert _reachable(CASE_TRANSITIONS, before.status, after.status)
        if line.event.kind in FACTS_ALLOWED:
            assert before.status in FACTS_ALLOWED[line.event.kind]
        if before.plan != after.plan:
            assert before.accepted_at is None
            continue  # another plan, other items
        for code, progress in after.items.items():
            assert _reachable(ITEM_TRANSITIONS, before.items[code].state, progress.state)


def _reachable(moves: Mapping[S, frozenset[S]], start: S, end: S) -> bool:
    seen, edge = {start}, {start}
    while edge:
        edge = {to for one in edge for to in moves[one]} - seen
        seen |= edge
    return end in seen


@law
@given(played())
def test_time_and_numbers_only_go_on_and_moments_come_first(play: Play) -> None:
    journal = play.record.journal
    assert [line.seq for line in journal] == list(range(1, len(journal) + 1))
    assert all(earlier.at <= later.at for earlier, later in itertools.pairwise(journal))
    for before, line, effected in play.record.steps:
        due = next_due(before) if before is not None else None
        if line.event.kind in MOMENTS:
            assert due is not None
            said = line.event
            if isinstance(said, PatienceEnded):
                assert said.seen_at is not None
                assert said.seen_at >= due[0]
                said = said.model_copy(update={"seen_at": None})
            assert before is not None
            assert named(before, due[1]) == said
            assert line.at >= due[0]
            following = next_due(effected.state)
            if line.event.kind != "deemed_accepted":  # what it starts counts from receipt, and may be due before
                assert following is None or following[0] >= due[0]
        else:
            assert due is None or due[0] > line.at, f"line {line.seq} overtook {due}"


@law
@given(played())
def test_a_clock_starts_warns_and_goes_overdue_at_most_once(play: Play) -> None:
    """But overdue once more when a new calendar, or having been sent back at that very moment, had given it time again;
    and in each round of an item or inspection, check of a promise, and question whether an approval stands, once. And
    once more for each time that the case was reopened, of an item: for it. A period that was dropped may be waited for
    again when an item is sent back."""
    times_there = {code: progress.round for code, progress in play.state.items.items()}
    times_there |= {checked: n + 1 for checked, n in play.state.checks.items()}
    questions = Counter(name for name, _ in play.record.tasks)  # each round of a task, once
    said = Counter(_of_its_time(play, line.event.clock, line.seq) for line in play.record.events("clock_warned"))  # type: ignore[union-attr]
    again = Counter(
        _of_its_time(play, line.clock, seq) for seq, line in play.record.ledger if line.what in {"recounted", "back"}
    )
    for (clock, since), times in said.items():
        # with each notice to supplement the applicant has time, and is reminded of it
        assert clock == SUPPLEMENT_CLOCK or times <= 1 + again[clock, since], f"{clock} warned {times} times"
    became = Counter((_of_its_time(play, line.clock, seq), line.what) for seq, line in play.record.ledger)
    for ((clock, since), what), times in became.items():
        many = what in _MANY_TIMES or clock in {NOTICE_CLOCK, SUPPLEMENT_CLOCK} or clock.kind is ClockKind.DEMAND
        rounds = times_there.get(clock.code if _goes_in_rounds(clock) else "", 1)
        anew = clock.kind in {ClockKind.CONSULT, *_CHECKS} or what in {"met", "missed", "cancelled"}
        most = rounds if anew and _goes_in_rounds(clock) else 1
        if clock.kind is ClockKind.REVOCATION:
            most = questions[revoke_task(clock.code)]
        if clock.kind in {ClockKind.JOINT, ClockKind.MEND}:
            most = play.state.planned[clock.code].round
        if clock.kind is ClockKind.PERIOD:  # somebody waits for it again
            most += len(play.record.events("item_returned"))
        if clock.kind is ClockKind.OWED:  # demanded once more; and owed anew, when what needed it is granted anew
            ended = (*play.record.events("item_returned"), *play.record.events("revocation_decided"))
            most = 2 * (1 + len(ended))
        comes_again = what in {"warned", "overdue", "not_overdue"} or what.startswith(("rung:", "rung_back:"))
        most += again[clock, since] if comes_again else 0
        most += clock == DELIVERY_CLOCK and bool(since)  # that of the earlier result ends after the reopening, too
        assert many or times <= most, f"{clock} {what} {times} times, not {most}, since line {since}"


def _of_its_time(play: Play, clock: ClockId, seq: int) -> tuple[ClockId, int]:
    """The clock with the line since which it may run anew: the last at which the case was reopened; of a clock of an
    item: for that."""
    item = item_of(clock)
    lines = (line for line, items in _reopenings(play) if line <= seq and (item is None or item in items))
    return clock, max(lines, default=0)


def _goes_in_rounds(clock: ClockId) -> bool:
    return item_of(clock) is not None or clock.kind in _CHECKS


_CHECKS = {ClockKind.CHECK, ClockKind.RECTIFY}


_MANY_TIMES = {"recounted", "suspended", "resumed", "away", "back"}


@law
@given(played())
def test_what_ticks_is_due_when_the_calendar_says_so_from_its_start(play: Play) -> None:
    """Whatever calendars it has run under: nothing is left of the earlier ones."""
    state, record = play.state, play.record
    for name, clock in state.clocks.items():
        if clock.state in TICKING:
            calendar = record.calendars[state.calendar]
            due = countdown.due(calendar, clock_of(record.plan, name, clock))
            if name.kind is ClockKind.DEFERRED:
                due = latest(record.plan, calendar, state.clocks, name.code)
            assert due == (None if clock.due_at is None else (clock.due_at, clock.provisional))
            assert (due is None) == (clock.state is ClockState.SUSPENDED)


@law
@given(played())
def test_what_stands_still_never_comes_due_and_goes_on_with_what_was_left(play: Play) -> None:
    for before, line, effected in play.record.steps:
        if before is None:
            continue
        calendar = play.record.calendars[before.calendar]
        plan = play.record.plans[before.plan]
        if line.event.kind in {"clock_warned", "clock_overdue"}:
            assert before.clocks[line.event.clock].state is ClockState.RUNNING  # type: ignore[union-attr]
        if line.event.kind in {"item_corrections_asked", "clock_suspended", "clock_resumed"}:
            for name, clock in before.clocks.items():
                was, now = clock_of(plan, name, clock), clock_of(plan, name, effected.state.clocks[name])
                assert countdown.left(calendar, was, line.at) == countdown.left(calendar, now, line.at)


@law
@given(played())
def test_opinions_are_few_in_time_and_stop_nothing(play: Play) -> None:
    for before, line, effected in play.record.steps:
        event = line.event
        if before is None or not isinstance(event, ConsultAsked | ConsultAnswered):
            continue
        assert len(effected.state.consults[event.item]) <= MOST_CONSULTS
        assert effected.state.items == before.items
        steps = {consult_clock(event.item, one.n) for one in effected.state.consults[event.item]}
        others = [{name: c for name, c in s.clocks.items() if name not in steps} for s in (before, effected.state)]
        assert others[0] == others[1]
        if isinstance(event, ConsultAsked) and (law := before.clocks.get(item_statutory(event.item))) is not None:
            due = effected.state.clocks[consult_clock(event.item, event.n)].due_at
            assert due is not None
            assert law.due_at is not None
            assert due <= law.due_at


@law
@given(played())
def test_nothing_is_approved_that_lacks_an_agreement(play: Play) -> None:
    """Said once more and independently: the last answer of a department that was asked for its agreement counts."""
    answers: dict[tuple[str, str], bool] = {}
    asks: dict[str, list[ConsultAsked]] = {}
    for before, line, _ in play.record.steps:
        event = line.event
        if isinstance(event, ConsultAsked) and event.rule is not None:
            asks.setdefault(event.item, []).append(event)
            answers |= {(event.item, department): False for department in event.departments}
        if isinstance(event, ConsultAnswered) and event.agrees is not None:
            ask = next(one for one in asks[event.item] if 0 <= event.n - one.n < len(one.departments))
            answers[event.item, ask.departments[event.n - ask.n]] = event.agrees
        if isinstance(event, ItemDecided) and _well(play, before, event):
            for ask in asks.get(event.item, []):
                agreed = [answers[event.item, department] for department in ask.departments]
                assert any(agreed) if ask.rule is CountersignRule.ANY else all(agreed)


@law
@given(played())
def test_an_item_ends_with_one_of_its_outcomes_and_by_its_effect(play: Play) -> None:
    """Said once more and independently: as it is decided, its state is that of the outcome's effect; of who needs it,
    nobody is skipped but by a refusal, or for want of another outcome; and what has outcomes of its own remembers which
    it was, until it moves on."""
    states = {
        OutcomeEffect.WELL: ItemState.APPROVED,
        OutcomeEffect.REFUSED: ItemState.REFUSED,
        OutcomeEffect.NEUTRAL: ItemState.NEUTRAL,
    }
    for before, line, effected in play.record.steps:
        plan = play.record.plans[effected.state.plan]
        for item in plan.items:
            progress = effected.state.items[item.code]
            outcome = ended_with(item, progress)
            assert (outcome is not None) is (progress.state in DECIDED)
            assert outcome is None or states[outcome.effect] is progress.state
            assert progress.outcome == (outcome.id if outcome and item.outcomes else None)
        if before is None or not isinstance(line.event, ItemDecided):
            continue
        item, by_system = plan.item_by_code[line.event.item], line.event.command is not None
        ended = ended_with(item, effected.state.items[item.code])
        assert ended is not None
        assert ended.id == line.event.outcome
        answered = set(line.event.conditions) == {one.id for one in item.conditions} or by_system
        assert answered or ended.effect is OutcomeEffect.NEUTRAL
        assert ended.effect is not OutcomeEffect.WELL or all(line.event.conditions.values())
        if ended.effect is OutcomeEffect.NEUTRAL:
            newly = [code for code, one in effected.state.items.items() if before.items[code].state != one.state]
            otherwise = any(item.code in one.needs_outcomes for one in (*plan.items, *plan.periods))
            assert otherwise or not any(effected.state.items[code].state is ItemState.SKIPPED for code in newly)
            assert not any(one.kind == "approval" and one.target == line.event.item for one in effected.state.effects)


@law
@given(played())
def test_a_rung_fires_at_most_once_and_not_while_time_stands_still(play: Play) -> None:
    started: Counter[str] = Counter(line.clock for _, line in play.record.ledger if line.what == "started")
    rungs = Counter((reached.clock, reached.rung) for one in play.record.steps for reached in one.effected.rungs)
    back = Counter((line.clock, line.what) for _, line in play.record.ledger)  # by a new calendar: it comes again
    for (clock, rung), times in rungs.items():
        assert times <= started[clock] + back[clock, f"rung_back:{rung}"]
    for before, line, _ in play.record.steps:
        if isinstance(line.event, RungFired) and before is not None:
            assert before.clocks[line.event.clock].state in {ClockState.RUNNING, ClockState.OVERDUE}


@law
@given(played())
def test_silence_accepts_from_receipt_and_decides_only_with_a_basis(play: Play) -> None:
    for before, line, effected in play.record.steps:
        if before is None:
            continue
        after = effected.state
        if isinstance(line.event, DeemedAccepted):
            receipt = before.clocks[NOTICE_CLOCK].started_at
            assert after.accepted_at == after.clocks[CASE_STATUTORY].started_at == receipt
            assert after.clocks[CASE_CLOCK].started_at == receipt
        if isinstance(line.event, DecidedBySilence):
            item = play.record.plans[before.plan].item_by_code[line.event.item]
            assert line.event.how is item.overdue is not OverdueHow.ESCALATE
            if after.items[item.code].state in {ItemState.APPROVED, ItemState.REFUSED, ItemState.UNDONE}:
                assert item.overdue_basis
            assert line.at >= (before.clocks[item_statutory(item.code)].due_at or line.at)


@law
@given(played())
def test_nothing_is_approved_without_what_was_deferred_nor_waited_for_past_its_time(play: Play) -> None:
    for before, line, effected in play.record.steps:
        if before is None:
            continue
        plan, after = play.record.plans[before.plan], effected.state
        for item in plan.items:
            decided = isinstance(line.event, ItemDecided) and line.event.item == item.code
            if decided and _well(play, before, line.event):
                assert set(item.needs_materials) <= {*before.materials, *before.commitments, *before.done_without}
        if isinstance(line.event, DeferredTimeEnded):
            assert line.event.material in before.deferred
            rule = plan.material_by_code[line.event.material].due
            if rule is not None and rule.missed is Missed.TERMINATE:
                assert (after.status, after.deferred) == (CaseStatus.TERMINATED, ())
            else:
                assert line.event.material in set(after.done_without) - set(after.deferred)
            own = countdown.end(
                play.record.calendars[before.calendar], _last_start(play, line), limit_of(plan, _clock(line))
            )
            assert line.at <= max(own.at, _last_calendar_change(play))
        assert not set(after.deferred) & set(after.materials)
        assert not (after.deferred and after.ended)


def _clock(line: Line) -> ClockId:
    assert isinstance(line.event, DeferredTimeEnded)
    return deferred_clock(line.event.material)


def _last_start(play: Play, line: Line) -> datetime:
    """With the acceptance, or since the case was reopened for what needs it."""
    clock = _clock(line)
    lines = [seq for seq, one in play.record.ledger if one.clock == clock and one.what == "started" and seq < line.seq]
    assert len(lines) <= 1 + len(_reopenings(play))
    return play.record.journal[lines[-1] - 1].at


def _accepted_at(play: Play) -> datetime:
    return play.record.events("accepted")[0].at


def _last_calendar_change(play: Play) -> datetime:
    return max((line.at for line in play.record.events("calendar_changed")), default=_accepted_at(play))


@law
@given(played())
def test_time_is_stopped_and_given_only_as_the_law_says(play: Play) -> None:
    for before, line, _ in play.record.steps:
        if isinstance(line.event, ClockSuspended) and before is not None:
            assert play.record.plans[before.plan].clocks is not None
            assert line.event.basis is not PauseBasis.CORRECTION
    given_to = Counter(line.event.item for line in play.record.events("clock_extended"))  # type: ignore[union-attr]
    for code, times in given_to.items():
        assert times <= 1 + _times_anew(play, CASE_STATUTORY if code is None else item_statutory(code))
    for name, clock in play.state.clocks.items():
        if legal_effect(name) is LegalEffect.STATUTORY:
            assert not {pause.basis for pause in clock.pauses} & {PauseBasis.CORRECTION, PauseBasis.SITE_VISIT}


@law
@given(played(), st.sampled_from(["accept", "withdraw", "approve", "refuse", "reject", "corrections"]))
def test_a_refused_fact_leaves_no_trace_but_the_moments_before_it(play: Play, name: str) -> None:
    fact = play.fact(name, 0)
    before, lines = play.state, len(play.record.journal)
    try:
        play.record.fact(fact, play.now)
    except NotAllowed:
        assert play.state == before
        assert len(play.record.journal) == lines
    else:
        assert len(play.record.journal) == lines + 1


@law
@given(played())
def test_an_item_is_decided_by_people_when_its_part_of_an_inspection_is_known(play: Play) -> None:
    """Said once more and independently: the department has recorded its part, or has not come; nothing that is not
    mended is granted; looked at again is what had failed, and nothing else; and not more often than is planned."""
    failing: dict[str, set[str]] = {}
    looks: dict[tuple[str, int], str] = {}
    for before, line, effected in play.record.steps:
        plan, event = play.record.plans[effected.state.plan], line.event
        if isinstance(event, PartRecorded):
            planned = plan.inspection_by_code[event.inspection]
            assert event.officers >= planned.officers
            assert event.round <= planned.rechecks + 1
            if event.round > 1:
                assert set(event.points) <= failing[event.item]
            failing[event.item] = set(event.points)
            looks[event.item, event.round] = event.kind
        if isinstance(event, CaseReopened):
            for code in effected.state.items:
                failing.pop(code, None)
        if not isinstance(event, ItemDecided) or before is None or event.item not in plan.inspection_of:
            continue
        standing = before.planned[plan.inspection_of[event.item].code]
        part = standing.parts.get(event.item)
        assert part is None or part.state not in {"due", "points"}
        if _well(play, before, event) and part is not None and part.state != "absent":
            assert not failing.get(event.item)
