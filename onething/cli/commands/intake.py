"""`case`: apply, go on with a draft, supply, withdraw."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from onething.cli.client import session
from onething.cli.client.client import Client
from onething.cli.client.problem import ApiRefused
from onething.cli.commands import application_file
from onething.cli.commands.watch import watch_case
from onething.cli.terminal.failures import CommandFailed, ExitCode
from onething.cli.terminal.output import console
from onething.cli.terminal.values import MOMENT_FORMATS, moment_sent, pair, typed
from onething.cli.terminal.vocabulary import Vocabulary
from onething.cli.views import case
from onething.domain.kernel.case_no import CaseNo

ReceivedAt = Annotated[
    datetime | None,
    typer.Option(
        "--received-at", metavar="时间", formats=MOMENT_FORMATS, help="窗口离线收件：凭证上的时间，五日由此起算。"
    ),
]
DeviceContactAt = Annotated[
    datetime | None,
    typer.Option(
        "--device-contact-at", metavar="时间", formats=MOMENT_FORMATS, help="离线收件的设备最后一次联网的时间。"
    ),
]

app = typer.Typer(no_args_is_help=True, help="办件：提交、草稿、查找、查看、跟踪、补正、受理和不予受理、时限、撤回。")

CaseNoArgument = Annotated[CaseNo, typer.Argument(metavar="办件编号", help="提交时给出的编号。", parser=CaseNo.parse)]


@app.command()
def submit(
    file: Annotated[
        Path | None, typer.Argument(metavar="文件", help="申请（YAML），样例见 examples/；有 --into 时可以不写。")
    ] = None,
    url: session.Url = None,
    account: session.As = None,
    into: Annotated[
        CaseNo | None,
        typer.Option(
            "--into",
            metavar="办件编号",
            help="填进这份草稿：文件里写了的为准，没写的照旧；不写文件的，照草稿提交。",
            parser=CaseNo.parse,
        ),
    ] = None,
    draft: Annotated[bool, typer.Option("--draft", help="只存为草稿，暂不提交。")] = False,
    accept: Annotated[bool, typer.Option("--accept", help="窗口当场受理：材料齐全，提交即受理。")] = False,
    incomplete: Annotated[bool, typer.Option("--incomplete", help="仍要提交：缺的以后补，由窗口书面告知。")] = False,
    seen: Annotated[
        str | None,
        typer.Option(
            "--seen",
            metavar="证件",
            help="窗口：核对了申请人的什么证件（resident_id、passport 等）；别人带原件来的，后面加 :brought。",
        ),
    ] = None,
    received_at: ReceivedAt = None,
    device_contact_at: DeviceContactAt = None,
    outlet: Annotated[
        str | None,
        typer.Option(
            "--outlet", metavar="网点代码", help="窗口：在几个网点工作的，写明是哪一个收的。", show_default=False
        ),
    ] = None,
    watch: Annotated[bool, typer.Option("--watch", help="提交后接着跟踪办理经过。")] = False,
) -> None:
    """提交一份申请；有问题时指出文件的哪一行、怎么改。

    材料写 form: paper 表示要交来纸质件（窗口写的，是已经收到），写 file: 文件名 则上传该文件（先存草稿、再上传、
    后提交；不成的，不留草稿）。

    \b
    例：
      onething case submit examples/enterprise-opening.yaml --as citizen
      onething case submit 我的申请.yaml --as counter --seen resident_id --accept --watch
      onething case submit 其余各项.yaml --into 办件编号 --as counter --seen resident_id
      onething case submit --into 办件编号 --as citizen
    """
    if file is None and into is None:
        raise CommandFailed("请写明申请文件；接着办一份草稿的，用 --into 办件编号。", ExitCode.USAGE)
    if into is not None and outlet is not None:
        raise CommandFailed("草稿在开始填的网点收件，不能改：请去掉 --outlet。", ExitCode.USAGE)
    application = application_file.read(file) if file else application_file.NOTHING
    application = application.seen_with(seen).taken_in_at(outlet)
    received = offline_receipt(received_at, device_contact_at)
    with session.connect(url, account) as client:
        try:
            if into is None:
                opened = _apply(client, application, received, draft=draft, accept=accept, incomplete=incomplete)
            else:
                opened = _fill(client, into, application, received, draft=draft, accept=accept, incomplete=incomplete)
        except ApiRefused as refused:
            raise ApiRefused(refused.problem, application.lines) from None
        out = console()
        done = "已存为草稿" if draft else "已提交并当场受理" if accept else "已提交"
        out.print(f"{done}，办件编号 {opened['case_no']}", markup=False)
        if into is None:
            out.print(f"查询码 {opened['query_code']}（只显示这一次，凭它可匿名查进度）", markup=False)
        out.print(f"接下来：onething case watch {opened['case_no']}", markup=False)
        if watch and not draft:
            watch_case(client, opened["case_no"], out)


def offline_receipt(at: datetime | None, device_contact_at: datetime | None) -> Mapping[str, Any]:
    """As it is sent with what the counter took in."""
    if at is None and device_contact_at is None:
        return {}
    if at is None or device_contact_at is None:
        raise CommandFailed("离线收件请同时写明 --received-at 和 --device-contact-at。", ExitCode.USAGE)
    both = {"at": at, "device_contact_at": device_contact_at}
    return {"received": {name: moment_sent(moment) for name, moment in both.items()}}


def _apply(
    client: Client,
    application: application_file.ApplicationFile,
    received: Mapping[str, Any],
    *,
    draft: bool,
    accept: bool,
    incomplete: bool,
) -> dict[str, Any]:
    at_once = not draft and not application.uploads
    chosen = {"accept": accept, "incomplete": incomplete} if at_once else {}
    said = {"submit": at_once, **{name: True for name, one in chosen.items() if one}, **(received if at_once else {})}
    opened: dict[str, Any] = client.post("/api/cases", {**application.body, **said})
    if at_once:
        return opened
    try:
        _upload(client, opened["case_no"], application)
        if not draft:
            _submit(client, opened["case_no"], received, accept=False, incomplete=incomplete)
    except ApiRefused:
        client.delete(f"/api/cases/{opened['case_no']}")  # begun for this alone: what failed leaves nothing behind
        raise
    if not draft and accept:
        client.post(f"/api/cases/{opened['case_no']}/accept")
    return opened


def _fill(
    client: Client,
    case_no: str,
    application: application_file.ApplicationFile,
    received: Mapping[str, Any],
    *,
    draft: bool,
    accept: bool,
    incomplete: bool,
) -> dict[str, Any]:
    """The draft's own values stand where the file has none."""
    begun = client.get(f"/api/cases/{case_no}")
    said = {name: value for name, value in application.body.items() if value}
    bundle = str(said.pop("bundle", begun["bundle"]))
    if bundle.partition("@")[0] != begun["bundle"].partition("@")[0]:
        raise CommandFailed(f"草稿 {case_no} 是“{begun['name']}”，文件写的却是 {bundle}：请核对办件编号和文件。")
    if said:
        client.patch(f"/api/cases/{case_no}", said, begun["version"])
    _upload(client, case_no, application)
    if not draft:
        _submit(client, case_no, received, accept=accept, incomplete=incomplete)
    return {"case_no": case_no}


