"""What may be done next, as commands to be copied; and what can't be, with the reason."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NotRequired, TypedDict

from rich.markup import escape

from onething.cli.terminal.labels import ACTS

Commands = Mapping[str, str]
"""Which of several ways of saying it → the command; one without a name where there is only one."""


class Action(TypedDict):
    """As the API tells of it."""

    act: str
    allowed: bool
    why: NotRequired[str]
    remedy: NotRequired[str]


def _papers(case: Mapping[str, Any]) -> str:
    waiting = [one["code"] for one in case.get("materials") or () if one["state"] == "to_hand_in"]
    return " ".join(waiting) or "材料代码"


def _acceptance(case: Mapping[str, Any]) -> str:
    """A change that nobody asked for has to be named, what is missing may be let wait."""
    unasked = [one["seq"] for one in case.get("changes") or () if not one["asked"]]
    later = "".join(f" --defer {code}" for code in case.get("missing") or ())
    return later + (f" --seen {max(unasked)}" if unasked else "")


def _missing(case: Mapping[str, Any]) -> str:
    fields = [pointer for pointer in case.get("open_fields") or () if pointer.startswith("/form/")]
    told = [f" --field {pointer.removeprefix('/form/')}=值" for pointer in fields]
    waiting = {one["code"] for one in case.get("materials") or () if one["state"] == "to_hand_in"}
    told += [f" --paper {code}" for code in case.get("missing") or () if code not in waiting]
    return "".join(told) or " --paper 材料代码"


def _looked_up(case: Mapping[str, Any]) -> str:
    return next((str(one["key"]) for one in case.get("asked") or ()), "数据代码")


_UNDER_CHECK = frozenset({"committed_checking", "committed_rectifying", "committed_rechecking"})


def _promised(case: Mapping[str, Any]) -> str:
    checking = (one["code"] for one in case.get("materials") or () if one["state"] in _UNDER_CHECK)
    return str(next(checking, "材料代码"))


def _granted(case: Mapping[str, Any]) -> str:
    return next((str(one["code"]) for one in case["items"] if one["state"] == "approved"), "事项代码")


def _running(case: Mapping[str, Any]) -> str:
    return next((str(one["code"]) for one in case.get("periods") or () if one["state"] == "running"), "期间代码")


def _inspected(case: Mapping[str, Any]) -> str:
    return next((str(one["code"]) for one in case.get("inspections") or () if one["state"] != "closed"), "查验代码")


def _set_aside(case: Mapping[str, Any]) -> str:
    ended = {"refused", "neutral", "lapsed", "undone"}
    return next((str(one["code"]) for one in case["items"] if one["state"] in ended), "事项代码")


ON_CASES: Mapping[str, Callable[[Mapping[str, Any]], Commands]] = {
    "edit_draft": lambda case: {"": f"case submit 文件 --into {_no(case)} --draft"},
    "delete_draft": lambda case: {"": f"case discard {_no(case)}"},
    "submit": lambda case: {"": f"case submit --into {_no(case)}"},
    "ask_precheck": lambda case: {"": f"precheck ask {_no(case)}"},
    "reissue_code": lambda case: {"": f"case query-code {_no(case)}"},
    "upload_material": lambda case: {"": f"material upload {_no(case)} 材料代码 文件"},
    "receive_paper": lambda case: {"": f"case receive {_no(case)} {_papers(case)}"},
    "supplement": lambda case: {"": f"case supplement {_no(case)}{_missing(case)}"},
    "withdraw": lambda case: {"": f"case withdraw {_no(case)}"},
    "rate": lambda case: {"": f"rating give {_no(case)} 5"},
    "take_in": lambda case: {"": f"case take-in {_no(case)}"},
    "accept": lambda case: {"": f"case accept {_no(case)}{_acceptance(case)}"},
    "reject": lambda case: {"": f"case reject {_no(case)} --reason 理由 --basis 依据"},
    "ask_corrections": lambda case: {"": f"case correct {_no(case)} --material 材料代码=问题 --field 字段=问题"},
    "retry_look_up": lambda case: {"": f"case retry {_no(case)} {_looked_up(case)}"},
    "check_commitment": lambda case: _checks(_no(case), _promised(case)),
    "ask_review": lambda case: {"": f"case review {_no(case)} {_granted(case)} --reason 理由"},
    "offer_days": lambda case: {
        "": f"case inspection-days {_no(case)} {_inspected(case)} --on 日期 --on 日期 --on 日期"
    },
    "choose_day": lambda case: {
        "选一个": f"case inspection-choose {_no(case)} {_inspected(case)} --on 日期",
        "都不合适": f"case inspection-choose {_no(case)} {_inspected(case)} --none",
    },
    "set_day": lambda case: {"": f"case inspection-day {_no(case)} {_inspected(case)} --on 日期"},
    "record_part": lambda case: {"": f"case inspection-record {_no(case)} 事项代码 --officers 2 --point 问题"},
    "close_inspection": lambda case: {"": f"case inspection-list {_no(case)} {_inspected(case)}"},
    "report_rectified": lambda case: {"": f"case inspection-rectified {_no(case)} {_inspected(case)} --what 情况"},
    "record_period": lambda case: {"": f"case period {_no(case)} {_running(case)} --what 情况"},
    "reissue_certificate": lambda case: {
        "更正": f"case reissue {_no(case)} {_granted(case)} --why typing_error -o 字段=值 --reason 说明",
        "补发": f"case reissue {_no(case)} {_granted(case)} --why lost --reason 说明",
    },
    "reopen_case": lambda case: {"": f"case reopen {_no(case)} --item {_set_aside(case)} --basis 文号 --reason 理由"},
    "choose_delivery": lambda case: {
        "改为窗口领取": f"case delivery {_no(case)} counter",
        "改为邮寄": f"case delivery {_no(case)} post --address 收件地址",
    },
    "record_delivery": lambda case: {
        "当面送交": f"case deliver {_no(case)} 文书编号 --by counter --outcome handed_over",
        "电话告知": f"case deliver {_no(case)} 文书编号 --by call --outcome answered",
        "已交邮寄": f"case deliver {_no(case)} 文书编号 --by post --outcome sent --tracking 邮件编号",
    },
    "extend_case": lambda case: {"": f"case extend {_no(case)} --days 5 --reason 理由"},
    "urge": lambda case: {"": f"case urge {_no(case)}"},
    "answer_urge": lambda case: {"": f"case answer-urge {_no(case)} --text 答复"},
    "supervise": lambda case: {"": f"supervision supervise {_no(case)} --text 要求"},
    "answer_supervision": lambda case: {"": f"supervision answer {_no(case)} --text 答复"},
    "contact_after_rating": lambda case: {"": f"rating contact {_no(case)} --text 情况"},
    "rectify_after_rating": lambda case: {"": f"rating rectify {_no(case)} --text 情况"},
}
"""Act → the commands that say it. What only the person knows is a word to be written over."""


def _no(view: Mapping[str, Any]) -> str:
    return str(view["case_no"])


def _checks(case_no: str, material: str) -> Commands:
    said = f"case check {case_no} {material}"
    return {"属实": f"{said} --kept --finding 核查情况", "不实": f"{said} --broken --finding 核查情况"}


def _decisions(task: Mapping[str, Any]) -> Commands:
    if task["kind"] == "undo":
        return {"已人工撤销": f"task decide {_id(task)} undone"}
    fields = (one["id"] for one in task.get("decision_form") or () if one.get("required", True))
    outputs = "".join(f" -o {field}=值" for field in fields)
    seen = "".join(f" --seen {code}={version}" for code, version in (task.get("decides_on") or {}).items())
    said = f"task decide {_id(task)}"
    differing = [one for one in task["case"].get("discrepancies") or () if one["state"] == "open"]
    of_this = [one["code"] for one in differing if task["item"] in one["items"]]
    known = f"{''.join(f' --despite {code}' for code in of_this)} --opinion 理由" if of_this else ""
    held = "".join(f" --{{0}} {one['id']}" for one in task.get("conditions") or ())
    commands = {}
    for one in task.get("outcomes") or ():
        if one["effect"] == "well":
            name = f"数据不一致仍{one['name']}" if of_this else one["name"]
            commands[name] = f"{said} {one['code']}{outputs}{known}{held.format('met')}{seen}"
        else:
            why = " --opinion 理由" if one["effect"] == "refused" else ""
            unmet = held.format("unmet") if one["effect"] == "refused" else ""
            commands[one["name"]] = f"{said} {one['code']}{why}{unmet}{seen}"
    return commands


def _revocations(task: Mapping[str, Any]) -> Commands:
    said = f"task revoke {_id(task)}"
    return {"撤销": f"{said} --revoke --opinion 理由", "维持": f"{said} --uphold --opinion 理由"}


def _sides(task: Mapping[str, Any]) -> str:
    for one in task["case"].get("discrepancies") or ():
        if one["code"] == task.get("comparison"):
            return next((str(side["value"]) for side in one["values"]), "哪一方")
    return "哪一方"


def _records(task: Mapping[str, Any]) -> Commands:
    fields = (task.get("look_up") or {}).get("fields") or ()
    values = "".join(f" -r {one['id']}=值" for one in fields if one["required"]) or " -r 字段=值"
    said = f"task look-up {_id(task)}"
    return {"查到的": f"{said}{values} --note 依据", "查无此记录": f"{said} --not-found --note 依据"}


def _opinions(task: Mapping[str, Any]) -> Commands:
    said = f"task answer {_id(task)}"
    if any(one["mode"] == "countersign" for one in task.get("consults") or ()):
        return {"同意": f"{said} --agree --opinion 意见", "不同意": f"{said} --disagree --opinion 意见"}
    return {"": f"{said} --opinion 意见"}


def _conclusions(task: Mapping[str, Any]) -> Commands:
    said = f"task conclude {_id(task)}"
    return {"通过": f"{said} --passed --conclusion 所见", "未通过": f"{said} --failed --conclusion 所见"}


def _material(task: Mapping[str, Any]) -> str:
    return str(next(iter(task.get("decides_on") or ()), "材料代码"))


ON_TASKS: Mapping[str, Callable[[Mapping[str, Any]], Commands]] = {
    "claim": lambda task: {"": f"task claim {_id(task)}"},
    "release": lambda task: {"": f"task release {_id(task)}"},
    "transfer": lambda task: {"": f"task transfer {_id(task)} 账户"},
    "decide": _decisions,
    "send_back": lambda task: {"": f"task return {_id(task)} 事项 --reason 理由"},
    "ask_item_corrections": lambda task: {"": f"task correct {_id(task)} --material {_material(task)} --what 问题"},
    "take_back_demand": lambda task: {"": f"task uncorrect {_id(task)} --reason 理由"},
    "decide_revocation": _revocations,
    "resolve_discrepancy": lambda task: {"": f"task resolve {_id(task)} {_sides(task)} --note 依据"},
    "look_by_hand": _records,
    "consult": lambda task: {"": f"task consult {_id(task)} --department 部门 --question 问题"},
    "take_back_consult": lambda task: {"": f"task unconsult {_id(task)} --reason 理由"},
    "give_opinion": _opinions,
    "appoint_inspection": lambda task: {"": f"task inspect {_id(task)} --on 日期"},
    "move_inspection": lambda task: {"": f"task reinspect {_id(task)} --on 日期"},
    "conclude_inspection": _conclusions,
    "suspend": lambda task: {"": f"task suspend {_id(task)} --basis 依据 --days 5 --reason 理由"},
    "resume": lambda task: {"": f"task resume {_id(task)}"},
    "extend_item": lambda task: {"": f"task extend {_id(task)} --days 5 --reason 理由"},
}
"""The same of a task."""

_IN_HAND = ("open", "suspended", "correction")
_ON_ITEMS = ("ask_item_corrections", "suspend", "resume")
"""Acts on tasks of which a supervisor, who looks at none, is told with the case."""


def _id(task: Mapping[str, Any]) -> str:
    return str(task["task_id"])


def of_case(case: Mapping[str, Any], who: str = "", *, everything: bool = False) -> Iterator[str]:
    """Of a case as the API shows it. `who`: the options that say as whom; `everything`: with what can't be done."""
    return _lines(case, ON_CASES, who, everything=everything)


