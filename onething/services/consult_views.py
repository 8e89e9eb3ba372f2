"""What callers get to read of opinions, agreements and joint inspections."""

from datetime import date

from onething.services.answers import Shown, View


class AskedTask(View):
    task_id: str
    department: str
    department_name: str


class Asked(View):
    """Who was asked, and until when; `days` working days."""

    task_id: str
    case_no: str
    item: str
    mode: str
    rule: str | None = None
    days: int
    due_at: Shown | None = None
    asked: list[AskedTask]
    seq: int
    at: Shown


class Answered(View):
    """`answer`: answered, agreed or disagreed."""

    task_id: str
    case_no: str
    item: str
    answer: str
    seq: int
    at: Shown


class ConsultView(View):
    """One department's opinion on an item, as the department that asked and the one that was asked read it."""

    n: int
    department: str
    department_name: str
    mode: str
    rule: str | None = None
    asked_at: Shown
    question: str | None = None
    answered_at: Shown | None = None
    agrees: bool | None = None
    opinion: str | None = None


class InspectionView(View):
    """A joint inspection, and what was found for the reader's item."""

    n: int
    on: date
    items: list[str]
    passed: bool | None = None
    conclusion: str | None = None


class Inspection(View):
    """`waiting`: items whose conclusion is still to come."""

    task_id: str
    case_no: str
    item: str
    n: int
    on: date | None = None
    due_at: Shown | None = None
    passed: bool | None = None
    waiting: list[str]
    seq: int
    at: Shown