def _upload(client: Client, case_no: str, application: application_file.ApplicationFile) -> None:
    for code, path in application.uploads:
        client.put_file(f"/api/cases/{case_no}/materials/{code}", path)


def _submit(client: Client, case_no: str, received: Mapping[str, Any], *, accept: bool, incomplete: bool) -> None:
    said = {**received, **({"incomplete": True} if incomplete else {})}
    client.post(f"/api/cases/{case_no}/submit", said or None)
    if accept:
        client.post(f"/api/cases/{case_no}/accept")


@app.command()
def confirm(
    case_no: CaseNoArgument,
    url: session.Url = None,
    account: session.As = None,
    yes: Annotated[bool, typer.Option("--yes", help="已经看过全文，不再询问。")] = False,
) -> None:
    """确认别人以您的名义填的草稿：先列出全文，您同意后即以您的名义提交。

    \b
    例：
      onething case list --to-confirm --as citizen
      onething case confirm 办件编号 --as citizen
    """
    with session.connect(url, account) as client:
        draft = client.get(f"/api/cases/{case_no}")
        if "version" not in draft or draft["status"] != "draft":
            raise CommandFailed(f"{case_no} 不是草稿，没有要确认的。\n下一步：onething case show {case_no}。")
        console().print(case.whole_draft(draft, client.vocabulary(draft["bundle"])))
        if not yes and not typer.confirm("以上内容无误，以我的名义提交？"):
            raise CommandFailed("没有提交，草稿还在。")
        client.post_as_read(f"/api/cases/{case_no}/submit", int(draft["version"]))
        console().print(f"已提交 {case_no}。接下来：onething case watch {case_no}", markup=False)


