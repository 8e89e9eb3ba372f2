"""What an event is about, named from the state: whatever has become of the effect, and of nothing that is not there."""

from datetime import UTC, datetime

import pytest

from onething.domain.deadlines.clock_kinds import inspection_clock, item_clock, revocation_clock, urge_clock
from onething.domain.engine.subjects import named
from onething.domain.events.deadlines import ClockOverdue, PatienceEnded
from onething.domain.events.followup import UrgeAnswered
from onething.domain.events.outcomes import CameTooLate, EffectUndone, NoticesSent
from onething.domain.events.undo import UndoneByHand
from onething.domain.kernel.clock_id import ClockId
from onething.domain.kernel.state import (
    CaseState,
    CaseStatus,
    Effect,
    EffectKind,
    Inspection,
    OpenCommand,
    Reply,
    RunningClock,
)

_AT = datetime(2026, 3, 2, tzinfo=UTC)
_LICENCE = Effect(id="4.approval", kind=EffectKind.APPROVAL, target="licence")
_ORDER = Effect(id="4.dispatch_item.0", kind=EffectKind.ORDER, target="licence")
_NAME = Effect(id="1.fetch_record.0", kind=EffectKind.LOOKUP, target="name")


def state(**changes: object) -> CaseState:
    blank = CaseState(
        schema=1, status=CaseStatus.TERMINATED, plan="p", calendar="c", submitted_at=_AT, items={}, data={}
    )
    return blank.model_copy(update=changes)


@pytest.mark.parametrize("where", ["undo_queue", "undo_tasks", "may_come", "effects"])
@pytest.mark.parametrize(
    ("effect", "about"), [(_LICENCE, {"item": "licence"}), (_ORDER, {"item": "licence"}), (_NAME, {"data": "name"})]
)
def test_an_effect_is_named_wherever_it_stands(where: str, effect: Effect, about: dict[str, str]) -> None:
    now = state(**{where: (effect,)})
    for event in (
        EffectUndone(command="9.undo_effect.0", effect=effect.id),
        UndoneByHand(effect=effect.id, round=1),
        CameTooLate(command="9.undo_effect.0", of="effect_undone", effect=effect.id),
    ):
        told = named(now, event).model_dump(exclude_none=True)
        assert {name: told.get(name) for name in ("item", "data") if told.get(name)} == about


def test_an_effect_that_is_nowhere_has_no_name() -> None:
    event = EffectUndone(command="9.undo_effect.0", effect="5.approval")
    assert named(state(effects=(_LICENCE,)), event) == event


@pytest.mark.parametrize(
    ("kind", "target", "about"),
    [
        ("fetch_record", "name", {"data": "name"}),
        ("dispatch_item", "tax", {"item": "tax"}),
        ("send_notices", "result", {"template": "result"}),
        ("undo_effect", "4.approval", {"item": "licence"}),
    ],
)
def test_patience_ends_with_something(kind: str, target: str, about: dict[str, str]) -> None:
    now = state(commands={"1.x.0": OpenCommand(kind=kind, target=target)}, undo_queue=(_LICENCE,))
    told = named(now, PatienceEnded(command="1.x.0")).model_dump(exclude_none=True)
    assert told == {"kind": "patience_ended", "command": "1.x.0", "of": kind, **about}


def clock(**changes: object) -> RunningClock:
    return RunningClock(started_at=_AT, due_at=_AT).model_copy(update=changes)


@pytest.mark.parametrize(
    ("id_", "running", "about"),
    [
        (item_clock("tax"), clock(), {"item": "tax"}),
        (revocation_clock("tax"), clock(), {"item": "tax"}),
        (urge_clock(7), clock(reply=Reply(item="tax", days=1)), {"item": "tax"}),
        (urge_clock(7), clock(reply=Reply(days=1)), {}),
        (inspection_clock(1), clock(), {"items": ("tax", "seal")}),
    ],
)
def test_a_clock_is_about_something(id_: ClockId, running: RunningClock, about: dict[str, object]) -> None:
    looked = {1: Inspection(on=_AT.date(), waiting=("tax", "seal"))}
    told = named(state(clocks={id_: running}, inspections=looked), ClockOverdue(clock=id_))
    assert told == ClockOverdue.model_validate({"clock": id_, **about})


def test_an_answer_says_what_was_urged() -> None:
    now = state(clocks={urge_clock(7): clock(reply=Reply(item="tax", days=1))})
    told = named(now, UrgeAnswered(clock=urge_clock(7), notice="notice:1"))
    assert told == UrgeAnswered(clock=urge_clock(7), notice="notice:1", item="tax")


def test_what_names_itself_is_left() -> None:
    event = NoticesSent(command="1.send_notices.0", template="result")
    assert named(state(), event) is event
