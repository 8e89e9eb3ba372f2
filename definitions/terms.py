"""Limits and rules in the words that people read."""

from onething.domain.calendar.limits import Limit
from onething.domain.deadlines.wording import UNIT_NAMES
from onething.domain.definition.basis import Basis
from onething.domain.definition.questions import AnswerValue, Question


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


def basis_text(basis: Basis) -> str:
    text = f"{basis.title}{basis.article or ''}"
    notes = [note for note in (basis.note, "假定值，以当地规定为准" if basis.assumed else None) if note]
    return f"{text}（{'；'.join(note.rstrip('。') for note in notes)}）" if notes else text
