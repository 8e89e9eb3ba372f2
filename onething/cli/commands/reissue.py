"""`case reissue`: certificates made out once more, in place of those before."""

from typing import Annotated, Any

import typer

from onething.cli.client import session
from onething.cli.commands.intake import CaseNoArgument
from onething.cli.terminal.output import console
from onething.cli.terminal.values import typed, types_of
from onething.domain.kernel.state import ReissueWhy


def reissue(
    case_no: CaseNoArgument,
    item: Annotated[str, typer.Argument(metavar="事项代码", help="颁发证照的事项。")],
    why: Annotated[
        ReissueWhy, typer.Option("--why", help="typing_error 更正、lost 补发、damaged 换发。", show_default=False)
    ],
    reason: Annotated[str, typer.Option("--reason", help="说明，告知申请人。", show_default=False)],
    output: Annotated[
        list[str] | None,
        typer.Option("--output", "-o", metavar="字段=值", help="更正：决定内容的一个字段，可多次。"),
    ] = None,
    form: Annotated[
        list[str] | None, typer.Option("--form", metavar="字段=值", help="更正：申请表的一个字段，可多次。")
    ] = None,
    name: Annotated[str | None, typer.Option("--name", help="更正：持证人姓名或名称。")] = None,
    paper: Annotated[
        str | None, typer.Option("--paper", metavar="证照", help="补发、换发：有多份证照时，哪一份。")
    ] = None,
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """更正、补发、换发证照（颁发证照的部门）：重新签发，原证照作废，书面告知申请人；办结以后也可以。

    只能更正证照载明的内容，证件号码除外；决定本身有误的，用 onething case review。

    \b
    例：
      onething case reissue 办件编号 registration --why typing_error -o established_on=2026-11-21 \\
        --reason 录入时写错日期 --as officer.amr
      onething case reissue 办件编号 registration --why lost --reason 申请人声明遗失 --as officer.amr
    """
    body: dict[str, Any] = {"why": why, "reason": reason}
    if paper:
        body["output"] = paper
    if name:
        body["applicant"] = {"name": name}
    with session.connect(url, account) as client:
        if output or form:
            bundle = client.get(f"/api/bundles/{client.get(f'/api/cases/{case_no}')['bundle']}")
            decided = [one for it in bundle["items"] if it["code"] == item for one in it.get("decision_form") or ()]
            for part, texts, fields in (("outputs", output, decided), ("form", form, bundle["form"])):
                types = types_of(fields)
                body[part] = dict(typed(text, types, f"--{part.removesuffix('s')}") for text in texts or ())
        after = client.post(f"/api/cases/{case_no}/items/{item}/reissue", body)
    out = console()
    papers = "、".join(f"“{one['name']}”" for one in after["papers"])
    out.print(f"已记录（第 {after['seq']} 条）：重新签发{papers}，签发后原证照作废。", markup=False)
    for one in after["relying"]:
        out.print(f"{one['department_name']}的“{one['name']}”依据它作出决定，请其核对。", markup=False)
    out.print(f"接下来：onething case documents {case_no}", markup=False)
