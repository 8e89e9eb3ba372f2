"""What `python -m bench` may be told."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """`quick`: a smoke run, whose figures mean nothing and break no bound."""

    pairs: int = 5
    cases: int = 300
    in_flight: int = 50
    warm_up: int = 100
    handoffs: int = 300
    sample: int = 20
    quick: bool = False


QUICK = Options(pairs=1, cases=10, in_flight=5, warm_up=5, handoffs=5, sample=3, quick=True)


def parse(arguments: Sequence[str] | None = None) -> Options:
    """Exits with a usage message when the arguments make no sense."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="与最小的 Temporal 工作流比速度")
    parser.add_argument("--quick", action="store_true", help="只试跑几件，不判断快慢")
    parser.add_argument("--pairs", type=_count, help=f"对比的轮数（{Options.pairs}）")
    parser.add_argument("--cases", type=_count, help=f"每轮每一方的件数（{Options.cases}）")
    parser.add_argument("--in-flight", type=_count, help=f"同时在办的件数（{Options.in_flight}）")
    given = parser.parse_args(arguments)
    chosen = QUICK if given.quick else Options()
    return Options(
        pairs=given.pairs or chosen.pairs,
        cases=given.cases or chosen.cases,
        in_flight=given.in_flight or chosen.in_flight,
        warm_up=chosen.warm_up,
        handoffs=chosen.handoffs,
        sample=chosen.sample,
        quick=chosen.quick,
    )


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"“{text}”须是正整数")
    return int(text)
