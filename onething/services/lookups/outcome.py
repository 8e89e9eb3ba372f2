"""What comes of a look-up, whoever brings it: our own attempt, or the source that calls back."""

from collections.abc import Sequence

from onething.domain.discrepancies.guards import counts, disagreeing
from onething.domain.events.outcomes import RecordFetched, RecordRefused
from onething.domain.kernel.sealed_name import SealedName
from onething.domain.kernel.state import CaseState
from onething.domain.lookups.answers import Fetched, Refused
from onething.domain.plan.plan import Plan
from onething.security.blind_index import BlindIndex
from onething.security.sealing import Sealer
from onething.services.application import comparison_digests, sealed_values
from onething.services.application.sealed_values import SealedValues
from onething.store.record.rows import SealedValue


class LookupOutcome:
    """The outcome of one look-up, as far as it is known before the case is; the writer gets `outcome` and `values`."""

    def __init__(
        self, sealer: Sealer, index: BlindIndex, case_no: str, command: str, data: str, answer: Fetched | Refused
    ) -> None:
        self._sealer = sealer
        self._index = index
        self._case_no = case_no
        self._answer = answer
        self._event: RecordFetched | RecordRefused
        if isinstance(answer, Refused):
            self._event = RecordRefused(command=command, data=data, reason=answer.reason)
        else:
            record = sealed_values.record(data)
            self._event = RecordFetched(
                command=command, data=data, record=record, as_of=answer.as_of, kept_at=answer.kept_at
            )

    @property
    def outcome(self) -> RecordFetched | RecordRefused:
        return self._event

    def judged(self, plan: Plan, state: CaseState) -> RecordFetched | RecordRefused:
        """With what it says, where the plan compares that. Called once, before `values`."""
        event, answer = self._event, self._answer
        if not plan.compare or isinstance(event, RecordRefused) or isinstance(answer, Refused):
            return event
        says = comparison_digests.recorded(self._index, self._case_no, plan, event.data, answer.record)
        if says and counts(state, event.command, event.data):
            update: dict[str, object] = {"compared": says, "disagrees": disagreeing(plan, state.compared | says, says)}
            if event.command not in state.commands:
                update["record"] = sealed_values.late_record(event.data)
            self._event = event.model_copy(update=update)
        return self._event

    def values(self, plan: Plan) -> Sequence[SealedValue]:
        """What is to be kept of it."""
        event, answer = self._event, self._answer
        if isinstance(event, RecordRefused) or isinstance(answer, Refused):
            return ()
        kept = {"record": answer.record, "as_of": answer.as_of.isoformat()}
        name = SealedName.parse(event.record)
        body = SealedValues(self._sealer, self._case_no).seal(name, kept)
        return [SealedValue(name, body, readers(plan, event.data))]


def departments_of(plan: Plan, data: str) -> tuple[str, ...]:
    """Departments of the items that need a record."""
    return tuple(dict.fromkeys(item.department for item in plan.items if data in item.needs_data))


def readers(plan: Plan, data: str) -> tuple[str, ...]:
    """And who looks, or decides, where what it says is compared."""
    concerned = (department for one in plan.compare if data in one.keys for department in plan.concerned_by(one))
    return tuple(dict.fromkeys((*departments_of(plan, data), *concerned)))
