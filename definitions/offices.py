"""`offices.yaml`: what a department is called in a region, and who reviews what it decides. A letter of refusal has to
tell it (行政许可法 Art. 38, 行政复议法 Art. 20).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import Field

from definitions.duties import Department, ReviewedBy
from definitions.problems import DefinitionProblem
from definitions.reading import Document
from onething.domain.base import Code, Strict, Text

GOVERNMENT = "本级人民政府"
SUPERIOR = "上一级主管部门"
COURT = "作出决定的机关所在地有管辖权的人民法院"


class Office(Strict):
    """A department in a region. Without `department`: all of the region that have no row of their own, and the counter.
    What is not set is as the law has it."""

    region: str = Field(pattern=r"^\d{6}$")
    department: Code | None = None
    name: Text | None = None  # as the applicant is to write it
    review_body: Text | None = None
    court: Text | None = None  # of first instance, for suits against it


class OfficesFile(Strict):
    offices: tuple[Office, ...] = ()


@dataclass(frozen=True)
class Reviewer:
    """Who may be asked to look at a decision again. `by_superior`: under Art. 27, not Art. 24 of the 行政复议法."""

    body: str
    court: str
    by_superior: bool


@dataclass(frozen=True)
class Offices:
    """Looked up by department and region; None as department is the region's counter."""

    rows: Mapping[tuple[str, str | None], Office]
    superior: frozenset[str]  # departments under vertical leadership

    @classmethod
    def of(cls, offices: Sequence[Office], departments: Mapping[str, Department]) -> "Offices":
        superior = frozenset(code for code, one in departments.items() if one.reviewed_by is ReviewedBy.SUPERIOR)
        return cls({(one.region, one.department): one for one in offices}, superior)

    def name(self, department: str, region: str) -> str | None:
        """What it is called there; None where only its general name is known."""
        row = self.rows.get((region, department))
        return row.name if row else None

    def reviewer(self, department: str | None, region: str) -> Reviewer:
        """By its own row, else the region's, else as the law has it: Art. 24 the government of the same level, Art. 27
        the superior department of those under vertical leadership, whom no government of the place reviews."""
        own, common = self.rows.get((region, department)), self.rows.get((region, None))
        by_superior = department in self.superior
        known = [row for row in (own, common) if row is not None]
        bodies = [row.review_body for row in known if row.review_body and not (by_superior and row is common)]
        courts = [row.court for row in known if row.court]
        lawful = SUPERIOR if by_superior else GOVERNMENT
        return Reviewer(next(iter(bodies), lawful), next(iter(courts), COURT), by_superior)


def check(
    document: Document,
    offices: Sequence[Office],
    departments: Mapping[str, Department],
    problems: list[DefinitionProblem],
) -> None:
    """Departments exist, and none has two rows in a region."""
    seen: set[tuple[str, str | None]] = set()
    for index, one in enumerate(offices):
        if one.department is not None and one.department not in departments:
            what = f"没有部门“{one.department}”。"
            remedy = "改正代码，或先把部门写进 departments.yaml。"
            problems.append(document.problem(("offices", index, "department"), what, remedy))
        if (one.region, one.department) in seen:
            who = f"部门“{one.department}”" if one.department else "没有写明部门的一行"
            what = f"区划 {one.region} 的{who}写了两次。"
            problems.append(document.problem(("offices", index), what, "合并成一行。"))
        seen.add((one.region, one.department))
