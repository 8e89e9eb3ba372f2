"""What `python -m bench.scale` may be told."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

AT_MOST = 2.0
SMALL, LARGE = 1_000, 1_000_000
_EXPLAINED = f"""
例如：
  python -m bench.scale                  {SMALL:,} 件与 {LARGE:,} 件
  python -m bench.scale --cases 100000   {SMALL:,} 件与 100,000 件
  python -m bench.scale --requests 50    每页少问几次，只看个大概

先把几十件真办件交给记录的写入者办一遍（各个一件事、各个阶段），再成批复制：换办件编号、时间、申请人，个人数据重新加密，
在办件的日志重新成链。98% 已办结，历时两年。然后逐页经 HTTP 读，一次只读一页。

要求：每一页、每个列表在大的一边的 p99 不超过小的一边的 {AT_MOST:g} 倍，p95 不超过 100 毫秒；API 的内存不随件数增长。
1,000,000 件约需 20 GB 磁盘和十几分钟；别的程序占着处理器时，数字不作数。

退出码：0 达到，1 未达到或没有量成，130 中途停止。"""


@dataclass(frozen=True)
class Options:
    """`small`, `cases`: the two sizes that are compared. `requests`: of each page, after as many to warm up as matter.
    `at_most`: how many times as long it may take on the larger side."""

    small: int = SMALL
    cases: int = LARGE
    requests: int = 200
    at_most: float = AT_MOST


def parse(arguments: Sequence[str] | None = None) -> Options:
    """Exits with a usage message when the arguments make no sense."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.scale",
        description="办件多了，页面和列表还一样快吗",
        epilog=_EXPLAINED,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    usual = Options()
    parser.add_argument("--cases", type=_count, metavar="N", default=usual.cases, help=f"大的一边（{usual.cases:,}）")
    parser.add_argument("--small", type=_count, metavar="N", default=usual.small, help=f"小的一边（{usual.small:,}）")
    parser.add_argument(
        "--requests", type=_count, metavar="N", default=usual.requests, help=f"每页问几次（{usual.requests}）"
    )
    given = parser.parse_args(arguments)
    if given.small >= given.cases:
        parser.error(f"--small（{given.small:,}）须小于 --cases（{given.cases:,}），例如：--small 1000 --cases 100000")
    return Options(small=given.small, cases=given.cases, requests=given.requests)


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"“{text}”须是正整数")
    return int(text)
