"""Who goes when. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

CONTESTANTS = ("services", "http", "calm")
"""OneThing without HTTP and with it, by the names of `bench.driver`; with it where processors have time to spare."""

OURS, THEIRS = 0, 1

_CALM_SHARE = 3
_CALM_LOAD = 0.4


@dataclass(frozen=True)
class LegRequest:
    """What is asked of `bench.driver`. With `per_second` that many cases begin in a second, whatever is in flight."""

    leg: str
    cases: int
    in_flight: int
    per_second: float | None = None


def request(contestant: str, cases: int, in_flight: int, http_per_second: float | None) -> LegRequest:
    """`http_per_second`: what the slower of both sides has just done over HTTP at full load.

    How long somebody waits for a decision is asked at 0.4 of that, the same for both sides. Where fifty cases at once
    keep the processors busy it is the length of a queue, which moves by a third from leg to leg of a commit; where the
    next case begins as one ends, who ends cases sooner has more to do at once, and looks slower for it.
    """
    if contestant == "calm":
        rate = None if http_per_second is None else _CALM_LOAD * http_per_second
        return LegRequest("http", max(cases // _CALM_SHARE, 1), in_flight, rate)
    return LegRequest(contestant, cases, in_flight)


def order(pairs: int) -> Iterator[tuple[int, str, int]]:
    """(number of the pair from 0, contestant, side) of every leg.

    Both sides' legs of a contestant are neighbours, and every other pair runs the other way round (ours, theirs,
    theirs, ours …), so that drift favours nobody.
    """
    for pair in range(pairs):
        for contestant in CONTESTANTS:
            for side in (OURS, THEIRS) if pair % 2 == 0 else (THEIRS, OURS):
                yield pair, contestant, side
