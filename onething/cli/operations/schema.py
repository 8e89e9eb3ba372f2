"""`schema`: the tables, for an installation that brings its own PostgreSQL."""

import os

import typer

from onething.cli.terminal.failures import CommandFailed, ExitCode

app = typer.Typer(no_args_is_help=True, help="表结构：装进空的数据库。")


@app.callback()
def schema() -> None:
    """A group of its own, although it has one command only."""


@app.command()
def install() -> None:
    """把角色和表结构装进一个空的数据库；重复运行无害。

    ONETHING_DATABASE_OWNER_URL 指明属主连接；登录角色的口令取自 ONETHING_DATABASE_API_URL 和
    ONETHING_DATABASE_WORKER_URL，改了口令就再运行一次。先装表结构，再启动办理进程，最后启动 API。

    1.0 之前不升级旧数据：库里已有另一号表结构时拒绝，什么都不改动，并说明怎样重新开始。

    \b
    例：
      ONETHING_DATABASE_OWNER_URL=postgresql://… onething schema install
    """
    import psycopg

    from onething.store.schema.install import OtherSchema, install_by_environment

    owner_url = os.environ.get("ONETHING_DATABASE_OWNER_URL")
    if not owner_url:
        raise CommandFailed(
            "没有数据库属主的连接：请设置 ONETHING_DATABASE_OWNER_URL=postgresql://用户:口令@主机:端口/库。\n"
            "只想在本机试用，不必自己安装：onething up 会准备好一切。"
        )
    try:
        install_by_environment(owner_url)
    except OtherSchema as refused:
        raise CommandFailed(str(refused)) from None
    except psycopg.OperationalError:
        raise CommandFailed(
            "连不上数据库：请查 ONETHING_DATABASE_OWNER_URL 的主机、端口和口令。", ExitCode.UNREACHABLE
        ) from None
