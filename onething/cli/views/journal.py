"""What verifying the journal found, in words: the first of many, and what to do next."""

from collections.abc import Sequence

from onething.services.audit.verification import Fault, FaultKind

NAMED = 20

_FOUND = {
    FaultKind.CHAIN_BROKEN: "办件 {case_no} 第 {seq} 行：缺失，或与写入时不符",
    FaultKind.LINE_GONE: "办件 {case_no} 第 {seq} 行：第 {anchor} 号锚里有，库里没有了",
    FaultKind.LINE_REPLACED: "办件 {case_no} 第 {seq} 行：已不是第 {anchor} 号锚里的那一行，此行或之前的行被改写",
    FaultKind.ANCHOR_GONE: "第 {anchor} 号锚：文件不见了",
    FaultKind.ANCHOR_UNREADABLE: "第 {anchor} 号锚：文件读不懂",
    FaultKind.ANCHOR_FORGED: "第 {anchor} 号锚：签名不是所给公钥签的，或内容被改",
    FaultKind.ANCHOR_UNCHAINED: "第 {anchor} 号锚：不是接着前一个锚写的",
    FaultKind.ANCHOR_UNKNOWN: "第 {anchor} 号锚：文件与库里登记的不符，或库里没有登记",
}
_OF_CASES = {FaultKind.CHAIN_BROKEN, FaultKind.LINE_GONE, FaultKind.LINE_REPLACED}
_OF_FILES = set(FaultKind) - _OF_CASES


def told_faults(faults: Sequence[Fault]) -> str:
    """A line for each of the first, then the next steps that fit."""
    found = [
        "  " + _FOUND[fault.kind].format(case_no=fault.case_no, seq=fault.seq, anchor=fault.anchor)
        for fault in faults[:NAMED]
    ]
    if len(faults) > NAMED:
        found.append(f"  …… 另有 {len(faults) - NAMED} 处")
    return "\n".join([*found, "接下来：", *(f"  - {step}" for step in _steps(faults))])


def _steps(faults: Sequence[Fault]) -> list[str]:
    kinds = {fault.kind for fault in faults}
    steps = ["先不要改动任何东西：留下库的副本和锚的文件夹，把这份结果存档。"]
    if any(fault.restored for fault in faults):
        steps.append("锚定之后数据库恢复过：恢复点之后的行本来就没有了，与当时的恢复记录核对；对得上的不是篡改。")
    if kinds & _OF_CASES:
        steps.append("从早于篡改的备份恢复到另一个库，逐行对照这些办件的 journal，查明何时、何人以属主权限连过数据库。")
    if FaultKind.ANCHOR_FORGED in kinds:
        steps.append("换过签锚的密钥的，用 --key 把旧公钥也给出，再核对一次。")
    if kinds & _OF_FILES:
        steps.append("确认存储挂对了、文件夹没有与别的系统共用；从存储自己的副本取回原文件再核对。")
    return steps
