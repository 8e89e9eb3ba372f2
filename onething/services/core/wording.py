"""What clocks, items, materials and data are called, for whoever reads of them."""

from typing import Any, assert_never

from onething.domain.deadlines.clock_kinds import CLOCKS, About, legal_effect
from onething.domain.definition.time_rules import Card
from onething.domain.kernel.clock_id import ClockId
from onething.domain.kernel.state import ReissueWhy
from onething.domain.names import EFFECT_NAMES
from onething.domain.plan.plan import Plan, PlanItem

REISSUE_NAMES = {ReissueWhy.TYPING_ERROR: "更正", ReissueWhy.LOST: "补发", ReissueWhy.DAMAGED: "换发"}
CARD_NAMES = {Card.YELLOW: "黄牌", Card.RED: "红牌"}


def masked_name(name: str, kind: str) -> str:
    """Of a person the first character, for who has no need of more; what an enterprise is called is public."""
    return f"{name[:1]}＊" if kind == "person" else name


def clock_name(plan: Plan, clock: ClockId) -> str:
    """What it is called: as what it is about."""
    row = CLOCKS[clock.kind]
    return row.title.format(_subject_name(plan, row.about, clock.code))


def due_title(plan: Plan, clock: ClockId) -> str:
    """With what it is in law: whoever reads a date has to know whether it was promised or is the law's."""
    return f"{clock_name(plan, clock)}（{EFFECT_NAMES[legal_effect(clock)]}）"


def _subject_name(plan: Plan, about: About, code: str) -> str:
    match about:
        case About.CASE:
            return plan.name
        case About.ITEM | About.APPROVAL:
            return item_name(plan, code)
        case About.MATERIAL:
            return material_name(plan, code)
        case About.DATA:
            return data_name(plan, {"data": code})
        case About.COMPARISON:
            known = plan.comparison_by_code.get(code)
            return known.name if known else code
        case About.PARTY:
            known_party = plan.party_by_id.get(code)
            return known_party.name if known_party else code
        case About.PERIOD:
            return plan.period_by_code[code].name
        case About.INSPECTION:
            return plan.inspection_by_code[code].name
    assert_never(about)


def outcome_words(item: PlanItem, code: str) -> str:
    """“X”准予许可; with words of its own: “X”：已备案."""
    outcome = item.outcome(code)
    name = outcome.name if outcome else code
    return f"“{item.name}”：{name}" if item.outcomes else f"“{item.name}”{name}{item.act}"


def decision_words(item: PlanItem) -> str:
    """What is looked at anew, or revoked: 准予决定; with words of its own: 结果（已备案）."""
    return f"结果（{item.ended_well().strip('“”')}）" if item.outcomes else f"{item.ended_well()}决定"


def data_name(plan: Plan, event: dict[str, Any]) -> str:
    data = event.get("data")
    known = plan.data_by_key.get(str(data))
    return known.name if known else str(data or "")


def material_name(plan: Plan, code: object) -> str:
    material = plan.material_by_code.get(str(code))
    return material.name if material else str(code or "")


def item_name(plan: Plan, code: object) -> str:
    known = plan.item_by_code.get(str(code)) or plan.data_by_key.get(str(code))
    return known.name if known else str(code or "")
