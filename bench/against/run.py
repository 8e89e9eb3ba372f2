"""The protocol: set up the other commit; this checkout against itself, for the noise; then against the other commit."""

import asyncio
import contextlib
import os
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from bench.against import pairing
from bench.against.checkout import Checkout, checkout
from bench.against.figures import Figures, Pair, verdicts
from bench.against.report import TITLES, leg_line, sentence, show
from bench.against.revisions import changed, resolve
from bench.against.side import Side, side
from bench.options import Options
from bench.progress import bar

_SETTLE_S = 2.0  # closed cases' workflows end, so that nothing of a leg runs on beside the next
OURS = "本目录"
THIS = Checkout(Path(__file__).resolve().parents[2], Path(sys.executable))


async def compare(name: str, options: Options, console: Console, ours: Checkout = THIS) -> bool:
    """Whether every median keeps the bound. Raises `ComparisonFailed`."""
    repository = ours.folder
    commit = resolve(name, repository)
    other = escape(name)
    state = f"提交 {resolve('HEAD', repository)[:12]}" + ("，另有未提交的改动" if changed(repository) else "")
    console.print(f"本目录：{state}。与它比较：{other}（提交 {commit[:12]}）")
    with tempfile.TemporaryDirectory(prefix="onething-against-") as folder:
        above = Path(folder)
        os.chmod(folder, 0o755)  # noqa: PTH101 (PostgreSQL's account must reach the programs; once, at the start)
        console.print(f"取出 {other}，按它自己的清单准备环境 …")
        async with checkout(commit, repository, above) as theirs:
            console.rule("先与自己比：得出的差别就是噪声")
            with_itself = await _Comparison(options, console, above).run((OURS, ours), ("本目录又一次", ours))
            console.rule(f"与 {other} 比")
            pairs = await _Comparison(options, console, above).run((OURS, ours), (other, theirs))
            console.print("正在收拾 …")
    found = verdicts(pairs, with_itself, options.at_least)
    show(console, other, found)
    missed = [verdict for verdict in found if not verdict.kept and not options.quick]
    for verdict in missed:
        console.print(f"[red]未达到：[/]{sentence(other, verdict)}")
    return not missed


class _Comparison:
    """Two sides, both up from beginning to end, and never more than one of them at work."""

    def __init__(self, options: Options, console: Console, logs: Path) -> None:
        self._options = options
        self._console = console
        self._logs = logs

    async def run(self, *contenders: tuple[str, Checkout]) -> list[Pair]:
        """Title and place of ours and of theirs → what their legs gave, pair by pair."""
        options, legs = self._options, dict[tuple[int, str, int], Figures]()
        places = (pairing.OURS, pairing.THEIRS)
        async with contextlib.AsyncExitStack() as started:
            sides = [await self._start(started, *contender) for contender in contenders]
            for contestant in pairing.CONTESTANTS:
                for each in sides:
                    await self._leg(each, contestant, options.warm_up, "预热 ", None)
            for turn in pairing.order(options.pairs):
                number, contestant, place = turn
                http = [legs[number, "http", side].per_second for side in places if (number, "http", side) in legs]
                slower = min(http, default=None)
                legs[turn] = await self._leg(sides[place], contestant, options.cases, f"第 {number + 1} 对 ", slower)
                self._console.print(leg_line(number, sides[place].title, contestant, legs[turn]), soft_wrap=True)
        return [
            {name: [legs[number, name, place] for place in places] for name in pairing.CONTESTANTS}
            for number in range(options.pairs)
        ]

    async def _start(self, started: contextlib.AsyncExitStack, title: str, place: Checkout) -> Side:
        with self._console.status(f"启动 {title} …") as status:
            each = await started.enter_async_context(side(title, place, self._logs))
            await each.ready(lambda name: status.update(f"启动 {title}：{name} 已就绪 …"))
        self._console.print(f"✓ {title} 的整套系统")
        return each

    async def _leg(self, of: Side, contestant: str, cases: int, before: str, http_per_second: float | None) -> Figures:
        request = pairing.request(contestant, cases, self._options.in_flight, http_per_second)
        with bar(self._console, f"{before}{of.title}，{TITLES[contestant]}", request.cases) as ended:
            figures = await of.leg(request, ended)
        await asyncio.sleep(_SETTLE_S)
        return figures
