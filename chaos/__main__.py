"""`python -m chaos [--cases N] [--minutes M] [--seed S] [--faults kill,halt,sources,lose] [--keep]`"""

import argparse
import asyncio
import gc
import logging
import secrets
import shutil
import sys
import tempfile
import time
import uuid
from pathlib import Path

from chaos import report
from chaos.faults import Group
from chaos.stack import storm_stack
from chaos.storm import Options, Storm


def main() -> int:
    """0: everything holds; 1: something does not."""
    asked = _asked()
    seed = secrets.randbelow(10**6) if asked.seed is None else asked.seed
    options = Options(asked.cases, seed, asked.minutes, asked.faults)
    folder = Path(tempfile.gettempdir()) / f"onething-chaos-{uuid.uuid4().hex[:8]}"
    logging.basicConfig(level=logging.ERROR)
    groups = ",".join(sorted(options.groups)) or "none"
    again = f"--cases {asked.cases} --minutes {asked.minutes:g} --seed {seed} --faults {groups}"
    _print(f"种子 {seed}（重放：python -m chaos {again}）")
    good = False
    try:
        good = asyncio.run(_run(options, folder))
    finally:
        gc.collect()  # a Temporal client collected while the interpreter shuts down can abort it (sdk-python issue 300)
        if good and not asked.keep:
            shutil.rmtree(folder, ignore_errors=True)
        else:
            _print(f"各进程的日志在 {folder / 'logs'}，客户端各自的日志在 {folder / 'chaos' / 'clients'}。")
    return 0 if good else 1


async def _run(options: Options, folder: Path) -> bool:
    began = time.monotonic()

    def say(line: str) -> None:
        _print(f"{time.monotonic() - began:6.1f} 秒  {line}")

    async with storm_stack(folder) as stack:
        say(f"整套系统已启动：{stack.api_url}")
        evidence = await Storm(stack, options, folder / "chaos", say).rage()
        restarts = stack.restarts
    judged = report.judge(evidence)
    _print("\n".join(["", *report.summary(evidence, restarts), "", *report.verdict(judged)]))
    good = not any(findings for _, findings in judged)
    _print(
        f"\n{'✓ 全部成立' if good else '✗ 有不成立的'}，种子 {options.seed}，共用时 {time.monotonic() - began:.0f} 秒。"
    )
    return good


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="chaos", description="在办件途中逐个杀掉进程、让数据源失灵，再核对结果")
    parser.add_argument("--cases", type=int, default=64, help="办件数，默认 64；不少于 60 才要求面面俱到")
    parser.add_argument("--minutes", type=float, default=4.0, help="风暴的长度，默认 4 分钟")
    parser.add_argument("--seed", type=int, help="随机种子；默认任选一个并打印")
    parser.add_argument(
        "--faults",
        type=_groups,
        default=frozenset(Group),
        help=f"哪些故障，以逗号分隔，默认全部：{','.join(Group)}；none 为没有",
    )
    parser.add_argument("--keep", action="store_true", help="成功也保留数据和日志")
    return parser.parse_args()


def _groups(text: str) -> frozenset[Group]:
    return frozenset() if text == "none" else frozenset(Group(name) for name in text.split(","))


def _print(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
