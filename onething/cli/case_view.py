"""How a case looks in the terminal."""

from collections.abc import Iterable, Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table

from onething.cli import words
from onething.cli.output import moment


def overview(case: dict[str, Any], departments: Mapping[str, str]) -> RenderableType:
    """The head of a case and its items, as far as the reader may see them."""
    lines = [
        f"[bold]{escape(case['name'])}[/bold]  {case['case_no']}  {words.status(case['status'])}",
        (
            f"渠道 {words.CHANNELS.get(case['channel'], case['channel'])}  提交 {moment(case.get('submitted_at'))}"
            f"  受理 {moment(case.get('accepted_at'))}  承诺办结 {moment(case.get('due_at'))}"
            f"  办结 {moment(case.get('ended_at'))}"
        ),
    ]
    if case.get("applicant"):
        lines.append(f"申请人 {escape(case['applicant']['name'])}")
    missing = [material for material in case.get("materials") or () if material["state"] in ("missing", "asked")]
    if case.get("missing"):
        names = {material["code"]: material["name"] for material in case.get("materials") or ()}
        told = "、".join(f"{names.get(code, code)}（{code}）" for code in case["missing"])
        lines.append(f"[yellow]还缺材料：{escape(told)}[/yellow]")
    elif missing:
        lines.append(f"[yellow]还缺材料：{escape('、'.join(one['name'] for one in missing))}[/yellow]")
    if case.get("not_undone"):
        lines.append(f"[yellow]无法撤销：{escape('、'.join(case['not_undone']))}[/yellow]")
    return Group(*lines, items_table(case["items"], departments))


def standing(after: dict[str, Any]) -> RenderableType:
    """Where a case stands after a fact was recorded."""
    lines = [f"{after['case_no']}  {words.status(after['status'])}  承诺办结 {moment(after.get('due_at')) or '未起算'}"]
    if after.get("missing"):
        lines.append(f"[yellow]还缺材料：{'、'.join(after['missing'])}[/yellow]")
    return Group(*lines, states_table(after["items"]))


def states_table(items: Iterable[dict[str, Any]]) -> Table:
    """Items by name and state only: what the answer to a fact tells."""
    table = Table("事项", "状态", box=None, padding=(0, 2, 0, 0))
    for item in items:
        table.add_row(escape(item["name"]), words.state(item["state"]))
    return table


def items_table(items: Iterable[dict[str, Any]], departments: Mapping[str, str]) -> Table:
    table = Table("事项", "代码", "部门", "状态", "承诺期限", box=None, padding=(0, 2, 0, 0))
    for item in items:
        due = moment(item.get("due_at"))
        holder = departments.get(item["department"], item["department"])
        table.add_row(escape(item["name"]), item["code"], escape(holder), words.state(item["state"]), due)
    return table


def timeline_table(entries: Iterable[dict[str, Any]], departments: Mapping[str, str]) -> Table:
    table = Table("序号", "时间", "办理人", "经过", box=None, padding=(0, 2, 0, 0))
    for entry in entries:
        who = escape(words.who(entry, departments))
        table.add_row(str(entry["seq"]), moment(entry["at"]), who, escape(entry["text"]))
    return table


def documents_table(documents: Iterable[dict[str, Any]], departments: Mapping[str, str]) -> Table:
    table = Table("证照", "编号", "颁发部门", "颁发时间", "有效期至", box=None, padding=(0, 2, 0, 0))
    for one in documents:
        until = moment(one.get("valid_until")) or "长期"
        name = escape(one["name"]) + ("（已撤销）" if one.get("revoked_at") else "")
        issuer = departments.get(one["department"], one["department"])
        table.add_row(name, one["number"], escape(issuer), moment(one["issued_at"]), until)
    return table


def cases_table(rows: Iterable[dict[str, Any]]) -> Table:
    table = Table("办件编号", "一件事", "状态", "提交", "承诺办结", "办结", box=None, padding=(0, 2, 0, 0))
    for row in rows:
        times = (moment(row.get(name)) for name in ("submitted_at", "due_at", "ended_at"))
        table.add_row(row["case_no"], escape(row["name"]), words.status(row["status"]), *times)
    return table
