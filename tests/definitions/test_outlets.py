"""`outlets.yaml`: where applications are taken in."""

from datetime import date
from pathlib import Path

import pytest

from definitions.commands import problems_of
from definitions.loader import load_catalog
from definitions.outlets import Outlet, offering, reach
from definitions.problems import DefinitionProblems
from onething.domain.outlets import OutletKind
from tests.definitions.support import SMALL, folder_with

TOWN, VILLAGE, BOAT, PARTNER, OLD = "330109115", "330109115201", "330109116", "310115001", "330109117"
FILE = """outlets:
  "330109115":
    {name: 镇中心, region: "330100", kind: town, address: 街 8 号, hours: [{weekdays: [mon], times: ["08:30-11:30"]}]}
  "330109115201":
    name: 村站
    region: "330100"
    kind: village
    parent: "330109115"
    address: 村委会
    bundles: [small]
    hours: [{weekdays: [mon], times: ["09:00-11:30"]}]
  "330109116":
    name: 船
    region: "330100"
    kind: mobile
    hours: [{month_days: [5], times: ["09:00-11:30"], place: 码头}]
  "310115001":
    name: 浦东
    region: "330100"
    kind: partner
    located: "310115"
    address: 路 2 号
    hours: [{weekdays: [mon], times: ["09:00-11:30"]}]
  "330109117":
    name: 撤并的镇
    region: "330100"
    kind: town
    address: 老街
    until: 2026-02-28
    successor: "330109115"
    basis: 省政府的通知
    hours: [{weekdays: [mon], times: ["09:00-11:30"]}]
"""


def outlets_of(folder: Path, text: str = FILE) -> dict[str, Outlet]:
    folder_with(folder, SMALL)
    return load_catalog(folder_with(folder, text, "outlets.yaml")).outlets


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ('"330109115":', '"33010911":', "33010911"),
        ('region: "330100"', 'region: "330199"', "没有行政区划“330199”"),
        ('"330109116":', '"340109116":', "不在行政区划“330100”之内"),
        ('    located: "310115"\n', "", "located"),
        ('located: "310115"', 'located: "310116"', "located"),
        ("kind: town", 'located: "330109", kind: town', "只有异地合作大厅"),
        ('"310115001":', '"330108001":', "located"),
        ("    address: 路 2 号\n", "", "没有写地址"),
        (", place: 码头", "", "place"),
        ('times: ["08:30-11:30"]', 'times: ["08:30-11:30"], place: 这里', "place"),
        ('parent: "330109115"', 'parent: "330109999"', "没有网点“330109999”"),
        ("kind: town, address: 街", 'kind: town, parent: "330109115201", address: 街', "绕回了自己"),
        ('successor: "330109115"', 'successor: "330109999"', "没有网点“330109999”"),
        ("name: 船\n", "name: 船\n    since: 2026-04-01\n", None),
        ('successor: "330109115"', 'successor: "330109118"', "中间无人负责"),
        ("    basis: 省政府的通知\n", "", "basis"),
        ("    until: 2026-02-28\n", "", "until"),
        ("name: 船\n", "name: 船\n    calendar: mars\n", "没有日历“mars”"),
        ('times: ["08:30-11:30"]', 'times: ["11:30-08:30"]', "开门须早于关门"),
        ("kind: village", "kind: city", "city"),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, old: str, new: str, what: str | None) -> None:
    assert old in FILE
    later = FILE.replace("name: 镇中心", "name: 后来的镇, since: 2026-04-01").splitlines()[1:3]
    text = FILE.replace(old, new, 1) + "\n".join(later).replace(TOWN, "330109118") + "\n"
    if what is None:
        assert outlets_of(tmp_path, text)
        return
    with pytest.raises(DefinitionProblems) as raised:
        outlets_of(tmp_path, text)
    assert what in str(raised.value)
    assert "outlets.yaml:" in str(raised.value)


def test_a_bundle_that_there_is_not_is_told_with_its_line(tmp_path: Path) -> None:
    folder_with(tmp_path, SMALL)
    _, problems = problems_of(folder_with(tmp_path, FILE.replace("[small]", "[small, nothing]"), "outlets.yaml"))
    wrong = [one for one in problems if one.file == "outlets.yaml"]
    assert [(one.line, "没有一件事“nothing”" in one.what) for one in wrong] == [(10, True)]


def test_who_sees_what_lies_below_and_what_they_took_over(tmp_path: Path) -> None:
    outlets = outlets_of(tmp_path)
    assert reach(outlets, [TOWN], date(2026, 2, 28)) == {TOWN, VILLAGE}  # the last day of the old one
    assert reach(outlets, [TOWN], date(2026, 3, 1)) == {TOWN, VILLAGE, OLD}
    assert reach(outlets, [VILLAGE, BOAT], date(2026, 3, 1)) == {VILLAGE, BOAT}
    assert reach(outlets, [], date(2026, 3, 1)) == frozenset()


def test_who_offers_what_when(tmp_path: Path) -> None:
    outlets = outlets_of(tmp_path)
    assert list(offering(outlets, date(2026, 3, 2))) == [TOWN, VILLAGE, BOAT, PARTNER]
    assert OLD in offering(outlets, date(2026, 2, 28))
    assert VILLAGE not in offering(outlets, date(2026, 3, 2), "330100", "other")
    assert VILLAGE in offering(outlets, date(2026, 3, 2), "330100", "small@3")
    assert offering(outlets, date(2026, 3, 2), "330106") == {}


def test_a_folder_without_one_has_none_and_the_package_s_has_every_kind(tmp_path: Path) -> None:
    assert load_catalog(folder_with(tmp_path, SMALL)).outlets == {}
    assert {one.kind for one in load_catalog().outlets.values()} == set(OutletKind)
