"""The sheet of tasks: one for each item, a row a task; what its people are to know, a mark of it, what they fill in."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook

from onething.domain.errors import FailureCode, OneThingError
from onething.domain.principal import Principal
from onething.services.core.context import AppContext
from onething.services.dispatch import task_sheets
from onething.services.tasks.schemas import TaskView
from onething.web.core.definition_fields import FieldValues
from onething.web.core.spreadsheets import Cell, Rows, write_cells
from onething.web.core.typed_dates import typed_date
from onething.web.tasks import views

_TASK, _VERSIONS, _MARK, _OUTCOME, _OPINION = "待办编号", "材料版本", "校验（勿改）", "决定", "意见"
_KNOWN = (_TASK, "事项", "申请人", "证件号码")
_HINT = "左边各列请勿改动，改动过的一行不能导入；右边填“决定”“意见”和结果各列。没有填决定的，导入时跳过。"
_FIRST_DAY = date(1899, 12, 30)  # from which spreadsheets count days
_MOST_DAYS = (date.max - _FIRST_DAY).days
_INTEGER = re.compile(r"-?[0-9]{1,18}")
_VERSION = re.compile(r"[0-9]{1,9}")
_LONGEST_NAME = 28
_NOT_ON_A_SHEET = frozenset({"list", "identity"})


@dataclass(frozen=True)
class SheetRow:
    """A row that is back. `unchanged`: as we made it, for this department. `filled`: by the heads of their columns."""

    task_id: str
    seen: dict[str, int]
    unchanged: bool
    outcome: str
    opinion: str
    filled: dict[str, Cell]


def workbook(context: AppContext, principal: Principal, tasks: Sequence[TaskView]) -> bytes:
    """`tasks`: to be decided, one at least."""
    items: dict[tuple[str, str], list[TaskView]] = {}
    for task in tasks:
        items.setdefault((task.bundle, task.item), []).append(task)
    content = BytesIO()
    with Workbook(content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold, fixed = book.add_format({"bold": True}), book.add_format({"bg_color": "#eceff2"})
        quoted = book.add_format({"bg_color": "#eceff2", "quote_prefix": True})
        for number, own in enumerate(items.values(), start=1):
            sheet = book.add_worksheet(_sheet_name(number, own[0].item_name))
            told, filled = _columns(context, own)
            sheet.write_string(0, 0, _HINT)
            sheet.write_row(1, 0, [*told, _MARK, _OUTCOME, _OPINION, *filled], bold)
            for row, task in enumerate(own, start=2):
                texts = _texts(context, task, told)
                mark = task_sheets.mark(context, principal, [*told, *texts])
                write_cells(sheet, row, (*texts, mark), quoted=quoted, usual=fixed)
            choice, names = len(told) + 1, [one.name for one in own[0].outcomes]
            sheet.data_validation(2, choice, 1 + len(own), choice, {"validate": "list", "source": names})
            sheet.set_column(0, len(told) + 2 + len(filled), 18)
            sheet.freeze_panes(2, 1)
    return content.getvalue()


def rows_of(context: AppContext, principal: Principal, sheets: Mapping[str, Rows]) -> Iterator[SheetRow]:
    """All that name a task and say something of it. Raises OneThingError WRONG_FILE_TYPE where no sheet is of ours."""
    ours = [rows for rows in sheets.values() if len(rows) > 1 and _MARK in rows[1]]
    if not ours:
        raise OneThingError(FailureCode.WRONG_FILE_TYPE, "这张表格不是从“已选的待办”导出的，请用导出的那一份填写。")
    for _, heads, *rows in ours:
        names = [_text(head) for head in heads]
        at = names.index(_MARK)
        for row in rows:
            cells = [*row, *[""] * (len(names) - len(row))]
            told = [_text(cell) for cell in cells[:at]]
            filled = dict(zip(names[at + 1 :], cells[at + 1 :], strict=False))
            outcome, opinion = _text(filled.pop(_OUTCOME, "")), _text(filled.pop(_OPINION, ""))
            if told and told[0] and (outcome or opinion or any(_text(cell) for cell in filled.values())):
                unchanged = task_sheets.is_marked(context, principal, [*names[:at], *told], _text(cells[at]))
                seen = _versions(told[names.index(_VERSIONS)]) if _VERSIONS in names[:at] else {}
                yield SheetRow(told[0], seen, unchanged, outcome, opinion, filled)


def results(task: TaskView, filled: Mapping[str, Cell]) -> tuple[FieldValues, list[str]]:
    """Fields of the decision, by id, and what of them can't be read."""
    found: FieldValues = {}
    problems = []
    for field in task.decision_form:
        cell = filled.get(field["label"], "")
        if _text(cell) == "":
            continue
        if field["type"] in _NOT_ON_A_SHEET:
            problems.append(f"“{field['label']}”不能用表格填，请在网页上逐件办理。")
            continue
        value = _value(field, cell)
        if value is None:
            problems.append(f"“{field['label']}”填的“{_text(cell)}”看不懂，请照网页上的选项或写法填。")
        else:
            found[field["id"]] = value
    return found, problems


def _columns(context: AppContext, tasks: Sequence[TaskView]) -> tuple[list[str], list[str]]:
    """What is told, as far as any of them has it; what is to be filled in."""
    definition = context.applications.definition(tasks[0].bundle)
    there = {name for task in tasks for name in task.case.form or {}}
    told = [*_KNOWN, *(field.label for field in definition.form if field.id in there), _VERSIONS]
    held = dict.fromkeys(one.says for task in tasks for one in task.conditions)
    return told, [*held, *(one["label"] for one in tasks[0].decision_form if one["type"] not in _NOT_ON_A_SHEET)]


def _texts(context: AppContext, task: TaskView, heads: Sequence[str]) -> list[str]:
    applicant = task.case.applicant
    definition = context.applications.definition(task.bundle)
    told = {one.label: one.value for one in views.facts(definition, task.case, numbers=True)}
    versions = ",".join(f"{code}:{version}" for code, version in (task.decides_on or {}).items())
    known = (
        task.task_id,
        task.item_name,
        applicant.name if applicant else "",
        (applicant.id_number if applicant else "") or "",
    )
    return [text.strip() for text in (*known, *(told.get(head, "") for head in heads[len(_KNOWN) : -1]), versions)]


def _versions(text: str) -> dict[str, int]:
    pairs = (one.partition(":") for one in text.split(",") if one)
    return {code: int(version) for code, _, version in pairs if _VERSION.fullmatch(version)}


def _sheet_name(number: int, name: str) -> str:
    """As spreadsheets allow them, each another."""
    plain = "".join("、" if sign in "[]:*?/\\" else sign for sign in name)
    return f"{number} {plain[:_LONGEST_NAME]}"


def _text(cell: Cell) -> str:
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    return cell.strip()


def _value(field: Mapping[str, Any], cell: Cell) -> Any:
    """None for what is nothing that the field takes."""
    text = _text(cell)
    labels = {one["label"]: one["value"] for one in field.get("options", ())}
    values = set(labels.values())
    match field["type"]:
        case "boolean":
            return {"是": True, "否": False}.get(text)
        case "integer":
            return int(text) if _INTEGER.fullmatch(text) else None
        case "choice":
            return labels.get(text) or (text if text in values else None)
        case "multi_choice":
            chosen = [labels.get(one, one) for one in text.replace("，", "、").split("、")]
            return chosen if set(chosen) <= values else None
        case "date" if isinstance(cell, float):
            return (_FIRST_DAY + timedelta(days=cell)).isoformat() if 0 <= cell <= _MOST_DAYS else None
        case "date":
            return typed_date(text)
    return text
