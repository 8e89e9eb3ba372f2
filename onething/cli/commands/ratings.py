"""`rating`: rate a case, answer a bad rating, and list them."""

from typing import Annotated, Any

import typer
from rich.console import RenderableType
from rich.markup import escape

from onething.cli.client import session
from onething.cli.commands.intake import CaseNoArgument
from onething.cli.terminal.listing import listing
from onething.cli.terminal.output import console, moment

app = typer.Typer(no_args_is_help=True, help="好差评：评价、回访、整改、列表。")

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
    shown = listing("办件", "一件事", "分数", "标签", "评价时间", "回访", "整改")
    for row in rows:
        answered = (_done(row, "contact_by", "contacted_at"), _done(row, "rectify_by", "rectified_at"))
        tags = "、".join(row["tags"])
        shown.add_row(
            row["case_no"], escape(row["name"]), str(row["grade"]), escape(tags), moment(row["rated_at"]), *answered
        )
    return shown


def _done(row: dict[str, Any], by: str, at: str) -> str:
    if row.get(at):
        return moment(row[at])
    return f"限 {moment(row[by])}" if row.get(by) else ""
