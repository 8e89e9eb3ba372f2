"""Golden journals: what the stories come to, as `python -m tests.record golden` keeps it (tests/record/golden.py)."""

from pathlib import Path

from onething.domain.events.deadlines import CalendarChanged
from onething.domain.events.intake import Submitted
from tests.domain.builders import Case
from tests.domain.journal_files import FOLDER, GoldenJournal, JournalLine


def path_of(story: str) -> Path:
    return FOLDER / f"{story}.json"


def golden(story: str, case: Case) -> GoldenJournal:
    submitted = case.record.journal[0].event
    assert isinstance(submitted, Submitted)
    changes = [line.event for line in case.record.journal if isinstance(line.event, CalendarChanged)]
    return GoldenJournal(
        story=story,
        calendar=case.record.calendars[submitted.calendar],
        later=tuple(case.record.calendars[change.new] for change in changes),
        plans=tuple(case.record.plans.values()),
        journal=tuple(JournalLine(seq=line.seq, at=line.at, event=line.event) for line in case.record.journal),
        state=case.state,
    )
