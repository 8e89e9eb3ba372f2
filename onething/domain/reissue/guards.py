"""When certificates may be made out once more."""

from onething.domain.errors import FailureCode, Refusal
from onething.domain.events.items import CertificateReissued
from onething.domain.kernel import queries
from onething.domain.kernel.state import CaseState, ReissueWhy
from onething.domain.plan.plan import Plan
from onething.domain.reissue.rules import certificate_outputs

MOST_EDITIONS = 99
"""So often an item's certificates may be made out (assumed: no rule names a number)."""


def guard_standing(plan: Plan, state: CaseState, code: str) -> Refusal | None:
    """Why not, unless what was granted stands, and its certificates are out. Whatever has become of the case."""
    item = plan.item_by_code.get(code)
    if item is None:
        return Refusal(FailureCode.NOT_FOUND, "没有这个事项。")
    if code not in queries.granted(state.effects):
        return _no("该事项没有办成，或者已经撤销，没有可以更正或补发的证照。")
    if not certificate_outputs(item):
        return _no("该事项不颁发证照，没有可以更正或补发的；决定有误的，请其部门复核（review）。")
    last = state.editions.get(code)
    if last is None or last.due:
        return _no("该事项的证照还没有签发，或者正在重新签发，请稍候再办理。")
    return None


def guard_reissued(plan: Plan, state: CaseState, event: CertificateReissued) -> Refusal | None:
    """Why not, if so."""
    if (refusal := guard_standing(plan, state, event.item)) is not None:
        return refusal
    last, outputs = state.editions[event.item], certificate_outputs(plan.item_by_code[event.item])
    if event.edition != last.n + 1:
        return _no("刚刚更正或补发过，请重新读取后再办理。")
    if event.edition > MOST_EDITIONS:
        return _no(f"该事项的证照已经签发 {last.n} 次，不能再补发，请联系系统管理员。")
    if not set(event.outputs) <= set(outputs):
        return Refusal(FailureCode.INVALID_VALUE, "该事项没有这份证照，请按 outputs 填写。")
    if (event.why is ReissueWhy.TYPING_ERROR) != bool(event.fields):
        return Refusal(FailureCode.INVALID_VALUE, "更正须写明更正哪些内容；补发、换发的内容不变。")
    return None


def _no(detail: str) -> Refusal:
    return Refusal(FailureCode.NOT_ALLOWED_NOW, detail)
