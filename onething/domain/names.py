"""What people call states, results and effects that programs call by codes: one word for each, wherever it is shown."""

from collections.abc import Mapping
from types import MappingProxyType

from onething.domain.definition.time_rules import LegalEffect

EFFECT_NAMES: Mapping[str, str] = MappingProxyType(
    {LegalEffect.PROMISE: "承诺", LegalEffect.STATUTORY: "法定", LegalEffect.NONE: "约定"}
)
"""What a date is in law."""
RECEIVED_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "electronic": "原件已核验收取",
        "original": "原件已收取，不退还",
        "copy": "复印件已收取，与原件核对一致",
        "original_shown": "原件已核验，退还本人",
    }
)
"""What a counter confirms of a paper that was brought, by the form in which it is wanted (`KeptAs`)."""
MATERIAL_STATE_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "in_hand": "已有",
        "missing": "待申请人提交",
        "to_hand_in": "纸质件待交来",
        "deferred": "容缺，待补交",
        "later": "领取结果时交",
        "for_issue": "等候交来，交来后签发证照",
        "afterwards": "办成后交",
        "owed": "已经办成，等候补交",
        "committed": "已承诺",
        "committed_checking": "已承诺，核查中",
        "committed_rectifying": "已承诺，核查不符，改正中",
        "committed_rechecking": "已承诺，改正期满，再次核查中",
        "committed_kept": "已承诺，核查属实",
        "committed_broken": "已承诺，核查不实",
        "not_needed": "不需要",
        "pending": "等待中",
        "asked": "已请申请人提供",
        "supplied": "申请人已提供",
        "checking": "人工核查中",
    }
)
"""As a case's view tells them (`services/cases/schemas.py`)."""
LOOKUP_RESULT_NAMES: Mapping[str, str] = MappingProxyType(
    {"matches": "与申请一致", "differs": "与申请不一致", "found": "已查到", "not_found": "未查到"}
)
"""What is told of a record instead of the record."""
