"""What `python -m bench` may be told."""

import pytest

from bench.options import QUICK, Options, parse


def test_nothing_said_is_the_protocol() -> None:
    chosen = parse([])
    assert chosen == Options()
    assert chosen.pairs == 5
    assert chosen.cases >= 300
    assert chosen.in_flight == 50


def test_quick_may_be_changed_in_part() -> None:
    chosen = parse(["--quick", "--cases", "7"])
    assert chosen.quick
    assert (chosen.pairs, chosen.cases, chosen.in_flight) == (QUICK.pairs, 7, QUICK.in_flight)


def test_another_commit_is_compared_in_an_even_number_of_pairs() -> None:
    chosen = parse(["--against", "HEAD~1"])
    assert chosen.against == "HEAD~1"
    assert chosen.at_least == 0.95
    assert chosen.pairs % 2 == 0
    assert chosen.cases >= 300
    chosen = parse(["--quick", "--against", "before-house", "--at-least", "0.85"])
    assert (chosen.quick, chosen.pairs, chosen.at_least) == (True, QUICK.pairs, 0.85)


@pytest.mark.parametrize("text", ["0", "-1", "many", "nan", "inf"])
def test_a_bound_is_a_positive_number(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        parse(["--against", "HEAD", f"--at-least={text}"])
    assert refused.value.code == 2
    assert "大于 0 的数" in capsys.readouterr().err


def test_a_bound_is_of_another_commit(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        parse(["--at-least", "0.9"])
    assert refused.value.code == 2
    assert "--against HEAD~1" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["0", "-1", "many", "1.5", "３"])
def test_counts_are_positive_whole_numbers(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        parse(["--pairs", text])
    assert refused.value.code == 2
    assert "正整数" in capsys.readouterr().err or text.startswith("-")