@app.command()
def discard(
    case_no: CaseNoArgument,
    url: session.Url = None,
    account: session.As = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="不再询问。")] = False,
) -> None:
    """删除一份草稿，连同已上传的文件；删了就没有了。30 天没有人接着填的，会自动删除。

    \b
    例：
      onething case discard 办件编号 --as citizen --yes
    """
    if not yes:
        typer.confirm(f"确定删除草稿 {case_no}？", abort=True)
    with session.connect(url, account) as client:
        client.delete(f"/api/cases/{case_no}")
    console().print(f"已删除草稿 {case_no}。", markup=False)


@app.command()
def supplement(
    case_no: CaseNoArgument,
    paper: Annotated[
        list[str] | None, typer.Option("--paper", metavar="材料代码", help="要交来纸质件的材料；窗口：已收到的。")
    ] = None,
    file: Annotated[list[str] | None, typer.Option("--file", metavar="材料代码=文件", help="上传的材料。")] = None,
    field: Annotated[list[str] | None, typer.Option("--field", metavar="字段=值", help="改正的表单字段。")] = None,
    answer: Annotated[list[str] | None, typer.Option("--answer", metavar="问题=值", help="改正的情形。")] = None,
    name: Annotated[str | None, typer.Option("--name", help="改正的申请人姓名或名称。")] = None,
    phone: Annotated[str | None, typer.Option("--phone", help="改正的申请人电话。")] = None,
    promise: Annotated[
        list[str] | None,
        typer.Option("--promise", metavar="材料代码", help="数据调取不到、允许承诺的，承诺代替交材料。"),
    ] = None,
    incomplete: Annotated[bool, typer.Option("--incomplete", help="仍要提交：还缺的照告知办，不再等。")] = False,
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """补正或补充材料；受理以后只能补材料。

    多选的值用逗号隔开，证件写 种类:号码，清单写 JSON。

    \b
    例：
      onething case supplement 办件编号 --paper death-certificate-paper --as citizen2
      onething case supplement 办件编号 --field payee_account=6200000000000000011 --as citizen2
      onething case supplement 办件编号 --answer services=seal,tax --phone 13800000000 --as citizen
    """
    papers = [{"code": code, "form": "paper"} for code in paper or ()]
    uploads = [pair(text, "--file", "材料代码=文件") for text in file or ()]
    person = {part: value for part, value in (("name", name), ("phone", phone)) if value is not None}
    if not (papers or uploads or field or answer or person or promise):
        raise CommandFailed(
            "没有要补充的内容：请用 --paper、--file、--field、--answer、--name、--phone 或 --promise 指明。",
            ExitCode.USAGE,
        )
    with session.connect(url, account) as client:
        for code, path in uploads:
            client.put_file(f"/api/cases/{case_no}/materials/{code}", Path(path))
            console().print(f"已上传 {code}：{path}", markup=False)
        if papers or field or answer or person or promise:
            body: dict[str, Any] = {"materials": papers, "commitments": promise or []}
            if field or answer:
                words = client.vocabulary(client.get(f"/api/cases/{case_no}")["bundle"])
                body["form"] = dict(typed(text, words.types, "--field") for text in field or ())
                body["answers"] = dict(typed(text, words.types, "--answer") for text in answer or ())
            body |= {"applicant": person} if person else {}
            body |= {"incomplete": True} if incomplete else {}
            print_standing(client, client.post(f"/api/cases/{case_no}/supplement", body))


@app.command()
def withdraw(
    case_no: CaseNoArgument,
    url: session.Url = None,
    account: session.As = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="不再询问。")] = False,
) -> None:
    """撤回一个办件：还没有决定的不再办理，已经办成的继续有效，只是预留的（名称、预约等）释放。

    \b
    例：
      onething case withdraw 办件编号 --as citizen --yes
    """
    if not yes:
        typer.confirm(f"确定撤回 {case_no}？还没有决定的事项不再办理，已经办成的继续有效", abort=True)
    with session.connect(url, account) as client:
        print_standing(client, client.post(f"/api/cases/{case_no}/withdraw"))


def print_standing(client: Client, standing: Mapping[str, Any]) -> None:
    """How the case stands after an act, with what is missing or open by its name."""
    vocabulary = Vocabulary()
    if standing.get("missing") or standing.get("open_fields"):
        vocabulary = client.vocabulary(client.get(f"/api/cases/{standing['case_no']}")["bundle"])
    console().print(case.standing(standing, vocabulary))
