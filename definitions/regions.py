"""`regions.yaml`: the administrative divisions that are served, by their GB/T 2260 codes, and what became of those that
are no more."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Self

from pydantic import BeforeValidator, StringConstraints, model_validator

from definitions.problems import DefinitionProblem
from definitions.reading import Document
from onething.domain.base import Strict, Text
from onething.domain.definition.bundle import RegionLevel
from onething.domain.principal import Region

_LEVELS = (RegionLevel.COUNTY, RegionLevel.PREFECTURE, RegionLevel.PROVINCE)  # the lowest first


class ServedRegion(Strict):
    """`name` is the one that it has, or had. `parent`: the one above it. `since` and `until` are its first and last
    day; `successor` takes in what would be its from the day after, by the public document `basis`."""

    name: Text
    parent: Region | None = None
    since: date | None = None
    until: date | None = None
    successor: Region | None = None
    basis: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = None

    def is_served(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.successor is not None and (self.until is None or self.basis is None):
            raise ValueError("写了 successor（并入何处）就要写 until（最后一天）和 basis（依据）")
        if self.since is not None and self.until is not None and self.until < self.since:
            raise ValueError("until（最后一天）早于 since（第一天）")
        return self


def _entry(written: object) -> object:
    return {"name": written} if isinstance(written, str) else written


class RegionsFile(Strict):
    """The file: code → name, or a whole entry where there is more to say."""

    regions: dict[Region, Annotated[ServedRegion, BeforeValidator(_entry)]]


def check(document: Document, regions: Mapping[str, ServedRegion], problems: list[DefinitionProblem]) -> None:
    """Whoever is named is there, and nothing leads back to itself."""
    for code, one in regions.items():
        for key, named in (("parent", one.parent), ("successor", one.successor)):
            if named is None:
                continue
            if named not in regions:
                remedy = "改正代码，或把它也写进 regions.yaml。"
                problems.append(document.problem(("regions", code, key), f"没有行政区划“{named}”。", remedy))
            elif _comes_back(regions, code, key):
                what = f"“{code}”的 {key} 绕回了自己。"
                problems.append(document.problem(("regions", code, key), what, "去掉其中一处。"))


def level_of(code: str) -> RegionLevel:
    if code.endswith("0000"):
        return RegionLevel.PROVINCE
    return RegionLevel.PREFECTURE if code.endswith("00") else RegionLevel.COUNTY


def seat_of(regions: Mapping[str, ServedRegion], code: str, level: RegionLevel | None) -> str:
    """Where a case of this division is handled: itself, or the one above it that is of that level or higher (districts
    of 直辖市 have none between)."""
    while level is not None and _LEVELS.index(level_of(code)) < _LEVELS.index(level):
        parent = regions[code].parent if code in regions else None
        if parent is None:
            break
        code = parent
    return code


def _comes_back(regions: Mapping[str, ServedRegion], code: str, key: str) -> bool:
    seen: set[str] = set()
    next_one = getattr(regions[code], key)
    while next_one in regions and next_one not in seen:
        seen.add(next_one)
        next_one = getattr(regions[next_one], key)
    return code in seen
