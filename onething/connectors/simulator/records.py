"""Made-up records: the same question gets the same record. Nothing here is about anybody real."""

from collections.abc import Iterable, Mapping
from datetime import date
from random import Random
from typing import Any

from onething.connectors.simulator.made_up import GIVEN, Maker, Params, Record, address_of, day_from, digits_of, name_of
from onething.connectors.simulator.numbers import issued_number
from onething.connectors.simulator.person_records import MAKERS

_ENTERPRISES = {
    "92330106MA2EXAMP1B": {
        "company_name": "杭州市西湖区示例面馆",
        "legal_representative": "孙巧云",
        "address": "浙江省杭州市西湖区示例街 18 号 1 层",
        "scope": "餐饮服务",
    },
    "91330106MA2EXAMP1E": {
        "company_name": "杭州示例纸业有限公司",
        "legal_representative": "孙巧云",
        "address": "浙江省杭州市西湖区示例街 20 号 3 层",
        "scope": "纸制品销售",
    },
}
"""Those that examples/ are about."""
_PROJECTS = {"330106202501010101": "示例纸业三号厂房"}
"""By the number of their permit: the same."""


def make_record(code: str, params: Params, today: date) -> Record:
    """The record of source `code` for these parameters; an unknown source gets a reference number only."""
    chance = Random(f"{code}/{sorted((name, str(value)) for name, value in params.items())}")  # noqa: S311 (reproducible, not secret)
    return _MAKERS.get(code, _reference)(params, chance, today)


def make_outputs(form: Iterable[Mapping[str, Any]], today: date, case_no: str) -> Mapping[str, Any]:
    """Values that a decision form takes, for its fields that must be filled in; numbers that it gives out are the
    case's own."""
    return {field["id"]: _output(field, today, case_no) for field in form if field.get("required", True)}


def _output(field: Mapping[str, Any], today: date, case_no: str) -> Any:
    if field.get("issued"):
        return issued_number(field, case_no)
    match field["type"]:
        case "date":
            lasts = field["id"].endswith("until")
            return day_from(today, 365 if lasts else 0)
        case "integer":
            return field.get("minimum") or 1
        case "boolean":
            return True
        case "choice":
            return field["options"][0]["value"]
        case "multi_choice":
            return [field["options"][0]["value"]]
        case "money":
            return "0.00"
        case "uscc":
            return "91110000600037341L"
        case "identity":
            return {"kind": "resident_id", "number": "33010019460309131X"}
        case "resident_id":
            return "33010019460309131X"
        case "list":
            return [make_outputs(field["fields"], today, case_no)]
    return "模拟"


def _reference(params: Params, chance: Random, today: date) -> Record:
    return {"reference": digits_of(chance, 12)}


def _name_reservation(params: Params, chance: Random, today: date) -> Record:
    return {
        "reserved_name": params.get("company_name", "杭州示例科技有限公司"),
        "reservation_no": f"MCBL{digits_of(chance, 10)}",
        "reserved_until": day_from(today, 60),
        "similar_names": 0,
    }


def _standard_address(params: Params, chance: Random, today: date) -> Record:
    return {
        "standard_address": params.get("address", address_of(chance)),
        "address_code": digits_of(chance, 19),
        "usage": "商业服务",
        "disputed": False,
    }


def _business_licence(params: Params, chance: Random, today: date) -> Record:
    made_up = {
        "uscc": params.get("uscc", "91330106MA2EXAMP0X"),
        "company_name": f"杭州{chance.choice(GIVEN)}运输有限公司",
        "legal_representative": name_of(chance),
        "address": address_of(chance),
        "scope": "道路货物运输；普通货物仓储服务",
        "established_on": day_from(today, -chance.randrange(10, 2000)),
        "status": "存续",
    }
    return made_up | _ENTERPRISES.get(str(params.get("uscc")), {})


def _driver_qualification(params: Params, chance: Random, today: date) -> Record:
    return {
        "certificate_no": digits_of(chance, 18),
        "category": "道路货物运输驾驶员",
        "valid_until": day_from(today, chance.randrange(200, 2000)),
        "status": "有效",
    }


def _vehicle_inspection(params: Params, chance: Random, today: date) -> Record:
    since = chance.randrange(1, 300)
    return {
        "vin": params.get("vin", f"LEXAMPLE0{digits_of(chance, 8)}"),
        "vehicle_type": "重型厢式货车",
        "technical_grade": chance.choice(("一级", "二级")),
        "inspected_on": day_from(today, -since),
        "valid_until": day_from(today, 365 - since),
        "result": "合格",
    }


def _closing_notice(params: Params, chance: Random, today: date) -> Record:
    since = chance.randrange(21, 40)  # 20 days have gone by, and the time to apply has not
    return {
        "kind": chance.choice(("简易注销公示", "债权人公告")),
        "published_on": day_from(today, -since),
        "ends_on": day_from(today, 20 - since),
        "objected": False,
    }


def _enterprise_standing(params: Params, chance: Random, today: date) -> Record:
    listed = ("abnormal", "dishonest", "pledged_or_frozen", "invests", "case_open", "penalty_open")
    return dict.fromkeys(listed, False)


def _construction_permit(params: Params, chance: Random, today: date) -> Record:
    return {
        "project_name": _PROJECTS.get(str(params.get("permit_no")), f"示例厂房 {chance.randrange(1, 90)} 号"),
        "owner": "杭州示例纸业有限公司",
        "address": address_of(chance),
        "floor_area": chance.randrange(2000, 60000),
        "permitted_on": day_from(today, -chance.randrange(300, 1000)),
    }


_MAKERS: Mapping[str, Maker] = {
    **MAKERS,
    "name-reservation": _name_reservation,
    "standard-address": _standard_address,
    "business-licence": _business_licence,
    "driver-qualification": _driver_qualification,
    "vehicle-inspection": _vehicle_inspection,
    "closing-notice": _closing_notice,
    "enterprise-standing": _enterprise_standing,
    "construction-permit": _construction_permit,
}
