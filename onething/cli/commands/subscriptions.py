"""`subscription`: who is told what happens to cases."""

from typing import Annotated

import typer
from rich.markup import escape

from onething.cli.client import session
from onething.cli.terminal.listing import listing
from onething.cli.terminal.output import console, moment

app = typer.Typer(no_args_is_help=True, help="订阅：把办件动态签名送给其他系统（管理员）。")

SubscriptionIdArgument = Annotated[
    str, typer.Argument(metavar="编号", help="见 subscription list。", show_default=False)
]
_STATES = {"active": "正常", "failing": "送不到", "disabled": "已停用"}


@app.command()
def add(
    address: Annotated[str, typer.Argument(metavar="地址", help="https 地址。", show_default=False)],
    types: Annotated[
        list[str] | None,
        typer.Option("--type", metavar="类型", help="如 onething.case.*，可多次；缺省为全部。", show_default=False),
    ] = None,
    bundle: Annotated[str | None, typer.Option("--bundle", help="只要这件一件事的。")] = None,
    region: Annotated[str | None, typer.Option("--region", help="只要这个行政区划的。")] = None,
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """订阅从现在起的办件动态。密钥只显示这一次。

    \b
    例：
      onething subscription add https://example.org/hook --type onething.case.* --type onething.item.decided --as admin
    """
    wanted = types or [f"onething.{one}.*" for one in ("case", "item", "clock")]
    body = {"url": address, "types": wanted, "bundle": bundle, "region": region}
    with session.connect(url, account) as client:
        told = client.post("/api/subscriptions", {name: value for name, value in body.items() if value is not None})
    console().print(f"订阅 {told['id']}，密钥（只显示这一次）：\n{told['secret']}", markup=False)


@app.command("list")
def list_subscriptions(url: session.Url = None, account: session.As = None) -> None:
    """所有订阅和送达情况。

    \b
    例：
      onething subscription list --as admin
    """
    with session.connect(url, account) as client:
        found = client.get("/api/subscriptions")["items"]
    table = listing("编号", "地址", "类型", "状态", "已送达", "最近送达")
    for one in found:
        state = _STATES[one["state"]] + (f"：{one['disabled_why']}" if one.get("disabled_why") else "")
        counted = (str(one["delivered"]), moment(one.get("delivered_at")))
        table.add_row(one["id"], escape(one["url"]), " ".join(one["types"]), escape(state), *counted)
    console().print(table if found else "没有订阅。")


@app.command()
def rotate(subscription: SubscriptionIdArgument, url: session.Url = None, account: session.As = None) -> None:
    """换密钥。一天之内新旧两把都签，对方可从容更换。

    \b
    例：
      onething subscription rotate 编号 --as admin
    """
    with session.connect(url, account) as client:
        told = client.post(f"/api/subscriptions/{subscription}/rotate")
    console().print(f"新密钥（只显示这一次）：\n{told['secret']}", markup=False)
    console().print(f"旧密钥签到 {moment(told['overlap_until'])}。", markup=False)


@app.command()
def remove(subscription: SubscriptionIdArgument, url: session.Url = None, account: session.As = None) -> None:
    """删去一个订阅。

    \b
    例：
      onething subscription remove 编号 --as admin
    """
    with session.connect(url, account) as client:
        client.delete(f"/api/subscriptions/{subscription}")
    console().print("已删去。")


@app.command()
def deliveries(subscription: SubscriptionIdArgument, url: session.Url = None, account: session.As = None) -> None:
    """一个订阅的送达情况和送不到的事件。

    \b
    例：
      onething subscription deliveries 编号 --as admin
    """
    with session.connect(url, account) as client:
        told = client.get(f"/api/subscriptions/{subscription}/deliveries")
    one = told["subscription"]
    console().print(f"{_STATES[one['state']]}，已送达 {one['delivered']} 件。", markup=False)
    if one.get("last_failure"):
        next_try = f"，下次 {moment(one['next_try_at'])}" if one.get("next_try_at") else ""
        console().print(f"最近一次失败：{one['last_failure']}{next_try}", markup=False)
    for letter in told["dead"]:
        line = f"  {letter['event_id']}  {letter['type']}  {letter['attempts']} 次  {letter['failure']}"
        console().print(line, markup=False)


@app.command()
def redeliver(
    subscription: SubscriptionIdArgument,
    since: Annotated[str, typer.Option("--from", help="带时区的时刻，30 天以内。", show_default=False)],
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """从某一时刻起重新送一遍，编号不变；已停用的恢复。

    \b
    例：
      onething subscription redeliver 编号 --from 2026-11-21T09:00:00+08:00 --as admin
    """
    with session.connect(url, account) as client:
        client.post(f"/api/subscriptions/{subscription}/redeliver", **{"from": since})
    console().print("将重新送。")
