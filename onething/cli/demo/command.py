"""`demo`: a system of its own for a minute, or one that runs already; four stories; an account; an exit code."""

import asyncio
import shutil
import tempfile
import time
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from onething.cli.client import session
from onething.cli.client.this_machine import running_here, say_which
from onething.cli.demo.account import tell, tell_pages
from onething.cli.demo.outside import Outside
from onething.cli.demo.performance import STORIES, perform
from onething.cli.demo.stage import Stage
from onething.cli.terminal.failures import CommandFailed, ExitCode
from onething.cli.terminal.output import console, duration

if TYPE_CHECKING:
    from onething.embedded.stack import Options

EXAMPLES = Path(__file__).parents[3] / "examples"


def demo(
    keep: Annotated[bool, typer.Option("--keep", help="演示后不停止，留着系统继续使用，直到 Ctrl-C。")] = False,
    url: Annotated[
        str | None, typer.Option("--url", help="在已经运行的系统上演示，给出 API 地址。", show_default=False)
    ] = None,
    simulator: Annotated[
        str | None, typer.Option("--simulator", help="与 --url 同用：模拟外部世界的地址。", show_default=False)
    ] = None,
    examples: Annotated[Path, typer.Option("--examples", help="申请样例所在的目录。", show_default=False)] = EXAMPLES,
) -> None:
    """办四件事给您看，打印每一步和证照。

    在临时目录、空闲端口上启动整套系统，以市民、综合窗口、各部门的身份经 HTTP 办理。
    任何一件与预期不符，退出码为 1。

    \b
    企业开办      五个部门和银行的系统并联；数据源时好时坏，一个迟迟才回调，一个说的住所不一样
    身后事        一次补正；数据源放弃后，改用纸质材料；火化证明容缺受理，以后补交
    开办运输企业  一个部门不予许可，已办成的营业执照继续有效
    竣工联合验收  几个部门一次到场，问题合成一张清单，只复验没有改好的

    \b
    例：
      onething demo
      onething demo --keep
      onething demo --url http://127.0.0.1:8000 --simulator http://127.0.0.1:8099
    """
    missing = [story.example for story in STORIES if not (examples / story.example).is_file()]
    if missing:
        raise CommandFailed(f"{examples} 里没有 {'、'.join(missing)}：请在项目目录里运行，或用 --examples 指明。")
    out = console()
    if url is not None:
        raise typer.Exit(_exit_code(_on(url, simulator or _simulator_of(url), examples, out)))
    try:
        code = asyncio.run(_with_own_system(examples, out, keep=keep))
    except asyncio.CancelledError:
        code = ExitCode.INTERRUPTED
    raise typer.Exit(code)


def _simulator_of(url: str) -> str:
    """Of the stack that runs here, if it is the one at this address. Raises `CommandFailed`."""
    stack = running_here()
    if stack is None or stack.state.api_url != url.rstrip("/") or not stack.state.simulator_url:
        raise CommandFailed("不知道模拟外部世界在哪里：请用 --simulator 指明它的地址。", ExitCode.USAGE)
    say_which(stack, f"模拟外部世界 {stack.state.simulator_url}")
    return stack.state.simulator_url


async def _with_own_system(examples: Path, out: Console, *, keep: bool) -> ExitCode:
    from onething.embedded import stack
    from onething.embedded.commands import ConsoleReporter, cancel_on_signals
    from onething.embedded.ports import PortTaken
    from onething.embedded.processes import ServiceFailed
    from onething.embedded.programs import ProgramMissing

    cancel_on_signals()
    folder = Path(tempfile.gettempdir()) / f"onething-demo-{uuid.uuid4().hex[:8]}"
    reporter = ConsoleReporter(out)
    started = time.monotonic()
    good = tidy = False
    try:
        async with stack.running(_options(folder), reporter) as running:
            out.print(f"整套系统已启动，用时 {duration(time.monotonic() - started)}。\n")
            state = running.state
            stage = _stage(state.api_url, state.simulator_url, examples, out)
            good = tidy = await _perform(stage, out, running=keep)
            if keep:
                out.print(f"系统仍在运行：{state.api_url}（模拟外部世界 {state.simulator_url}/control）", markup=False)
                out.print(f"演示账户 citizen、counter、officer.<部门> 等，口令 {session.demo_password()}", markup=False)
                out.print(
                    f"例：onething task list --url {state.api_url} --as officer.amr；按 Ctrl-C 停止。", markup=False
                )
                await running.wait()
    except asyncio.CancelledError:
        tidy = True
        raise
    except (ServiceFailed, PortTaken, ProgramMissing) as failure:
        raise CommandFailed(f"启动不了：{failure}") from None
    finally:
        reporter.close()
        _put_away(folder, out, delete=tidy)
    return _exit_code(good)


def _options(folder: Path) -> "Options":
    """Ports of its own: a system that runs already keeps the usual ones, or may want them any moment."""
    from onething.embedded import ports
    from onething.embedded.stack import Options

    free: set[int] = set()
    while len(free) < 5:
        free.add(ports.any_free())
    api, simulator, postgres, temporal, temporal_ui = free
    return Options(
        data_dir=folder,
        api_port=api,
        simulator_port=simulator,
        postgres_port=postgres,
        temporal_port=temporal,
        temporal_ui_port=temporal_ui,
    )


def _on(url: str, simulator: str, examples: Path, out: Console) -> bool:
    endings = perform(_stage(url, simulator, examples, out))
    good = tell(endings, out)
    tell_pages(endings, url, out, running=True)
    return good


async def _perform(stage: Stage, out: Console, *, running: bool) -> bool:
    """The stories in threads; called off when we are cancelled. `running`: the system stays afterwards."""
    playing = asyncio.ensure_future(asyncio.to_thread(perform, stage))
    try:
        endings = await asyncio.shield(playing)
    except asyncio.CancelledError:
        stage.stop()
        await asyncio.gather(playing, return_exceptions=True)
        raise
    good = tell(endings, out)
    tell_pages(endings, stage.url, out, running=running)
    return good


def _stage(url: str, simulator: str, examples: Path, out: Console) -> Stage:
    started = time.monotonic()

    def say(story: str, line: str) -> None:
        out.print(f"{time.monotonic() - started:6.1f} 秒  {story}  {line}", markup=False, soft_wrap=True)

    return Stage(url, Outside(simulator), examples, session.demo_password(), say)


def _put_away(folder: Path, out: Console, *, delete: bool) -> None:
    """The data are nobody's afterwards; after a failure the logs may say why."""
    if delete:
        shutil.rmtree(folder, ignore_errors=True)
    elif folder.exists():
        out.print(f"日志留在 {folder / 'logs'}。", markup=False, soft_wrap=True)


def _exit_code(good: bool) -> ExitCode:
    return ExitCode.OK if good else ExitCode.FAILED
