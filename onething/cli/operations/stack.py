"""`up`, `down`, `status`: the whole system on this machine."""

from pathlib import Path
from typing import Annotated

import typer

DataDir = Annotated[
    Path | None,
    typer.Option(
        "--data-dir", help="数据目录；默认取 ONETHING_DATA_DIR，否则用当前用户的数据目录。", show_default=False
    ),
]


def up(
    data_dir: DataDir = None,
    port: Annotated[int | None, typer.Option(help="API 的端口；不指定则优先用 8000，被占用时自选。")] = None,
    simulator_port: Annotated[int | None, typer.Option(help="模拟外部世界的端口。")] = None,
    postgres_port: Annotated[int | None, typer.Option(help="PostgreSQL 的端口。")] = None,
    temporal_port: Annotated[int | None, typer.Option(help="Temporal 的端口。")] = None,
    temporal_ui_port: Annotated[int | None, typer.Option(help="Temporal 界面的端口。")] = None,
    workers: Annotated[int, typer.Option(min=1, max=16, help="办理进程的个数。")] = 1,
) -> None:
    """启动整套系统，按 Ctrl-C 停止。

    包括 PostgreSQL、Temporal、模拟外部世界、办理进程和 API。在前台运行；
    哪个进程死了都会重新启动并说一声，杀掉后再次 up 接着办；端口不是通常的也会说明。已在运行的不会启动第二套。

    设置了 ONETHING_DATABASE_API_URL 等或 ONETHING_TEMPORAL_ADDRESS 的，使用外部的 PostgreSQL 或 Temporal。

    \b
    例：
      onething up
      onething up --port 8001 --workers 2
      onething up --data-dir /tmp/试用
    """
    from onething.embedded import commands
    from onething.embedded.stack import Options

    options = Options(
        data_dir=data_dir,
        api_port=port,
        simulator_port=simulator_port,
        postgres_port=postgres_port,
        temporal_port=temporal_port,
        temporal_ui_port=temporal_ui_port,
        workers=workers,
    )
    raise typer.Exit(commands.up(options))


def down(data_dir: DataDir = None) -> None:
    """停止本机的整套系统；数据保留。

    \b
    例：
      onething down
    """
    from onething.embedded import commands

    raise typer.Exit(commands.down(data_dir))


def status(data_dir: DataDir = None) -> None:
    """看整套系统的状态。

    列出服务、进程、地址、日志、演示账户。没有在运行时退出码为 3。

    \b
    例：
      onething status
    """
    from onething.embedded import commands

    raise typer.Exit(commands.status(data_dir))
