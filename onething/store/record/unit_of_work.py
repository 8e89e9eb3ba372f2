"""One unit of work: the case as it was found, stepped event by event, and the rows that come of it. No I/O."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from onething.domain.calendar.days import Calendar
from onething.domain.deadlines.escalation import is_pressing
from onething.domain.deadlines.rules import CASE_CLOCK, next_due, next_wake_at, seen
from onething.domain.engine.guards import why_no_time
from onething.domain.engine.step import step
from onething.domain.engine.subjects import named
from onething.domain.engine.task_flags import flags_of
from onething.domain.errors import FailureCode, NotAllowed, refuse
from onething.domain.events.outcomes import CameTooLate
from onething.domain.events.tasks import TaskClaimed, TaskReleased, TaskTransferred
from onething.domain.events.union import Event
from onething.domain.items import ended_persons
from onething.domain.kernel.commands import CommandStatus
from onething.domain.kernel.custody import with_custodians
from onething.domain.kernel.queries import open_demands
from onething.domain.kernel.state import ALIVE, SCHEMA, CaseState, CaseStatus, Differing, Reserved
from onething.domain.kernel.task_ref import TaskKind, TaskRef
from onething.domain.plan.plan import Plan
from onething.store.connection.actor import Actor
from onething.store.connection.notifier import ListChange
from onething.store.record.rows import SealedValue, Writing


class UnitOfWork:
    """`row` is what `enter_case` found; `plan` and `calendar` are those of the state, None for a draft."""

    def __init__(
        self, case_no: str, row: Any, state: CaseState | None, plan: Plan | None, calendar: Calendar | None
    ) -> None:
        self.case_no = case_no
        self.epoch: int = row["epoch"]
        self.claimed_by: str | None = row["claimed_by"]
        self.command_status: str | None = row["command_status"]
        self.outcome_seq: int | None = row["outcome_seq"]
        self.last_at: datetime | None = row["last_at"]
        self.writing = Writing(case_no, row["head_seq"], row["head_hash"])
        self._row = row
        self._found = self._state = state
        self._plan = plan
        self._calendar = calendar
        self._new_plan: Plan | None = None
        self._claim: dict[str, Any] | None = None
        self._values: list[SealedValue] = []
        self._persons: list[dict[str, Any]] = []
        self._now: datetime | None = None
        self._next_wake: datetime | None = None
        self._late = self._reply_carries = False
        self._went_on = False
        self._status_since: datetime | None = None  # where the status changes
        self._corrections_answered: bool | None = None
        self.hands_over = False
        self.workflow_wakes = False  # its own timer, for the moment that has come, is still to wake it

    @property
    def is_draft(self) -> bool:
        return self._state is None

    @property
    def state(self) -> CaseState:
        """NotAllowed for a draft."""
        if self._state is None:
            raise NotAllowed(FailureCode.NOT_ALLOWED_NOW, "该办件还是草稿，请先提交。")
        return self._state

    @property
    def plan(self) -> Plan:
        """With the departments that hold its items now. NotAllowed for a draft."""
        if self._plan is None:
            raise NotAllowed(FailureCode.NOT_ALLOWED_NOW, "该办件还是草稿，请先提交。")
        return self._plan if self._state is None else with_custodians(self._plan, self._state.holders)

    def begin(self, plan: Plan, calendar: Calendar) -> None:
        """A draft gets what it needs for its first event."""
        self._plan = self._new_plan = plan
        self._calendar = calendar

    def change_plan(self, plan: Plan) -> None:
        """The event taken next brings this plan."""
        self._plan = self._new_plan = plan

    def change_calendar(self, calendar: Calendar) -> None:
        """The event taken next counts by this calendar."""
        self._calendar = calendar

    def step_moments(self, now: datetime) -> None:
        """Every moment that has come, in order, each its own line stamped with its due moment. A clock that lags behind
        the last line does not hold any back: what is recorded next is stamped no earlier than that line."""
        now = now if self.last_at is None else max(now, self.last_at)
        while (first := next_wake_at(self.state)) is not None and first <= now and (due := next_due(self.state)):
            self.take(seen(due[1], now), due[0], None)
            if next_due(self.state) == due:
                raise AssertionError(f"stepping {due[1].kind} did not use it up")

    def check_time(self, event: Event, now: datetime) -> None:
        """Raises NotAllowed INVALID_VALUE where what is to be started would take longer than there is time for."""
        if self._calendar is not None:
            at = now if self.last_at is None else max(now, self.last_at)
            refuse(why_no_time(self.plan, self._calendar, self.state, event, at))

    def take(self, event: Event, at: datetime, actor: Actor | None) -> None:
        """Step an allowed event. Its time is never before that of the last line. `actor` None: a moment."""
        if self._calendar is None:
            raise AssertionError("a draft has no calendar")
        at = at if self.last_at is None else max(at, self.last_at)
        event = event if self._state is None else named(self._state, event)
        outcome = step(self.plan, self._calendar, self._state, event, self.writing.head_seq + 1, at)
        self.writing.add(event, at, actor, outcome)
        self._persons += [
            {"item": one.item, "change": one.change, "at": at}
            for one in ended_persons.changes(self.plan, self._state, outcome.state)
        ]
        if isinstance(event, CameTooLate):
            self.writing.settle(event.command, CommandStatus.VOID, self.writing.head_seq)
        before, now = self._state.status if self._state else None, outcome.state.status
        if before is not now:
            self._status_since = at
            self._corrections_answered = before is CaseStatus.CORRECTION and now is CaseStatus.SUBMITTED
        self._state, self.last_at = outcome.state, at
        self._went_on = self._went_on or not outcome.state.ended

    def claim(self, task: str, event: TaskClaimed | TaskReleased | TaskTransferred, actor: Actor) -> None:
        """Who works on a task is not the rules' business: the queue's row says it."""
        by = event.to if isinstance(event, TaskTransferred) else actor.subject
        held = not isinstance(event, TaskReleased)
        self._claim = {"task_id": task, "by": by if held else None, "at": self.last_at if held else None}

    def end(self, now: datetime, values: Sequence[SealedValue], *, reply_carries: bool, late: bool) -> None:
        """Or the end of a part, when the same transaction goes on with the case. `late`: the values come too late to
        take the place of others, and the workflow is told in any case."""
        self._now, self._late, self._reply_carries = now, late, reply_carries
        self._values += values
        self._next_wake = next_wake_at(self.state)
        news = self.writing.new_work or _earlier(self._next_wake, self._wakes_at(now))
        # the workflow has something to learn that this unit's reply does not carry
        self.hands_over = late or (news and not reply_carries)

    def _wakes_at(self, now: datetime) -> datetime | None:
        """When the workflow is known to wake. Once it has woken it holds a later moment, learned from a tick that had
        nothing to write: that one is not known here."""
        told: datetime | None = self._row["told_wake_at"]
        return told if told is not None and (told > now or self.workflow_wakes) else None

    def rows(self) -> dict[str, Any]:
        """For the function `write_case`."""
        state, wake = self.state, self._next_wake
        self._flag_tasks()
        # A snapshot that waits, or is being sent, carries the state as of its sending: what the workflow was told may
        # by then be this unit's wake moment, and must not be taken to be earlier than it is.
        learns = self.hands_over or self._reply_carries or self._row["handover_pending"]
        rows = {
            "case_no": self.case_no,
            "region": self._row["region"],
            "bundle": self._row["bundle"],
            "now": self._now,
            "late": self._late,
            "hand_over": self.hands_over,
            "seen_seq": self._row["head_seq"],
            "state_schema": SCHEMA,
            "state": state.to_json().decode(),
            "head": {
                "status": state.status,
                "status_since": self._status_since,
                "corrections_answered": self._corrections_answered,
                "departments": self._departments(),
                "submitted_at": state.submitted_at,
                "accepted_at": state.accepted_at,
                "due_at": self._promise(),
                "pressing": is_pressing(self.plan, state.clocks.get(CASE_CLOCK)),
                "open_demands": open_demands(state),
                "ended_at": self._ended_at(),
                "next_wake_at": wake,
                "told_wake_at": wake if learns else self._row["told_wake_at"],
                "head_seq": self.writing.head_seq,
                "head_hash": self.writing.head_hash,
                "last_at": self.last_at,
            },
            **self.writing.rows(),
        }
        if self._claim is not None:
            rows["claim"] = self._claim
        if self._values:
            rows["values"] = [
                {
                    "name": v.name,
                    "kind": v.name.kind,
                    "departments": self._readers(v.departments),
                    "body": v.body,
                }
                for v in self._values
            ]
        if released := self._released():
            rows["released"] = released
        if self._persons:
            rows["persons"] = self._persons
        if self._new_plan is not None:
            rows["plan"] = {"digest": self._new_plan.digest, "body": self._new_plan.to_json().decode()}
        return rows

    def _released(self) -> list[str]:
        """What several cases share, and this one needs no more."""
        before = self._found.reservations if self._found is not None else {}
        return [
            code
            for code, standing in self.state.reservations.items()
            if standing is Reserved.RELEASED and before.get(code) is not standing
        ]

    def _ended_at(self) -> datetime | None:
        """When it did last: a closed case may be reopened."""
        if not self.state.ended:
            return None
        before: datetime | None = None if self._went_on else self._row["ended_at"]
        return before or self.last_at

    def lists(self) -> ListChange:
        """Which lists what was written changes. Whose a task of before is, is known without looking it up where it is
        an item's own; others may be any department's of the case."""
        queues = self.writing.queues | set(self._departments() if self.writing.hands_tasks_over else ())
        for ref in self.writing.touched | ({TaskRef.parse(self._claim["task_id"])} if self._claim else set()):
            item = self.plan.item_by_code.get(ref.name.subject) if ref.name.kind is TaskKind.DECIDE else None
            queues.update([item.department] if item else self._departments())
        state = self.state
        inbox = state.accepted_at is None or state.status != self._row["status"] or self.writing.tells_applicant
        return ListChange(self._row["region"], frozenset(queues), inbox)

    def _flag_tasks(self) -> None:
        """What marks open tasks, where that has changed."""
        before = {} if self._found is None else flags_of(self.plan, self._found)
        for (name, round_no), flags in flags_of(self.plan, self.state).items():
            if before.get((name, round_no)) != flags:
                self.writing.flag(name, round_no, flags)

    def _promise(self) -> datetime | None:
        """When the whole is promised for, as long as that is ahead or missed: of what has ended no date is live."""
        clock = self.state.clocks.get(CASE_CLOCK)
        return clock.due_at if clock is not None and clock.state in ALIVE else None

    def _readers(self, departments: tuple[str, ...] | None) -> list[str] | None:
        """What is for a department is for whoever took over an item of it in this case, too."""
        if departments is None or self._plan is None:
            return None if departments is None else list(departments)
        held = zip(self._plan.items, self.plan.items, strict=True)
        heirs = (now.department for planned, now in held if planned.department in departments)
        return list(dict.fromkeys((*departments, *heirs)) if self.state.holders else departments)

    def _departments(self) -> list[str]:
        """Who may see the case: departments of its items, and those that were given a task in it."""
        undoing = tuple(
            self.state.holders.get(effect.target, effect.hold.department)
            for effect in self.state.undo_tasks
            if effect.hold
        )
        before = (*undoing, *self._looking()) if self._new_plan else self._row["departments"]
        return list(dict.fromkeys((*before, *self.plan.departments, *self.writing.departments)))

    def _looking(self) -> Iterator[str]:
        """Departments whose people look for a record, or which of several values is right."""
        keys = [key for key, one in self.state.by_hand.items() if one.open]
        keys += [one.data for one in self.state.discrepancies.values() if one.standing is Differing.OPEN]
        return (self.plan.data_by_key[key].department for key in keys)


def _earlier(first: datetime | None, other: datetime | None) -> bool:
    """Whether wake moment `first` comes before `other`; None is never."""
    return first is not None and (other is None or first < other)
