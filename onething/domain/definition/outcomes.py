"""结果: what an item may end with, each by a name of its own, and what follows from it for the rest of the case; 条件:
what has to be so for it to end well.

By the kind of procedure, unless the item writes its own: a filing is filed, and neither granted nor not.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from onething.domain.base import FieldId, Strict, Text
from onething.domain.definition.basis import Bases, Basis
from onething.domain.definition.questions import ConditionText


class ItemKind(StrEnum):
    """What kind of procedure it is; 即办 or 承诺 follows from its promise."""

    DECISION = "decision"  # 决定: granted or refused
    FILING = "filing"  # 备案: on complete papers
    VERIFICATION = "verification"  # 核验: matches, differs, or there is no record
    QUERY = "query"  # 查询: answered; silence is not “none”
    SERVICE = "service"  # 报装、公用服务: done or not possible


class OutcomeEffect(StrEnum):
    """What follows for the rest of the case."""

    WELL = "well"  # what needs the item goes on, and what it gives is made out
    REFUSED = "refused"  # as its `on_refusal` says
    NEUTRAL = "neutral"  # nothing was found: it gives nothing, and what needs it goes on


class Outcome(Strict):
    """One end of an item. `document`: the letter that tells of it, by its title, where one is due."""

    id: FieldId
    name: Text
    effect: OutcomeEffect
    document: Text | None = None
    basis: Basis | None = None


class ItemCondition(Strict):
    """许可条件: what has to be so for an item to end well, one sentence of the law each. Its department says of each,
    as it decides, whether it is met."""

    id: FieldId
    says: Text
    basis: Bases
    when: ConditionText | None = None


_WELL, _REFUSED, _NEUTRAL = OutcomeEffect.WELL, OutcomeEffect.REFUSED, OutcomeEffect.NEUTRAL

USUAL_OUTCOMES: Mapping[ItemKind, tuple[Outcome, ...]] = MappingProxyType(
    {
        ItemKind.DECISION: (
            Outcome(id="approve", name="准予", effect=_WELL),
            Outcome(id="refuse", name="不予", effect=_REFUSED),
        ),
        ItemKind.FILING: (
            Outcome(id="filed", name="已备案", effect=_WELL),
            Outcome(id="out_of_scope", name="不属于备案范围", effect=_REFUSED),
            Outcome(id="incomplete", name="材料不全", effect=_REFUSED),
        ),
        ItemKind.VERIFICATION: (
            Outcome(id="matches", name="一致", effect=_WELL),
            Outcome(id="differs", name="不一致", effect=_REFUSED),
            Outcome(id="no_record", name="查无记录", effect=_NEUTRAL),
        ),
        ItemKind.QUERY: (
            Outcome(id="answered", name="已答复", effect=_WELL),
            Outcome(id="no_record", name="查无记录", effect=_NEUTRAL),
        ),
        ItemKind.SERVICE: (
            Outcome(id="done", name="已办妥", effect=_WELL),
            Outcome(id="not_possible", name="无法办理", effect=_REFUSED),
        ),
    }
)
"""What an item of that kind ends with, unless it writes its own."""

WITH_LETTER: Mapping[ItemKind, str] = MappingProxyType(
    {ItemKind.FILING: "备案结果告知书", ItemKind.SERVICE: "无法办理告知书"}
)
"""What the letter is called that tells of a refusal, beside that of a decision, which is called by its act. What is
only looked at, or looked for, refuses nobody anything: no letter."""
