"""`connector test`: a department's vendor tests their own system against what we rely on."""

from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import httpx
import orjson
import typer

from onething.cli.operations.agent import SECRET, SecretEnv, secret_of
from onething.cli.terminal.failures import CommandFailed, ExitCode
from onething.cli.terminal.output import console
from onething.connectors.kit import SAMPLE, Inbox, Kit

app = typer.Typer(name="connector", help="部门系统的接入：厂商自测。", no_args_is_help=True)

_MARKS = {True: "通过", False: "不符", None: "未查"}


@app.callback()
def group() -> None:
    """部门系统的接入：厂商自测。"""


@app.command("test")
def check_system(
    url: Annotated[str, typer.Argument(metavar="地址", help="部门系统收派件的地址。", show_default=False)],
    secret_env: SecretEnv = SECRET,
    callback_port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="在本机这个端口等回调；不给则不查回调。", show_default=False)
    ] = None,
    callback_host: Annotated[str, typer.Option(help="部门系统怎样称呼本机。")] = "127.0.0.1",
    callback_wait_s: Annotated[float, typer.Option(min=0.1, max=3600, help="等回调多少秒。")] = 30.0,
    order_file: Annotated[
        Path | None, typer.Option("--order", help="用这份派件（JSON），代替自带的样例。", show_default=False)
    ] = None,
) -> None:
    """照接入约定（docs/connectors.md）逐条检查部门自己的系统，全部通过退出码为 0，有不符的为 1。

    查：派件的答复；同一个键再问、同时问只有一个答复；收下之后的签名回调；不认识的字段；不予处理及其原因；
    畸形的派件得到 4xx 而不是 5xx；答复是否及时。请对着测试环境运行：派件会真的办理。

    \b
    例：
      onething connector test http://10.1.2.3:9000/departments/amr/items
      onething connector test http://10.1.2.3:9000/departments/amr/items --callback-port 8090 --order order.json
    """
    order = SAMPLE
    if order_file is not None:
        try:
            order = orjson.loads(order_file.read_bytes())
        except (OSError, orjson.JSONDecodeError):
            raise CommandFailed(f"读不了 {order_file}：须是一份派件的 JSON。", ExitCode.USAGE) from None
    told, failed = console(), 0
    inbox = None if callback_port is None else Inbox(secret_of(secret_env), callback_port)
    with inbox or nullcontext():
        callback_url = f"http://{callback_host}:{inbox.port}/" if inbox else "http://127.0.0.1:9/"
        try:
            for finding in Kit(url, order, inbox, callback_url, callback_wait_s).findings():
                failed += finding.passed is False
                line = f"{_MARKS[finding.passed]}  {finding.name}{'：' if finding.detail else ''}{finding.detail}"
                told.print(line, markup=False, soft_wrap=True)
        except (httpx.TransportError, httpx.InvalidURL) as broken:
            detail = f"{url} 没有答复（{type(broken).__name__}）：请核对地址，确认系统已启动。"
            raise CommandFailed(detail, ExitCode.UNREACHABLE) from None
    if failed:
        raise CommandFailed(f"{failed} 条不符合约定，见 docs/connectors.md。")
    told.print("符合约定。")
