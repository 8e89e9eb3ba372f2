"""What a clock is called: one text for each, and nothing else is one."""

import copy
import pickle

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from onething.domain.base import CODE
from onething.domain.deadlines.clock_kinds import CLOCKS, item_statutory
from onething.domain.kernel.clock_id import ClockId, ClockKind
from onething.domain.kernel.state import RunningClock
from tests.domain.builders import MONDAY

codes = st.one_of(st.just(""), st.from_regex(CODE, fullmatch=True).filter(lambda code: len(code) <= 60))
numbers = st.integers(0, 10**9)


@st.composite
def clock_ids(draw: st.DrawFn) -> ClockId:
    kind, code, number = draw(st.sampled_from(ClockKind)), draw(codes), draw(numbers)
    for parts in ((code, number), (code, 0), ("", number), ("", 0)):
        try:
            return ClockId.of(kind, *parts)
        except ValueError:
            continue
    assume(False)
    raise AssertionError


@given(clock_ids())
def test_what_is_written_is_read_again_with_its_parts(clock: ClockId) -> None:
    text = str(clock)
    assert type(text) is str
    for again in (ClockId.parse(text), ClockId.of(clock.kind, clock.code, clock.number)):
        assert (again, again.kind, again.code, again.number) == (clock, clock.kind, clock.code, clock.number)
    assert clock.subject == ":".join(str(part) for part in (clock.code, clock.number) if part)


@given(
    st.one_of(
        st.text(), clock_ids().flatmap(lambda one: st.sampled_from([one + ":", one + " ", one + "\n", ":" + one]))
    )
)
def test_nothing_else_is_read(text: str) -> None:
    try:
        clock = ClockId.parse(text)
    except ValueError:
        return
    assert clock == text
    assert ClockId.of(clock.kind, clock.code, clock.number) == text


@pytest.mark.parametrize(
    "text",
    ["", "case:", "case:x", "item", "item:", "item:A", "item:x:y", "urge:", "urge:07", "urge:0", "urge:x", "step:x",
     "step:x:0", "step:1", "rating", "rating:x", "notice:1", "inspection:٣", "CASE"],
)  # fmt: skip
def test_what_is_nearly_one_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no clock"):
        ClockId.parse(text)


@pytest.mark.parametrize(
    ("kind", "code", "number"),
    [(ClockKind.CASE, "x", 0), (ClockKind.ITEM, "", 0), (ClockKind.ITEM, "x:statutory", 0), (ClockKind.URGE, "", -1),
     (ClockKind.CONSULT, "x", 0), (ClockKind.ITEM, "x", 1), (ClockKind.ITEM_STATUTORY, "", 0)],
)  # fmt: skip
def test_a_kind_has_its_own_parts_only(kind: ClockKind, code: str, number: int) -> None:
    with pytest.raises(ValueError, match="called so"):
        ClockId.of(kind, code, number)


def test_every_kind_has_its_row() -> None:
    assert CLOCKS.keys() == set(ClockKind)


def test_models_write_its_text_and_read_it_with_its_parts() -> None:
    clocks = TypeAdapter(dict[ClockId, RunningClock])
    text = clocks.dump_json({item_statutory("x"): RunningClock(started_at=MONDAY, due_at=None)}, exclude_defaults=True)
    assert text == b'{"item:x:statutory":{"started_at":"2026-03-02T01:00:00Z","due_at":null}}'
    (clock,) = clocks.validate_json(text)
    assert (clock.kind, clock.code) == (ClockKind.ITEM_STATUTORY, "x")
    with pytest.raises(ValidationError):
        TypeAdapter(ClockId).validate_python("item:X")


def test_it_does_not_change_and_is_copied_whole() -> None:
    clock = item_statutory("x")
    with pytest.raises(AttributeError):
        clock.code = "y"
    for again in (copy.copy(clock), copy.deepcopy(clock), pickle.loads(pickle.dumps(clock))):
        assert (again, again.kind) == (clock, clock.kind)
