"""`material`: which there are, in which versions; saving, opening and uploading files; papers that are received."""

from pathlib import Path
from typing import Annotated

import typer

from onething.cli.client import session
from onething.cli.client.client import FileReceived
from onething.cli.commands.intake import (
    CaseNoArgument,
    DeviceContactAt,
    ReceivedAt,
    offline_receipt,
    print_standing,
)
from onething.cli.terminal.failures import CommandFailed, ExitCode
from onething.cli.terminal.output import console
from onething.cli.views import materials

app = typer.Typer(no_args_is_help=True, help="材料：列出、打开、保存、上传。")

MaterialArgument = Annotated[str, typer.Argument(metavar="材料代码", help="material list 列出的。", show_default=False)]
VersionOption = Annotated[
    int | None, typer.Option("--version", min=0, metavar="版本", help="哪一版；不写则为最新的。", show_default=False)
]


@app.command("list")
def list_materials(
    case_no: CaseNoArgument,
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """一个办件的材料：代码、状态，来过的每一版。

    \b
    例：
      onething material list 办件编号 --as counter
    """
    with session.connect(url, account) as client:
        found = client.get(f"/api/cases/{case_no}").get("materials") or []
    console().print(materials.table(found) if found else "没有材料，或没有您可以看的。")


@app.command()
def save(
    case_no: CaseNoArgument,
    material: MaterialArgument,
    to: Annotated[
        Path, typer.Argument(metavar="文件或文件夹", help="存到哪里；文件夹里用系统给的名称。", show_default=False)
    ] = Path(),
    version: VersionOption = None,
    show: Annotated[bool, typer.Option("--open", help="存好后用本机的程序打开。")] = False,
    force: Annotated[bool, typer.Option("--force", help="已有同名文件的，覆盖。")] = False,
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """把材料文件存下来，最新的或指定的一版；每次查看都留有记录。

    \b
    例：
      onething material save 办件编号 articles --as officer.amr
      onething material save 办件编号 articles 章程第一版.pdf --version 1 --open --as officer.amr
    """
    with session.connect(url, account) as client:
        received = client.get_file(
            f"/api/cases/{case_no}/materials/{material}", **({} if version is None else {"version": version})
        )
    path = _written(received, to, f"{case_no}-{material}", force=force)
    console().print(f"已保存 {path}", markup=False)
    if show:
        typer.launch(str(path))


def _written(received: FileReceived, to: Path, fallback: str, *, force: bool) -> Path:
    """Readable by its owner alone. Raises `CommandFailed` where it can't be written, or something is there already."""
    path = to / (received.name or fallback) if to.is_dir() else to
    if path.exists() and not force:
        raise CommandFailed(f"{path} 已经有了：请换个名称，或用 --force 覆盖。", ExitCode.USAGE)
    try:
        path.touch(mode=0o600)
        path.write_bytes(received.content)
    except OSError as failure:
        raise CommandFailed(f"写不进 {path}（{failure.strerror}）：请换个地方。") from None
    return path


@app.command()
def upload(
    case_no: CaseNoArgument,
    material: MaterialArgument,
    file: Annotated[
        Path,
        typer.Argument(metavar="文件", help="PDF、JPEG、PNG、OFD、HEIC。", show_default=False),
    ],
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """上传一份材料，给草稿或要补材料的办件；又传一次就是新的一版，以前的都留着。

    \b
    例：
      onething material upload 办件编号 articles 章程.pdf --as citizen
    """
    with session.connect(url, account) as client:
        kept = client.put_file(f"/api/cases/{case_no}/materials/{material}", file)
    console().print(f"已上传 {material} 第 {kept['version']} 版（{kept['size']} 字节）。", markup=False)


def receive(
    case_no: CaseNoArgument,
    material: Annotated[list[str], typer.Argument(metavar="材料代码…", help="收到的纸质件。")],
    post: Annotated[bool, typer.Option("--post", help="邮寄来的。")] = False,
    received_at: ReceivedAt = None,
    device_contact_at: DeviceContactAt = None,
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """收取纸质件（综合窗口，或需要它的部门）：收到了才算有，申请人在网上说“交纸质件”只是预告。

    \b
    例：
      onething case receive 办件编号 articles premises-lease --as counter
      onething case receive 办件编号 articles --post --as officer.amr
    """
    with session.connect(url, account) as client:
        body = {"materials": material, "how": "post" if post else "hand"}
        body |= offline_receipt(received_at, device_contact_at)
        print_standing(client, client.post(f"/api/cases/{case_no}/papers", body))
