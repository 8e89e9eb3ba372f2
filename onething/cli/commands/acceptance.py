"""`case accept`, `case correct`, `case reject`: what the counter says to an application."""

from typing import Annotated, Any

import typer

from onething.cli.client import session
from onething.cli.commands.intake import CaseNoArgument, print_standing
from onething.cli.terminal.failures import CommandFailed, ExitCode
from onething.cli.terminal.values import pair


def accept(
    case_no: CaseNoArgument,
    defer: Annotated[
        list[str] | None, typer.Option("--defer", metavar="材料代码", help="容缺、以后补交的材料。")
    ] = None,
    seen: Annotated[
        int | None, typer.Option("--seen", min=1, metavar="序号", help="看过的最后一次未经要求的修改，case show 列出。")
    ] = None,
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """受理一个办件（综合窗口），承诺时限从此起算；缺少的材料如允许容缺，用 --defer 写明。

    申请人改了没有要求改的内容的，先看 case show 列出的修改，再用 --seen 写明看到第几条。

    \b
    例：
      onething case accept 办件编号 --as counter
      onething case accept 办件编号 --defer premises-lease --as counter
      onething case accept 办件编号 --seen 7 --as counter
    """
    with session.connect(url, account) as client:
        body = {name: value for name, value in (("deferred", defer), ("seen", seen)) if value}
        print_standing(client, client.post(f"/api/cases/{case_no}/accept", body or None))


def correct(
    case_no: CaseNoArgument,
    material: Annotated[
        list[str] | None,
        typer.Option("--material", "-m", metavar="材料代码=问题", help="要补正的材料，和哪里不对，可多次。"),
    ] = None,
    field: Annotated[
        list[str] | None,
        typer.Option(
            "--field",
            "-f",
            metavar="字段=问题",
            help="要补正的表单字段，和哪里不对，可多次；别处的写位置，如 /answers/premises、/applicant/name。",
        ),
    ] = None,
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """受理前要求补正（综合窗口）：一次告知全部要补正的，书面告知申请人（行政许可法第三十二条第一款第四项）。

    应当一次告知：第二次只能写没有补正好的；第一次漏告的，由督办员要求。受理以后由部门要求：onething task correct。

    \b
    例：
      onething case correct 办件编号 -m articles=没有全体股东签名 -f liaison_phone=打不通 --as counter
      onething case correct 办件编号 -f /answers/premises=与租赁合同不符 --as counter
    """
    items = [_demand("material", text, "--material", "材料代码=问题") for text in material or ()]
    items += [_demand("pointer", text, "--field", "字段=问题") for text in field or ()]
    if not items:
        raise CommandFailed("没有写要补正什么：请用 --material 或 --field 逐项写明。", ExitCode.USAGE)
    with session.connect(url, account) as client:
        print_standing(client, client.post(f"/api/cases/{case_no}/corrections", {"items": items}))


def _demand(kind: str, text: str, option: str, shape: str) -> dict[str, str]:
    place, what = pair(text, option, shape)
    of_the_form = kind == "pointer" and not place.startswith("/")
    return {kind: f"/form/{place}" if of_the_form else place, "what": what}


def reject(
    case_no: CaseNoArgument,
    reason: Annotated[str, typer.Option("--reason", help="理由，会告知申请人。", show_default=False)],
    basis: Annotated[str, typer.Option("--basis", help="法律依据，写到条款。", show_default=False)],
    unmet: Annotated[
        list[str] | None,
        typer.Option("--unmet", metavar="材料或位置", help="补正告知过、仍未满足的：材料代码，或 /form/字段，可多次。"),
    ] = None,
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """不予受理（综合窗口）：出具加盖印章的书面决定，写明理由、依据和救济途径，办件随即结束。

    申请人已按告知全部补正的应当受理；告知过仍未满足的，用 --unmet 写明是哪几项。

    \b
    例：
      onething case reject 办件编号 --reason 不属于本机关职权范围 --basis 行政许可法第三十二条第一款第二项 --as counter
      onething case reject 办件编号 --reason 章程仍无签名 --basis 公司法第四十六条 --unmet articles --as counter
    """
    body: dict[str, Any] = {"reason": reason, "basis": basis} | ({"unmet": unmet} if unmet else {})
    with session.connect(url, account) as client:
        print_standing(client, client.post(f"/api/cases/{case_no}/reject", body))
