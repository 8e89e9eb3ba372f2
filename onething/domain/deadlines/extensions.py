"""How much more time the law allows, once, and on whose approval.

Sources: 行政许可法 Art. 42 (10 working days by the head of the agency; of what several handle jointly 15, by the head
of the government of the same level). Any other nature of item is extended only where its definition cites an article.
"""

from onething.domain.calendar.limits import ExtensionRank
from onething.domain.definition.items import Nature
from onething.domain.plan.plan import Plan, PlanExtension

_ARTICLE = "《中华人民共和国行政许可法》第四十二条"
OF_A_LICENCE = PlanExtension(amount=10, approver=ExtensionRank.AGENCY_HEAD, basis=_ARTICLE)
OF_A_JOINT_CASE = PlanExtension(amount=15, approver=ExtensionRank.GOVERNMENT_HEAD, basis=_ARTICLE)


def extension_of(plan: Plan, item: str | None) -> PlanExtension | None:
    """Of the item, or of the case; None where no law allows it."""
    if item is None:
        return OF_A_JOINT_CASE if plan.clocks is not None and plan.clocks.joint else OF_A_LICENCE
    planned = plan.item_by_code[item]
    if planned.statutory is None:
        return None
    return planned.extension or (OF_A_LICENCE if planned.nature is Nature.LICENCE else None)
