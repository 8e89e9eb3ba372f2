"""`bundle`: which 一件事 the server offers, and what each asks for."""

from typing import Annotated, Any

import typer
from rich.markup import escape

from onething.cli.client import session
from onething.cli.terminal.listing import listing
from onething.cli.terminal.output import console

app = typer.Typer(no_args_is_help=True, help="一件事：服务提供哪些，各要填什么、交什么。")


_SOURCES = {"applicant": "申请人提交", "data_sharing": "数据共享", "e_licence": "电子证照", "item_output": "前面的事项"}


@app.command("list")
def list_bundles(url: session.Url = None) -> None:
    """服务现在提供的一件事，不必登录。

    \b
    例：
      onething bundle list
    """
    table = listing("代码", "版本", "一件事", "说明")
    with session.anybody(session.base_url(url)) as client:
        for one in client.pages("/api/bundles"):
            table.add_row(one["code"], str(one["version"]), escape(one["name"]), escape(one["summary"]))
    console().print(table if table.row_count else "还没有一件事。")


@app.command()
def show(
    bundle: Annotated[str, typer.Argument(metavar="一件事", help="代码，见 bundle list。", show_default=False)],
    region: Annotated[str | None, typer.Option("--region", help="在哪个行政区划办；不写是服务所在地。")] = None,
    url: session.Url = None,
) -> None:
    """一件事的办事指南：事项、情形、表单、材料，和写申请文件要用的代码；不必登录。

    \b
    例：
      onething bundle show enterprise-opening
    """
    with session.anybody(session.base_url(url)) as client:
        told = client.get(f"/api/bundles/{bundle}", region=region)
    departments = {one["code"]: one["name"] for one in told["departments"]}
    items, materials = listing("事项", "代码", "部门"), listing("材料", "代码", "从哪来", "必要")
    answers, form = listing("情形", "代码", "可以填"), listing("表单", "代码", "必填", "可以填")
    for one in told["items"]:
        items.add_row(escape(one["name"]), one["code"], escape(departments.get(one["department"], one["department"])))
    for one in told["materials"]:
        source = _SOURCES.get(one["source"], one["source"])
        materials.add_row(escape(one["name"]), one["code"], source, _required(one))
    for one in told["questions"]:
        answers.add_row(escape(one["question"]), one["id"], _options(one))
    for one in told["form"]:
        form.add_row(escape(one["label"]), one["id"], _required(one), _options(one))
    out = console()
    place = f"，按{told['place']['name']}的规定" if told.get("place") else ""
    out.print(f"{told['name']}（{told['code']}@{told['version']}）{place}", told["summary"], sep="\n", markup=False)
    for table in (items, answers, form, materials):
        out.print("", table)


def _required(row: dict[str, Any]) -> str:
    """Where it depends on something, that is the definition's business: `definitions plan` and the API tell it."""
    always = row["required"] and not row.get("when")
    return "是" if always else "视情形" if row["required"] else "否"


def _options(field: dict[str, Any]) -> str:
    options = field.get("options") or ()
    return escape("、".join(f"{option['value']} {option['label']}" for option in options) or field["type"])
