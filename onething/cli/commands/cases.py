"""`case list`, `search`, `show`, `watch`, `clocks`, `documents`: how a case stands, until when, and its letters."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from onething.cli.client import session
from onething.cli.client.client import Client
from onething.cli.client.command_words import who
from onething.cli.client.problem import ApiRefused
from onething.cli.commands.intake import CaseNoArgument
from onething.cli.commands.watch import watch_case
from onething.cli.terminal import labels
from onething.cli.terminal.failures import CommandFailed, ExitCode
from onething.cli.terminal.output import console, say_more
from onething.cli.views import actions, application, deadlines, letters
from onething.cli.views import case as views_case


def list_cases(
    url: session.Url = None,
    account: session.As = None,
    status: Annotated[
        str | None, typer.Option(help="只看这些状态，几个用逗号分隔，如 submitted,correction。", show_default=False)
    ] = None,
    bundle: Annotated[str | None, typer.Option(help="只看这个一件事，如 enterprise-opening。")] = None,
    outlet: Annotated[
        str | None, typer.Option(help="只看在这个网点或其下级收的，如 330109115。", show_default=False)
    ] = None,
    mine: Annotated[bool, typer.Option("--mine", help="只看本人办的。")] = False,
    drafts: Annotated[bool, typer.Option("--drafts", help="只看自己的草稿。")] = False,
    applicant_ended: Annotated[
        bool, typer.Option("--applicant-ended", help="申请人已登记死亡、还没有办完的（窗口、督办员）。")
    ] = False,
    answered: Annotated[
        bool, typer.Option("--corrections-answered", help="补正已回、等窗口再看的（窗口、督办员、部门）。")
    ] = False,
    order: Annotated[  # as the query calls it, so that what is wrong with it is told by the option
        bool, typer.Option("--waiting", help="等得最久的在前，只列待受理和等补正的（窗口、督办员、部门）。")
    ] = False,
    due: Annotated[
        str | None,
        typer.Option(
            metavar="overdue|soon", help="已超期，或已经预警、即将到期的，到期早的在前（窗口、督办员、部门）。"
        ),
    ] = None,
    to_confirm: Annotated[bool, typer.Option("--to-confirm", help="待我确认：别人以我的名义填的草稿。")] = False,
    begun: Annotated[
        str | None,
        typer.Option(
            "--begun", metavar="一件事代码", help="本人和委托人在这个一件事已有的草稿和在办的。", show_default=False
        ),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=200, help="至多几件。")] = 20,
) -> None:
    """办件列表，新的在前；只列出本人看得到的。接着办草稿：onething case submit --into，删除：onething case discard。

    \b
    例：
      onething case list --as counter --status submitted,correction
      onething case list --as counter --waiting
      onething case list --due overdue --as supervisor
      onething case list --drafts --as counter
      onething case list --as counter --outlet 330109115
      onething case list --to-confirm --as citizen
      onething case list --begun enterprise-opening --as citizen
    """
    if drafts and status not in (None, "draft"):
        raise CommandFailed("--drafts 只看草稿，不能再写别的 --status。", ExitCode.USAGE)
    said = {
        "mine": mine or drafts,
        "to_confirm": to_confirm,
        "applicant_ended": applicant_ended,
        "corrections_answered": answered,
    }
    chosen = {name: "true" for name, wanted in said.items() if wanted} | ({"order": "waiting"} if order else {})
    status = "draft" if drafts else status
    if begun is not None and (chosen or any((status, bundle, outlet, due))):
        raise CommandFailed("--begun 已经说明看哪些，不能再写别的条件。", ExitCode.USAGE)
    with session.connect(url, account) as client:
        if begun is not None:
            rows = client.get(f"/api/bundles/{begun}/begun")["items"]
            console().print(views_case.cases_table(rows) if rows else "还没有开始办这个一件事。")
            return
        page = client.get("/api/cases", **chosen, status=status, bundle=bundle, outlet=outlet, due=due, limit=limit)
    _print_page(page, limit, "没有草稿。" if drafts else "没有办件。")


def _print_page(page: Mapping[str, Any], limit: int, nothing: str) -> None:
    console().print(views_case.cases_table(page["items"]) if page["items"] else nothing)
    say_more(page, limit)


def search(
    id_number: Annotated[str, typer.Argument(metavar="证件号码", help="申请人的证件号码，须完整。")],
    id_type: Annotated[str, typer.Option("--id-type", help=labels.PAPERS_HELP)] = "resident_id",
    reason: Annotated[str | None, typer.Option("--reason", help="为什么查，窗口和部门必填，记入访问日志。")] = None,
    limit: Annotated[int, typer.Option(min=1, max=200, help="至多几件。")] = 20,
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """按申请人的证件号码查找办件，新的在前；每次查找都记入访问日志。

    \b
    例：
      onething case search 330106198805123144 --reason 来电询问进度 --as counter
      onething case search E12345678 --id-type passport --reason 本人到窗口 --as counter
    """
    body = {"id_type": id_type, "id_number": id_number} | ({"reason": reason} if reason else {})
    with session.connect(url, account) as client:
        page = client.post("/api/cases/search", body, limit=str(limit))
    _print_page(page, limit, "没有这个证件号码的办件，或者您无权查看。")


def query_code(case_no: CaseNoArgument, url: session.Url = None, account: session.As = None) -> None:
    """换一个查询码（申请人），旧的立即作废；凭它可以匿名查进度。

    \b
    例：
      onething case query-code 办件编号 --as citizen
    """
    with session.connect(url, account) as client:
        told = client.post(f"/api/cases/{case_no}/query-code")
    console().print(f"新的查询码 {told['query_code']}（只显示这一次），旧的已作废。", markup=False)


def show(
    case_no: CaseNoArgument,
    url: session.Url = None,
    account: session.As = None,
    timeline: Annotated[bool, typer.Option("--timeline/--no-timeline", help="是否列出办理经过。")] = True,
    everything: Annotated[bool, typer.Option("--all", help="也列出现在不能做的，和为什么。")] = False,
) -> None:
    """看一个办件或一份草稿：状态、事项、申请内容、材料、缺什么、办理经过、证照；最后是现在能用的命令。

    \b
    例：
      onething case show 办件编号 --as citizen
      onething case show 办件编号 --all --no-timeline --as counter
    """
    with session.connect(url, account) as client:
        case = client.get(f"/api/cases/{case_no}")
        vocabulary = client.vocabulary(case["bundle"])
        out = console()
        out.print(views_case.overview(case, vocabulary))
        for part in application.parts(case, vocabulary):
            out.print(part)
        if forecast := _forecast(client, case_no):
            out.print(deadlines.expected(forecast))
        if timeline and case["status"] != "draft":
            out.print("\n办理经过", style="bold")
            out.print(views_case.timeline_table(client.pages(f"/api/cases/{case_no}/timeline"), vocabulary.departments))
        certificates = _certificates(client, case_no)
        if certificates:
            out.print("\n证照", style="bold")
            out.print(views_case.documents_table(certificates, vocabulary.departments))
        out.print("", *actions.of_case(case, who(url, account), everything=everything), sep="\n")


def _certificates(client: Client, case_no: str) -> list[dict[str, Any]]:
    """Who may see a case need not be allowed its documents: then there are none to show."""
    try:
        found: list[dict[str, Any]] = client.get(f"/api/cases/{case_no}/documents")["items"]
    except ApiRefused as refused:
        if refused.problem.status in (403, 404):
            return []
        raise
    return found


def watch(case_no: CaseNoArgument, url: session.Url = None, account: session.As = None) -> None:
    """实时跟踪一个办件，直到办完；断线后自动接上，不漏一条。

    \b
    例：
      onething case watch 办件编号 --as citizen
    """
    with session.connect(url, account) as client:
        watch_case(client, case_no, console())


def clocks(
    case_no: CaseNoArgument,
    url: session.Url = None,
    account: session.As = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="逐日列出：哪天计入、哪天不计、为什么，以及合计。")
    ] = False,
) -> None:
    """一个办件的各个时限：期限多长、还剩多少、何时到期、预计何时办结；加 --explain 看这个日子是怎么来的。

    \b
    例：
      onething case clocks 办件编号 --as citizen
      onething case clocks 办件编号 --explain --as citizen
    """
    with session.connect(url, account) as client:
        found = list(client.pages(f"/api/cases/{case_no}/clocks"))
        forecast = _forecast(client, case_no)
    out = console()
    if not found:
        out.print("还没有时限：受理后开始计时。")
    elif explain:
        for clock in found:
            out.print(deadlines.explained(clock))
    else:
        out.print(deadlines.table(found))
    if forecast:
        out.print(deadlines.expected(forecast, by_item=True))


def _forecast(client: Client, case_no: str) -> dict[str, Any] | None:
    """None once the case has ended, and of a draft."""
    found: dict[str, Any] | None = client.get(f"/api/cases/{case_no}/clocks", limit=1)["forecast"]
    return found


def documents(
    case_no: CaseNoArgument,
    url: session.Url = None,
    account: session.As = None,
    save: Annotated[
        Path | None, typer.Option("--save", metavar="文件夹", help="把文书的 PDF 存到这里；申请人存即为已阅读。")
    ] = None,
    read: Annotated[
        str | None, typer.Option("--read", metavar="文书编号", help="在终端里读这一份；申请人读即为已阅读。")
    ] = None,
) -> None:
    """一个办件的证照和文书（受理、补正、不予、中止、恢复、延期等书面告知），以及文书送达到哪一步。

    \b
    例：
      onething case documents 办件编号 --as citizen
      onething case documents 办件编号 --read 文书编号 --as citizen
      onething case documents 办件编号 --save 文书 --as citizen
    """
    with session.connect(url, account) as client:
        if read is not None:
            letter = client.get(f"/api/cases/{case_no}/documents/{read.removeprefix(f'{case_no}-')}")
            console().print(letters.text(letter), markup=False)
            return
        found = client.get(f"/api/cases/{case_no}/documents")
        departments = client.vocabulary(client.get(f"/api/cases/{case_no}")["bundle"]).departments
        out = console()
        if found["items"]:
            out.print(views_case.documents_table(found["items"], departments))
        out.print(letters.table(found["letters"], departments) if found["letters"] else "还没有文书。")
        if save is not None:
            for letter in found["letters"]:
                out.print(f"已保存 {_save(client, case_no, letter, save)}", markup=False)


def _save(client: Client, case_no: str, letter: dict[str, Any], folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{letter['number']}{letter['title']}.pdf"
    path.write_bytes(client.get_file(f"/api/cases/{case_no}/documents/{letter['id']}.pdf").content)
    return path
