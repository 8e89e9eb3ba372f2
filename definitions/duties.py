"""`departments.yaml`: who is a department, under which name and from when until when, and who took over its duties."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator

from definitions.problems import DefinitionProblem
from definitions.reading import Document
from definitions.succession import DatedEntry, comes_back, entry
from onething.domain.base import Code, Strict


class ReviewedBy(StrEnum):
    """Who reviews its decisions, where `offices.yaml` names nobody (行政复议法 2023)."""

    GOVERNMENT = "government"  # Art. 24: the people's government of the same level
    SUPERIOR = "superior"  # Art. 27: vertical leadership, as customs, finance, foreign exchange, tax, state security


class Department(DatedEntry):
    """An entry stays for as long as any case tells of it. `successor` has its duties."""

    SUCCESSOR = "接续部门"

    successor: Code | None = None
    reviewed_by: ReviewedBy = ReviewedBy.GOVERNMENT


class DepartmentsFile(Strict):
    """The file: code → name, or a whole entry where there is more to say."""

    departments: dict[Code, Annotated[Department, BeforeValidator(entry)]]


def check(document: Document, duties: Mapping[str, Department], problems: list[DefinitionProblem]) -> None:
    """Successors exist, have begun by then, and nobody succeeds themselves in the end."""
    for code, one in duties.items():
        if one.successor is None:
            continue
        trail = ("departments", code, "successor")
        heir = duties.get(one.successor)
        if heir is None:
            what = f"没有部门“{one.successor}”。"
            problems.append(document.problem(trail, what, "改正代码，或把接续部门也写进 departments.yaml。"))
        elif heir.since is not None and one.until is not None and (heir.since - one.until).days > 1:
            what = f"“{code}”到 {one.until} 为止，接续的“{one.successor}”从 {heir.since} 才开始，中间无人负责。"
            problems.append(document.problem(trail, what, "使接续部门的 since 不晚于 until 的次日。"))
        elif comes_back(duties, code, "successor"):
            problems.append(document.problem(trail, f"“{code}”的接续关系绕回了自己。", "去掉其中一处 successor。"))


def off_duty(duties: Mapping[str, Department], named: Mapping[str, tuple[str, ...]], today: date) -> list[str]:
    """A sentence for each of `named` (ref → departments) that has one without duties today."""
    return [
        f"提醒：{ref} 写着“{code}”（{duties[code].name}），今天不履职{_heir(duties, code)}。请发布改正的版本。"
        for ref, codes in named.items()
        for code in codes
        if code in duties and not duties[code].is_there(today)
    ]


def _heir(duties: Mapping[str, Department], code: str) -> str:
    heir = duties[code].successor
    return f"，由“{heir}”（{duties[heir].name}）接续" if heir in duties and heir is not None else ""
