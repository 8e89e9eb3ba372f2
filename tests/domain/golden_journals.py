"""Golden journals: what every story gives, as the rules were when it was recorded.

`python -m tests.domain.golden_journals` records stories that have none; `--anew` records all again, which is right only
when no case runs anywhere that was judged by the rules of before.
"""

import sys
from pathlib import Path

from onething.domain.clock_events import CalendarChanged
from onething.domain.events import Submitted
from tests.domain.builders import Case
from tests.domain.journal_files import FOLDER, GoldenJournal, JournalLine
from tests.domain.stories import STORIES


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


def record(folder: Path = FOLDER, *, anew: bool = False) -> list[str]:
    """Record every story that has no golden journal; returns their names. `anew`: throw away those that there are."""
    if anew:
        for path in folder.glob("*.json"):
            path.unlink()
    missing = [story for story in STORIES if not (folder / f"{story}.json").exists()]
    for story in missing:
        (folder / f"{story}.json").write_text(golden(story, STORIES[story]()).to_json(), encoding="utf-8")
    return missing


if __name__ == "__main__":
    recorded = record(anew="--anew" in sys.argv)
    sys.stdout.write(f"已记录：{'、'.join(recorded)}\n" if recorded else "没有缺少的样本。\n")
