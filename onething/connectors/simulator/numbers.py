"""Made-up numbers that decisions give out: of one case always the same, of two cases never. Right in form and check
character, and nobody's."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from stdnum.cn import ric, uscc

_PLACES = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100: without I, O, S, V, Z
_BIRTHS_A_DAY = 999
_AREAS = ("330106", "330102", "330105", "330108", "330109", "330110", "330111", "330112")
_BORN = date(2026, 2, 20)
"""Of whom an order does not say when they were born."""


def issued_outputs(form: Iterable[Mapping[str, Any]], case_no: str) -> dict[str, str]:
    """Values of the fields of a decision form, as a task or an order shows it, that are numbers it gives out."""
    return {field["id"]: issued_number(field, case_no) for field in form if field.get("issued")}


def issued_number(field: Mapping[str, Any], case_no: str) -> str:
    match field["type"]:
        case "uscc":
            return credit_code(case_no)
        case "resident_id":
            return resident_id(case_no, _BORN)
    return serial_number("", case_no)


def credit_code(case_no: str) -> str:
    """统一社会信用代码 of an enterprise of 杭州西湖."""
    serial, places = _serial(case_no), ""
    for _ in range(7):
        serial, place = divmod(serial, len(_PLACES))
        places = _PLACES[place] + places
    plain = f"91330106MA{places}"
    return plain + str(uscc.calc_check_digit(plain))


def resident_id(case_no: str, born: date) -> str:
    """公民身份号码 of somebody who was born in 杭州 on that day."""
    area, nth = divmod(_serial(case_no), _BIRTHS_A_DAY)
    plain = f"{_AREAS[area % len(_AREAS)]}{born:%Y%m%d}{nth + 1:03d}"
    return plain + str(ric.calc_check_digit(plain + "0"))


def serial_number(prefix: str, case_no: str) -> str:
    """`prefix`, and eight digits."""
    return f"{prefix}{_serial(case_no):08d}"


def _serial(case_no: str) -> int:
    """The six digits that count the cases of an installation: they come before the check digit."""
    return int(case_no[-7:-1])
