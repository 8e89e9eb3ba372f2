"""What an application says and what came of it, in words: for who decides on it, as counter or department."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rich.console import RenderableType
from rich.markup import escape

from onething.cli.terminal.listing import listing
from onething.cli.terminal.output import moment
from onething.cli.terminal.vocabulary import Vocabulary
from onething.cli.views import materials
from onething.domain.names import LOOKUP_RESULT_NAMES, MATERIAL_STATE_NAMES


def parts(case: Mapping[str, Any], vocabulary: Vocabulary) -> Iterator[RenderableType]:
    """As far as the reader is shown of it: answers, form, materials, records, what items gave."""
    answers, form = case.get("answers") or {}, case.get("form") or {}
    for title, given, told in (("情形", answers, vocabulary.answers), ("申请内容", form, vocabulary.values)):
        said = listing(title, "", "代码")
        for code, (label, value) in zip(given, told(given), strict=True):
            said.add_row(escape(label), escape(value), code)
        if said.row_count:
            yield from ("", said)
    sections: list[tuple[str, Iterable[tuple[str, str]]]] = []
    records = case.get("records") or ()
    sections += [(f"调取的{one['name']}", _record(one)) for one in records if "record" in one]
    sections.append(("查询的数据", lookups(one for one in records if "record" not in one)))
    sections += [
        (f"“{item['name']}”的结果", vocabulary.values(item["outputs"])) for item in case["items"] if item.get("outputs")
    ]
    for title, rows in sections:
        table = listing(title, "")
        for name, value in rows:
            table.add_row(escape(name), escape(value))
        if table.row_count:
            yield from ("", table)
    if came := case.get("materials"):
        yield from ("", materials.table(came))


def lookups(rows: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """How look-ups ended whose records are for others, or whether they are under way."""
    for one in rows:
        result = one.get("result")
        yield (
            one["name"],
            LOOKUP_RESULT_NAMES.get(result, result) if result else MATERIAL_STATE_NAMES.get(one["state"], one["state"]),
        )


def _record(record: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    if (result := record.get("result")) is not None:
        yield "查询结果", LOOKUP_RESULT_NAMES.get(result, result)
    labels = record.get("labels") or {}
    for name, value in record["record"].items():
        told = ("是" if value else "否") if isinstance(value, bool) else str(value)
        yield labels.get(name, name), told
    if record.get("as_of"):
        yield "数据截至", f"{moment(record['as_of'])}{_age(record.get('age_hours'))}"
    if record.get("by_hand"):
        yield "人工核查", f"{moment(record['fetched_at'])} 由部门人员登记：{record.get('note') or ''}"
    if record.get("kept"):
        yield "这是", f"{moment(record['fetched_at'])} 取得的记录，没有再问数据源"


def _age(hours: int | None) -> str:
    return f"（{hours // 24} 天前）" if hours is not None and hours >= 24 else ""
