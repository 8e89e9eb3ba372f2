"""`journal`: anchor the journal outside the database, and verify that it is as it was written."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from onething.cli.operations.record_settings import record_settings
from onething.cli.terminal.failures import CommandFailed, ExitCode
from onething.cli.terminal.output import console

if TYPE_CHECKING:
    from onething.services.audit.verification import Fault, VerificationProgress
    from onething.settings import Settings
    from onething.store.connection.database import Database

app = typer.Typer(no_args_is_help=True, help="流水：锚定到数据库之外，核对有没有被人改过。")

_Result = TypeVar("_Result")


@app.command()
def anchor() -> None:
    """现在就锚定：把上次以来变过的办件的最新一行，签名后写进数据库之外的文件。

    办理进程每小时自动做一次；要关机、迁移、备份之前可以手工做一次。锚的文件夹由 ONETHING_ANCHOR_DIR 指明，
    应当在管数据库的人写不到的存储上。没有变化就不写。最后印出公钥，请另外保存，核对时用得着。
    没有设置 ONETHING_DATABASE_WORKER_URL 的，锚定本机正在运行的整套系统。

    \b
    例：
      onething journal anchor
    """
    from onething.wiring.anchors import public_key_of

    chosen = record_settings()
    _reported(_anchor(chosen))
    console().print(f"公钥：{public_key_of(chosen)}", markup=False)


@app.command()
def verify(
    anchors: Annotated[
        Path | None,
        typer.Option(
            "--anchors",
            metavar="文件夹",
            envvar="ONETHING_ANCHOR_DIR",
            help="锚的文件夹；不指明则只核对库内的链。",
            show_default=False,
        ),
    ] = None,
    key: Annotated[
        list[str] | None,
        typer.Option(
            "--key", metavar="公钥", help="签锚的公钥（base64），可多次；默认取本机密钥的公钥。", show_default=False
        ),
    ] = None,
) -> None:
    """核对全部流水：逐件重算每一行的链，再与数据库之外的锚逐一比对。

    链能看出谁改了、删了一行；连库里的最新哈希也一并改掉的，只有锚看得出。最后一个锚之后的改动要等下一个锚。
    不改流水，不妨碍办理，只在访问日志里记一行结果，审计员在网页上看得到；有问题时退出码为 1，列出最先发现的几处。
    没有设置 ONETHING_DATABASE_WORKER_URL 的，核对本机正在运行的整套系统。

    \b
    例：
      onething journal verify
      onething journal verify --anchors /mnt/anchors --key 3x5m…=
    """
    from onething.cli.views.journal import told_faults

    faults, told = _reported(_verify(record_settings(), anchors, key or []))
    out = console()
    if not faults:
        out.print(f"{told}，没有发现问题。", markup=False, soft_wrap=True)
    else:
        out.print(f"{told}，发现 {len(faults)} 处问题：", style="red", markup=False, soft_wrap=True)
        out.print(told_faults(faults), markup=False, soft_wrap=True)
    if anchors is None:
        out.print(
            "没有指明锚的文件夹：整段重写、截去末尾的改动看不出来。请设置 ONETHING_ANCHOR_DIR，见 docs/operating.md。",
            style="yellow",
            markup=False,
            soft_wrap=True,
        )
    if faults:
        raise typer.Exit(ExitCode.FAILED)


async def _anchor(settings: "Settings") -> None:
    from onething.domain.calendar.time_source import SystemClock
    from onething.wiring.anchors import anchoring_of

    async with _database(settings) as database:
        anchoring = anchoring_of(settings, database, SystemClock())
        if anchoring is None:
            raise CommandFailed("没有指明锚的文件夹：请设置 ONETHING_ANCHOR_DIR，见 docs/operating.md。")
        out = console()
        made = await anchoring.anchor()
        if made is None:
            out.print("上次锚定以来没有变化，没有写新的锚。")
        while made is not None:
            out.print(f"第 {made.number} 号锚：{made.heads} 件办件。", markup=False)
            made = await anchoring.anchor() if made.more else None


async def _verify(settings: "Settings", folder: Path | None, public_keys: Sequence[str]) -> tuple[list["Fault"], str]:
    """What was found, and a sentence on what was gone through."""
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    from onething.domain.calendar.time_source import SystemClock
    from onething.wiring.anchors import verification_of

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    faults: list[Fault] = []
    async with _database(settings) as database:
        verification = verification_of(settings, database, folder, public_keys)
        walks: list[tuple[str, int, AsyncIterator[VerificationProgress]]] = [
            ("办件", await verification.how_many_cases(), verification.chains()),
            ("锚", await verification.how_many_anchors(), verification.anchors()),
        ]
        gone_through = {}
        with Bar(*columns, console=console(stderr=True)) as bar:
            for name, total, walk in walks:
                task = bar.add_task(name, total=total)
                done = 0
                async for progress in walk:
                    done += progress.done
                    faults += progress.faults
                    bar.update(task, completed=done, total=max(done, total))
                gone_through[name] = done
        await verification.note(SystemClock().now(), len(faults))
    return faults, f"核对了 {gone_through['办件']} 件办件、{gone_through['锚']} 个锚"


@asynccontextmanager
async def _database(settings: "Settings") -> AsyncIterator["Database"]:
    from onething.wiring.common import database_of, needed

    database = database_of(settings, needed(settings, "database_worker_url"))
    await database.open()
    try:
        yield database
    finally:
        await database.close()


def _reported(work: Coroutine[Any, Any, _Result]) -> _Result:
    """What `work` gives; its failures as those of a command."""
    from onething.domain.errors import FailureCode, OneThingError
    from onething.wiring.common import SettingMissing

    try:
        return asyncio.run(work)
    except SettingMissing as missing:
        raise CommandFailed(str(missing)) from None
    except OneThingError as failure:
        unreachable = failure.code in (FailureCode.UNAVAILABLE, FailureCode.BUSY)
        raise CommandFailed(failure.detail, ExitCode.UNREACHABLE if unreachable else ExitCode.FAILED) from None
    except OSError as failure:
        raise CommandFailed(f"锚的文件夹读写不了（{failure}）：存储挂上了吗？有没有权限？") from None
    except ValueError as failure:
        raise CommandFailed(f"密钥或设置不对：{failure}", ExitCode.USAGE) from None
