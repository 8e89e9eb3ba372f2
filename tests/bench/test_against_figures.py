"""Two commits side by side: who goes when, and what follows from the figures."""

import asyncio
from dataclasses import replace

import pytest

from bench.against.figures import Figures, Pair, verdicts
from bench.against.pairing import OURS, THEIRS, LegRequest, order, request
from bench.against.report import sentence
from bench.legs import begin_by_rate

EQUAL = Figures(per_second=16, decision_p50_s=0.04, cpu_s=0.1, others=0)


def pair(**ours: Figures) -> Pair:
    """As fast as the others but for what is given."""
    return {name: (ours.get(name, EQUAL), EQUAL) for name in ("services", "http", "calm")}


def missed(pairs: list[Pair], at_least: float = 0.95) -> list[str]:
    return [found.measure.title for found in verdicts(pairs, [pair()], at_least) if not found.kept]


def test_sides_alternate_and_the_order_turns_round() -> None:
    assert list(order(2)) == [
        (0, "services", OURS),
        (0, "services", THEIRS),
        (0, "http", OURS),
        (0, "http", THEIRS),
        (0, "calm", OURS),
        (0, "calm", THEIRS),
        (1, "services", THEIRS),
        (1, "services", OURS),
        (1, "http", THEIRS),
        (1, "http", OURS),
        (1, "calm", THEIRS),
        (1, "calm", OURS),
    ]


def test_waiting_is_asked_of_both_sides_at_one_rate() -> None:
    assert request("http", 120, 50, 16.0) == LegRequest("http", 120, 50)
    assert request("calm", 120, 50, 16.0) == LegRequest("http", 40, 50, per_second=6.4)
    assert request("calm", 2, 50, None) == LegRequest("http", 1, 50), "warming up, nothing is known yet"


async def test_cases_begin_by_the_rate_however_long_they_take() -> None:
    """None waits for another: all have begun before the first may end."""
    begun, all_begun = 0, asyncio.Event()

    async def case() -> None:
        nonlocal begun
        begun += 1
        if begun == 5:
            all_begun.set()
        await all_begun.wait()

    await begin_by_rate(5, 1000.0, case)
    assert begun == 5


def test_as_fast_is_kept() -> None:
    assert missed([pair()]) == []
    assert missed([pair()], at_least=1.0) == []
    assert missed([pair()], at_least=1.001) == [
        "办件速度，不经 HTTP",
        "办件速度，经 HTTP",
        "决定 p50 的快慢，机器有余力时",
    ]


@pytest.mark.parametrize(
    ("ours", "title"),
    [
        ({"services": replace(EQUAL, per_second=15.1)}, "办件速度，不经 HTTP"),
        ({"http": replace(EQUAL, per_second=15.1)}, "办件速度，经 HTTP"),
        ({"calm": replace(EQUAL, decision_p50_s=0.043)}, "决定 p50 的快慢，机器有余力时"),
    ],
)
def test_what_is_slower_is_named(ours: dict[str, Figures], title: str) -> None:
    assert missed([pair(**ours)]) == [title]
    assert missed([pair(**ours)], at_least=0.9) == []


def test_the_median_pair_counts() -> None:
    slow, fast = pair(http=replace(EQUAL, per_second=8)), pair(http=replace(EQUAL, per_second=32))
    assert missed([slow, pair(), fast]) == []
    assert missed([slow, slow, fast]) == ["办件速度，经 HTTP"]


def test_noise_is_told_and_doubt_when_it_is_greater_than_the_bound() -> None:
    noise = [pair(services=replace(EQUAL, per_second=rate)) for rate in (12, 14, 18)]
    services, http, _ = verdicts([pair()], noise, 0.95)
    assert "噪声 0.750–1.125" in sentence("abc", services)
    assert "1.000 倍" in sentence("abc", services)
    assert services.doubtful
    assert not http.doubtful


def test_figures_come_from_the_event() -> None:
    event = {"event": "leg", "per_second": 16.0, "decision_p50_s": 0.04, "cpu_s": 0.1, "others": 0, "later": "more"}
    assert Figures.of(event) == EQUAL
    with pytest.raises(ValueError, match="decision_p50_s"):
        Figures.of({name: value for name, value in event.items() if name != "decision_p50_s"})
    with pytest.raises(ValueError, match="float"):
        Figures.of(event | {"others": "none"})
