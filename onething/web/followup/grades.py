"""好差评 in words, and what a form says of it."""

from collections.abc import Mapping
from typing import Any

from onething.web.core.forms import Form
from onething.web.core.typed_values import with_numbers

GRADES = (("5", "非常满意"), ("4", "满意"), ("3", "基本满意"), ("2", "不满意"), ("1", "非常不满意"))
GOOD = (("fast", "办得快"), ("clear", "讲得清楚"), ("kind", "态度好"))
BAD = (
    ("slow", "办得慢"),
    ("unclear", "讲得不清楚"),
    ("unkind", "态度不好"),
    ("too_many_trips", "跑的次数多"),
    ("too_many_materials", "要的材料多"),
)
WORDS = {"grades": {int(grade): words for grade, words in GRADES}, "tags": dict((*GOOD, *BAD))}
"""Of lists: grade and tag → what they are called."""
_BAD_GRADES = ("1", "2")


def given(sent: Form) -> Mapping[str, Any]:
    """Tags of the grade that was given; those of the other kind were ticked before."""
    grade = sent.value("/grade")
    offered = [code for code, _ in (BAD if grade in _BAD_GRADES else GOOD)]
    told: dict[str, Any] = {"tags": [one for one in sent.values("/tags") if one in offered]}
    if grade:
        told |= with_numbers({"grade": grade}, "grade")
    return told


def fields(sent: Form) -> Mapping[str, Any]:
    """For `panel_grade.html`: what may be said, and what was."""
    return {"grades": GRADES, "good": GOOD, "bad": BAD, "grade": sent.value("/grade"), "tags": sent.values("/tags")}
