"""`departments`: who is a department, and moving the open work of one whose duties have passed to another."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from onething.cli.operations import calendar_folder
from onething.cli.operations.record_settings import record_settings
from onething.cli.terminal.failures import CommandFailed, ExitCode
from onething.cli.terminal.listing import listing
from onething.cli.terminal.output import console, today

if TYPE_CHECKING:
    from definitions.loader import Catalog
    from onething.services.items.reassign import Duties, ReassignmentReport

app = typer.Typer(no_args_is_help=True, help="部门：名录和沿革，职责划转后移交在办事项。")

_LISTED = 10
DepartmentsFolderOption = Annotated[
    Path | None,
    typer.Option(
        "--folder",
        envvar=calendar_folder.ENVIRONMENT,
        exists=True,
        file_okay=False,
        help="自己的定义目录。",
        show_default=False,
    ),
]


@app.command("list")
def list_departments(folder: DepartmentsFolderOption = None) -> None:
    """部门的代码、名称、起止日期和接续部门，出自 departments.yaml。

    \b
    例：
      onething departments list
    """
    catalog = _catalog(folder)
    table = listing("代码", "名称", "起", "止", "接续部门")
    for code, one in catalog.duties.items():
        since, until = (str(day) if day else "" for day in (one.since, one.until))
        heir = f"{one.successor} {catalog.departments[one.successor]}" if one.successor else ""
        table.add_row(code, escape(one.name), since, until, escape(heir))
    console().print(table)


@app.command()
def move(
    before: Annotated[str, typer.Argument(metavar="原部门", help="部门代码。")],
    department: Annotated[str, typer.Argument(metavar="接续部门", help="部门代码。")],
    bundle: Annotated[str | None, typer.Option(help="只移交这个一件事的。", show_default=False)] = None,
    item: Annotated[str | None, typer.Option(help="只移交这个事项。", show_default=False)] = None,
    basis: Annotated[
        str | None,
        typer.Option(
            help="依据：公开文件的名称和文号；整体划转的，默认用 departments.yaml 里写的。", show_default=False
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只数，不移交。")] = False,
    folder: DepartmentsFolderOption = None,
    batch: Annotated[int, typer.Option("--batch", min=1, max=1000, help="一批看几件办件。")] = 200,
) -> None:
    """职责划转后，把原部门在办的事项和待办移交给接续部门：每件办件记入流水，原来的方案和记录不变。

    还没轮到的事项、征求意见、承诺核查和人工撤销一并移交；认领作废，由接续部门重新认领；
    正在原部门业务系统里的，收回改由接续部门的人员办理。已签发的证照仍写作出决定的部门。
    数据库由 ONETHING_DATABASE_WORKER_URL 指明；没有设置的，用本机正在运行的整套系统。
    中断了再运行一次就接着移交，重复运行无害。

    \b
    例：
      onething departments move hrss nhsa --dry-run
      onething departments move hrss nhsa --bundle retirement --item medical-insurance --basis 三定规定
    """
    from onething.services.items.reassign import Duties

    catalog = _catalog(folder)
    for code in (before, department):
        if code not in catalog.departments:
            raise CommandFailed(f"没有部门“{code}”。用 onething departments list 查看。", ExitCode.USAGE)
    if before == department:
        raise CommandFailed("原部门和接续部门是同一个。", ExitCode.USAGE)
    heir = catalog.duties[department]
    if not heir.is_there(today()) and not dry_run:
        span = f"{heir.since or '……'} 至 {heir.until or '……'}"
        what = f"“{department}”（{heir.name}）今天不履职（{span}），不能接续。"
        raise CommandFailed(f"{what}用 onething departments list 查看。")
    duties = Duties(before, department, _basis(catalog, before, department, basis, dry_run), bundle, item)
    _tell(catalog, duties, _moved(duties, dry_run, batch), dry_run)


def _basis(catalog: "Catalog", before: str, department: str, basis: str | None, dry_run: bool) -> str:
    """What the journal is to tell. Raises CommandFailed where nothing says why, or it is not yet time."""
    known = catalog.duties[before]
    if known.successor == department:
        if known.until is not None and today() <= known.until and not dry_run:
            raise CommandFailed(f"“{before}”履职到 {known.until}，次日起才能移交。可以先用 --dry-run 看看。")
        return basis or str(known.basis)
    if basis is None:
        what = f"departments.yaml 没有写“{before}”由“{department}”接续。"
        raise CommandFailed(f"{what}请写上 successor、until 和 basis；只划转一部分的，用 --basis 写明依据。")
    if not 0 < len(basis.strip()) <= len(basis) <= 200:
        raise CommandFailed("--basis 不能为空，也不超过 200 个字。", ExitCode.USAGE)
    return basis


def _moved(duties: "Duties", dry_run: bool, batch: int) -> "ReassignmentReport":
    from onething.domain.errors import FailureCode, OneThingError
    from onething.wiring.common import SettingMissing
    from onething.wiring.departments import move_duties

    chosen = record_settings()
    with console(stderr=True).status("正在移交……") as status:

        def show_progress(moved: "ReassignmentReport") -> None:
            status.update(f"看过 {moved.looked_at} 件办件")

        try:
            return asyncio.run(move_duties(chosen, duties, dry_run=dry_run, batch=batch, on_progress=show_progress))
        except SettingMissing as missing:
            raise CommandFailed(str(missing)) from None
        except OneThingError as error:
            if error.code is FailureCode.UNAVAILABLE:
                message = f"{error.detail}\n已经移交的都在；再运行一次就接着移交。"
                raise CommandFailed(message, ExitCode.UNREACHABLE) from None
            raise CommandFailed(error.detail) from None


def _tell(catalog: "Catalog", duties: "Duties", moved: "ReassignmentReport", dry_run: bool) -> None:
    out, names = console(), catalog.departments
    did = "将移交" if dry_run else "已移交"
    pair = f"{names[duties.before]} → {names[duties.department]}"
    out.print(
        f"{pair}：看过 {moved.looked_at} 件办件，{did} {moved.cases} 件办件的 {moved.moved} 项。",
        markup=False,
        soft_wrap=True,
    )
    stale = [ref for ref, one in catalog.latest.items() if duties.before in one.departments]
    if duties.item is None and duties.bundle is None and stale:
        out.print(f"最新版仍写着“{duties.before}”的一件事：{'、'.join(stale)}。请发布新版本，否则新办件仍由它办理。")
    if moved.refused:
        listed = [f"  {case_no}（{code}）" for case_no, code in list(moved.refused.items())[:_LISTED]]
        more = [f"  等 {len(moved.refused)} 件"] if len(moved.refused) > _LISTED else []
        raise CommandFailed("\n".join([f"{len(moved.refused)} 件没有移交，稍后再运行一次：", *listed, *more]))


def _catalog(folder: Path | None) -> "Catalog":
    from definitions.loader import load_catalog
    from definitions.problems import DefinitionProblems

    try:
        return load_catalog(folder)
    except DefinitionProblems as found:
        raise CommandFailed(calendar_folder.problems_text(found.problems)) from None
