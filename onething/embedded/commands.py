"""`onething up`, `down` and `status`: what they print, and their exit codes."""

import asyncio
import contextlib
import signal
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.status import Status
from rich.table import Table

from onething.documents.press import Press
from onething.embedded import stack, state_file
from onething.embedded.folders import DataFolder
from onething.embedded.ports import PortTaken
from onething.embedded.processes import Service, ServiceFailed, wait_until
from onething.embedded.programs import ProgramMissing
from onething.embedded.stack import AlreadyRunning, Options, end_leftovers
from onething.embedded.state_file import OtherPort, StackLock, StackState
from onething.security.demo_accounts import IDENTITIES
from onething.settings import Settings

STOP_PATIENCE_S = 120.0
NOT_RUNNING = 3  # exit code of `status`, as service managers use it


class ConsoleReporter:
    """One line per started service, on a terminal with the one being started shown live; later one for what died, and
    one for what was started again."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._status: Status | None = None
        self._starting: list[str] = []

    def begin(self, name: str) -> None:
        self._starting.append(name)
        self._show()

    def done(self, name: str, seconds: float, url: str | None) -> None:
        self._starting.remove(name)
        self._show()
        self._console.print(f"✓ {name}（{seconds:.1f} 秒）{url or ''}", highlight=False)

    def died(self, service: Service, code: int, again_s: float) -> None:
        how = f"被信号 {-code} 结束" if code < 0 else f"退出，退出码 {code}"
        self._say(f"✗ {service.name} 意外{how}，{again_s:.1f} 秒后重新启动；日志 {service.log}")

    def restarted(self, service: Service, times: int) -> None:
        self._say(f"↻ {service.name} 已重新启动（第 {times} 次）{service.url or ''}")

    def failed(self, service: Service, why: str) -> None:
        self._say(f"✗ {service.name} 重新启动不了，稍后再试：{why}")

    def _say(self, line: str) -> None:
        self._console.print(line, highlight=False, markup=False, soft_wrap=True)

    def _show(self) -> None:
        self.close()
        if self._starting and self._console.is_terminal:
            self._status = self._console.status(f"{'、'.join(self._starting)} …")
            self._status.start()

    def close(self) -> None:
        if self._status is not None:
            self._status.stop()
            self._status = None


def up(options: Options) -> int:
    """Runs the stack in the foreground until Ctrl-C or SIGTERM. 0: stopped, or running already; 1: can't start."""
    console = _console()
    try:
        asyncio.run(_run(options, console))
    except AlreadyRunning as already:
        console.print("整套系统已经在运行。")
        _print_addresses(console, already.state)
    except (ServiceFailed, PortTaken, ProgramMissing) as failure:
        console.print(f"[red]启动不了：[/red]{escape(str(failure))}", soft_wrap=True)
        return 1
    return 0


def down(data_dir: Path | None = None) -> int:
    """Stops a running stack and waits for it; also ends what a killed one left behind. 0 when nothing runs any more."""
    console = _console()
    folder = DataFolder(data_dir)
    state = state_file.read(folder.state)
    lock = StackLock(folder.lock)
    if not lock.held_by_another():
        end_leftovers(state)
        console.print("整套系统没有在运行。")
        return 0
    if state.supervisor is None:
        console.print("[red]整套系统正在启动，请稍后再试。[/red]")
        return 1
    state.supervisor.send(signal.SIGTERM)
    if not wait_until(lambda: not lock.held_by_another(), STOP_PATIENCE_S):
        console.print(f"[red]{STOP_PATIENCE_S:.0f} 秒内没有停下，强行结束。[/red]")
        state.supervisor.send(signal.SIGKILL)
        wait_until(lambda: not lock.held_by_another(), 10)
        end_leftovers(state_file.read(folder.state))
    console.print("整套系统已停止，数据保留在 " + escape(str(folder.path)), soft_wrap=True)
    return 0


def status(data_dir: Path | None = None) -> int:
    """Prints what runs where. 0: running; 3: not running."""
    console = _console()
    folder = DataFolder(data_dir)
    state = state_file.read(folder.state)
    if not StackLock(folder.lock).held_by_another():
        console.print("整套系统没有在运行（onething up 启动）。")
        return NOT_RUNNING
    table = Table("服务", "状态", "进程号", "重启次数", "地址", "日志", box=None, padding=(0, 2, 0, 0))
    for service in state.services:
        alive = service.identity is not None and service.identity.alive()
        restarts, word = str(service.restarts), "[green]运行中[/green]" if alive else "[red]已停[/red]"
        table.add_row(service.name, word, str(service.pid), restarts, service.url or "", escape(service.log.name))
    console.print(table)
    console.print(f"日志目录      {folder.logs}", markup=False, soft_wrap=True)
    _print_addresses(console, state)
    return 0


async def _run(options: Options, console: Console) -> None:
    cancel_on_signals()
    reporter = ConsoleReporter(console)
    with contextlib.suppress(asyncio.CancelledError):
        try:
            async with stack.running(options, reporter) as running:
                if running.leftovers is not None:
                    left = "、".join(running.leftovers)
                    ended = f"还在运行的 {left} 已结束，" if left else ""
                    console.print(f"上一次没有正常停止：{ended}全部重新启动，接着办。", soft_wrap=True)
                _print_addresses(console, running.state)
                console.print(f"日志在 {escape(str(running.folder.logs))}，按 Ctrl-C 停止。", soft_wrap=True)
                try:
                    await running.wait()
                finally:
                    console.print("正在停止 …")
        finally:
            reporter.close()


def cancel_on_signals() -> None:
    """The first signal begins an orderly stop; later ones don't disturb it."""
    loop = asyncio.get_running_loop()
    task = asyncio.current_task()

    def cancel() -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
            signal.signal(number, signal.SIG_IGN)
        if task is not None:
            task.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, cancel)


def _print_addresses(console: Console, state: StackState) -> None:
    settings = Settings()
    chosen = "demo_password" in settings.model_fields_set
    told = "环境变量 ONETHING_DEMO_PASSWORD 所设" if chosen else settings.demo_password.get_secret_value()
    lines = [
        *(_other_port(one) for one in state.other_ports),
        f"网页          {state.api_url}/ 办事（citizen）    {state.api_url}/counter 综合窗口（counter）",
        f"              {state.api_url}/work 部门（officer.<部门>）    {state.api_url}/supervise 督办（supervisor）",
        f"接口          {state.api_url}    说明 {state.api_url}/api/docs",
        f"模拟外部世界  {state.simulator_url}/control",
        f"Temporal      {state.temporal_ui_url or state.temporal_address}",
        "演示账户      citizen、citizen2、agent、counter、officer.<部门>、leader.<部门>、supervisor、admin、auditor",
        f"市民证件号码  {'、'.join(f'{name} {number}' for name, number in IDENTITIES.items())}（申请时填自己的）",
        f"演示口令      {told}",
        *([f"注意：{lacking}"] if (lacking := Press(settings.fonts_dir).why_not()) else []),
    ]
    console.print("\n".join(lines), soft_wrap=True, highlight=False, markup=False)


def _other_port(other: OtherPort) -> str:
    why = "已被别的程序占用" if other.taken else "沿用上一次的"
    return f"注意：{other.service} 用的是端口 {other.port}，不是通常的 {other.usual}（{why}）"


def _console() -> Console:
    return Console(highlight=False)
