"""`agent`: what a department inside a closed network runs, which can call us and can't be called."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated

import httpx
import typer

from onething.cli.client import session
from onething.cli.client.problem import ApiRefused, Unreachable
from onething.cli.terminal.failures import CommandFailed, ExitCode
from onething.cli.terminal.output import BEIJING, console
from onething.connectors.agent import Agent, Later, NotLetIn
from onething.connectors.departments import DepartmentClients
from onething.connectors.http_client import HttpClient
from onething.domain.calendar.time_source import SystemClock
from onething.security.keys import decode_key

SECRET = "ONETHING_SYSTEM_SECRET"  # noqa: S105  the variable's name

SecretEnv = Annotated[
    str, typer.Option("--secret-env", metavar="变量名", help="哪个环境变量里是回调签名的密钥（32 字节的 base64）。")
]


def agent(
    department: Annotated[str, typer.Argument(metavar="部门", help="部门代码，如 amr。", show_default=False)],
    api: Annotated[str, typer.Option("--api", metavar="地址", help="一件事 API 的地址。")],
    to: Annotated[str, typer.Option("--to", metavar="地址", help="部门自己的系统的地址。")],
    secret_env: SecretEnv = SECRET,
    account: Annotated[
        str | None, typer.Option("--as", metavar="账户", help="演示账户；默认为 system.部门。", show_default=False)
    ] = None,
    token_file: Annotated[
        Path | None,
        typer.Option(help="令牌所在的文件，每次需要新令牌时重读；生产环境由统一身份认证更新它。", show_default=False),
    ] = None,
    at_once: Annotated[int, typer.Option(min=1, max=20, help="同时办理多少件。")] = 8,
) -> None:
    """部门在封闭网络里时，在部门一侧运行（前台）：取件、交给部门系统、回调答复。

    只向外访问，不需要任何入站端口，也不接触 Temporal。取到的事项带着不变的键交给部门系统；随时可以中断、重启：
    没有答复的，租约到期后会用同一个键重新取到。Ctrl-C 结束。约定见 docs/connectors.md。

    \b
    例：
      onething agent amr --api http://127.0.0.1:8000 --to http://10.1.2.3:9000
      onething agent amr --api https://onething.example --to http://10.1.2.3:9000 --token-file /run/amr.token
    """
    base = api.rstrip("/")
    key = secret_of(secret_env)
    token = _from_file(token_file) if token_file else _signing_in(base, account or f"system.{department}")
    try:
        asyncio.run(_run(department, base, to, key, token, at_once))
    except NotLetIn as why:
        raise CommandFailed(
            f"API 不让取件：{why}\n下一步：核对部门代码、账户（须是该部门的 department_system）和 --api。",
            ExitCode.REFUSED,
        ) from None


def secret_of(variable: str) -> bytes:
    """The secret in that environment variable. Raises `CommandFailed`, quoting nothing of it."""
    text = os.environ.get(variable)
    if not text:
        raise CommandFailed(
            f"环境变量 {variable} 里没有回调签名的密钥：与一件事一侧 ONETHING_CALLBACK_SECRETS 中本部门的那一把相同。\n"
            f'下一步：export {variable}="$(cat 密钥文件)"，或用 --secret-env 指明别的变量。'
        )
    try:
        return decode_key(variable, text)
    except ValueError:
        raise CommandFailed(f"环境变量 {variable} 里不是 32 字节的 base64 密钥，请核对。") from None


async def _run(
    department: str, base: str, to: str, secret: bytes, token: Callable[[], Awaitable[str]], at_once: int
) -> None:
    clock, stop, told = SystemClock(), asyncio.Event(), console()

    def tell(line: str) -> None:
        told.print(f"{datetime.now(BEIJING):%H:%M:%S} {line}", markup=False, soft_wrap=True)

    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    http = HttpClient(to, clock)
    async with httpx.AsyncClient(base_url=base) as client:
        system = DepartmentClients(http, base)
        one = Agent(department, client, system, token=token, secret=secret, tell=tell, clock=clock, at_once=at_once)
        tell(f"开始：从 {base} 取 {department} 的事项，交给 {to}；Ctrl-C 结束")
        try:
            await one.run(stop)
        finally:
            await http.aclose()
    tell("已结束")


def _signing_in(base: str, account: str) -> Callable[[], Awaitable[str]]:
    async def fresh() -> str:
        try:
            return await asyncio.to_thread(
                session.sign_in, base, account, session.demo_password(), keep_as_current=False
            )
        except (Unreachable, ApiRefused) as failed:
            if failed.exit_code is ExitCode.UNREACHABLE:
                raise Later("登录时连不上 API") from None
            raise

    return fresh


def _from_file(file: Path) -> Callable[[], Awaitable[str]]:
    async def fresh() -> str:
        try:
            return (await asyncio.to_thread(file.read_text, encoding="ascii")).strip()
        except (OSError, ValueError):
            raise Later(f"读不到令牌文件 {file}") from None

    return fresh
