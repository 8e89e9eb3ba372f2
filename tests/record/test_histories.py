"""Which histories are recorded anew: those that show something else, never those that differ by chance."""

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.record.book import Book
from tests.record.histories import forget, keep, recordings
from tests.record.history_facts import facts
from tests.replay.record import FOLDER

NAME = "goes_well"
FILES = recordings(FOLDER)[NAME]
RUN = FILES[0].read_text(encoding="utf-8")

Event = dict[str, Any]


def edited(change: Callable[[list[Event]], object]) -> str:
    history = json.loads(RUN)
    change(history["events"])
    return json.dumps(history)


def of_kind(events: list[Event], kind: str) -> list[Event]:
    found = [event for event in events if event["eventType"] == f"EVENT_TYPE_{kind}"]
    assert found, kind
    return [next(value for key, value in event.items() if key.endswith("Attributes")) for event in found]


def told(attributes: Event, change: Callable[[Any], object]) -> None:
    """Changes what a payload holds."""
    (payload,) = (attributes.get("input") or attributes["result"])["payloads"]
    value = json.loads(base64.b64decode(payload["data"]))
    change(value)
    payload["data"] = base64.b64encode(json.dumps(value).encode()).decode()


def another_time(events: list[Event]) -> None:
    for event in events:
        event["eventTime"] = "2031-01-01T00:00:00Z"
    started, *_ = of_kind(events, "WORKFLOW_EXECUTION_STARTED")
    started["originalExecutionRunId"] = started["identity"] = "other"
    for attributes in of_kind(events, "TIMER_STARTED"):
        attributes["startToFireTimeout"] = "1s"
    for attributes in of_kind(events, "WORKFLOW_EXECUTION_SIGNALED"):
        told(attributes, lambda news: news.update(next_wake_at="2031-01-01T00:00:00Z", seq=99))


def twice(events: list[Event]) -> None:
    events.extend(events[5:8])


@pytest.mark.parametrize("by_chance", [another_time, twice], ids=lambda change: change.__name__)
def test_moments_ids_and_counts_are_no_facts(by_chance: Callable[[list[Event]], object]) -> None:
    assert facts([edited(by_chance)]) == facts([RUN])


def test_the_number_of_runs_is_no_fact() -> None:
    assert facts([RUN, RUN]) == facts([RUN])


def _other_activity(events: list[Event]) -> None:
    of_kind(events, "ACTIVITY_TASK_SCHEDULED")[-1]["activityType"]["name"] = "another"


def _no_timer(events: list[Event]) -> None:
    events[:] = [event for event in events if event["eventType"] != "EVENT_TYPE_TIMER_STARTED"]


def _lost_field(events: list[Event]) -> None:
    told(of_kind(events, "WORKFLOW_EXECUTION_STARTED")[0], lambda start: start.pop("max_history_events"))


def _tells_less(events: list[Event]) -> None:
    for attributes in of_kind(events, "ACTIVITY_TASK_SCHEDULED"):
        told(attributes, lambda assignment: assignment.pop("epoch"))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (_other_activity, "the workflow now schedules another"),
        (_no_timer, "the workflow no longer sets a timer"),
        (_lost_field, "the workflow no longer is told max_history_events"),
        (_tells_less, "the workflow no longer tells begin_together epoch"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
async def test_what_the_workflow_does_otherwise_is_said_and_written(
    change: Callable[[list[Event]], object], sentence: str, tmp_path: Path
) -> None:
    new = edited(change)
    await keep(book := Book(), NAME, FILES, [new], tmp_path)
    assert f"histories {NAME}: {sentence}" in book.lines()
    assert (tmp_path / f"{NAME}.1.json").read_text() == new


def _new_field(events: list[Event]) -> None:
    told(of_kind(events, "WORKFLOW_EXECUTION_SIGNALED")[0], lambda news: news["commands"][0].update(colour="red"))


async def test_a_history_that_lacks_a_new_field_shows_that_it_may_be_absent(tmp_path: Path) -> None:
    await keep(book := Book(), NAME, FILES, [edited(_new_field)], tmp_path)
    assert book.lines() == ["nothing changed"]
    (with_it := tmp_path / f"{NAME}.1.json").write_text(edited(_new_field))
    await keep(book, NAME, [with_it], [RUN], tmp_path)
    assert book.lines() == [f"histories {NAME}: the workflow no longer is told commands[].colour"]


async def test_what_shows_the_same_is_left_as_it_is(tmp_path: Path) -> None:
    await keep(book := Book(), NAME, FILES, [edited(another_time)], tmp_path)
    assert book.lines() == ["nothing changed"]
    assert recordings(tmp_path) == {}


async def test_what_does_not_replay_any_more_is_said_first(tmp_path: Path) -> None:
    def forgotten(events: list[Event]) -> None:
        of_kind(events, "ACTIVITY_TASK_SCHEDULED")[0]["activityType"]["name"] = "send_letters"

    old = tmp_path / f"{NAME}.1.json"
    old.write_text(edited(forgotten))
    (longer := tmp_path / f"{NAME}.2.json").write_text(RUN)
    await keep(book := Book(), NAME, [old, longer], [RUN], tmp_path)
    assert book.lines()[0] == f"histories {NAME}: no longer replays: a case begun by the code before would stand still"
    assert f"histories {NAME}: the workflow no longer schedules send_letters" in book.lines()
    assert (old.read_text(), longer.exists()) == (RUN, False)


async def test_a_new_story_is_recorded_and_one_that_nobody_plays_goes(tmp_path: Path) -> None:
    another = edited(lambda events: events.pop())
    await keep(book := Book(), "new", [], [RUN, RUN, another], tmp_path)  # one that goes as another did is not kept
    await keep(book, "old", [], [RUN], tmp_path)
    assert {name: len(files) for name, files in recordings(tmp_path).items()} == {"new": 2, "old": 1}
    forget(book, recordings(tmp_path), ["new"])
    assert sorted(recordings(tmp_path)) == ["new"]
    assert book.lines() == [
        "histories new, old: is recorded for the first time",
        "histories old: is gone, for nothing plays it any more",
    ]


def test_runs_come_in_their_order(tmp_path: Path) -> None:
    for number in (1, 2, 10):
        (tmp_path / f"a.continued.{number}.json").write_text("")
    assert [file.name for file in recordings(tmp_path)["a.continued"]] == [
        f"a.continued.{number}.json" for number in (1, 2, 10)
    ]
