"""`view`: filters of a department's queue that people have saved for themselves."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer
from rich.markup import escape

from onething.cli.client import session
from onething.cli.client.client import Client
from onething.cli.commands.tasks import (
    BundleOption,
    DueOption,
    FlagOption,
    OneItemOption,
    ViewOption,
    as_filter,
    chosen,
    print_queue,
)
from onething.cli.terminal.failures import CommandFailed, ExitCode
from onething.cli.terminal.labels import TASK_FLAGS
from onething.cli.terminal.listing import listing
from onething.cli.terminal.output import console

app = typer.Typer(no_args_is_help=True, help="视图：本人保存的待办条件，至多 20 个（部门人员）。")

NameArgument = Annotated[str, typer.Argument(metavar="名称", help="视图的名称。", show_default=False)]


@app.command()
def save(
    name: NameArgument,
    view: ViewOption = None,
    bundle: BundleOption = None,
    item: OneItemOption = None,
    due: DueOption = None,
    flag: FlagOption = None,
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """保存一个视图；同名的被代替。

    \b
    例：
      onething view save 本周企业开办 --due week --bundle enterprise-opening --as officer.amr
    """
    said = as_filter({**chosen(view, due, flag or [], closed=False), "bundle": bundle, "item": item})
    with session.connect(url, account) as client:
        client.post("/api/views", {"name": name, "filter": said})
    console().print(f"已保存。接下来：onething view show {name}", markup=False)


@app.command()
def show(
    name: NameArgument,
    limit: Annotated[int, typer.Option(min=1, max=200, help="至多几件。")] = 20,
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """按保存的视图列出待办。

    \b
    例：
      onething view show 本周企业开办 --as officer.amr
    """
    with session.connect(url, account) as client:
        said = _named(client, name)["filter"]
        plain = {part: ",".join(value) if isinstance(value, list) else value for part, value in said.items()}
        page = client.get("/api/tasks", **{part: value for part, value in plain.items() if value}, limit=limit)
    print_queue(page, limit, closed=said["state"] == "closed")


@app.command("list")
def list_views(url: session.Url = None, account: session.As = None) -> None:
    """本人保存的视图。

    \b
    例：
      onething view list --as officer.amr
    """
    with session.connect(url, account) as client:
        found = client.get("/api/views")["items"]
    table = listing("名称", "一件事", "事项", "认领", "到期", "标记", "")
    for one in found:
        parts = one["filter"]
        flags = "、".join(TASK_FLAGS.get(flag, flag) for flag in parts.get("flags") or ())
        plain = (parts.get(name) or "" for name in ("bundle", "item", "holder", "due"))
        table.add_row(escape(one["name"]), *plain, flags, "已办的" if parts["state"] == "closed" else "")
    console().print(table if found else "没有保存的视图。")


@app.command("delete")
def remove(name: NameArgument, url: session.Url = None, account: session.As = None) -> None:
    """删去一个视图。

    \b
    例：
      onething view delete 本周企业开办 --as officer.amr
    """
    with session.connect(url, account) as client:
        client.delete(f"/api/views/{_named(client, name)['id']}")
    console().print("已删去。")


def _named(client: Client, name: str) -> Mapping[str, Any]:
    """The view that the caller has saved under that name. Raises CommandFailed."""
    for one in client.get("/api/views")["items"]:
        if one["name"] == name:
            view: Mapping[str, Any] = one
            return view
    raise CommandFailed(f"没有保存的视图“{name}”，见 onething view list。", ExitCode.USAGE)
