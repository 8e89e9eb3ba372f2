"""`case deliver`, `delivery`, `unread`: how letters reach the applicant, and what the counter does if not."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.markup import escape

from onething.cli.client import session
from onething.cli.commands.intake import CaseNoArgument
from onething.cli.terminal.listing import Listing, listing
from onething.cli.terminal.output import console, moment, say_more
from onething.cli.terminal.values import MOMENT_FORMATS, moment_sent
from onething.domain.definition.bundle import DeliveryMethod
from onething.domain.documents import CHANNEL_NAMES, DELIVERED_NAMES

_STEPS = {"call": "打电话", "post": "邮寄", "confirm": "核实邮件"}


class Way(StrEnum):
    """By which a letter is brought to the applicant."""

    COUNTER = "counter"
    POST = "post"
    CALL = "call"


def deliver(
    case_no: CaseNoArgument,
    letter: Annotated[str, typer.Argument(metavar="文书编号", help="文书列表里的编号。")],
    by: Annotated[Way, typer.Option("--by", help="counter 窗口当面送交，post 邮寄，call 电话联系。")],
    outcome: Annotated[
        str,
        typer.Option(
            "--outcome",
            metavar="结果",
            help="counter：handed_over；post：sent、delivered；call：answered、no_answer；都可以 not_possible。",
        ),
    ],
    at: Annotated[
        datetime | None,
        typer.Option("--at", metavar="时间", formats=MOMENT_FORMATS, help="何时送达，按凭证；缺省为现在。"),
    ] = None,
    tracking: Annotated[str | None, typer.Option("--tracking", metavar="邮件编号", help="交邮寄的必填。")] = None,
    note: Annotated[str | None, typer.Option("--note", metavar="备注", help="只有窗口看得到。")] = None,
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """登记一次送达及其结果（综合窗口）：电话打不通、退件也如实登记，什么都不因此停下。

    \b
    例：
      onething case deliver 办件编号 8 --by counter --outcome handed_over --as counter
      onething case deliver 办件编号 8 --by call --outcome no_answer --as counter
      onething case deliver 办件编号 8 --by post --outcome sent --tracking EX123456789CN --as counter
    """
    said: dict[str, Any] = {"channel": by.value, "outcome": outcome}
    said |= {"at": moment_sent(at)} if at else {}
    said |= {name: value for name, value in (("tracking", tracking), ("note", note)) if value}
    with session.connect(url, account) as client:
        client.post(f"/api/cases/{case_no}/documents/{letter.removeprefix(f'{case_no}-')}/deliveries", said)
    console().print(f"已登记：{DELIVERED_NAMES.get((by.value, outcome), outcome)}。", markup=False)


def delivery(
    case_no: CaseNoArgument,
    method: Annotated[
        DeliveryMethod, typer.Argument(metavar="方式", help="electronic 电子、counter 窗口领取、post 邮寄。")
    ],
    address: Annotated[str | None, typer.Option("--address", metavar="地址", help="邮寄的收件地址。")] = None,
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """受理后改变送达方式（受理前随补正改）。

    \b
    例：
      onething case delivery 办件编号 post --address 浙江省杭州市西湖区文一西路1号 --as citizen
    """
    said = {"method": method.value} | ({"address": address} if address else {})
    with session.connect(url, account) as client:
        client.post(f"/api/cases/{case_no}/delivery", said)
    console().print(f"送达方式：{CHANNEL_NAMES[method.value]}。", markup=False)


def unread(
    url: session.Url = None,
    account: session.As = None,
    limit: Annotated[int, typer.Option(min=1, max=200, help="至多几份。")] = 50,
) -> None:
    """待联系的送达（综合窗口）：申请人还不知道的办理结果和不利决定，该打电话、邮寄或核实邮件的。

    \b
    例：
      onething case unread --as counter
    """
    with session.connect(url, account) as client:
        page = client.get("/api/deliveries", limit=limit)
    console().print(_table(page["items"]) if page["items"] else "没有待联系的送达。")
    say_more(page, limit)


def _table(items: Sequence[Mapping[str, Any]]) -> Listing:
    shown = listing("办件", "一件事", "文书", "编号", "送达方式", "发出", "接下来")
    for one in items:
        way, step = CHANNEL_NAMES[one["channel"]], _STEPS[one["step"]]
        shown.add_row(one["case_no"], escape(one["name"]), one["title"], one["letter"], way, moment(one["since"]), step)
    return shown
