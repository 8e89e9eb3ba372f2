"""No name, number or address of anybody in Temporal's files or in a log."""

from collections.abc import Iterator

from chaos.evidence import Evidence, Finding


def nothing_leaked(evidence: Evidence) -> Iterator[Finding]:
    for leak in evidence.leaks:
        yield Finding(leak, "里面有申请人的信息")
    for place in evidence.blind:
        yield Finding(place, "连办件编号都找不到：检查本身失灵了")
