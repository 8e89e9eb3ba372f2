"""`regions.yaml` with levels, dates and successors."""

from pathlib import Path

import pytest

from definitions.loader import load_catalog
from definitions.problems import DefinitionProblems
from definitions.regions import ServedRegion, seat_of
from onething.domain.definition.bundle import RegionLevel
from tests.definitions.support import SMALL, folder_with

TREE = """regions:
  "330000": 浙江省
  "330100": {name: 杭州市, parent: "330000"}
  "330106": {name: 西湖区, parent: "330100"}
  "330103": {name: 下城区, parent: "330100", until: 2021-04-08, successor: "330106", basis: 省政府的通知}
  "110000": 北京市
  "110105": {name: 朝阳区, parent: "110000"}
"""


def regions_of(folder: Path, text: str) -> dict[str, ServedRegion]:
    folder_with(folder, SMALL)
    return load_catalog(folder_with(folder, text, "regions.yaml")).regions


@pytest.mark.parametrize(
    ("code", "level", "seat"),
    [
        ("330106", None, "330106"),
        ("330106", RegionLevel.COUNTY, "330106"),
        ("330106", RegionLevel.PREFECTURE, "330100"),
        ("330106", RegionLevel.PROVINCE, "330000"),
        ("330100", RegionLevel.PREFECTURE, "330100"),
        ("330000", RegionLevel.PREFECTURE, "330000"),
        ("110105", RegionLevel.PREFECTURE, "110000"),
        ("999999", RegionLevel.PREFECTURE, "999999"),
    ],
)
def test_where_a_case_is_handled(tmp_path: Path, code: str, level: RegionLevel | None, seat: str) -> None:
    assert seat_of(regions_of(tmp_path, TREE), code, level) == seat


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ('successor: "330106"', 'successor: "330199"', "没有行政区划“330199”"),
        ('name: 西湖区, parent: "330100"', 'name: 西湖区, parent: "330199"', "没有行政区划“330199”"),
        ('"330000": 浙江省', '"330000": {name: 浙江省, parent: "330106"}', "绕回了自己"),
        ("until: 2021-04-08, ", "", "until"),
        (", basis: 省政府的通知", "", "basis"),
        ('"110000"', '"11"', "11"),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, old: str, new: str, what: str) -> None:
    with pytest.raises(DefinitionProblems) as raised:
        regions_of(tmp_path, TREE.replace(old, new))
    assert what in str(raised.value)
    assert "regions.yaml:" in str(raised.value)


def test_a_folder_without_one_has_the_package_s(tmp_path: Path) -> None:
    assert load_catalog(folder_with(tmp_path, SMALL)).regions == load_catalog().regions
