"""How a case looks in the terminal."""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from rich.console import Group, RenderableType
from rich.markup import escape

from onething.cli.terminal import labels
from onething.cli.terminal.listing import Listing, listing
from onething.cli.terminal.output import moment
from onething.cli.terminal.vocabulary import Vocabulary
from onething.domain.calendar.countdown import PauseBasis
from onething.domain.deadlines.wording import BASIS_NAMES

_MARKS: Mapping[str, str] = MappingProxyType(
    {"corrections_answered": "补正已回", "submitted_by_other": "他人代为提交", "possible_duplicate": "可能重复"}
)


def overview(case: dict[str, Any], vocabulary: Vocabulary) -> RenderableType:
    """The head of a case and its items, as far as the reader may see them."""
    moments = {"提交": "submitted_at", "受理": "accepted_at", "办结": "ended_at"}
    told = (f"  {what} {moment(case[name])}" for what, name in moments.items() if case.get(name))
    lines = [
        f"[bold]{escape(case['name'])}[/bold]  {case['case_no']}  {labels.status(case['status'])}",
        f"渠道 {labels.CHANNELS.get(case['channel'], case['channel'])}{_outlet(case)}{''.join(told)}",
    ]
    lines += [f"办理期限  {escape(one['text'])}" for one in case.get("deadlines") or ()]
    if case.get("applicant"):
        lines.append(f"申请人 {escape(case['applicant']['name'])}")
    if case.get("expires_at"):
        lines.append(f"[yellow]草稿到 {moment(case['expires_at'])} 没有人接着填，会自动删除[/yellow]")
    lines += [
        f"[yellow]{escape(line)}[/yellow]"
        for line in (
            *_names(case),
            *_notice(case, vocabulary),
            *_time(case),
            *_asked(case),
            *_inspections(case),
            *_reminders(case),
            *_concerns(case, vocabulary),
        )
    ]
    return Group(*lines, items_table(case["items"], vocabulary.departments))


def _outlet(case: Mapping[str, Any]) -> str:
    return f"（{escape(case['outlet']['name'])}收件）" if case.get("outlet") else ""


def _names(case: Mapping[str, Any]) -> Iterator[str]:
    """Which names the counter has to ask for again."""
    for one in case.get("names_to_ask") or ():
        yield f"{one['label']}里的 {'、'.join(one['characters'])} 各处显示可能不同，由窗口向本人再问一次、看证件原件"


def _notice(case: dict[str, Any], vocabulary: Vocabulary) -> Iterator[str]:
    """What the applicant was told to bring or change, or why the case was not accepted, while that is how it stands."""
    notices = case.get("notices") or ()
    waiting = {one["code"]: one["name"] for one in case["items"] if one["state"] == "correction"}
    last = {one["item"]: one["content"] for one in notices if one["kind"] == "item_corrections_asked"}
    for code, told in last.items():
        if code in waiting:
            named = "、".join(vocabulary.materials.get(one, one) for one in told["materials"])
            yield f"“{waiting[code]}”请补正 {named}：{told['what']}"
    if not notices or case["status"] not in ("correction", "rejected"):
        return
    content = notices[-1]["content"]
    for item in content.get("items") or ():
        material = item.get("material")
        what = vocabulary.materials.get(material, material) if material else vocabulary.place(item["pointer"])
        yield f"请补正 {what}：{item['what']}"
    if "reason" in content:
        yield f"不予受理的理由：{content['reason']}（依据：{content['basis']}）"


def _time(case: dict[str, Any]) -> Iterator[str]:
    """Why an item stands still, and why more time was taken, as the applicant was told."""
    notices = case.get("notices") or ()
    names = {one["code"]: one["name"] for one in case["items"]}
    standing = {one["code"] for one in case["items"] if one["state"] == "suspended"}
    last = {one["item"]: one["content"] for one in notices if one["kind"] == "clock_suspended"}
    for code, told in last.items():
        if code in standing:
            basis = BASIS_NAMES[PauseBasis(told["basis"])]
            yield f"“{names[code]}”已中止计时（{basis}，预计 {told['days']} 天）：{told['reason']}"
    for one in notices:
        if one["kind"] == "clock_extended":
            about = names.get(one.get("item"), case["name"])
            yield f"“{about}”的期限已延长 {one['content']['days']} 天：{one['content']['reason']}"


def _inspections(case: Mapping[str, Any]) -> Iterator[str]:
    """How those stand that departments make together, with what is to be mended."""
    for one in case.get("inspections") or ():
        found = "、".join(f"{part['name']}{part['text']}" for part in one["parts"])
        yield f"{one['name']}：{one['text']}" + (f"（{found}）" if found else "")
        yield from (f"  {point['id']}  {point['text']}" for point in one.get("points") or ())


