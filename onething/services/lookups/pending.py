"""Look-ups under way, as people see them: who is asked, since when, until when we wait, and what follows then."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from onething.domain.deadlines.clock_kinds import by_hand_clock
from onething.domain.deadlines.patience import begun_at
from onething.domain.definition.materials import FallbackKind
from onething.domain.kernel.commands import CommandKind
from onething.domain.kernel.state import CaseState, DataState, OpenCommand
from onething.domain.plan.plan import Plan, PlanData
from onething.domain.sources.source import SourceDefinition, SourceStyle
from onething.services.summaries.responses import LocalDateTime, ResponseModel


class AskedView(ResponseModel):
    """`then`: what follows at `until`: the applicant is asked for `fallback` (material), or may promise it instead
    (commitment), people of the department look by hand (manual_check), or the source is asked on (wait). `by_hand`:
    they look already, and have until `by_hand_until`; without one it is over, and they still may find it. `again_s`:
    how far apart attempts are at most. `calls_back`: the source has to call us, and is only chased."""

    key: str
    name: str
    department: str
    department_name: str
    since: LocalDateTime
    until: LocalDateTime
    again_s: float | None = None
    calls_back: bool = False
    fallback: str | None = None
    then: str = FallbackKind.MATERIAL
    by_hand: bool | None = None
    by_hand_until: LocalDateTime | None = None


def pending_lookups(
    plan: Plan, state: CaseState, sources: Mapping[str, SourceDefinition], departments: Mapping[str, str]
) -> tuple[AskedView, ...]:
    """In the order in which they were begun; then those that are asked anew later. No personal data: what is asked,
    never about whom."""
    return tuple(
        _view(state, data, sources.get(data.source), departments, begun, until)
        for data, begun, until in _waiting(plan, state)
    )


def _waiting(plan: Plan, state: CaseState) -> Iterator[tuple[PlanData, datetime, datetime]]:
    for command in state.commands.values():
        data = plan.data_by_key.get(command.target)
        begun = since(command, data) if data is not None and command.kind == CommandKind.FETCH_RECORD else None
        if data is not None and begun is not None and command.patience_at is not None:
            yield data, begun, command.patience_at
    for key, one in state.waits.items():
        if one.again_at is not None:
            yield plan.data_by_key[key], one.since, one.again_at


def _view(
    state: CaseState,
    data: PlanData,
    source: SourceDefinition | None,
    departments: Mapping[str, str],
    begun: datetime,
    until: datetime,
) -> AskedView:
    looking = state.data.get(data.key) is DataState.CHECKING
    clock = state.clocks.get(by_hand_clock(data.key)) if looking else None
    return AskedView(
        key=data.key,
        name=data.name,
        department=data.department,
        department_name=departments.get(data.department, data.department),
        since=begun,
        until=until,
        again_s=(source.ask_again_s or source.retry.slow.every_s) if source else None,
        calls_back=source is not None and source.style is SourceStyle.CALLBACK,
        fallback=data.fallback,
        then=FallbackKind.WAIT if data.key in state.waits else data.fallback_kind,
        by_hand=True if looking else None,
        by_hand_until=clock.due_at if clock else None,
    )


def since(command: OpenCommand, data: PlanData) -> datetime | None:
    """When the source was first asked."""
    return begun_at(data, command)
