"""`offices.yaml`: by department and region, who reviews what is decided, and which court."""

from pathlib import Path

import pytest

from definitions.loader import load_catalog
from definitions.offices import COURT, GOVERNMENT, SUPERIOR, Reviewer
from definitions.problems import DefinitionProblems
from tests.definitions.support import folder_with

DEPARTMENTS = "departments:\n  psb: 公安局\n  amr: 市监局\n  tax: {name: 税务局, reviewed_by: superior}\n"
OFFICES = """\
offices:
  - {region: "330200", review_body: 宁波市人民政府, court: 宁波市海曙区人民法院}
  - {region: "330200", department: amr, name: 宁波市市场监督管理局, review_body: 宁波市行政复议局}
  - {region: "330300", department: tax, review_body: 国家税务总局浙江省税务局}
  - {region: "330400", department: psb, court: 嘉兴铁路运输法院}
"""


def test_each_department_in_each_region(tmp_path: Path) -> None:
    folder_with(tmp_path, DEPARTMENTS, "departments.yaml")
    offices = load_catalog(folder_with(tmp_path, OFFICES, "offices.yaml")).offices
    court = "宁波市海曙区人民法院"
    assert offices.reviewer("amr", "330200") == Reviewer("宁波市行政复议局", court, by_superior=False)
    assert offices.reviewer("psb", "330200") == Reviewer("宁波市人民政府", court, by_superior=False)
    assert offices.reviewer(None, "330200") == Reviewer("宁波市人民政府", court, by_superior=False)
    # 行政复议法 Art. 27: no government of the place reviews a tax office
    assert offices.reviewer("tax", "330200") == Reviewer(SUPERIOR, court, by_superior=True)
    assert offices.reviewer("tax", "330300") == Reviewer("国家税务总局浙江省税务局", COURT, by_superior=True)
    assert offices.reviewer("psb", "330400") == Reviewer(GOVERNMENT, "嘉兴铁路运输法院", by_superior=False)
    # the city's government does not review what its districts' departments decide: Art. 24, the same level
    assert offices.reviewer("amr", "330203") == Reviewer(GOVERNMENT, COURT, by_superior=False)
    assert (offices.name("amr", "330200"), offices.name("psb", "330200")) == ("宁波市市场监督管理局", None)


def test_a_folder_with_departments_of_its_own_has_no_offices_but_its_own(tmp_path: Path) -> None:
    offices = load_catalog(folder_with(tmp_path, DEPARTMENTS, "departments.yaml")).offices
    assert offices.reviewer("psb", "330100").body == GOVERNMENT


@pytest.mark.parametrize(
    ("row", "pointer"),
    [
        ('  - {region: "330200", department: nobody}\n', "/offices/4/department"),
        ('  - {region: "330200", court: 另一个法院}\n', "/offices/4"),
        ('  - {region: "3302"}\n', "/offices/4/region"),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, row: str, pointer: str) -> None:
    folder_with(tmp_path, DEPARTMENTS, "departments.yaml")
    with pytest.raises(DefinitionProblems) as raised:
        load_catalog(folder_with(tmp_path, OFFICES + row, "offices.yaml"))
    assert [problem.pointer for problem in raised.value.problems] == [pointer]
