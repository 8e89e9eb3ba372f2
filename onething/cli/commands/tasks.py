"""`task`: a department's queue, and its decisions."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer
from rich.markup import escape

from onething.cli.client import session
from onething.cli.client.command_words import who
from onething.cli.terminal.failures import CommandFailed, ExitCode
from onething.cli.terminal.labels import PAPERS_HELP, RESULTS, TASK_FLAGS
from onething.cli.terminal.listing import listing
from onething.cli.terminal.output import console, moment, say_more
from onething.cli.terminal.values import typed, types_of, versioned
from onething.cli.views import case, deadlines
from onething.cli.views import task as views_task

app = typer.Typer(
    no_args_is_help=True,
    help="待办：部门的工作队列，认领、放回、作出决定，退回前一事项，核实和人工核查数据，撤销，要求补正，中止、恢复、延长计时，征求意见，联合踏勘。",
)

_VIEWS: Mapping[str, Mapping[str, str]] = {
    "mine": {"holder": "mine"},
    "today": {"due": "today"},
    "week": {"due": "week"},
    "unclaimed": {"holder": "unclaimed"},
    "urged": {"flags": "urged"},
    "suspended": {"flags": "suspended"},
    "overdue": {"due": "overdue"},
    "done": {"state": "closed", "holder": "mine"},
}
"""What each says to the API."""

ReasonOption = Annotated[str, typer.Option("--reason", help="理由，会告知申请人。", show_default=False)]
TaskIdArgument = Annotated[str, typer.Argument(metavar="待办编号", help="onething task list 列出的编号。")]


ViewOption = Annotated[
    str | None,
    typer.Option(
        "--view", metavar="|".join(_VIEWS), help="我的、今天到期、本周到期、未认领、被催办、已中止、已超期、我办过的。"
    ),
]
BundleOption = Annotated[str | None, typer.Option("--bundle", help="只看这个一件事的，如 enterprise-opening。")]
OneItemOption = Annotated[
    str | None, typer.Option("--item", help="只看这个事项的，如 registration；须同时写 --bundle。")
]
DueOption = Annotated[
    str | None, typer.Option("--due", metavar="overdue|today|week", help="已超期、今天或本周到期的。")
]
FlagOption = Annotated[
    list[str] | None, typer.Option("--flag", metavar="|".join(TASK_FLAGS), help="带有这种标记的，可多次。")
]


@app.command("list")
def list_tasks(
    url: session.Url = None,
    account: session.As = None,
    view: ViewOption = None,
    bundle: BundleOption = None,
    item: OneItemOption = None,
    due: DueOption = None,
    flag: FlagOption = None,
    closed: Annotated[bool, typer.Option("--closed", help="看已办的，而不是待办的。")] = False,
    at_systems: Annotated[
        bool, typer.Option("--at-systems", help="看本部门业务系统在办的，先到期转给人员的在前。")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, max=200, help="至多几件。")] = 20,
) -> None:
    """本部门的待办，到期早的在前；各种条件可以同时用。

    \b
    例：
      onething task list --as officer.amr
      onething task list --view unclaimed --due today --as officer.amr
      onething task list --bundle enterprise-opening --item registration --flag urged --as officer.amr
      onething task list --at-systems --as officer.amr
    """
    if at_systems:
        _list_at_systems(url, account, limit)
        return
    wanted = chosen(view, due, flag or [], closed=closed)
    with session.connect(url, account) as client:
        page = client.get("/api/tasks", **wanted, bundle=bundle, item=item, limit=limit)
    print_queue(page, limit, closed=wanted["state"] == "closed")


def print_queue(page: Mapping[str, Any], limit: int, *, closed: bool) -> None:
    """A page with its counts."""
    console().print(views_task.queue(page["items"], closed=closed) if page["items"] else "没有这样的待办。")
    console().print(views_task.counts(page), markup=False)
    say_more(page, limit)


def chosen(view: str | None, due: str | None, flags: list[str], *, closed: bool) -> dict[str, str]:
    """What the view and the options say together."""
    if view is not None and view not in _VIEWS:
        raise CommandFailed(f"--view 只能是 {'、'.join(_VIEWS)} 之一。", ExitCode.USAGE)
    said = dict(_VIEWS[view] if view else {})
    if due and said.get("due", due) != due:
        raise CommandFailed(f"--view {view} 已经定了到期时间，不能再写 --due {due}。", ExitCode.USAGE)
    marked = [*filter(None, [said.pop("flags", "")]), *flags]
    said |= {"due": due} if due else {}
    said |= {"flags": ",".join(dict.fromkeys(marked))} if marked else {}
    return {"state": "closed" if closed else "open"} | said


def _list_at_systems(url: session.Url, account: session.As, limit: int) -> None:
    with session.connect(url, account) as client:
        page = client.get("/api/tasks/at-systems", limit=limit)
    if not page["items"]:
        console().print("本部门业务系统没有在办的事项。")
        return
    table = listing("办件编号", "一件事", "事项", "派给系统", "最晚转给人员", "承诺期限")
    for one in page["items"]:
        times = (moment(one.get(name)) for name in ("since", "until", "due_at"))
        table.add_row(one["case_no"], escape(one["name"]), escape(one["item_name"]), *times)
    console().print(table)


@app.command()
def search(
    name: Annotated[str | None, typer.Option("--name", help="申请人的姓名，须完整。")] = None,
    enterprise: Annotated[str | None, typer.Option("--enterprise", help="企业的名称，须完整。")] = None,
    number: Annotated[str | None, typer.Option("--number", help="申请人的证件号码或统一社会信用代码。")] = None,
    id_type: Annotated[str, typer.Option("--id-type", help=PAPERS_HELP)] = "resident_id",
    case_no: Annotated[str | None, typer.Option("--case", help="办件编号。")] = None,
    reason: Annotated[str | None, typer.Option("--reason", help="为什么查，找人时必填，记入访问日志。")] = None,
    view: ViewOption = None,
    closed: Annotated[bool, typer.Option("--closed", help="在已办的里找。")] = False,
    limit: Annotated[int, typer.Option(min=1, max=200, help="至多几件。")] = 20,
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """在本部门的待办里查找：按申请人、企业、号码或办件，写其中一项；每次查找都记入访问日志。

    \b
    例：
      onething task search --name 张三 --reason 申请人到部门询问 --as officer.amr
      onething task search --enterprise 示例投资有限公司 --as officer.amr
      onething task search --number 91330106MA2HYR5L3J --id-type uscc --reason 企业来电 --as officer.amr
    """
    by = {"applicant_name": name, "enterprise_name": enterprise, "id_number": number, "case_no": case_no}
    body: dict[str, Any] = {part: value for part, value in (by | {"reason": reason}).items() if value}
    if number:
        body["id_type"] = id_type
    narrowed = as_filter(chosen(view, None, [], closed=closed))
    with session.connect(url, account) as client:
        page = client.post("/api/tasks/search", body | {"filter": narrowed}, limit=str(limit))
    print_queue(page, limit, closed=narrowed["state"] == "closed")


def as_filter(query: Mapping[str, str | None]) -> Mapping[str, Any]:
    """What a query says, as bodies have it."""
    said: dict[str, Any] = {part: value for part, value in query.items() if value}
    return said | ({"flags": said["flags"].split(",")} if "flags" in said else {})


@app.command()
def note(
    task_id: TaskIdArgument,
    text: Annotated[str | None, typer.Option("--text", help="写下的备注，代替原来的；不写就只看。")] = None,
    place: Annotated[
        str | None, typer.Option("--at", help="标注在哪里：form/字段 或 material/材料；不写就是整个事项的备注。")
    ] = None,
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """看或写内部备注和标注：只有本部门人员看得到，决定以后也留着，不进文书和办理经过。

    \b
    例：
      onething task note 待办编号 --as officer.amr
      onething task note 待办编号 --text 已电话核实住所 --as officer.amr
      onething task note 待办编号 --at material/articles --text 第三页待补签 --as officer.amr
    """
    path = f"/api/tasks/{task_id}/note"
    with session.connect(url, account) as client:
        stored = client.get(path)
        if text is not None:
            there = stored if place is None else _pinned(stored, place)
            where = {} if place is None else {"place": place}
            client.put(path, {**where, "text": text, "version": there["version"]})
            stored = client.get(path)
    said = [stored] if stored["text"] else []
    said += [one for one in stored.get("pins", ()) if one["text"]]
    for one in said if place is None else [one for one in said if one.get("place") == place]:
        at = f"（{one['place']}）" if one.get("place") else ""
        console().print(f"{one['by']}，{moment(one['at'])}{at}：\n{one['text']}", markup=False)
    if not said:
        console().print("还没有备注。")


def _pinned(stored: Mapping[str, Any], place: str) -> Mapping[str, Any]:
    return next((one for one in stored.get("pins", ()) if one["place"] == place), {"version": 0})


@app.command()
def show(
    task_id: TaskIdArgument,
    url: session.Url = None,
    account: session.As = None,
    everything: Annotated[bool, typer.Option("--all", help="也列出现在不能做的，和为什么。")] = False,
) -> None:
    """看一件待办：申请内容（只含本部门所需）、材料、要填写的决定表单；最后是现在能用的命令。

    \b
    例：
      onething task show 待办编号 --as officer.amr
      onething task show 待办编号 --all --as officer.amr
    """
    with session.connect(url, account) as client:
        task = client.get(f"/api/tasks/{task_id}")
        vocabulary = client.vocabulary(task["bundle"])
    console().print(views_task.details(task, vocabulary, who(url, account), everything=everything))


@app.command()
def claim(task_id: TaskIdArgument, url: session.Url = None, account: session.As = None) -> None:
    """认领一件待办，别人就不能再办。

    \b
    例：
      onething task claim 待办编号 --as officer.amr
    """
    with session.connect(url, account) as client:
        client.post(f"/api/tasks/{task_id}/claim")
    console().print(f"已认领 {task_id}。接下来：onething task show {task_id}", markup=False)


@app.command()
def release(task_id: TaskIdArgument, url: session.Url = None, account: session.As = None) -> None:
    """放回一件认领的待办。

    \b
    例：
      onething task release 待办编号 --as officer.amr
    """
    with session.connect(url, account) as client:
        client.post(f"/api/tasks/{task_id}/release")
    console().print(f"已放回 {task_id}。", markup=False)


@app.command()
def transfer(
    task_id: TaskIdArgument,
    to: Annotated[str, typer.Argument(metavar="账户", help="本部门经办人或负责人的账户。")],
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """把认领的待办转交本部门其他人员；部门负责人可以转交任何一件。

    \b
    例：
      onething task transfer 待办编号 officer.amr --as leader.amr
    """
    with session.connect(url, account) as client:
        client.post(f"/api/tasks/{task_id}/transfer", {"to": to})
    console().print(f"已转交 {to}。", markup=False)


@app.command()
def decide(
    task_id: TaskIdArgument,
    outcome: Annotated[
        str,
        typer.Argument(metavar="结果", help="task show 列出的结果之一，如 approve、refuse；已人工撤销的写 undone。"),
    ],
    output: Annotated[
        list[str] | None, typer.Option("--output", "-o", metavar="字段=值", help="决定表单的一个字段，可多次。")
    ] = None,
    opinion: Annotated[str | None, typer.Option("--opinion", help="意见；没有办成的必填。")] = None,
    despite: Annotated[
        list[str] | None, typer.Option("--despite", metavar="比对项", help="数据不一致仍办成的，写明是哪一项，可多次。")
    ] = None,
    met: Annotated[list[str] | None, typer.Option("--met", metavar="条件", help="符合的条件，可多次。")] = None,
    unmet: Annotated[list[str] | None, typer.Option("--unmet", metavar="条件", help="不符合的条件，可多次。")] = None,
    seen: Annotated[
        list[str] | None,
        typer.Option("--seen", metavar="材料=版本", help="决定依据的是材料的第几版，task show 列出；可多次。"),
    ] = None,
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """作出决定；别人先决定了的，显示已有的决定。

    \b
    例：
      onething task decide 待办编号 approve -o uscc=91330106MA2HYR5L3J -o established_on=2026-11-21 --as officer.amr
      onething task decide 待办编号 refuse --opinion 车辆技术等级不符合要求 --seen articles=1 --as officer.transport
    """
    body: dict[str, Any] = {"outcome": outcome}
    if met or unmet:
        body["conditions"] = dict.fromkeys(met or (), True) | dict.fromkeys(unmet or (), False)
    if opinion:
        body["opinion"] = opinion
    if despite:
        body["despite"] = despite
    if seen:
        body["seen"] = dict(versioned(text, "--seen") for text in seen)
    with session.connect(url, account) as client:
        if output:
            fields = types_of(client.get(f"/api/tasks/{task_id}")["decision_form"])
            body["outputs"] = dict(typed(text, fields, "--output") for text in output)
        decided = client.post(f"/api/tasks/{task_id}/decide", body)
    console().print(
        f"{decided.get('outcome_name') or RESULTS[outcome]}，已记录（第 {decided['seq']} 条）。", markup=False
    )
    console().print(case.states_table(decided["items"]))


@app.command("return")
def send_back(
    task_id: TaskIdArgument,
    to: Annotated[str, typer.Argument(metavar="事项", help="退回哪一个前一事项，如 registration。")],
    reason: Annotated[str, typer.Option("--reason", help="理由，告知其部门。", show_default=False)],
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """退回前一事项：本事项直接需要、已经准予的那一个，由其部门重新办理；需要它的事项都等待。

    逐级退回：另有事项已依据它作出决定的，不能退回。事项不在本部门的时间不计入它的期限，办件的总期限照常。

    \b
    例：
      onething task return 待办编号 registration --reason 经营范围与章程不一致 --as officer.psb
    """
    with session.connect(url, account) as client:
        after = client.post(f"/api/tasks/{task_id}/return", {"to": to, "reason": reason})
    console().print(f"已退回（第 {after['seq']} 条）。重新作出决定后，本事项会有新的待办。", markup=False)
    console().print(case.states_table(after["items"]))


@app.command()
def resolve(
    task_id: TaskIdArgument,
    which: Annotated[
        str, typer.Argument(metavar="哪一方", help="数据正确的一方，如 data.address-check.standard_address。")
    ],
    note: Annotated[str, typer.Option("--note", help="怎样核实的，依据什么。", show_default=False)],
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """核实数据（数据主管部门）：各方数据不一致的，登记哪一方正确；有关事项随即可以准予。

    \b
    例：
      onething task resolve 待办编号 form.address --note 登记簿已更正 --as officer.natres
    """
    with session.connect(url, account) as client:
        after = client.post(f"/api/tasks/{task_id}/resolve", {"which": which, "note": note})
    console().print(f"已登记（第 {after['seq']} 条）。", markup=False)


@app.command()
def correct(
    task_id: TaskIdArgument,
    material: Annotated[
        list[str],
        typer.Option("--material", "-m", metavar="材料", help="要补正的材料代码，可多次。", show_default=False),
    ],
    what: Annotated[str, typer.Option("--what", help="哪里要补正，会告知申请人。", show_default=False)],
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """受理后要求补正：承诺期限等待补正，法定期限照常计算，书面告知申请人。

    要求的材料补齐后自动恢复办理：onething case supplement。应当一次告知：第一次没有列出的材料，由督办员要求。

    \b
    例：
      onething task correct 待办编号 -m articles --what 缺少全体股东签名 --as officer.amr
      onething task correct 待办编号 -m premises-lease --what 租期已满，受理时漏告 --as supervisor
    """
    with session.connect(url, account) as client:
        after = client.post(f"/api/tasks/{task_id}/correction", {"materials": material, "what": what})
    console().print(f"已要求补正（第 {after['seq']} 条）。{deadlines.stands(after)}", markup=False)


@app.command("uncorrect")
def take_back_demand(
    task_id: TaskIdArgument, reason: ReasonOption, url: session.Url = None, account: session.As = None
) -> None:
    """撤回补正要求：不再等申请人补正，按现有材料继续办理，书面告知申请人。

    补正期限届满，系统会自动转为按现有材料办理，不必撤回。

    \b
    例：
      onething task uncorrect 待办编号 --reason 已从登记簿查得 --as officer.amr
    """
    with session.connect(url, account) as client:
        after = client.post(f"/api/tasks/{task_id}/correction/withdraw", {"reason": reason})
    console().print(f"已撤回（第 {after['seq']} 条）。{deadlines.stands(after)}", markup=False)
