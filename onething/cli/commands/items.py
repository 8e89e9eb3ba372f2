"""`case reopen`: items of a closed case whose decision was set aside."""

from typing import Annotated

import typer

from onething.cli.client import session
from onething.cli.commands.intake import CaseNoArgument, print_standing


def reopen(
    case_no: CaseNoArgument,
    item: Annotated[
        list[str], typer.Option("--item", metavar="事项代码", help="重新办理的事项，可多次。", show_default=False)
    ],
    basis: Annotated[
        str,
        typer.Option("--basis", metavar="文号", help="撤销原决定的文书，看得到办件的人都读得到。", show_default=False),
    ],
    reason: Annotated[str, typer.Option("--reason", help="理由，告知申请人和有关部门。", show_default=False)],
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """已归档的办件，有事项的决定被复议机关、法院或上级撤销的，重新办理（督办员）；期限重新计算。

    只能重新办理没有准予的事项；准予有误的，先用 onething case review 请其部门复核、撤销。

    \b
    例：
      onething case reopen 办件编号 --item registration --basis 杭政复〔2026〕12号 --reason 复议决定撤销 --as supervisor
    """
    body = {"items": item, "basis": basis, "reason": reason}
    with session.connect(url, account) as client:
        print_standing(client, client.post(f"/api/cases/{case_no}/reopen", body))
