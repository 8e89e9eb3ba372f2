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
        "revoke": "是否撤销准予",
        "manual_check": "人工核查",
    }
)
RESULT_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "approve": "准予",
        "refuse": "不予",
        "undone": "已人工撤销",
        "answered": "已答复",
        "agreed": "同意",
        "disagreed": "不同意",
        "kept": "承诺属实",
        "broken": "承诺不实",
        "resolved": "已核实",
        "matched": "已一致",
        "revoked": "已撤销准予",
        "upheld": "维持准予",
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

EFFECT_NAMES: Mapping[str, str] = MappingProxyType({"promise": "承诺", "statutory": "法定", "none": "约定"})
MATERIAL_STATES: Mapping[str, str] = MappingProxyType(
    {
        "in_hand": "已有",
        "missing": "待申请人提交",
        "to_hand_in": "纸质件待交来",
        "deferred": "容缺，待补交",
        "committed": "已承诺",
        "committed_checking": "已承诺，核查中",
        "committed_kept": "已承诺，核查属实",
        "committed_broken": "已承诺，核查不实",
        "not_needed": "不需要",
        "pending": "等待中",
        "asked": "已请申请人提供",
        "supplied": "申请人已提供",
        "checking": "人工核查中",
    }
)
LOOKUP_RESULTS: Mapping[str, str] = MappingProxyType(
    {"matches": "与申请一致", "differs": "与申请不一致", "found": "已查到", "not_found": "未查到"}
)
ORIGIN_NAMES: Mapping[str, str] = MappingProxyType(
    {"applicant": "申请时填写", "supplement": "补正时填写", "event": "部门数据预填"}
)
