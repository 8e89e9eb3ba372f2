"""What `python -m bench` may be told."""

import argparse
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

AT_LEAST = 0.95
_EXPLAINED = f"""
例如：
  python -m bench                            与最小的 Temporal 工作流比
  python -m bench --against HEAD~1           本目录（含未提交的改动）与另一个提交比
  python -m bench --against before-house     bench/baselines.toml 里的名字，没有标签的克隆也认得

--against 把那个提交取到临时目录，按它自己的清单建环境，用它自己的整套系统和它自己的 bench 客户端办件；
双方交替先后，一方办件时另一方闲着。先与自己比一遍，得出的差别就是噪声；每个倍数取各对的中位数，
任何一个低于 --at-least 则退出码为 1。每个改动与前一个提交比至少 {AT_LEAST}，与 before-house 比至少 0.85。
在两核的空闲机器上约需 20 分钟；别的程序占着处理器时，数字不作数。

退出码：0 达到，1 未达到或没有量成，130 中途停止。"""


@dataclass(frozen=True)
class Options:
    """`quick`: a smoke run, whose figures mean nothing and break no bound. `against`: another commit, by any name;
    `at_least`: how many times as fast as that we have to be."""

    pairs: int = 5
    cases: int = 300
    in_flight: int = 50
    warm_up: int = 100
    handoffs: int = 300
    sample: int = 20
    quick: bool = False
    against: str | None = None
    at_least: float = AT_LEAST


AGAINST = Options(pairs=6)  # an even number: either side goes first as often as the other
QUICK = Options(pairs=1, cases=10, in_flight=5, warm_up=5, handoffs=5, sample=3, quick=True)


def parse(arguments: Sequence[str] | None = None) -> Options:
    """Exits with a usage message when the arguments make no sense."""
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description="比速度：与最小的 Temporal 工作流，或与另一个提交",
        epilog=_EXPLAINED,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--quick", action="store_true", help="只试跑几件，不判断快慢")
    parser.add_argument(
        "--pairs", type=_count, metavar="N", help=f"对比的轮数（{Options.pairs}；与提交比 {AGAINST.pairs}）"
    )
    parser.add_argument("--cases", type=_count, metavar="N", help=f"每轮每一方的件数（{Options.cases}）")
    parser.add_argument("--in-flight", type=_count, metavar="N", help=f"同时在办的件数（{Options.in_flight}）")
    parser.add_argument("--against", metavar="提交", help="与这个提交比，而不是与最小的工作流")
    parser.add_argument("--at-least", type=_ratio, metavar="倍数", help=f"须达到它的多少倍（{AT_LEAST}）")
    given = parser.parse_args(arguments)
    if given.at_least and given.against is None:
        parser.error("--at-least 与 --against 一起用：python -m bench --against HEAD~1 --at-least 0.95")
    chosen = QUICK if given.quick else AGAINST if given.against is not None else Options()
    named = {name: value for name, value in vars(given).items() if value is not None}
    return replace(chosen, **named)


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"“{text}”须是正整数")
    return int(text)


def _ratio(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 < value < math.inf:
        raise argparse.ArgumentTypeError(f"“{text}”须是大于 0 的数，例如 0.95")
    return value
