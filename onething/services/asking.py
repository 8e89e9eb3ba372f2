"""Look-ups under way, as people see them: who is asked, since when, and until when we wait before we do without."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from onething.domain.commands import CommandKind
from onething.domain.plan import Plan, PlanData
from onething.domain.source import SourceDefinition, SourceStyle
from onething.domain.state import CaseState, OpenCommand
from onething.services.answers import Shown, View


class AskedView(View):
    """`again_s`: how far apart attempts are at most. `calls_back`: the source has to call us, and is only chased.
    `fallback`: the material that the applicant is asked for at `until`."""

    key: str
    name: str
    department: str
    department_name: str
    since: Shown
    until: Shown
    again_s: float | None = None
    calls_back: bool = False
    fallback: str


def asked(
    plan: Plan, state: CaseState, sources: Mapping[str, SourceDefinition], departments: Mapping[str, str]
) -> tuple[AskedView, ...]:
    """In the order in which they were begun. No personal data: what is asked, never about whom."""
    found = []
    for command in state.commands.values():
        data = plan.data_by_key.get(command.target)
        begun = since(command, data) if data is not None and command.kind == CommandKind.FETCH_RECORD else None
        if data is None or begun is None or command.patience_at is None:
            continue
        source = sources.get(data.source)
        found.append(
            AskedView(
                key=data.key,
                name=data.name,
                department=data.department,
                department_name=departments.get(data.department, data.department),
                since=begun,
                until=command.patience_at,
                again_s=(source.ask_again_s or source.retry.slow.every_s) if source else None,
                calls_back=source is not None and source.style is SourceStyle.CALLBACK,
                fallback=data.fallback,
            )
        )
    return tuple(found)


def since(command: OpenCommand, data: PlanData) -> datetime | None:
    """When a look-up was begun."""
    return command.patience_at and command.patience_at - timedelta(minutes=data.patience_minutes)
