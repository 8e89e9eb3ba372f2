"""`outlet`: where applications are taken in, and whether it is open now."""

from typing import Annotated

import typer
from rich.markup import escape

from onething.cli.client import session
from onething.cli.terminal.listing import listing
from onething.cli.terminal.output import console, moment

app = typer.Typer(no_args_is_help=True, help="网点：在哪里收件，现在开不开。")


@app.command("list")
def list_(
    bundle: Annotated[str | None, typer.Option(help="收这个一件事的，如 newborn。", show_default=False)] = None,
    region: Annotated[str | None, typer.Option(help="为这个行政区划收件的。", show_default=False)] = None,
    url: session.Url = None,
) -> None:
    """今天收件的网点、地址、电话和开放时间；不用登录。

    \b
    例：
      onething outlet list --bundle newborn
    """
    with session.anybody(session.base_url(url)) as client:
        rows = list(client.pages("/api/outlets", bundle=bundle, region=region, limit=200))
    table = listing("代码", "网点", "现在", "开放时间", "地址", "电话")
    for row in rows:
        closed = f"{moment(row['opens_at'])} 开" if row.get("opens_at") else "不开"
        parts = (row["name"], "\n".join(row["hours"]), row.get("address") or row.get("place") or "")
        name, hours, address = (escape(part) for part in parts)
        now = "[green]开着[/green]" if row["open_now"] else closed
        table.add_row(row["code"], name, now, hours, address, row.get("phone") or "")
    console().print(table if rows else "没有网点收这个，请在网上提交，或到综合窗口。")
