"""What the pages of departments say of a task, in words: dates, names, values."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from operator import itemgetter
from typing import Any

from onething.domain.calendar.days import LOCAL, ONE_DAY, Calendar, is_working_day, local_date
from onething.domain.definition.bundle import BundleDefinition
from onething.domain.definition.form_fields import FormField, FormFieldType
from onething.domain.definition.time_rules import LegalEffect
from onething.domain.form.form_labels import spoken
from onething.domain.names import EFFECT_NAMES
from onething.services.application.enterprises import enterprise_field
from onething.services.cases.schemas import CaseView
from onething.services.core.context import AppContext
from onething.services.tasks.schemas import TaskRow, TaskView
from onething.web.core.definition_fields import answer_words
from onething.web.core.templating import day
from onething.web.tasks.wording import FLAG_SIGNS, ORIGIN_NAMES

_FAR = 60
"""Working days from which on nobody counts them."""
_NUMBERS = frozenset({FormFieldType.IDENTITY, FormFieldType.RESIDENT_ID, FormFieldType.PHONE})
_SHOWN_OF_NUMBER = 3
_LIKE_A_NUMBER = re.compile(r"(?<![0-9A-Za-z])(?:[0-9]{17}[0-9Xx]|1[0-9]{10})(?![0-9A-Za-z])")
"""Of a resident's card, or of a mobile phone."""


@dataclass(frozen=True)
class DueWords:
    """`look`: a class of the styles; the words say the same."""

    look: str
    text: str


@dataclass(frozen=True)
class QueueRow:
    """A task in the queue."""

    task: TaskRow
    due: DueWords | None
    signs: tuple[tuple[str, str], ...]
    about: str

    @property
    def who(self) -> str:
        return self.task.enterprise_name or self.task.applicant_name or "申请人"


@dataclass(frozen=True)
class FactLine:
    """A field of the application: what the applicant says, and where that comes from."""

    name: str
    label: str
    value: str
    origin: str


def row_of(context: AppContext, task: TaskRow) -> QueueRow:
    part = task.material_name or task.comparison_name
    return QueueRow(
        task=task,
        due=due_words(context, task),
        signs=tuple(FLAG_SIGNS[flag] for flag in task.flags),
        about=f"{task.item_name}：{part}" if part else task.item_name,
    )


def named_row(context: AppContext, task: TaskView) -> QueueRow:
    """Of a task that is looked at by itself: named as in the queue, by its case."""
    asked = enterprise_field(context.applications.definition(task.bundle))
    names = {
        "applicant_name": task.case.applicant.name if task.case.applicant else None,
        "enterprise_name": (task.case.form or {}).get(asked.id) if asked else None,
    }
    return row_of(context, task.model_copy(update=names))


def results_needed(context: AppContext, task: TaskRow) -> tuple[str, ...]:
    """Labels of what an approval of the task's item has to say beside that: with any, it is not approved together with
    others."""
    items = context.applications.definition(task.bundle).items
    form = next((one.decision_form for one in items if one.code == task.item), ())
    return tuple(field.label for field in form if field.required)


def due_words(context: AppContext, task: TaskRow) -> DueWords | None:
    """Until when, of what kind the date is, and how many working days there are: the date that comes first, the law's
    while a promise waits for the applicant."""
    dates = ((task.due_at, task.due_effect), (task.statutory_due_at, LegalEffect.STATUTORY))
    known = [(at, effect) for at, effect in dates if at is not None]
    if not known or task.state != "open":
        return None
    due_at, effect = min(known, key=itemgetter(0))
    definition = context.applications.definition(task.bundle)
    words = due_in_words(context.calendar(definition.calendar), context.clock.now(), due_at)
    kind = EFFECT_NAMES[effect] if effect else ""
    return DueWords(words.look, f"{words.text}（{kind}）" if kind else words.text)


def due_in_words(calendar: Calendar, now: datetime, due_at: datetime) -> DueWords:
    today, last = local_date(now), local_date(due_at)
    at = f"{due_at.astimezone(LOCAL):%H:%M}"
    if due_at < now:
        return DueWords("late", f"■ 已超期，{day(last)} {at} 到期")
    if last == today:
        return DueWords("late", f"■ 今天 {at} 到期")
    left = working_days(calendar, today, last)
    if left is None:
        return DueWords("", day(last))
    return DueWords("soon" if left <= 1 else "", f"{'▲ ' if left <= 1 else ''}{day(last)[:-1]}，剩{left}个工作日）")


def working_days(calendar: Calendar, today: date, last: date) -> int | None:
    """After today up to the last, which counts; None where they are too many to matter."""
    found, one = 0, today
    while one < last:
        one += ONE_DAY
        found += is_working_day(calendar, one)
        if found > _FAR:
            return None
    return found


def facts(definition: BundleDefinition, case: CaseView, *, numbers: bool) -> Iterator[FactLine]:
    """In the form's order, whoever sent it. `numbers`: those of papers and phones in clear."""
    form = case.form or {}
    origins = {
        name: f"{ORIGIN_NAMES.get(one.origin, one.origin)}，{_short(one.at)}"
        for one in case.provenance or ()
        for name in one.fields
    }
    for field in definition.form:
        if field.id in form:
            value = form[field.id] if numbers else hidden(field, form[field.id])
            yield FactLine(field.id, field.label, spoken(field, value), origins.get(field.id, ""))


def answers(definition: BundleDefinition, case: CaseView) -> Iterator[tuple[str, str]]:
    """Questions of the situation, and what was chosen."""
    questions = {one.id: one for one in definition.questions}
    for name, value in (case.answers or {}).items():
        asked = questions.get(name)
        if asked is not None:
            yield asked.question, answer_words(asked, value)


def record_lines(record: Mapping[str, Any], labels: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(labels.get(name, name), _truth(value)) for name, value in record.items() if value is not None]


def without_numbers(text: object) -> str:
    """What a record or a text says, with what looks like a number of a paper or phone covered."""
    return _LIKE_A_NUMBER.sub(lambda found: covered(found[0]), str(text))


def output_lines(definition: BundleDefinition, item: str, outputs: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What an item's decision gave, in the words of its form."""
    known = {one.id: one for found in definition.items if found.code == item for one in found.decision_form}
    return [
        (known[name].label, spoken(known[name], value)) if name in known else (name, _truth(value))
        for name, value in outputs.items()
    ]


def hidden(field: FormField, value: Any) -> Any:
    """The value with numbers of papers and phones covered, in lists too."""
    if field.type is FormFieldType.LIST and isinstance(value, list):
        columns = {one.id: one for one in field.fields}
        return [
            {name: hidden(columns[name], cell) if name in columns else cell for name, cell in row.items()}
            if isinstance(row, dict)
            else row
            for row in value
        ]
    if field.type not in _NUMBERS:
        return value
    if isinstance(value, dict):
        return {name: covered(str(part)) if name == "number" else part for name, part in value.items()}
    return covered(str(value))


def covered(number: str) -> str:
    """330＊＊＊17"""
    if len(number) <= 2 * _SHOWN_OF_NUMBER:
        return "＊" * len(number)
    return f"{number[:_SHOWN_OF_NUMBER]}＊＊＊{number[-2:]}"


def _truth(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value)


def _short(at: datetime) -> str:
    return f"{at.astimezone(LOCAL):%m-%d %H:%M}"
