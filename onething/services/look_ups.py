"""What comes of a look-up, whoever brings it: our own attempt, or the source that calls back."""

from collections.abc import Callable, Sequence

from onething.domain.events import RecordFetched, RecordRefused
from onething.domain.outside import Fetched, Refused
from onething.domain.plan import Plan
from onething.security.sealing import Sealer
from onething.services import papers
from onething.services.papers import Papers
from onething.store.writing import SealedValue


def came(
    sealer: Sealer, case_no: str, command: str, data: str, answer: Fetched | Refused
) -> tuple[RecordFetched | RecordRefused, Callable[[Plan], Sequence[SealedValue]]]:
    """The outcome, and what is to be kept of it."""
    if isinstance(answer, Refused):
        return RecordRefused(command=command, data=data, reason=answer.reason), lambda _: ()
    name = papers.record(data)
    kept = {"record": answer.record, "as_of": answer.as_of.isoformat()}
    body = Papers(sealer, case_no).seal(name, kept)
    event = RecordFetched(command=command, data=data, record=name)
    return event, lambda plan: [SealedValue(name, body, departments_of(plan, data))]


def departments_of(plan: Plan, data: str) -> tuple[str, ...]:
    """Departments of the items that need a record."""
    return tuple(dict.fromkeys(item.department for item in plan.items if data in item.needs_data))
