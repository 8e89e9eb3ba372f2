"""`login`, `logout`: sign in once, so that later commands need no `--as`; and out, so that the token is of no use."""

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
    接了统一身份认证的系统没有口令：把它签发的访问令牌放进环境变量 ONETHING_TOKEN，不必登录。
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


def logout(url: session.Url = None) -> None:
    """退出登录：所用的令牌立即作废，本机保存的也删去。

    \b
    例：
      onething logout
    """
    base = session.base_url(url)
    with session.connect(base, None) as client:
        client.post("/api/auth/sign-out")
    session.TokenFile().forget_current(base)
    console().print(f"已退出 {base}。", markup=False)