def _asked(case: dict[str, Any]) -> Iterator[str]:
    """Look-ups that are slow have an owner and a clock."""
    for one in case.get("asked") or ():
        how = "等待回调" if one["calls_back"] else "正在查询"
        who, since = one["department_name"], moment(one["since"])
        if one.get("by_hand"):
            until = f"，最晚到{moment(one['by_hand_until'])}" if "by_hand_until" in one else "，已超过约定的时间"
            yield f"“{one['name']}”从{since}起还没有取得，{who}正在人工核查{until}；同时继续查询"
        elif one["then"] == "wait":
            told = f"没有其他办法代替；已告知主管部门和督办员，{moment(one['until'])}再次催问"
            yield f"“{one['name']}”从{since}起在等{who}，{told}"
        else:
            yield f"{how}“{one['name']}”：{who}，{since}起，最晚等到{moment(one['until'])}"


def _reminders(case: Mapping[str, Any]) -> Iterator[str]:
    """Urges and supervisions that wait for an answer: with whom, whether it was read, until when it is due."""
    names = {one["code"]: one["name"] for one in case["items"]}
    for one in case.get("reminders") or ():
        what = "催办" if one["kind"] == "urge" else "督办"
        about = f"“{names[one['item']]}”" if one.get("item") else "整个办件"
        due = f"，应在{moment(one['due_at'])}前答复" if one.get("due_at") else ""
        read = "；".join(
            f"{each['department_name']}{'已于' + moment(each['at']) + '阅读' if each.get('at') else '还没有阅读'}"
            for each in one.get("read_by") or ()
        )
        yield f"{what}{about}：{moment(one['since'])}已送达{due}" + (f"。{read}" if read else "")


def _concerns(case: dict[str, Any], vocabulary: Vocabulary) -> Iterator[str]:
    """What somebody has to see to, or has to know."""
    names = {one["code"]: one["name"] for one in case.get("materials") or ()}
    items = {one["code"]: one["name"] for one in case["items"]}
    missing = [
        material
        for material in case.get("materials") or ()
        if material["state"] in ("missing", "asked", "deferred", "for_issue", "owed")
    ]
    codes = case.get("missing") or [material["code"] for material in missing]
    if codes:
        yield "还缺材料：" + "、".join(f"{names.get(code, code)}（{code}）" for code in codes)
    for pointer in case.get("open_fields") or ():
        yield f"待补正：{_place(pointer, vocabulary)}"
    for one in case.get("changes") or ():
        flag = "" if one["asked"] else "（未经要求）"
        yield f"第 {one['seq']} 条修改{flag}{one['label']}：{one.get('before', '—')} → {one.get('after', '—')}"
    offered = [material for material in case.get("materials") or () if material.get("may_promise")]
    for one in offered:
        yield f"“{one['name']}”可以承诺代替：onething case supplement {case['case_no']} --promise {one['code']}"
    for item in case["items"]:
        if item["state"] == "refused" and item.get("opinion"):
            yield f"“{item['name']}”{item['outcome_name']}的理由：{item['opinion']}"
    stands = case.get("standing") or ()
    if stands:
        yield "已办成，继续有效：" + "、".join(items.get(code, code) for code in stands)


def discrepancies(case: dict[str, Any]) -> Iterator[str]:
    """What several sources say differently, each side with its place; what is not for the reader is left out."""
    for one in case.get("discrepancies") or ():
        right = f"，以 {one['which']} 为准：{one.get('note', '')}" if one["state"] == "resolved" else "，尚未核实"
        yield escape(f"“{one['name']}”各方不一致（{one['code']}），{one['department_name']}核实{right}")
        for side in one["values"]:
            told = f"（{moment(side['as_of'])}）" if side.get("as_of") else ""
            late = "，申请人已交材料后才到" if side.get("late") else ""
            yield escape(f"  {side['value']}　{side['label']}：{side.get('said', '（不显示）')}{told}{late}")


def _place(pointer: str, vocabulary: Vocabulary) -> str:
    """What it is called, and how it is typed."""
    label, code = vocabulary.place(pointer), pointer.rpartition("/")[2]
    return label if label == pointer else f"{label}（{code}）"


def standing(after: Mapping[str, Any], vocabulary: Vocabulary) -> RenderableType:
    """Where a case stands after a fact was recorded."""
    lines = [
        f"{after['case_no']}  {labels.status(after['status'])}",
        *(f"办理期限  {one['text']}" for one in after.get("deadlines") or ()),
    ]
    if after.get("open_fields"):
        places = "、".join(_place(pointer, vocabulary) for pointer in after["open_fields"])
        lines.append(f"[yellow]还有 {len(after['open_fields'])} 处待补正：{escape(places)}[/yellow]")
    if after.get("missing"):
        told = "、".join(f"{vocabulary.materials.get(code, code)}（{code}）" for code in after["missing"])
        lines.append(f"[yellow]还缺材料：{escape(told)}[/yellow]")
    return Group(*lines, states_table(after["items"]))


