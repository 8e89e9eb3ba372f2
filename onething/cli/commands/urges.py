"""`case urge`, `case answer-urge`: the applicant asks for haste, the department answers."""

from typing import Annotated

import typer

from onething.cli.client import session
from onething.cli.commands.intake import CaseNoArgument
from onething.cli.terminal.output import console, moment

ItemOption = Annotated[str | None, typer.Option("--item", metavar="事项代码", help="只针对一个事项；默认为整个办件。")]


def urge(
    case_no: CaseNoArgument,
    item: ItemOption = None,
    text: Annotated[str | None, typer.Option("--text", help="要说的话，承办部门看得到。")] = None,
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """催办：请承办部门尽快办理，一个工作日内答复；一个工作日内只能催办一次，逾期未答复的可以再催。

    \b
    例：
      onething case urge 办件编号 --text 急等营业执照签约 --as citizen
    """
    body = {name: value for name, value in (("item", item), ("text", text)) if value is not None}
    with session.connect(url, account) as client:
        after = client.post(f"/api/cases/{case_no}/urge", body)
    console().print(f"已催办（第 {after['seq']} 条），{moment(after['due_at'])}前答复（约定，工作日）。", markup=False)


def answer_urge(
    case_no: CaseNoArgument,
    text: Annotated[str, typer.Option("--text", help="答复，申请人看得到。", show_default=False)],
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """答复催办（承办部门）。

    \b
    例：
      onething case answer-urge 办件编号 --text 住所核实后明日发证 --as officer.amr
    """
    with session.connect(url, account) as client:
        after = client.post(f"/api/cases/{case_no}/urge/answer", {"text": text})
    console().print(f"已答复（第 {after['seq']} 条）。", markup=False)