def _first_task(case: Mapping[str, Any]) -> str:
    """Of the first item that its department has in hand."""
    in_hand = (f"{_no(case)}-{one['code']}-{one['round']}" for one in case["items"] if one["state"] in _IN_HAND)
    return next(in_hand, "待办编号")


def of_task(task: Mapping[str, Any], who: str = "", *, everything: bool = False) -> Iterator[str]:
    """The same of a task. To check a promise is an act on its case."""
    if task["kind"] == "check" and task["state"] == "open":
        yield "现在可以："
        yield from _told("check_commitment", _checks(_no(task), task["material"]), who)
    else:
        yield from _lines(task, ON_TASKS, who, everything=everything)


def _lines(
    view: Mapping[str, Any], known: Mapping[str, Callable[[Mapping[str, Any]], Commands]], who: str, *, everything: bool
) -> Iterator[str]:
    actions: Sequence[Action] = view["available_actions"]
    allowed = [one["act"] for one in actions if one["allowed"]]
    yield "现在可以：" if allowed else "现在没有您能做的。"
    for act in allowed:
        yield from _told(act, known[act](view) if act in known else {}, who)
    if everything:
        yield from _reasons(actions)
    elif len(allowed) < len(actions):
        yield "[dim]还有哪些现在不能、为什么：加 --all[/dim]"


def _told(act: str, commands: Commands, who: str) -> Iterator[str]:
    """A server that is newer than the terminal may know of more."""
    if not commands:
        yield escape(f"  {_name(act)}（这一版命令行还没有，见接口说明）")
    for which, command in commands.items():
        yield escape(f"  {_name(act)}{f'（{which}）' if which else ''}：onething {command}{who}")


def _reasons(actions: Sequence[Action]) -> Iterator[str]:
    """Acts of the same reason together."""
    reasons: dict[str, list[str]] = {}
    for one in actions:
        if not one["allowed"]:
            reasons.setdefault(one["why"] + one.get("remedy", ""), []).append(_name(one["act"]))
    for reason, names in reasons.items():
        told = f"不能{'、'.join(names)}：{reason}"
        yield f"[dim]{escape(told)}[/dim]"


def _name(act: str) -> str:
    return ACTS.get(act, act)
