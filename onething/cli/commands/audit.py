"""`audit`: who looked at what, and whom they searched for."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer
from rich.console import RenderableType
from rich.markup import escape

from onething.cli.client import session
from onething.cli.terminal import labels
from onething.cli.terminal.failures import CommandFailed, ExitCode
from onething.cli.terminal.labels import ROLES
from onething.cli.terminal.listing import listing
from onething.cli.terminal.output import console, moment, say_more

app = typer.Typer(no_args_is_help=True, help="审计：谁看过什么、查过谁（审计员）。")

_ROLES = ROLES | {"admin": "管理员", "auditor": "审计员", "public": "公众"}
_OUTCOMES = {
    "done": "",
    "alarm": "报警",
    "not_permitted": "拒绝：没有权限",
    "not_found": "拒绝：没有找到",
    "not_signed_in": "拒绝：未登录",
    "insufficient_user_authentication": "拒绝：核验不够",
    "wrong_credentials": "拒绝：口令不对",
    "bad_signature": "拒绝：签名不符",
    "too_many_requests": "拒绝：过于频繁",
}


@app.callback()
def group() -> None:
    """审计：谁看过什么、查过谁（审计员）。"""


@app.command()
def access(
    subject: Annotated[str | None, typer.Option("--subject", metavar="账户", help="谁做的。")] = None,
    act: Annotated[str | None, typer.Option("--act", help="做什么，如 search_cases、view_case、sign_in。")] = None,
    case_no: Annotated[str | None, typer.Option("--case", metavar="办件编号", help="哪一件办件。")] = None,
    outcome: Annotated[
        str | None, typer.Option("--outcome", help="结果：alarm 报警，或拒绝的代码如 not_permitted。")
    ] = None,
    id_number: Annotated[
        str | None, typer.Option("--id-number", metavar="证件号码", help="谁的证件号码被查过，须写 --reason。")
    ] = None,
    id_type: Annotated[str, typer.Option("--id-type", help=labels.PAPERS_HELP)] = "resident_id",
    reason: Annotated[str | None, typer.Option("--reason", help="为什么查这个号码，记入日志。")] = None,
    since: Annotated[str | None, typer.Option("--from", help="此刻起，带时区。")] = None,
    until: Annotated[str | None, typer.Option("--to", help="到此刻为止，带时区。")] = None,
    limit: Annotated[int, typer.Option(min=1, max=200, help="至多几条。")] = 50,
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """访问日志，新的在前。每次查阅也记入日志。

    \b
    例：
      onething audit access --act search_cases --as auditor
      onething audit access --outcome alarm --as auditor
      onething audit access --id-number 11010519491231002X --reason 市民投诉信息被查 --as auditor
    """
    wanted = {"subject": subject, "act": act, "case_no": case_no, "outcome": outcome, "from": since, "to": until}
    given = {name: value for name, value in wanted.items() if value is not None}
    if id_number is not None and reason is None:
        raise CommandFailed("查某个证件号码请写明 --reason 理由，它会记入访问日志。", ExitCode.USAGE)
    with session.connect(url, account) as client:
        if id_number is None:
            page = client.get("/api/audit/access", limit=limit, **given)
        else:
            body = {"id_type": id_type, "id_number": id_number, "reason": reason, **given}
            page = client.post("/api/audit/access/search", body, limit=str(limit))
    console().print(table(page["items"]) if page["items"] else "没有这样的记录。")
    if page["next"]:
        console().print(f"还有更多，--limit 可以写大一些（现在 {limit}），或用 --to 往前查。", markup=False)


@app.command()
def mine(
    own: Annotated[bool, typer.Option("--own", help="连同自己账户的查看。")] = False,
    limit: Annotated[int, typer.Option(min=1, max=200, help="至多几条。")] = 50,
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """谁查过我的信息：哪一天、哪个部门什么岗位、看的是什么，新的在前。

    \b
    例：
      onething audit mine --as citizen
    """
    with session.connect(url, account) as client:
        page = client.get("/api/me/access", limit=limit, **({"own": "true"} if own else {}))
    shown = listing("时间", "谁", "做什么", "办件编号", "理由", "结果")
    for line in page["items"]:
        why = line.get("reason") or ("有，不公开" if line["reason_withheld"] else "")
        refused = "没有让看" if line["refused"] else ""
        shown.add_row(
            moment(line["at"]), escape(line["who"]), line["what"], line.get("case_no", ""), escape(why), refused
        )
    console().print(shown if page["items"] else "没有人查过。")
    say_more(page, limit)


def table(lines: Sequence[Mapping[str, Any]]) -> RenderableType:
    shown = listing(
        "时间", "谁", "身份", "做什么", "办件编号", "查谁", "查到", "结果", "来自", "次数", "理由",
    )  # fmt: skip
    for line in lines:
        shown.add_row(
            moment(line["at"]),
            escape(line["subject"]) or "不明",
            _ROLES.get(line["role"], line["role"]),
            escape(" ".join([line["act"], line.get("detail") or ""])),
            line.get("case_no", ""),
            line.get("whose", "")[:8],
            str(line.get("found", "")),
            _OUTCOMES.get(line["outcome"], line["outcome"]),
            line.get("address", ""),
            str(line["times"]),
            escape(line.get("reason", "")),
        )
    return shown
