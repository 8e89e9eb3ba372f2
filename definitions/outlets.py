"""`outlets.yaml`: where applications are taken in (网点), by the codes of towns and villages. Where a case is decided
is another fact: the division (`region`) that the outlet takes in for."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from pydantic import Field

from definitions.problems import DefinitionProblem
from definitions.reading import Document
from definitions.regions import ServedRegion, level_of
from definitions.succession import DatedEntry, check_links
from onething.domain.base import Code, Strict, Text
from onething.domain.calendar.days import Calendar
from onething.domain.definition.bundle import RegionLevel
from onething.domain.outlets import OpeningHours, OutletKind
from onething.domain.principal import OutletCode, Region

_PREFIX = {RegionLevel.PROVINCE: 2, RegionLevel.PREFECTURE: 4, RegionLevel.COUNTY: 6}


class Outlet(DatedEntry):
    """`located`: the division that a partner stands in. `bundles`: codes of what may be handed in there; none: all
    that there is. `accepts`: it says 受理 itself, and does not leave that to the region's counter. `parent`: the outlet
    above, which sees what it takes in."""

    SUCCESSOR = "由哪个网点接续"

    region: Region
    kind: OutletKind
    located: Region | None = None
    address: Text | None = None
    phone: Text | None = None
    calendar: Code = "cn"
    hours: tuple[OpeningHours, ...] = Field(min_length=1)
    bundles: tuple[Code, ...] = ()
    accepts: bool = False
    parent: OutletCode | None = None
    successor: OutletCode | None = None

    def offers(self, bundle: str) -> bool:
        """By code, with or without version."""
        return not self.bundles or bundle.partition("@")[0] in self.bundles


class OutletsFile(Strict):
    outlets: dict[OutletCode, Outlet]


def reach(outlets: Mapping[str, Outlet], own: Iterable[str], day: date) -> frozenset[str]:
    """Whose cases who works at `own` sees: theirs, those of outlets below, and of those that they have taken over."""
    found = frozenset(own)
    while True:
        more = {
            code
            for code, one in outlets.items()
            if one.parent in found or (one.successor in found and one.until is not None and one.until < day)
        }
        if more <= found:
            return found
        found |= more


def offering(
    outlets: Mapping[str, Outlet], day: date, region: str | None = None, bundle: str | None = None
) -> dict[str, Outlet]:
    """Those that there are on the day, of the region, where the bundle is taken in; in the order of the file."""
    return {
        code: one
        for code, one in outlets.items()
        if one.is_there(day) and region in (None, one.region) and (bundle is None or one.offers(bundle))
    }


def check(
    document: Document,
    outlets: Mapping[str, Outlet],
    regions: Mapping[str, ServedRegion],
    calendars: Mapping[str, Calendar],
    problems: list[DefinitionProblem],
) -> None:
    """Each stands where it says, and whoever is named is there and of the same division."""
    for code, one in outlets.items():
        for key, what, remedy in _wrong(code, one, outlets, regions, calendars):
            problems.append(document.problem(("outlets", code, key), what, remedy))
    check_links(document, "outlets", outlets, ("parent", "successor"), "网点", problems)


def _wrong(
    code: str,
    outlet: Outlet,
    outlets: Mapping[str, Outlet],
    regions: Mapping[str, ServedRegion],
    calendars: Mapping[str, Calendar],
) -> Iterator[tuple[str, str, str]]:
    if outlet.region not in regions:
        yield "region", f"没有行政区划“{outlet.region}”。", "改正代码，或先把它写进 regions.yaml。"
    inside = code.startswith(outlet.region[: _PREFIX[level_of(outlet.region)]])
    if outlet.kind is OutletKind.PARTNER:
        if outlet.located is None or not code.startswith(outlet.located):
            yield "located", f"“{outlet.name}”是异地合作大厅，没有写明它所在的区划。", f"写 located: “{code[:6]}”。"
        elif inside:
            yield (
                "kind",
                f"“{outlet.name}”就在 {outlet.region} 之内，不是异地合作大厅。",
                "改为 hall、town 或 village。",
            )
    elif outlet.located is not None:
        yield "located", "只有异地合作大厅（kind: partner）写 located。", "删去这一行。"
    elif not inside:
        remedy = "改正代码或 region；在别处代收的，写 kind: partner 和 located。"
        yield "region", f"网点代码“{code}”不在行政区划“{outlet.region}”之内。", remedy
    if outlet.calendar not in calendars:
        yield "calendar", f"没有日历“{outlet.calendar}”。", f"改用：{'、'.join(calendars)}。"
    mobile = outlet.kind is OutletKind.MOBILE
    if not mobile and outlet.address is None:
        yield "address", f"“{outlet.name}”没有写地址。", "补上 address；流动服务窗口写 kind: mobile。"
    if any((line.place is not None) is not mobile for line in outlet.hours):
        what = "流动服务窗口的每一行开放时间要写停在哪里（place）。" if mobile else "只有流动服务窗口写 place。"
        yield "hours", what, "补上 place。" if mobile else "删去 place，地址写在 address。"
    for key, named in (("parent", outlet.parent), ("successor", outlet.successor)):
        if named is not None and named in outlets and outlets[named].region != outlet.region:
            yield key, f"“{named}”为别的行政区划（{outlets[named].region}）收件。", "改为同一行政区划的网点。"
