"""`departments.yaml`: who is a department, under which name and from when until when, and who took over its duties."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator

from definitions.problems import DefinitionProblem
from definitions.reading import Document
from definitions.succession import DatedEntry, check_links, entry
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
    check_links(document, "departments", duties, ("successor",), "部门", problems)


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
