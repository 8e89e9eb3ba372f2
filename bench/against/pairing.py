"""Who goes when. Pure."""

from collections.abc import Iterator

CONTESTANTS = ("services", "http")
"""OneThing without HTTP and with it, by the names of `bench.driver`."""

OURS, THEIRS = 0, 1


def order(pairs: int) -> Iterator[tuple[int, str, int]]:
    """(number of the pair from 0, contestant, side) of every leg.

    Both sides' legs of a contestant are neighbours, and every other pair runs the other way round (ours, theirs,
    theirs, ours …), so that drift favours nobody.
    """
    for pair in range(pairs):
        for contestant in CONTESTANTS:
            for side in (OURS, THEIRS) if pair % 2 == 0 else (THEIRS, OURS):
                yield pair, contestant, side
