"""`case period`: an objection to a public notice, or that what others had to do is done."""

from typing import Annotated

import typer

from onething.cli.client import session
from onething.cli.commands.intake import CaseNoArgument, print_standing


def record(
    case_no: CaseNoArgument,
    period: Annotated[str, typer.Argument(metavar="期间代码", help="正在进行的公告，或约定由别人完成的事。")],
    what: Annotated[
        str, typer.Option("--what", help="谁提出异议、什么理由；或凭什么看出已经完成。", show_default=False)
    ],
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """登记公告期间的异议（公告到此为止），或者约定的事已经完成（其后的事项接着办理）。

    \b
    例：
      onething case period 办件编号 public-notice --what 债权人甲公司提出尚有货款未清偿 --as officer.amr
    """
    with session.connect(url, account) as client:
        print_standing(client, client.post(f"/api/cases/{case_no}/periods/{period}", {"what": what}))
