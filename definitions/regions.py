"""`regions.yaml`: the administrative divisions that are served, by their GB/T 2260 codes, and what became of those that
are no more."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import BeforeValidator

from definitions.problems import DefinitionProblem
from definitions.reading import Document
from definitions.succession import DatedEntry, check_links, entry
from onething.domain.base import Strict
from onething.domain.definition.bundle import RegionLevel
from onething.domain.principal import Region

_LEVELS = (RegionLevel.COUNTY, RegionLevel.PREFECTURE, RegionLevel.PROVINCE)  # the lowest first


class ServedRegion(DatedEntry):
    """`parent`: the one above it. `successor` takes in what would be its."""

    SUCCESSOR = "并入何处"

    parent: Region | None = None
    successor: Region | None = None


class RegionsFile(Strict):
    """The file: code → name, or a whole entry where there is more to say."""

    regions: dict[Region, Annotated[ServedRegion, BeforeValidator(entry)]]


def check(document: Document, regions: Mapping[str, ServedRegion], problems: list[DefinitionProblem]) -> None:
    """Whoever is named is there, and nothing leads back to itself."""
    check_links(document, "regions", regions, ("parent", "successor"), "行政区划", problems)


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


def divisions_of(code: str) -> tuple[str, ...]:
    """The province, the prefecture and the county that it lies in or is, by its code alone; the widest first."""
    return tuple(dict.fromkeys((f"{code[:2]}0000", f"{code[:4]}00", code)))
