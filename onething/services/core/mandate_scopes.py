"""How far a mandate reaches: which acts it lets its holder do, and until when."""

from datetime import datetime

from onething.security.policy import Act
from onething.services.summaries.responses import local
from onething.store.tables.mandates import Mandate

SCOPES: dict[Act, frozenset[str]] = {
    Act.CREATE_CASE: frozenset({"apply"}),
    Act.EDIT_DRAFT: frozenset({"apply"}),
    Act.DELETE_DRAFT: frozenset({"apply"}),
    Act.SUBMIT: frozenset({"apply"}),
    Act.ASK_PRECHECK: frozenset({"apply"}),
    Act.TAKE_BACK_PRECHECK: frozenset({"apply"}),
    Act.SUPPLEMENT: frozenset({"supply"}),
    Act.UPLOAD_MATERIAL: frozenset({"apply", "supply"}),
    Act.WITHDRAW: frozenset({"withdraw"}),
    Act.URGE: frozenset({"urge"}),
    Act.CHOOSE_DELIVERY: frozenset({"receive"}),
    Act.CHOOSE_DAY: frozenset({"supply"}),
    Act.REPORT_RECTIFIED: frozenset({"supply"}),
    Act.RATE: frozenset({"rate"}),
    Act.SEARCH_LICENCES: frozenset({"licences"}),
}
"""What a mandate must name, any of it, for an act; others (reading) need any but to look licences up alone."""
_READING = frozenset({"apply", "supply", "withdraw", "urge", "rate", "receive"})
_ACT_NAMES = {
    "apply": "申请",
    "supply": "补正和补交材料",
    "withdraw": "撤回",
    "urge": "催办",
    "rate": "评价",
    "receive": "接收文书",
    "licences": "查询电子证照",
}


ENDED = "委托人或受托人的户口已登记注销（民法典第一百七十三条）。"


def why_not(mandate: Mandate, act: Act, now: datetime) -> str | None:
    """Why this may not be done under it, for people; None if it may."""
    if mandate.ended_by is not None and mandate.revoked_at is not None:
        return f"委托 {mandate.id} 已于 {local(mandate.revoked_at)} 终止：{ENDED}"
    if mandate.revoked_at is not None:
        return (
            f"委托 {mandate.id} 已于 {local(mandate.revoked_at)} 被撤销，不能再以此办理；如需继续，请委托人重新委托。"
        )
    if now > mandate.expires_at:
        return f"委托 {mandate.id} 已于 {local(mandate.expires_at)} 到期；如需继续办理，请委托人重新委托。"
    if not SCOPES.get(act, _READING) & set(mandate.acts):
        granted = "、".join(_ACT_NAMES[one] for one in mandate.acts)
        return f"委托 {mandate.id} 只允许：{granted}。请委托人本人办理，或重新委托。"
    return None
