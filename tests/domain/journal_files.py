"""A case as a file: what happened, under which plans and calendars, and the state that it came to."""

from datetime import datetime
from pathlib import Path

from onething.domain.base import Strict
from onething.domain.calendar.days import Calendar
from onething.domain.events.union import Event
from onething.domain.kernel.state import CaseState
from onething.domain.plan.plan import Plan

FOLDER = Path(__file__).parent / "golden"


class JournalLine(Strict):
    seq: int
    at: datetime
    event: Event


class GoldenJournal(Strict):
    story: str
    calendar: Calendar  # that it was submitted under
    later: tuple[Calendar, ...] = ()  # that it was changed to
    plans: tuple[Plan, ...]
    journal: tuple[JournalLine, ...]
    state: CaseState

    def to_json(self) -> str:
        return self.model_dump_json(by_alias=True, indent=1) + "\n"
