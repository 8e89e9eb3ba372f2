"""Words for codes on the pages of departments."""

from collections.abc import Mapping
from types import MappingProxyType

KIND_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "decide": "审批",
        "undo": "人工撤销",
        "consult": "征求意见",
        "check": "核查承诺",
        "discrepancy": "核实数据",
        "revoke": "是否撤销",
        "manual_check": "人工核查",
        "at_system": "在部门的业务系统",
    }
)
RESULT_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "undone": "已人工撤销",
        "answered": "已答复",
        "agreed": "同意",
        "disagreed": "不同意",
        "kept": "承诺属实",
        "broken": "承诺不实",
        "resolved": "已核实",
        "matched": "已一致",
        "revoked": "已撤销",
        "upheld": "维持",
        "found": "查到记录",
        "not_found": "查无此记录",
        "returned": "已退回",
        "taken_back": "已撤回",
        "lapsed": "未作决定",
    }
)
FLAG_SIGNS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "urged": ("催", "申请人催办，还没有答复"),
        "supervised": ("督", "督办，还没有答复"),
        "correction_open": ("补", "等申请人补正"),
        "correction_answered": ("补✓", "补正已回"),
        "returned": ("退", "退回后重新办理"),
        "discrepancy": ("异", "数据不一致，还没有核实"),
        "suspended": ("‖", "已中止计时"),
    }
)
"""Flag → its sign in the queue and what it says."""

ORIGIN_NAMES: Mapping[str, str] = MappingProxyType(
    {"applicant": "申请时填写", "supplement": "补正时填写", "event": "部门数据预填"}
)
