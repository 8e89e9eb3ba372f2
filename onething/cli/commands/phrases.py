"""`phrase`: 常用语, what people write again and again in opinions, kept by each for themselves."""

from typing import Annotated

import typer
from rich.markup import escape

from onething.cli.client import session
from onething.cli.terminal.listing import listing
from onething.cli.terminal.output import console

app = typer.Typer(no_args_is_help=True, help="常用语：本人写意见时常用的话，至多 30 条（部门人员）。")


@app.command("list")
def list_phrases(url: session.Url = None, account: session.As = None) -> None:
    """本人的常用语。

    \b
    例：
      onething phrase list --as officer.amr
    """
    with session.connect(url, account) as client:
        found = client.get("/api/phrases")["items"]
    table = listing("编号", "常用语")
    for one in found:
        table.add_row(str(one["id"]), escape(one["text"]))
    console().print(table if found else "没有保存的常用语。")


@app.command()
def add(
    text: Annotated[str, typer.Argument(metavar="常用语", help="一两句话，至多 500 字。", show_default=False)],
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """保存一条常用语；已有的不重复。

    \b
    例：
      onething phrase add 材料齐全，符合法定条件 --as officer.amr
    """
    with session.connect(url, account) as client:
        kept = client.post("/api/phrases", {"text": text})
    console().print(f"已保存，编号 {kept['id']}。", markup=False)


@app.command("delete")
def remove(
    phrase: Annotated[int, typer.Argument(metavar="编号", min=1, max=99, help="见 phrase list。", show_default=False)],
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """删去一条常用语。

    \b
    例：
      onething phrase delete 1 --as officer.amr
    """
    with session.connect(url, account) as client:
        client.delete(f"/api/phrases/{phrase}")
    console().print("已删去。")
