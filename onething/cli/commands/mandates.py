"""`mandate`: let somebody act for you, see what they did, take it back."""

from typing import Annotated, Any

import typer
from rich.console import RenderableType
from rich.markup import escape

from onething.cli.client import session
from onething.cli.terminal import labels
from onething.cli.terminal.listing import listing
from onething.cli.terminal.output import console, moment

app = typer.Typer(no_args_is_help=True, help="委托：委托他人代办，查看，撤销。")

MandateIdArgument = Annotated[str, typer.Argument(metavar="委托编号", help="委托时给出的编号。")]
KINDS = {"helper": "帮办代办", "family": "亲属", "delegate": "村（社区）代办员", "office": "窗口、部门人员"}
STATES = {"valid": "有效", "expired": "到期", "revoked": "已撤销"}
ACTS = {"apply": "申请", "supply": "补材料", "withdraw": "撤回", "urge": "催办", "rate": "评价", "licences": "查证照"}


@app.command()
def give(
    agent: Annotated[str, typer.Argument(metavar="账户", help="受托人的账户，如 agent。")],
    agent_name: Annotated[str, typer.Option("--agent-name", help="受托人姓名。", show_default=False)],
    giver: Annotated[str, typer.Option("--giver", metavar="姓名=证件号码", help="委托人。", show_default=False)],
    until: Annotated[str, typer.Option("--until", metavar="日期", help="有效到哪一天，如 2026-12-31。")],
    id_type: Annotated[str, typer.Option("--id-type", help=f"委托人的{labels.PAPERS_HELP}")] = "resident_id",
    kind: Annotated[
        str, typer.Option("--kind", help="helper 帮办代办、family 亲属、delegate 代办员、office 窗口和部门人员。")
    ] = "helper",
    bundle: Annotated[list[str] | None, typer.Option("--bundle", help="只限这个一件事，可多次。")] = None,
    act: Annotated[
        list[str] | None,
        typer.Option("--act", help="可做的事：apply、supply、withdraw、urge、rate、licences（查证照）。"),
    ] = None,
    paper: Annotated[bool, typer.Option("--paper", help="窗口：已收下签名的委托书。")] = False,
    outlet: Annotated[
        str | None,
        typer.Option(
            "--outlet", metavar="网点代码", help="窗口：在几个网点工作的，写明在哪一个登记。", show_default=False
        ),
    ] = None,
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """委托他人代办；不写 --act 为申请和补材料。

    \b
    例：
      onething mandate give agent --agent-name 王帮办 --giver 张三=330106198805123144 --until 2026-12-31 --as citizen
    """
    name, _, number = giver.partition("=")
    body: dict[str, Any] = {
        "giver": {"name": name, "id_type": id_type, "id_number": number},
        "agent": agent,
        "agent_name": agent_name,
        "kind": kind,
        "bundles": bundle or [],
        "acts": act or ["apply", "supply"],
        "expires_on": until,
        "paper": paper,
        **({"outlet": outlet} if outlet else {}),
    }
    with session.connect(url, account) as client:
        given = client.post("/api/mandates", body)
    console().print(f"已委托，编号 {given['id']}，有效至 {moment(given['expires_at'])}。", markup=False)


@app.command("list")
def list_mandates(
    limit: Annotated[int, typer.Option(min=1, max=200, help="至多几份。")] = 20,
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """我给出的和给我的委托，新的在前。

    \b
    例：
      onething mandate list --as agent
    """
    with session.connect(url, account) as client:
        page = client.get("/api/mandates", limit=limit)
    console().print(table(page["items"]) if page["items"] else "没有委托。")


@app.command()
def show(mandate: MandateIdArgument, url: session.Url = None, account: session.As = None) -> None:
    """一份委托，和据此开办的办件。

    \b
    例：
      onething mandate show 委托编号 --as citizen
    """
    with session.connect(url, account) as client:
        found = client.get(f"/api/mandates/{mandate}")
    console().print(table([found]))
    console().print(f"据此开办：{'、'.join(found['cases']) or '没有'}", markup=False)


@app.command()
def revoke(mandate: MandateIdArgument, url: session.Url = None, account: session.As = None) -> None:
    """撤销委托，立即生效。

    \b
    例：
      onething mandate revoke 委托编号 --as citizen
    """
    with session.connect(url, account) as client:
        client.post(f"/api/mandates/{mandate}/revoke")
    console().print("已撤销。")


def table(rows: list[dict[str, Any]]) -> RenderableType:
    shown = listing("编号", "委托人", "受托人", "种类", "范围", "可办", "状态", "有效至")
    for row in rows:
        shown.add_row(
            row["id"],
            escape(row["giver"]),
            escape(row["agent_name"]),
            KINDS[row["kind"]],
            "、".join(row["bundles"]) or "全部",
            "、".join(ACTS[act] for act in row["acts"]),
            STATES[row["state"]],
            moment(row["expires_at"]),
        )
    return shown
