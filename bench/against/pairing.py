"""Who goes when. Pure."""

from collections.abc import Iterator

CONTESTANTS = ("services", "http", "calm")
"""OneThing without HTTP and with it, by the names of `bench.driver`; with it where processors have time to spare."""

OURS, THEIRS = 0, 1

_CALM_IN_FLIGHT = 4
_CALM_SHARE = 3


def request(contestant: str, cases: int, in_flight: int) -> tuple[str, int, int]:
    """What is asked of `bench.driver`: leg, cases, how many at once.

    How long somebody waits for a decision is asked where the processors have time to spare. Where fifty cases at once
    keep them busy it is the length of a queue, which moves by a third from leg to leg of one commit.
    """
    if contestant == "calm":
        return "http", max(cases // _CALM_SHARE, 1), min(_CALM_IN_FLIGHT, in_flight)
    return contestant, cases, in_flight


def order(pairs: int) -> Iterator[tuple[int, str, int]]:
    """(number of the pair from 0, contestant, side) of every leg.

    Both sides' legs of a contestant are neighbours, and every other pair runs the other way round (ours, theirs,
    theirs, ours …), so that drift favours nobody.
    """
    for pair in range(pairs):
        for contestant in CONTESTANTS:
            for side in (OURS, THEIRS) if pair % 2 == 0 else (THEIRS, OURS):
                yield pair, contestant, side
