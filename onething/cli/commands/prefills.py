"""`event`: send an event as another system would, and confirm what came of it."""

import json
import os
import time
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from onething.cli.client import session
from onething.cli.client.this_machine import running_here
from onething.cli.terminal.failures import CommandFailed
from onething.cli.terminal.listing import listing
from onething.cli.terminal.output import console, moment

app = typer.Typer(no_args_is_help=True, help="其他系统发来的事件，和待确认的预填申请。")

PrefillIdArgument = Annotated[
    str, typer.Argument(metavar="编号", help="预填申请的编号，见 event list。", show_default=False)
]


@app.command()
def send(
    file: Annotated[Path, typer.Argument(metavar="文件", help="CloudEvents 1.0 的 JSON。", show_default=False)],
    secret: Annotated[
        str | None,
        typer.Option(
            "--secret",
            envvar="ONETHING_EVENT_SECRET",
            help="与该来源共享的密钥（32 字节的 base64）；默认为本机整套系统的。",
            show_default=False,
        ),
    ] = None,
    url: session.Url = None,
) -> None:
    """以其他系统的身份签名并发送一个事件，供试用。

    \b
    例：
      onething event send examples/events/death-certificate.json
    """
    try:
        body = file.read_bytes()
        event = json.loads(body)
    except (OSError, ValueError) as failure:
        raise CommandFailed(f"读不了 {file}：{type(failure).__name__}。请给出 CloudEvents 的 JSON 文件。") from None
    base = session.base_url(url)
    with session.anybody(base) as client:
        told = client.post_signed("/api/events", body, _signature(event, body, secret, base))
    console().print(f"已收到：预填申请 {told['prefill']}（{told['bundle']}），等待申请人或综合窗口确认。", markup=False)
    console().print(f"  onething event confirm {told['prefill']} --as counter", markup=False)


@app.command("list")
def list_prefills(url: session.Url = None, account: session.As = None) -> None:
    """待确认的预填申请：综合窗口看本地区的，市民看写明是自己的。

    \b
    例：
      onething event list --as counter
    """
    table = listing("编号", "事件", "一件事", "收到", "保留到")
    with session.connect(url, account) as client:
        for one in client.pages("/api/prefills"):
            dates = (moment(one["received_at"]), moment(one["expires_at"]))
            table.add_row(one["id"], escape(one["event"]), escape(one["name"]), *dates)
    console().print(table if table.row_count else "没有待确认的预填申请。")


@app.command()
def show(prefill: PrefillIdArgument, url: session.Url = None, account: session.As = None) -> None:
    """一份预填申请，每个值注明来历。

    \b
    例：
      onething event show 编号 --as counter
    """
    with session.connect(url, account) as client:
        told = client.get(f"/api/prefills/{prefill}")
    origin = told["prefilled"]
    console().print(
        f"{told['name']}  来自 {origin['department']}：{origin['name']}，{moment(origin['at'])}", markup=False
    )
    for one in origin["values"]:
        value: Any = told
        for step in one["pointer"].split("/")[1:]:
            value = value[step]
        console().print(f"  {one['pointer']}  {value}  （{one['label']}）", markup=False)


@app.command()
def confirm(prefill: PrefillIdArgument, url: session.Url = None, account: session.As = None) -> None:
    """确认一份预填申请：成为自己的草稿，可修改后提交。

    \b
    例：
      onething event confirm 编号 --as citizen2
    """
    with session.connect(url, account) as client:
        opened = client.post(f"/api/prefills/{prefill}/confirm")
    console().print(f"草稿 {opened['case_no']}，查询码 {opened['query_code']}。补上其余各项后提交：", markup=False)
    console().print(f"  onething case submit 其余各项.yaml --into {opened['case_no']}", markup=False)


def _signature(event: Any, body: bytes, secret: str | None, base: str) -> dict[str, str]:
    from definitions.loader import load_catalog
    from onething.security.signed_calls import SharedSecrets, sign

    source = event.get("source") if isinstance(event, dict) else None
    name = next((one.secret for one in load_catalog().events.values() if one.source == source), "events/?")
    text = f"*:{secret}" if secret else _of_the_stack_at(base)
    try:
        keys = SharedSecrets.from_setting(text).of(name)
    except ValueError:
        raise CommandFailed("密钥须是 32 字节的 base64。") from None
    if not keys:
        raise CommandFailed("没有与该来源共享的密钥：请用 --secret 或 ONETHING_EVENT_SECRET 给出。")
    headers = sign(keys[-1], f"send-{os.urandom(8).hex()}", int(time.time()), body)
    return {**headers, "Content-Type": "application/cloudevents+json"}


def _of_the_stack_at(base: str) -> str:
    """Secrets of the stack that runs here are for nobody else's address."""
    stack = running_here()
    if stack is None or stack.state.api_url != base:
        return ""
    try:
        return stack.secrets.get("ONETHING_CALLBACK_SECRETS", "")
    except OSError:
        return ""
