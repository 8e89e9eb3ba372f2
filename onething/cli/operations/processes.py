"""`api`, `worker`: single processes, for an installation that brings its own PostgreSQL and Temporal."""

import os
from typing import Annotated, Any

import typer

from onething.cli.terminal.failures import CommandFailed, ExitCode

SERVER_OPTIONS: dict[str, Any] = {
    "loop": "uvloop" if os.name == "posix" else "asyncio",
    "http": "httptools",
    "access_log": False,
    "log_config": None,
    "proxy_headers": False,  # uvicorn would believe whoever calls from this machine: ONETHING_TRUSTED_PROXIES decides
    "server_header": False,
    "timeout_graceful_shutdown": 5,
}
"""What uvicorn is told, beside where to listen."""


def api(
    host: Annotated[str | None, typer.Option(help="监听的地址；默认取 ONETHING_API_HOST。")] = None,
    port: Annotated[int | None, typer.Option(help="监听的端口；默认取 ONETHING_API_PORT。")] = None,
) -> None:
    """运行一个 API 进程（前台）。

    设置全部来自 ONETHING_ 开头的环境变量；可以同时运行任意多个，由前面的代理分流。

    \b
    例：
      onething api --port 8000
    """
    import asyncio

    import uvicorn

    from onething.domain.errors import OneThingError
    from onething.logs import set_up_logging
    from onething.memory import settle_in
    from onething.settings import settings
    from onething.store.connection.rights import UnsafeRights
    from onething.wiring.api import build_api
    from onething.wiring.common import SettingMissing, look_at_database
    from onething.wiring.secure import NotSecure, require_secure

    chosen = settings()
    set_up_logging(chosen.log_level)
    try:
        require_secure(chosen, "api", host or chosen.api_host)
        application = build_api(chosen)
        asyncio.run(look_at_database(chosen, "database_api_url"))
    except (SettingMissing, NotSecure, UnsafeRights) as refused:
        raise CommandFailed(str(refused)) from None
    except OneThingError as unavailable:
        raise CommandFailed(unavailable.detail, ExitCode.UNREACHABLE) from None
    settle_in()
    listening_port = chosen.api_port if port is None else port
    uvicorn.run(application, host=host or chosen.api_host, port=listening_port, **SERVER_OPTIONS)


def worker() -> None:
    """运行一个工作进程（前台）：Temporal 工作流与活动、交接与修补。

    设置全部来自 ONETHING_ 开头的环境变量；可以同时运行任意多个。

    \b
    例：
      onething worker
    """
    from onething.worker import main

    main()
