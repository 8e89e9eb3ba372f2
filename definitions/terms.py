"""Limits and rules in the words that people read."""

from collections.abc import Iterator

from onething.domain.calendar.limits import Limit
from onething.domain.deadlines.wording import UNIT_NAMES
from onething.domain.definition.basis import Basis
from onething.domain.definition.materials import KeptAs, Material
from onething.domain.definition.questions import AnswerValue, Question
from onething.domain.definition.time_rules import DueAt, DueRule, Missed
from onething.domain.plan.plan import PlanCommitment


def limit_text(limit: Limit | None) -> str:
    """None: no law sets one."""
    if limit is None:
        return "没有规定期限"
    return f"{limit.amount}{UNIT_NAMES[limit.unit]}" if limit.amount else "当场办结"


def answer_text(question: Question, answer: AnswerValue) -> str:
    """By the labels of the options; yes and no in words."""
    if isinstance(answer, bool):
        return "是" if answer else "否"
    labels = {option.value: option.label for option in question.options}
    given = answer if isinstance(answer, list) else [str(answer)]
    return "、".join(f"{labels.get(one, one)}{question.counted_in}" for one in given if one) or "无"


_KEPT_AS = {
    KeptAs.ORIGINAL: "交原件",
    KeptAs.COPY: "交复印件，并出示原件核对",
    KeptAs.ORIGINAL_SHOWN: "出示原件，核对后退还",
}


def how_brought(material: Material) -> tuple[str, ...]:
    """What somebody who has to bring it asks next: which papers will do, in what form, by whom, how old, and
    whether it may come later."""
    found = []
    if material.one_of:
        found.append(f"下列材料任选其一：{'、'.join(material.one_of)}")
    if material.kept_as in _KEPT_AS:
        found.append(_KEPT_AS[material.kept_as])
    if material.copies > 1:
        found.append(f"{material.copies} 份")
    if material.issued_by:
        found.append(f"由{material.issued_by}出具")
    if (age := material.not_older_than) is not None:
        found.append(f"出具时间在{age.amount}{UNIT_NAMES[age.unit]}以内")
    if material.given_up:
        found.append("办成后收回")
    if material.lost:
        found.append(f"遗失的：{material.lost}")
    if material.due is not None and material.due.at is not DueAt.ACCEPTANCE:
        found.append(due_text(material.due))
    return tuple(found)


def promise_text(rule: PlanCommitment) -> Iterator[str]:
    """What somebody promises on whose word an item is decided, and what follows."""
    yield from (f"承诺：{one.rstrip('。')}" for one in rule.says)
    yield f"办成后{limit_text(rule.within)}内核查"
    if rule.rectify is not None:
        yield f"核查不符的，{limit_text(rule.rectify)}内改正；仍不符的，依法撤销"
    else:
        yield "核查不符的，依法撤销"
    if rule.bars:
        yield rule.bars.rstrip("。")


MISSED_MEANS = {
    Missed.GO_ON: "按现有材料决定",
    Missed.TERMINATE: "依法终止未决定的事项",
    Missed.REVOKE: "由部门依法决定是否撤销",
    Missed.STOP_BENEFIT: "由部门依法决定是否停止给付",
    Missed.RECTIFY: "责令限期补交，仍不补交的由部门依法决定是否撤销",
}


def due_text(rule: DueRule | None) -> str:
    """When a material has to be there, and what follows if it is not."""
    if rule is None or rule.at is DueAt.ACCEPTANCE:
        return "受理时须有"
    if rule.at is DueAt.ISSUE:
        return "领取结果时交，交来后签发证照"
    missed = MISSED_MEANS[rule.missed or Missed.GO_ON]
    if rule.at is DueAt.AFTER_DECISION:
        return f"办成后{limit_text(rule.within)}内补交，逾期{missed}"
    return f"可以容缺：受理后{limit_text(rule.within)}内补上，逾期{missed}"


def basis_text(basis: Basis) -> str:
    text = f"{basis.title}{basis.article or ''}"
    notes = [note for note in (basis.note, "假定值，以当地规定为准" if basis.assumed else None) if note]
    return f"{text}（{'；'.join(note.rstrip('。') for note in notes)}）" if notes else text
