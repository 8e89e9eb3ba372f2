"""What is looked for by hand, as whoever looks sees it."""

from onething.domain.outcome import TaskKind
from onething.services import papers
from onething.services.answers import View
from onething.services.applications import look_up_values
from onething.services.office import Office
from onething.store import tasks, values
from onething.store.database import Transaction


class AskedValue(View):
    id: str
    label: str
    value: str


class WantedField(View):
    """`type` None: a text, a number or a truth value will do."""

    id: str
    label: str
    type: str | None = None
    required: bool


class WantedRecord(View):
    """What is looked for, by what, and how it is written down: `fields` are those of `record`."""

    source: str
    name: str
    params: list[AskedValue]
    fields: list[WantedField]


async def wanted(office: Office, tx: Transaction, task: tasks.Task) -> WantedRecord | None:
    """While somebody is to look for it: what its source was asked with, and nothing else of the application."""
    if task.kind != TaskKind.MANUAL_CHECK or task.state != "open":
        return None
    form = office.papers(task.case_no, await values.get_many(tx, task.case_no, [papers.FORM])).open(papers.FORM)
    need = next(one for one in office.applications.definition(task.bundle).data if one.key == task.item)
    source = office.catalog.sources[need.source]
    asked = look_up_values(need.params, form["form"], form["answers"])
    return WantedRecord(
        source=source.code,
        name=source.name,
        params=[
            AskedValue(id=one.id, label=one.label, value=str(asked[one.id]))
            for one in source.params
            if asked.get(one.id) is not None
        ],
        fields=[WantedField(id=one.id, label=one.label, type=one.type, required=one.required) for one in source.fields],
    )
