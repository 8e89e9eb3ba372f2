"""What both sides' legs gave, the ratios of neighbours, and whether these keep the bound. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from bench.against.pairing import OURS, THEIRS


@dataclass(frozen=True)
class Figures:
    """One leg. `cpu_s`: processor seconds a case; `others`: processors that were busy with something else."""

    per_second: float
    decision_p50_s: float
    cpu_s: float
    others: float

    @classmethod
    def of(cls, event: Mapping[str, object]) -> "Figures":
        """From a `leg` event of `bench.driver`. ValueError when a field is missing or no number."""
        try:
            return cls(**{name: float(str(event[name])) for name in cls.__dataclass_fields__})
        except KeyError as missing:
            raise ValueError(f"no {missing} in {sorted(event)}") from None


Pair = Mapping[str, Sequence[Figures]]
"""Contestant → figures of our leg and of theirs, which ran next to each other."""


@dataclass(frozen=True)
class Measure:
    """`speed` of a leg: the more, the better."""

    title: str
    contestant: str
    speed: Callable[[Figures], float]

    def ratio(self, pair: Pair) -> float:
        """How many times as fast as they are we are."""
        legs = pair[self.contestant]
        return self.speed(legs[OURS]) / self.speed(legs[THEIRS])


MEASURES = (
    Measure("办件速度，不经 HTTP", "services", lambda leg: leg.per_second),
    Measure("办件速度，经 HTTP", "http", lambda leg: leg.per_second),
    Measure("决定 p50 的快慢，机器有余力时", "calm", lambda leg: 1 / leg.decision_p50_s),
)


@dataclass(frozen=True)
class Verdict:
    """`noise`: the same ratios of this checkout against itself."""

    measure: Measure
    ratios: Sequence[float]
    noise: Sequence[float]
    at_least: float

    @property
    def median(self) -> float:
        return median(self.ratios)

    @property
    def kept(self) -> bool:
        return self.median >= self.at_least

    @property
    def doubtful(self) -> bool:
        """This checkout differs from itself by more than the bound allows to another: the machine can't tell."""
        return abs(median(self.noise) - 1) > abs(1 - self.at_least)


def verdicts(pairs: Sequence[Pair], with_itself: Sequence[Pair], at_least: float) -> list[Verdict]:
    """One for each measure."""
    return [
        Verdict(
            measure, [measure.ratio(pair) for pair in pairs], [measure.ratio(pair) for pair in with_itself], at_least
        )
        for measure in MEASURES
    ]
