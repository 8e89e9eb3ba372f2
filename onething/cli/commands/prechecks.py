"""`precheck`: have a clerk look at a draft before one travels; and the counter's answer."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import typer
from rich.markup import escape

from onething.cli.client import session
from onething.cli.commands.intake import CaseNoArgument
from onething.cli.terminal.listing import listing
from onething.cli.terminal.output import console, moment
from onething.cli.terminal.values import pair

app = typer.Typer(no_args_is_help=True, help="来前请窗口看一眼：不是收件，只告诉您带什么、哪天去哪里。")

_VERDICTS = {"fine": "可以", "replace": "换一张", "missing": "还缺"}


@app.command()
def ask(
    case_no: CaseNoArgument,
    outlet: Annotated[str | None, typer.Option(help="想去的网点，见 outlet list。", show_default=False)] = None,
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """请窗口看一眼草稿，看过再跑：材料先拍照上传。

    \b
    例：
      onething precheck ask 办件编号 --as citizen
    """
    with session.connect(url, account) as client:
        told = client.post(f"/api/cases/{case_no}/precheck", {"outlet": outlet} if outlet else None)
    console().print(f"已请窗口看，{moment(told['promised_at'])} 前答复。{told['effect']}", markup=False)
    console().print(f"  onething precheck show {case_no}", markup=False)


@app.command()
def show(case_no: CaseNoArgument, url: session.Url = None, account: session.As = None) -> None:
    """窗口的答复：带什么、哪天、去哪里，和到窗口出示的凭证码。

    \b
    例：
      onething precheck show 办件编号 --as citizen
    """
    with session.connect(url, account) as client:
        told = client.get(f"/api/cases/{case_no}/precheck")
    if told["state"] == "open":
        late = "已过承诺的时间，仍在等" if told["late"] else "前答复"
        console().print(f"等窗口答复：{moment(told['promised_at'])} {late}。{told['effect']}", markup=False)
        return
    console().print(f"您来一趟就够，带这 {len(told['bring'])} 样：", markup=False)
    for one in told["bring"]:
        console().print(f"  {one['name']}{_verdict(one)}", markup=False)
    for line in _answered(told["answer"]):
        console().print(line, markup=False)
    console().print(f"到窗口出示：编号 {case_no}，凭证码 {told['code']}", markup=False)


@app.command("cancel")
def take_back(case_no: CaseNoArgument, url: session.Url = None, account: session.As = None) -> None:
    """不用看了：窗口此后看不到这份草稿。

    \b
    例：
      onething precheck cancel 办件编号 --as citizen
    """
    with session.connect(url, account) as client:
        client.delete(f"/api/cases/{case_no}/precheck")
    console().print("已取消。")


@app.command("list")
def list_prechecks(url: session.Url = None, account: session.As = None) -> None:
    """等窗口看的草稿（综合窗口），等得最久的在前。

    \b
    例：
      onething precheck list --as counter
    """
    table = listing("编号", "一件事", "网点", "请求", "答复期限")
    with session.connect(url, account) as client:
        for one in client.pages("/api/prechecks"):
            due = f"[red]{moment(one['promised_at'])} 已过[/red]" if one["late"] else moment(one["promised_at"])
            outlet = escape(one["outlet"]["name"]) if one.get("outlet") else ""
            table.add_row(one["case_no"], escape(one["name"]), outlet, moment(one["asked_at"]), due)
    console().print(table if table.row_count else "没有等窗口看的草稿。")


@app.command("open")
def open_precheck(case_no: CaseNoArgument, url: session.Url = None, account: session.As = None) -> None:
    """打开一份（综合窗口）：要带的材料和照片；申请人看得到谁打开过。

    \b
    例：
      onething precheck open 办件编号 --as counter
    """
    with session.connect(url, account) as client:
        told = client.get(f"/api/prechecks/{case_no}")
    console().print(
        f"{told['name']}  {told['applicant_name']}  {moment(told['promised_at'])} 前答复。{told['effect']}",
        markup=False,
    )
    for one in told["materials"]:
        photo = f"照片第 {one['version']} 版" if one.get("digest") else "没有照片"
        console().print(f"  {one['code']}  {one['name']}  {photo}", markup=False)
    if told.get("answer"):
        for line in _answered(told["answer"]):
            console().print(line, markup=False)


@app.command()
def answer(
    case_no: CaseNoArgument,
    on: Annotated[str, typer.Option("--on", metavar="日期", help="哪天来，如 2026-12-02。", show_default=False)],
    outlet: Annotated[str, typer.Option("--outlet", help="去哪个网点，见 outlet list。", show_default=False)],
    fine: Annotated[
        list[str] | None, typer.Option("--fine", metavar="材料代码", help="可以，来时带原件，可多次。")
    ] = None,
    replace: Annotated[
        list[str] | None,
        typer.Option("--replace", metavar="材料代码=问题", help="换一张，和哪里不行，可多次。"),
    ] = None,
    missing: Annotated[
        list[str] | None, typer.Option("--missing", metavar="材料代码", help="还缺，来时带上，可多次。")
    ] = None,
    note: Annotated[str | None, typer.Option("--note", help="还要说的一句话。", show_default=False)] = None,
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """答复一份（综合窗口）：每份材料可以、换一张或还缺，定哪天去哪里。照片以现在的为准。

    \b
    例：
      onething precheck answer 办件编号 --fine articles --on 2026-12-02 --outlet 330106000 --as counter
    """
    verdicts = [
        *({"code": code, "verdict": "fine"} for code in fine or ()),
        *(
            dict(zip(("code", "what"), pair(text, "--replace", "材料代码=问题"), strict=True)) | {"verdict": "replace"}
            for text in replace or ()
        ),
        *({"code": code, "verdict": "missing"} for code in missing or ()),
    ]
    with session.connect(url, account) as client:
        looked_at = client.get(f"/api/prechecks/{case_no}")
        digests = {one["code"]: one["digest"] for one in looked_at["materials"] if one.get("digest")}
        materials = [one | ({"digest": digests[one["code"]]} if one["code"] in digests else {}) for one in verdicts]
        body: dict[str, Any] = {"materials": materials, "on": on, "outlet": outlet} | ({"note": note} if note else {})
        told = client.post(f"/api/prechecks/{case_no}/answer", body)
    console().print(f"已答复：{told['on']}，{told['outlet']['name']}。", markup=False)


@app.command("take-over")
def take_over(
    case_no: CaseNoArgument,
    code: Annotated[str, typer.Argument(metavar="凭证码", help="申请人出示的凭证码。", show_default=False)],
    outlet: Annotated[str | None, typer.Option(help="收件网点，在几个网点工作的才填。", show_default=False)] = None,
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """申请人到了窗口（综合窗口）：出示凭证码，草稿转给您接着收件。

    \b
    例：
      onething precheck take-over 办件编号 凭证码 --as counter
    """
    with session.connect(url, account) as client:
        told = client.post(
            f"/api/prechecks/{case_no}/take-over", {"code": code} | ({"outlet": outlet} if outlet else {})
        )
    console().print(f"草稿 {told['case_no']} 已转给您。核对证件后提交：", markup=False)
    console().print(f"  onething case submit --into {told['case_no']}", markup=False)


def _verdict(thing: Mapping[str, Any]) -> str:
    if not thing.get("verdict"):
        return ""
    return f"（{_VERDICTS[thing['verdict']]}{'：' + thing['what'] if thing.get('what') else ''}）"


def _answered(answer_view: Mapping[str, Any]) -> Iterator[str]:
    visit = answer_view["visit"]
    times = "、".join(f"{moment(one['opens_at'])}–{moment(one['closes_at'])}" for one in visit["hours"])
    where = visit["outlet"].get("address") or next((one.get("place") for one in visit["hours"]), None) or ""
    yield f"{visit['on']}  {visit['outlet']['name']}  {where}  {times}"
    if answer_view.get("note"):
        yield f"窗口还说：{answer_view['note']}"
    for one in answer_view["materials"]:
        if one["changed"]:
            yield f"窗口看过以后您又换过“{one['name']}”。"
    if answer_view["form_changed"]:
        yield "窗口看过以后填写的内容又改过。"
