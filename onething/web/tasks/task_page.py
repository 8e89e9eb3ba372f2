"""办理一件: what a task's people need to know, beside the act that they are at."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi.exceptions import RequestValidationError
from pydantic import BeforeValidator, Field
from starlette.requests import Request
from starlette.responses import Response

from onething.domain.errors import OneThingError
from onething.domain.principal import Principal
from onething.edge.query import QueryModel
from onething.services.available.actions import AvailableAction
from onething.services.cases import timeline
from onething.services.core.context import AppContext
from onething.services.core.task_access import DecidedAlready
from onething.services.deadlines import clocks
from onething.services.deadlines.procedures import procedures_of
from onething.services.decisions import phrases
from onething.services.documents import list as documents_list
from onething.services.tasks import notes, queue
from onething.services.tasks.schemas import TaskView
from onething.web.core.forms import Form
from onething.web.core.problems import mistakes_of
from onething.web.core.routes import with_query
from onething.web.core.templating import by_name, render
from onething.web.tasks import notes as note_fields
from onething.web.tasks import views, wording
from onething.web.tasks.acts import MAIN, TASK_ACTS, ActWords
from onething.web.tasks.filters import filter_of

TEMPLATE = "tasks/page_task.html"
_BLOCKS = {"more": "more", "act": "act"}
_MOST = 200
_TEXTS = ("/opinion", "/reason", "/question", "/note", "/finding", "/conclusion", "/text")
"""Fields in which people write at length: nobody has to write it again."""
OPINION = "/opinion"
"""The field that phrases are put into, in the forms of `PHRASED`."""
PHRASED = ("decide", "give_opinion", "decide_revocation")
_BLANK_IS_NONE = BeforeValidator(lambda value: value or None)


class TaskQuery(QueryModel):
    """`back`: words of the queue's query to come back to. `done`: the act that was just recorded. `numbers`: show those
    of papers. `tab`: which further part is open."""

    back: str = Field("", max_length=2_000)
    done: Annotated[str | None, Field(max_length=40), _BLANK_IS_NONE] = None
    numbers: Annotated[Literal["1"] | None, _BLANK_IS_NONE] = None
    tab: Annotated[Literal["timeline", "clocks", "letters"] | None, _BLANK_IS_NONE] = None


@dataclass(frozen=True)
class OfferedAct:
    words: ActWords
    action: AvailableAction


def task_address(task_id: str, path: str = "", **query: str | None) -> str:
    return with_query(f"/work/tasks/{task_id}{f'/{path}' if path else ''}", query)


async def show_task(
    request: Request,
    context: AppContext,
    by: Principal,
    task_id: str,
    query: TaskQuery,
    *,
    act: str | None = None,
    sent: Form | None = None,
    refused: OneThingError | RequestValidationError | None = None,
) -> Response:
    """The page, with the form of `act`, or of what the task is there for. `refused`: why `sent` was not recorded.
    Raises NotPermitted, NOT_FOUND."""
    task = await queue.show(context, by, task_id)
    definition = context.applications.definition(task.bundle)
    offered = tuple(_offered(by, task))
    chosen = _chosen(task, offered, act)
    mistakes = mistakes_of(refused) if refused is not None else None
    note = await notes.note(context, by, task_id)
    values = {
        "task": task,
        "case": task.case,
        "row": views.named_row(context, task),
        "definition": definition,
        "facts": list(views.facts(definition, task.case, numbers=query.numbers == "1")),
        "answers": list(views.answers(definition, task.case)),
        "chosen": chosen,
        "absent": TASK_ACTS.get(act or "") if chosen is None else None,
        "offered": [one for one in offered if one is not chosen],
        "said": sent or Form(),
        "kept": [(name, sent.value(name)) for name in _TEXTS if sent.value(name).strip()] if sent else [],
        "mistakes": mistakes,
        "standing": refused.standing if isinstance(refused, DecidedAlready) else None,
        "done": TASK_ACTS.get(query.done or ""),
        "query": query,
        "queue_address": f"{filter_of(query.back).address()}#row-{task_id}",
        "task_address": task_address,
        "words": wording,
        "views": views,
        "shown": str if query.numbers else views.without_numbers,
        "sources": {code: one.name for code, one in context.catalog.sources.items()},
        "departments": (near := _involved(context, by, task)) + _others(context, by, near),
        "involved": near,
        "procedures": procedures_of(context, by, task.bundle, task.item),
        "now": context.clock.now(),
        "phrased": PHRASED,
        "phrases": (await phrases.everything(context, by)).items if task.state == "open" else (),
        "note": note,
        "pins": {one.place: one for one in note.pins or ()},
        "note_names": note_fields,
        **await _further(context, by, task, query),
    }
    return render(request, TEMPLATE, values, status=mistakes.status if mistakes else 200, blocks=_BLOCKS)


def _involved(context: AppContext, by: Principal, task: TaskView) -> list[tuple[str, str]]:
    """Those with another item of the case, by name, and said to be that."""
    names = context.departments_on_duty()
    codes = {one.department for one in task.case.items} & names.keys() - {by.department}
    return [(code, f"{names[code]}（本办件有它的事项）") for code in by_name(codes, names.__getitem__)]


def _others(context: AppContext, by: Principal, involved: Collection[tuple[str, str]]) -> list[tuple[str, str]]:
    """All that are left, by name."""
    names = context.departments_on_duty()
    codes = names.keys() - {code for code, _ in involved} - {by.department}
    return [(code, names[code]) for code in by_name(codes, names.__getitem__)]


def _offered(by: Principal, task: TaskView) -> Iterator[OfferedAct]:
    """But for claiming what one has claimed."""
    told = {one.act: one for one in task.available_actions if one.act != "claim" or task.claimed_by != by.subject}
    return (OfferedAct(words, told[act]) for act, words in TASK_ACTS.items() if act in told)


def _chosen(task: TaskView, offered: tuple[OfferedAct, ...], act: str | None) -> OfferedAct | None:
    """The one whose form is open: what was asked for, or what the task is there for while that may be done."""
    wanted = act or (MAIN.get(task.kind) if task.state == "open" else None)
    return next((one for one in offered if one.words.act == wanted), None)


async def _further(context: AppContext, by: Principal, task: TaskView, query: TaskQuery) -> Mapping[str, object]:
    """What is read only when somebody wants it."""
    found: dict[str, object] = {"timeline": None, "clocks": None, "letters": None}
    if query.tab == "timeline":
        found["timeline"] = await timeline.timeline(context, by, task.case_no, _MOST, 0)
    elif query.tab == "clocks":
        found["clocks"] = await clocks.clocks(context, by, task.case_no, _MOST, None)
    elif query.tab == "letters":
        found["letters"] = await documents_list.documents(context, by, task.case_no, _MOST, None)
    return found
