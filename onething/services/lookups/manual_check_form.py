"""What is looked for by hand, as whoever looks sees it."""

from onething.domain.form.look_up_params import look_up_values
from onething.domain.kernel.task_ref import (
    TaskKind,
)
from onething.services.application import sealed_values
from onething.services.core.context import AppContext
from onething.services.summaries.responses import ResponseModel
from onething.store.connection.database import Transaction
from onething.store.record import sealed_values as sealed_values_record
from onething.store.tables import tasks


class AskedValue(ResponseModel):
    id: str
    label: str
    value: str


class WantedField(ResponseModel):
    """`type` None: a text, a number or a truth value will do."""

    id: str
    label: str
    type: str | None = None
    required: bool


class WantedRecord(ResponseModel):
    """What is looked for, by what, and how it is written down: `fields` are those of `record`."""

    source: str
    name: str
    params: list[AskedValue]
    fields: list[WantedField]


async def requested_record(context: AppContext, tx: Transaction, task: tasks.Task) -> WantedRecord | None:
    """While somebody is to look for it: what its source was asked with, and nothing else of the application."""
    if task.kind != TaskKind.MANUAL_CHECK or task.state != "open":
        return None
    form = context.values(
        task.case_no, await sealed_values_record.get_many(tx, task.case_no, [sealed_values.FORM])
    ).open(sealed_values.FORM)
    lookup = context.applications.definition(task.bundle).lookup(task.item)
    if lookup is None:
        raise ValueError(f"{task.bundle} looks nothing up as {task.item}")
    source = context.catalog.sources[lookup.source]
    asked = look_up_values(lookup.params, form["form"], form["answers"])
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
