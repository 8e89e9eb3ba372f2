"""Problems are told until an answer is full, and looked for no further."""

from collections.abc import Iterator

import pytest

from onething.domain.errors import (
    MOST_PROBLEM_BYTES,
    MOST_PROBLEMS,
    FailureCode,
    FieldProblem,
    InvalidInput,
    require_valid,
)


def problem(n: int, detail: str = "请改正。") -> FieldProblem:
    return FieldProblem(f"/form/{n}", FailureCode.INVALID_VALUE, detail)


def test_nothing_wrong_is_no_refusal() -> None:
    require_valid(iter(()))


def test_no_more_are_found_than_are_told_and_one() -> None:
    found = 0

    def endless() -> Iterator[FieldProblem]:
        nonlocal found
        while True:
            found += 1
            yield problem(found)

    with pytest.raises(InvalidInput, match="前 50 处") as refused:
        require_valid(endless())
    assert (len(refused.value.problems), refused.value.more, found) == (MOST_PROBLEMS, True, MOST_PROBLEMS + 1)


def test_as_many_as_fit_are_all_there_are() -> None:
    every = [problem(n) for n in range(MOST_PROBLEMS)]
    refused = InvalidInput(every)
    assert (list(refused.problems), refused.more) == (every, False)
    assert "有 50 处" in refused.detail


@pytest.mark.parametrize("detail", ["长" * 3_000, "\x01" * 2_000, "a" * 9_000])
def test_long_ones_fill_an_answer_sooner(detail: str) -> None:
    """Counted as they are written, control characters in six."""
    refused = InvalidInput(problem(n, detail) for n in range(MOST_PROBLEMS))
    assert refused.more
    assert 1 < len(refused.problems) <= MOST_PROBLEM_BYTES / 9_000


def test_one_is_told_however_long() -> None:
    refused = InvalidInput([problem(1, "长" * 50_000), problem(2)])
    assert ([one.pointer for one in refused.problems], refused.more) == (["/form/1"], True)