def whole_draft(draft: Mapping[str, Any], vocabulary: Vocabulary) -> RenderableType:
    """All that would be said in somebody's name, line by line."""
    shown = listing(show_header=False)
    applicant = draft["applicant"]
    paper = labels.PAPERS.get(applicant["id_type"], applicant["id_type"])
    shown.add_row("申请人", escape(f"{applicant['name']}　{paper} {applicant['id_number']}"))
    said = (*vocabulary.answers(draft.get("answers") or {}), *vocabulary.values(draft.get("form") or {}))
    for label, value in said:
        shown.add_row(escape(label), escape(value))
    for one in draft.get("materials") or ():
        shown.add_row("材料", escape(vocabulary.materials.get(one["code"], one["code"])))
    return shown


def states_table(items: Iterable[dict[str, Any]]) -> Listing:
    """Items by name and state only: what the answer to a fact tells."""
    table = listing("事项", "状态")
    for item in items:
        table.add_row(escape(item["name"]), labels.state(item["state"], item.get("outcome_name")))
    return table


def items_table(items: Iterable[dict[str, Any]], departments: Mapping[str, str]) -> Listing:
    table = listing("事项", "代码", "部门", "状态", "期限")
    for item in items:
        due = "；".join(one["text"] for one in item.get("deadlines") or ())
        state = labels.state(item["state"], item.get("outcome_name"))
        if item.get("at_system"):
            state = f"部门系统在办，最晚 {moment(item['at_system']['until'])} 转给人员"
        holder = departments.get(item["department"], item["department"])
        table.add_row(escape(item["name"]), item["code"], escape(holder), state, due)
    return table


def timeline_table(entries: Iterable[dict[str, Any]], departments: Mapping[str, str]) -> Listing:
    table = listing("序号", "时间", "办理人", "经过")
    for entry in entries:
        who = escape(labels.who(entry, departments))
        table.add_row(str(entry["seq"]), moment(entry["at"]), who, escape(entry["text"]))
    return table


def documents_table(documents: Iterable[dict[str, Any]], departments: Mapping[str, str]) -> Listing:
    table = listing("证照", "编号", "颁发部门", "颁发时间", "有效期至")
    for one in documents:
        if not one["genuine"]:
            table.add_row("[red]核验不通过，请联系管理员[/red]", one["number"], "", "", "")
            continue
        until = moment(one.get("valid_until")) or "长期"
        name = escape(one["name"]) + _standing(one)
        issuer = departments.get(one["department"], one["department"])
        table.add_row(name, one["number"], escape(issuer), moment(one["issued_at"]), until)
    return table


def _standing(document: Mapping[str, Any]) -> str:
    if replaced := document.get("replaced"):
        return f"（已作废，由 {document['replaced_by']} 替代）" if document.get("replaced_by") else replaced["text"]
    return "（已撤销）" if document.get("revoked_at") else ""


def _filled(row: Mapping[str, Any]) -> str:
    """How far a draft is."""
    draft = row.get("draft")
    if draft is None:
        return ""
    return f"填到“{escape(draft['at'])}”，" if draft.get("at") else "都已填好，"


def applying(row: Mapping[str, Any]) -> str:
    """The enterprise that it is about, and who applies."""
    names = [name for name in (row.get("enterprise_name"), row.get("applicant_name")) if name]
    return f"{names[0]}（{names[1]}）" if len(names) > 1 else "".join(names)


def _marks(row: Mapping[str, Any]) -> str:
    demands = f"{row['open_demands']} 处" if row.get("open_demands") else ""
    marks = (word for name, word in _MARKS.items() if row.get(name))
    return " ".join(filter(None, (demands, *marks)))


def cases_table(rows: Iterable[dict[str, Any]]) -> Listing:
    rows = list(rows)
    held = any("holders" in row for row in rows)  # told to supervisors
    titles = ("办件编号", "申请人/企业", "一件事", "状态", "待补正/标记", "提交", "到期（工作日）", "办结")
    table = listing(*titles, *(("现在由谁办",) if held else ()))
    for row in rows:
        demands = _marks(row)
        if row.get("expires_at"):
            demands = f"{_filled(row)}[yellow]{moment(row['expires_at'])[:10]} 自动删除[/yellow]"
        due = f"承诺 {moment(row['due_at'])}" if row.get("due_at") and not row.get("ended_at") else ""
        of = (escape(applying(row)), escape(row["name"]), labels.status(row["status"]))
        cells = (row["case_no"], *of, demands, moment(row.get("submitted_at")), due, moment(row.get("ended_at")))
        table.add_row(*cells, *((_held(row),) if held else ()))
    return table


def _held(row: Mapping[str, Any]) -> str:
    return "\n".join(
        f"{escape(one['department_name'])}：{escape(one['item_name'])}，{moment(one['since'])}起"
        + ("[red]，已过部门的期限[/red]" if one["overdue"] else "")
        for one in row.get("holders", ())
    )
