"""The workflow of a case: keep all open work going in parallel, keep the next promise, end when nothing is left.

It decides nothing: what is to be done comes from the record, as snapshots; what came of it goes back to the record.
So it may be lost, started anew or told twice without harm.
"""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from onething.domain.engine.snapshot import CaseSnapshot, CaseStart
    from workflows.command_runner import CommandRunner
    from workflows.wake_timer import WakeTimer

LEEWAY_EVENTS = 1000  # how far past its length a history may grow while attempts are in flight


@workflow.defn(name="CaseWorkflow")
class CaseWorkflow:
    @workflow.init
    def __init__(self, start: CaseStart) -> None:
        self._newest = start.carried
        self._inbox: list[CaseSnapshot] = [start.carried] if start.carried else []
        self._turns = 0
        self._runner = CommandRunner(self._inbox.append)
        self._timer = WakeTimer(start.case_no, self._inbox.append)

    @workflow.run
    async def run(self, start: CaseStart) -> None:
        while True:
            await workflow.wait_condition(lambda: bool(self._inbox) or self._nothing_left)
            self._take_up_news()
            if self._nothing_left:
                return
            if self._grown_long(start):
                await self._continue_as_new(start)

    @workflow.signal
    def hand_over(self, snapshot: CaseSnapshot) -> None:
        """What the record has for us. Only kept here: the story takes it up."""
        self._inbox.append(snapshot)

    @workflow.query
    def progress(self) -> CaseSnapshot | None:
        """The case as of the last snapshot."""
        return self._newest

    @property
    def _nothing_left(self) -> bool:
        known = self._newest is not None and not self._newest.commands
        return known and not self._inbox and not self._runner.any_under_way and self._timer.idle

    def _take_up_news(self) -> None:
        """Of all that came in, the newest counts: it is complete."""
        if self._inbox:
            snapshot = max(self._inbox, key=lambda snapshot: snapshot.version)
            self._turns += len(self._inbox)
            self._inbox.clear()
            if self._newest is None or snapshot.version >= self._newest.version:
                self._newest = snapshot
                self._runner.call_off_missing(snapshot)
                self._runner.set_out(snapshot)
                self._show(snapshot)
        if self._newest is not None:
            self._timer.keep(self._newest.next_wake_at)

    def _grown_long(self, start: CaseStart) -> bool:
        """Time to continue as new: at rest if possible, in any case before the history gets out of hand."""
        info = workflow.info()
        past = info.get_current_history_length() - start.max_history_events
        took_something_up = self._turns > (1 if start.carried else 0)
        at_rest = self._timer.at_rest and not self._runner.any_under_way
        due = past >= 0 or info.is_continue_as_new_suggested()
        return took_something_up and ((due and at_rest) or past >= LEEWAY_EVENTS)

    async def _continue_as_new(self, start: CaseStart) -> None:
        await self._runner.come_home()
        await workflow.wait_condition(lambda: self._timer.at_rest)
        if not self._inbox:  # what came meanwhile is taken up first
            workflow.continue_as_new(start.model_copy(update={"carried": self._newest}))

    def _show(self, snapshot: CaseSnapshot) -> None:
        """Item states in the Temporal UI, for operators."""
        lines = [f"- {item}: {state}" for item, state in snapshot.items.items()]
        workflow.set_current_details("\n".join([f"as of line {snapshot.seq}", *lines]))
