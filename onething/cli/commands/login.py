"""`login`: sign in once, so that later commands need no `--as`."""

import os
from typing import Annotated

import typer

from onething.cli.client import session
from onething.cli.terminal.output import console
from onething.security.demo_accounts import DEFAULT_PASSWORD


def login(
    account: Annotated[str, typer.Argument(metavar="用户名", help="例如 counter、officer.amr、citizen。")],
    url: session.Url = None,
    password: Annotated[
        str | None,
        typer.Option("--password", envvar="ONETHING_PASSWORD", help="口令；不给则询问，演示账户可直接回车。"),
    ] = None,
) -> None:
    """登录，之后的命令都以这个账户办理。

    令牌保存在配置目录的 onething/tokens.json，只有本人可读；过期后重新登录。
    演示账户：citizen、citizen2、agent、counter、officer.<部门>、leader.<部门>、supervisor、admin、auditor。

    \b
    例：
      onething login counter
      onething login officer.amr --url http://127.0.0.1:8000
    """
    base = session.base_url(url)
    given = password or os.environ.get("ONETHING_DEMO_PASSWORD")
    if given is None:
        given = typer.prompt("口令", default=DEFAULT_PASSWORD, hide_input=True, show_default=False)
    session.sign_in(base, account, given)
    console().print(f"已以 {account} 登录 {base}。接下来：onething case list、onething task list。", markup=False)
