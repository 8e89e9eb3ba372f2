"""What tasks are called: one text for each, and nothing else is one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onething.domain.base import CODE
from onething.domain.kernel.case_no import DIGITS
from onething.domain.kernel.task_ref import (
    TaskKind,
    TaskName,
    TaskRef,
    check_task,
    consult_task,
    discrepancy_task,
    item_task,
    manual_task,
    revoke_task,
    undo_task,
)

codes = st.from_regex(CODE, fullmatch=True).filter(lambda code: len(code) <= 60)
numbers = st.integers(1, 10**9)
effects = st.builds("{}.{}".format, numbers, st.sampled_from(["approval", "fetch_record.0", "dispatch_item.12"]))
names = st.one_of(
    *(st.builds(make, codes) for make in (item_task, check_task, discrepancy_task, revoke_task, manual_task)),
    st.builds(consult_task, codes, numbers),
    st.builds(undo_task, effects),
)
refs = st.builds(TaskRef.of, st.from_regex(DIGITS.replace("0-9", "1-9"), fullmatch=True), names, numbers)


@given(names)
def test_a_name_that_is_written_is_read_again_with_its_parts(name: TaskName) -> None:
    text = str(name)
    assert type(text) is str
    for again in (TaskName.parse(text), TaskName.of(name.kind, name.subject, name.number)):
        assert (again, again.kind, again.subject, again.number) == (name, name.kind, name.subject, name.number)


@given(refs)
def test_a_task_that_is_written_is_read_again_with_its_parts(ref: TaskRef) -> None:
    again = TaskRef.parse(str(ref))
    assert (again, again.case_no, again.name, again.round) == (ref, ref.case_no, ref.name, ref.round)
    assert again.name.kind is ref.name.kind


@given(st.one_of(st.text(), names.flatmap(lambda one: st.sampled_from([f"{one}.", f"{one} ", f".{one}", f"{one}\n"]))))
def test_no_other_name_is_read(text: str) -> None:
    try:
        name = TaskName.parse(text)
    except ValueError:
        return
    assert TaskName.of(name.kind, name.subject, name.number) == text


@given(st.one_of(st.text(), refs.flatmap(lambda one: st.sampled_from([f"{one}-", f"{one}x", f"-{one}", f"{one}\n"]))))
def test_nothing_else_is_a_task(text: str) -> None:
    with pytest.raises(ValueError, match="no task"):
        TaskRef.parse(text)


@pytest.mark.parametrize(
    "text", ["", "X", "x.", "x.c", "x.c0", "x.c01", "x.checks", "1.approval.01", "0.approval", ".c1"]
)
def test_what_is_nearly_a_name_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no task"):
        TaskName.parse(text)


def test_a_kind_is_about_its_own_only() -> None:
    for kind, subject, number in ((TaskKind.DECIDE, "x.check", 0), (TaskKind.DECIDE, "x", 1), (TaskKind.UNDO, "x", 0)):
        with pytest.raises(ValueError, match="called so"):
            TaskName.of(kind, subject, number)
