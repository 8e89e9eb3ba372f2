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


@pytest.mark.parametrize("text", ["0", "-1", "many", "1.5", "３"])
def test_counts_are_positive_whole_numbers(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        parse(["--pairs", text])
    assert refused.value.code == 2
    assert "正整数" in capsys.readouterr().err or text.startswith("-")
