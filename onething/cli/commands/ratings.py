"""`rating`: rate a case, answer a bad rating, and list them."""

from typing import Annotated, Any

import typer
from rich.console import RenderableType
from rich.markup import escape

from onething.cli.client import session
from onething.cli.commands.intake import CaseNoArgument
from onething.cli.terminal.listing import listing
from onething.cli.terminal.output import console, moment

app = typer.Typer(no_args_is_help=True, help="好差评：评价、评价码、回访、整改、列表。")

_CHANNELS = {"party": "整件事", "agent": "整件事（代办）", "counter": "到窗口", "on_site": "上门"}
_RECTIFIED = (("整改", "rectified", "rectify_by", "rectified_at"),)
TextOption = Annotated[str, typer.Option("--text", help="回访或整改的情况。", show_default=False)]


@app.command()
def give(
    case_no: CaseNoArgument,
    grade: Annotated[int, typer.Argument(metavar="分数", min=1, max=5, help="5 最好；1、2 为差评。")],
    tag: Annotated[list[str] | None, typer.Option("--tag", metavar="标签", help="如 fast、slow、unclear。")] = None,
    comment: Annotated[str | None, typer.Option("--comment", help="想说的话。")] = None,
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """评价一个已经结束的办件，只能一次。

    \b
    例：
      onething rating give 办件编号 2 --tag slow --comment 等了很久 --as citizen
    """
    body: dict[str, Any] = {"grade": grade, "tags": tag or []}
    if comment is not None:
        body["comment"] = comment
    with session.connect(url, account) as client:
        client.post(f"/api/cases/{case_no}/rating", body)
    console().print("已评价，谢谢。")


@app.command()
def contact(case_no: CaseNoArgument, text: TextOption, url: session.Url = None, account: session.As = None) -> None:
    """登记差评的回访（综合窗口、督办员），一个工作日以内。

    \b
    例：
      onething rating contact 办件编号 --text 已致歉并说明原因 --as counter
    """
    with session.connect(url, account) as client:
        client.post(f"/api/cases/{case_no}/rating/contact", {"text": text})
    console().print("已登记回访。")


@app.command()
def rectify(case_no: CaseNoArgument, text: TextOption, url: session.Url = None, account: session.As = None) -> None:
    """登记差评的整改（综合窗口、督办员），五个工作日以内，先回访。

    \b
    例：
      onething rating rectify 办件编号 --text 增开了窗口 --as counter
    """
    with session.connect(url, account) as client:
        client.post(f"/api/cases/{case_no}/rating/rectify", {"text": text})
    console().print("已登记整改。")


@app.command("code")
def visit_code(case_no: CaseNoArgument, url: session.Url = None, account: session.As = None) -> None:
    """给来人的评价码：自己经手的最近一次到场办理（收件、收材料、送达、踏勘）。

    \b
    例：
      onething rating code 办件编号 --as counter
    """
    with session.connect(url, account) as client:
        told = client.get(f"/api/cases/{case_no}/visit-code")
    console().print(
        f"评价码 [bold]{told['code']}[/bold]（{told['place_name']}，{moment(told['until'])} 前有效，评一次）"
    )


@app.command("visit")
def rate_visit(
    code: Annotated[str, typer.Argument(metavar="评价码", help="印在回执上的。")],
    grade: Annotated[int, typer.Argument(metavar="分数", min=1, max=5, help="5 最好；1、2 为差评。")],
    tag: Annotated[list[str] | None, typer.Option("--tag", metavar="标签", help="如 fast、slow、unclear。")] = None,
    url: session.Url = None,
) -> None:
    """凭评价码评价一次到场办理，不用登录，只能一次。

    \b
    例：
      onething rating visit 评价码 5 --tag kind
    """
    with session.anybody(session.base_url(url)) as client:
        client.post("/api/visits/rating", {"code": code, "grade": grade, "tags": tag or []})
    console().print("已评价，谢谢。")


VisitArgument = Annotated[int, typer.Argument(metavar="到场", help="评价列表里的编号。", show_default=False)]


@app.command("visit-show")
def show_visit(visit: VisitArgument, url: session.Url = None, account: session.As = None) -> None:
    """一次被评价的到场办理（督办员）。

    \b
    例：
      onething rating visit-show 12 --as supervisor
    """
    with session.connect(url, account) as client:
        told = client.get(f"/api/supervision/visits/{visit}")
    where = told.get("department_name") or (told.get("outlet") or {}).get("name") or ""
    console().print(f"{told['day']} {told['place_name']} {escape(where)}：{told['grade']} 分 {'、'.join(told['tags'])}")
    for title, step, by, at in (("回访", "contacted", "contact_by", "contacted_at"), *_RECTIFIED):
        if told.get(by):
            console().print(f"{title}：{_done(told, by, at)} {escape(told.get(step) or '')}")


@app.command("visit-contact")
def contact_visit(visit: VisitArgument, text: TextOption, url: session.Url = None, account: session.As = None) -> None:
    """登记对到场办理差评的回访（督办员），一个工作日以内。

    \b
    例：
      onething rating visit-contact 12 --text 已向窗口核实 --as supervisor
    """
    with session.connect(url, account) as client:
        client.post(f"/api/supervision/visits/{visit}/contact", {"text": text})
    console().print("已登记回访。")


@app.command("visit-rectify")
def rectify_visit(visit: VisitArgument, text: TextOption, url: session.Url = None, account: session.As = None) -> None:
    """登记对到场办理差评的整改（督办员），五个工作日以内，先回访。

    \b
    例：
      onething rating visit-rectify 12 --text 增开了窗口 --as supervisor
    """
    with session.connect(url, account) as client:
        client.post(f"/api/supervision/visits/{visit}/rectify", {"text": text})
    console().print("已登记整改。")


@app.command("list")
def list_ratings(
    bad: Annotated[bool, typer.Option("--bad", help="只看差评。")] = False,
    limit: Annotated[int, typer.Option(min=1, max=200, help="至多几条。")] = 20,
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """本地区的评价，新的在前（督办员）。

    \b
    例：
      onething rating list --bad --as supervisor
    """
    with session.connect(url, account) as client:
        page = client.get("/api/supervision/ratings", bad="true" if bad else None, limit=limit)
    console().print(table(page["items"]) if page["items"] else "没有评价。")


def table(rows: list[dict[str, Any]]) -> RenderableType:
    shown = listing("办件", "一件事", "评的是", "分数", "标签", "评价时间", "回访", "整改")
    for row in rows:
        answered = (_done(row, "contact_by", "contacted_at"), _done(row, "rectify_by", "rectified_at"))
        tags = "、".join(row["tags"])
        about = _CHANNELS[row["channel"]] + (f" {row['visit']}" if row.get("visit") else "")
        told = (row["case_no"], escape(row["name"]), about, str(row["grade"]), escape(tags), moment(row["rated_at"]))
        shown.add_row(*told, *answered)
    return shown


def _done(row: dict[str, Any], by: str, at: str) -> str:
    if row.get(at):
        return moment(row[at])
    return f"限 {moment(row[by])}" if row.get(by) else ""
