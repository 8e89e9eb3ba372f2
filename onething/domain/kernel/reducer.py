"""The working copy of a state while one event is stepped: the only place that changes states, each move checked."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from onething.domain.calendar.days import Calendar
from onething.domain.definition.items import Handling
from onething.domain.kernel.clock_id import ClockId
from onething.domain.kernel.commands import Command, CommandKind
from onething.domain.kernel.custody import asked_to_answer, with_custodians
from onething.domain.kernel.lifecycle import CASE_TRANSITIONS, ITEM_TRANSITIONS
from onething.domain.kernel.state import (
    ALIVE,
    ENDED,
    CaseState,
    CaseStatus,
    DataState,
    Effect,
    EffectKind,
    Hold,
    ItemState,
    OpenCommand,
)
from onething.domain.kernel.step_result import (
    LedgerLine,
    LetterFollowed,
    LetterOut,
    Reminder,
    RungReached,
    RungTakenBack,
    StepResult,
    TaskClosed,
    TaskDue,
    TaskMoved,
    TaskOpened,
)
from onething.domain.plan.plan import Plan, PlanOutcome


class Reducer:
    """Starts from `state`, collects what follows from one event at `at`, and ends as an `StepResult`."""

    def __init__(self, plan: Plan, calendar: Calendar, state: CaseState, seq: int, at: datetime) -> None:
        self.custodians = dict(state.holders)
        self.plan = with_custodians(plan, self.custodians)
        self.calendar = calendar
        self.seq = seq
        self.at = at
        self.patience_from = at
        self.state = state
        self.items = dict(state.items)
        self.periods = dict(state.periods)
        self.data = dict(state.data)
        self.clocks = dict(state.clocks)
        self.open_commands = dict(state.commands)
        self.effects = list(state.effects)
        self.undo_queue = list(state.undo_queue)
        self.undo_tasks = list(state.undo_tasks)
        self.may_come = list(state.may_come)
        self.materials = state.materials
        self.versions = state.versions
        self.announced = state.announced
        self.retries = dict(state.retries)
        self.requested = dict(state.asked)
        self.brought = dict(state.brought)
        self.deferred = state.deferred
        self.owed = dict(state.owed)
        self.done_without = state.done_without
        self.commitments = dict(state.commitments)
        self.checks = dict(state.checks)
        self.revocations = dict(state.revocations)
        self.editions = dict(state.editions)
        self.consults = dict(state.consults)
        self.consulted = dict(state.consulted)
        self.planned = dict(state.planned)
        self.inspections = dict(state.inspections)
        self.compared = dict(state.compared)
        self.discrepancies = dict(state.discrepancies)
        self.by_hand = dict(state.by_hand)
        self.waits = dict(state.waits)
        self.final_notice_queued = state.told
        self.delivery = state.delivery
        self.letters = dict(state.letters)
        self.result = state.result
        self.earlier_results = state.earlier_results
        self.kin_shown = state.kin_shown
        self.taken_in = state.taken_in
        self.parties = dict(state.parties)
        self.reservations = dict(state.reservations)
        self.done: str | None = None
        self._changed: dict[str, object] = {}
        self._status = state.status
        self._accepted_at = state.accepted_at
        self._commands: list[Command] = []
        self._ordered: dict[str, str] = {}
        self._voided: list[str] = []
        self._tasks: list[TaskOpened | TaskClosed] = []
        self._moved: list[TaskMoved] = []
        self._dues: list[TaskDue] = []
        self._rungs: list[RungReached] = []
        self._rungs_back: list[RungTakenBack] = []
        self._reminders: dict[ClockId, Reminder] = {}
        self._letters_out: list[LetterOut] = []
        self._letters_followed: list[LetterFollowed] = []
        self._ledger: list[LedgerLine] = []

    @property
    def status(self) -> CaseStatus:
        return self._status

    @property
    def ended(self) -> bool:
        return self._status in ENDED

    @property
    def accepted(self) -> bool:
        return self._accepted_at is not None

    def accept(self, since: datetime) -> None:
        self.move_case(CaseStatus.ACCEPTED)
        self.taken_in = True
        self._accepted_at = since

    def move_case(self, to: CaseStatus) -> None:
        if to not in CASE_TRANSITIONS[self._status]:
            raise AssertionError(f"case may not move from {self._status} to {to}")
        self._status = to

    def move_item(
        self, code: str, to: ItemState, *, round_no: int | None = None, outcome: PlanOutcome | None = None
    ) -> None:
        """`outcome`: by which it is decided; with any other move an earlier one counts no more."""
        progress = self.items[code]
        named = outcome.id if outcome is not None and self.plan.item_by_code[code].outcomes else None
        if to not in ITEM_TRANSITIONS[progress.state]:
            raise AssertionError(f"item {code} may not move from {progress.state} to {to}")
        self.items[code] = progress.model_copy(
            update={"state": to, "round": progress.round if round_no is None else round_no, "outcome": named}
        )

    def keep_with_people(self, code: str) -> None:
        """From now on its people decide the item, whatever its handling."""
        if self.plan.item_by_code[code].handling is Handling.SYSTEM:
            self.items[code] = self.items[code].model_copy(update={"by_people": True})

    def set(self, **fields: object) -> None:
        """Change plain fields of the state."""
        self._changed.update(fields)

    def command(
        self,
        kind: CommandKind,
        target: str = "",
        patience_minutes: int | None = None,
        hold: Hold | None = None,
    ) -> None:
        """Hand new work to the workflow."""
        patience_at = None if patience_minutes is None else self.patience_from + timedelta(minutes=patience_minutes)
        self.begin(OpenCommand(kind=kind, target=target, patience_at=patience_at, hold=hold))

    def again(self, command_id: str, **changed: object) -> None:
        """Hand it to the workflow as new work, which is begun at once. To the outside it is the same request."""
        command = self.open_commands.pop(command_id)
        self._voided.append(command_id)
        asked_as = command.asked_as or command_id
        hold = command.hold and command.hold.model_copy(update={"asked_as": asked_as})
        self.begin(command.model_copy(update={"asked_as": asked_as, "hold": hold, **changed}))

    def begin(self, work: OpenCommand) -> None:
        command_id = f"{self.seq}.{work.kind}.{len(self._commands)}"
        command = Command(id=command_id, kind=work.kind, target=work.target, patience_at=work.patience_at)
        self._commands.append(command)
        self.open_commands[command_id] = work
        if work.kind == CommandKind.DISPATCH_ITEM:
            self._ordered[command_id] = self.plan.item_by_code[work.target].department

    def notice(self, template: str) -> None:
        """Have the applicant told; the document that it is about is this line of the journal, or one before."""
        self.command(CommandKind.SEND_NOTICES, template, self.plan.notice_patience_minutes)

    def void(self, command_id: str) -> Effect | None:
        """Call off a command; returns what it may have left at a source, which has to be undone."""
        command = self.open_commands.pop(command_id)
        self._voided.append(command_id)
        if command.hold is None:
            return None
        return Effect(id=command_id, kind=EffectKind.LOOKUP, target=command.target, hold=command.hold)

    def settle(self, command_id: str) -> OpenCommand:
        """The event is the outcome of this open command."""
        self.done = command_id
        return self.open_commands.pop(command_id)

    def task(self, change: TaskOpened | TaskClosed) -> None:
        self._tasks.append(change)

    def move_task(self, change: TaskMoved) -> None:
        self._moved.append(change)

    def task_due(self, change: TaskDue) -> None:
        self._dues.append(change)

    def rung_reached(self, reached: RungReached) -> None:
        self._rungs.append(reached)

    def rung_taken_back(self, taken: RungTakenBack) -> None:
        self._rungs_back.append(taken)

    def reminder(self, name: ClockId) -> None:
        """The clock waits for an answer: tell how that stands."""
        clock = self.clocks[name]
        if clock.reply is None:
            return
        result = None if clock.state in ALIVE else str(clock.state)
        departments = asked_to_answer(self.plan, clock.reply)
        self.remind(Reminder(name, clock.reply.item, departments, clock.started_at, clock.due_at, result))

    def remind(self, reminder: Reminder) -> None:
        self._reminders[reminder.clock] = reminder

    def letter_out(self, letter: LetterOut) -> None:
        self._letters_out.append(letter)

    def letter_followed(self, letter: LetterFollowed) -> None:
        self._letters_followed.append(letter)

    def ledger(self, clock: ClockId, what: str, *, before: datetime | None = None) -> None:
        self._ledger.append(LedgerLine(clock, what, self.clocks[clock].due_at, before))

    def has_data(self, key: str) -> bool:
        return self.data[key] in {DataState.IN_HAND, DataState.SUPPLIED}

    def has_material(self, code: str) -> bool:
        """In hand, or as good as that: it may come later, is not waited for any more, or something is promised in its
        place."""
        return any(code in ones for ones in (self.materials, self.deferred, self.done_without, self.commitments))

    def outcome(self) -> StepResult:
        changed: Mapping[str, object] = {
            **self._changed,
            "status": self._status,
            "accepted_at": self._accepted_at,
            "materials": self.materials,
            "versions": self.versions,
            "announced": self.announced,
            "asked": self.requested,
            "brought": self.brought,
            "deferred": self.deferred,
            "owed": self.owed,
            "done_without": self.done_without,
            "commitments": self.commitments,
            "checks": self.checks,
            "revocations": self.revocations,
            "editions": self.editions,
            "consults": self.consults,
            "consulted": self.consulted,
            "planned": self.planned,
            "inspections": self.inspections,
            "holders": self.custodians,
            "compared": self.compared,
            "discrepancies": self.discrepancies,
            "by_hand": self.by_hand,
            "waits": self.waits,
            "told": self.final_notice_queued,
            "delivery": self.delivery,
            "letters": self.letters,
            "result": self.result,
            "earlier_results": self.earlier_results,
            "kin_shown": self.kin_shown,
            "taken_in": self.taken_in,
            "parties": self.parties,
            "reservations": self.reservations,
            "retries": self.retries,
            "items": self.items,
            "periods": self.periods,
            "data": self.data,
            "clocks": self.clocks,
            "commands": self.open_commands,
            "effects": tuple(self.effects),
            "undo_queue": tuple(self.undo_queue),
            "undo_tasks": tuple(self.undo_tasks),
            "may_come": tuple(self.may_come),
        }
        return StepResult(
            state=self.state.model_copy(update=changed),
            commands=tuple(self._commands),
            ordered=self._ordered,
            voided=tuple(self._voided),
            done=self.done,
            tasks=tuple(self._tasks),
            moved=tuple(self._moved),
            dues=tuple(self._dues),
            rungs=tuple(self._rungs),
            rungs_back=tuple(self._rungs_back),
            reminders=tuple(self._reminders.values()),
            letters_out=tuple(self._letters_out),
            letters_followed=tuple(self._letters_followed),
            ledger=tuple(self._ledger),
        )
