"""`case check`: whether what was promised in place of a material is true."""

from typing import Annotated

import typer

from onething.cli.client import session
from onething.cli.commands.intake import CaseNoArgument, print_standing


def check(
    case_no: CaseNoArgument,
    material: Annotated[str, typer.Argument(metavar="材料代码", help="以承诺代替的材料。")],
    fulfilled: Annotated[bool, typer.Option("--kept/--broken", help="属实，还是不实。", show_default=False)],
    finding: Annotated[str, typer.Option("--finding", help="核查情况。", show_default=False)],
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """登记一项承诺的核查结果（作出决定的部门）；不实的会告知申请人。

    \b
    例：
      onething case check 办件编号 premises-lease --kept --finding 现场查看无误 --as officer.amr
      onething case check 办件编号 premises-lease --broken --finding 租期已满 --as officer.amr
    """
    with session.connect(url, account) as client:
        body = {"kept": fulfilled, "finding": finding}
        print_standing(client, client.post(f"/api/cases/{case_no}/commitments/{material}/check", body))
