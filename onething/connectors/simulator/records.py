"""Made-up records: the same question gets the same record. Nothing here is about anybody real."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from random import Random
from typing import Any, NamedTuple

from onething.connectors.simulator.numbers import issued_number

Params = dict[str, Any]
Record = dict[str, Any]
"""What a source says of somebody or something."""
Maker = Callable[[Params, Random, date], Record]

_SURNAMES = "赵钱孙李周吴郑王冯陈"
_GIVEN = ("建国", "秀英", "志强", "桂兰", "子涵", "雨桐", "浩然", "思远")
_STREETS = ("文三路", "解放东路", "滨江大道", "中山北路", "古墩路")
_HOSPITALS = ("市第一人民医院", "市妇幼保健院", "区中心医院")


class Person(NamedTuple):
    name: str
    address: str


_PEOPLE = {
    "330106199312254685": Person("吴若溪", "杭州市西湖区示例路66号2栋501室"),
    "330106199110183559": Person("郑知远", "杭州市西湖区示例路66号2栋501室"),
    "330106196605123511": Person("何国平", "浙江省杭州市西湖区示例街30号1单元201室"),
    "33010019460309131X": Person("沈启明", "浙江省杭州市上城区示例街12号2单元301室"),
}
"""Whom examples/ are about, as their registers write them; everybody else is made up from the number."""
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
_BIRTHS = {"X330000001": ("女", "2026-11-10", "市妇幼保健院")}
_DEATHS = {"33010019460309131X": "2026-11-16"}


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
            return _days(today, 365 if lasts else 0)
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


def _number(chance: Random, digits: int) -> str:
    return str(chance.randrange(10 ** (digits - 1), 10**digits))


def _name(chance: Random) -> str:
    return chance.choice(_SURNAMES) + chance.choice(_GIVEN)


def _address(chance: Random) -> str:
    return f"杭州市西湖区{chance.choice(_STREETS)}{chance.randrange(1, 400)}号"


def _days(today: date, days: int) -> str:
    return (today + timedelta(days=days)).isoformat()


def _person(number: Any) -> Person:
    """The same number is the same person in every register."""
    chance = Random(f"person/{number}")  # noqa: S311 (reproducible, not secret)
    return _PEOPLE.get(str(number)) or Person(_name(chance), _address(chance))


def _reference(params: Params, chance: Random, today: date) -> Record:
    return {"reference": _number(chance, 12)}


def _name_reservation(params: Params, chance: Random, today: date) -> Record:
    return {
        "reserved_name": params.get("company_name", "杭州示例科技有限公司"),
        "reservation_no": f"MCBL{_number(chance, 10)}",
        "reserved_until": _days(today, 60),
        "similar_names": 0,
    }


def _identity_check(params: Params, chance: Random, today: date) -> Record:
    return {"matches": True, "status": "有效"}


def _standard_address(params: Params, chance: Random, today: date) -> Record:
    return {
        "standard_address": params.get("address", _address(chance)),
        "address_code": _number(chance, 19),
        "usage": "商业服务",
        "disputed": False,
    }


def _business_licence(params: Params, chance: Random, today: date) -> Record:
    made_up = {
        "uscc": params.get("uscc", "91330106MA2EXAMP0X"),
        "company_name": f"杭州{chance.choice(_GIVEN)}运输有限公司",
        "legal_representative": _name(chance),
        "address": _address(chance),
        "scope": "道路货物运输；普通货物仓储服务",
        "established_on": _days(today, -chance.randrange(10, 2000)),
        "status": "存续",
    }
    return made_up | _ENTERPRISES.get(str(params.get("uscc")), {})


def _driver_qualification(params: Params, chance: Random, today: date) -> Record:
    return {
        "certificate_no": _number(chance, 18),
        "category": "道路货物运输驾驶员",
        "valid_until": _days(today, chance.randrange(200, 2000)),
        "status": "有效",
    }


def _vehicle_inspection(params: Params, chance: Random, today: date) -> Record:
    since = chance.randrange(1, 300)
    return {
        "vin": params.get("vin", f"LEXAMPLE0{_number(chance, 8)}"),
        "vehicle_type": "重型厢式货车",
        "technical_grade": chance.choice(("一级", "二级")),
        "inspected_on": _days(today, -since),
        "valid_until": _days(today, 365 - since),
        "result": "合格",
    }


def _medical_death_certificate(params: Params, chance: Random, today: date) -> Record:
    return {
        "certificate_no": f"SW{_number(chance, 10)}",
        "name": _person(number := params.get("id_number", "")).name,
        "id_number": number,
        "died_on": _DEATHS.get(number) or _days(today, -chance.randrange(1, 10)),
        "institution": chance.choice(_HOSPITALS),
    }


def _household_register(params: Params, chance: Random, today: date) -> Record:
    person = _person(params.get("id_number"))
    return {
        "name": person.name,
        "household_no": _number(chance, 9),
        "relation": chance.choice(("户主", "配偶", "子女")),
        "address": person.address,
        "marital_status": chance.choice(("已婚", "未婚", "丧偶")),
        "status": "正常",
    }


def _pension_record(params: Params, chance: Random, today: date) -> Record:
    return {
        "account_no": _number(chance, 10),
        "kind": "企业职工基本养老保险",
        "status": "正常发放",
        "monthly_fen": chance.randrange(200_000, 800_000),
        "paid_through": _days(today, -today.day),
    }


def _housing_fund_account(params: Params, chance: Random, today: date) -> Record:
    return {
        "account_no": _number(chance, 12),
        "balance_fen": chance.randrange(0, 30_000_000),
        "status": "正常",
        "has_loan": False,
    }


def _medical_birth_certificate(params: Params, chance: Random, today: date) -> Record:
    number = params.get("certificate_no", f"X{_number(chance, 9)}")
    made_up = (chance.choice(("男", "女")), _days(today, -chance.randrange(1, 30)), chance.choice(_HOSPITALS))
    sex, born_on, institution = _BIRTHS.get(number, made_up)
    return {
        "certificate_no": number,
        "sex": sex,
        "mother_name": _person(params.get("mother_id_number")).name,
        "born_on": born_on,
        "birth_place": "浙江省杭州市",
        "institution": institution,
    }


def _marriage_record(params: Params, chance: Random, today: date) -> Record:
    return {
        "certificate_no": f"J330106-{_number(chance, 4)}-{_number(chance, 6)}",
        "registered_on": _days(today, -chance.randrange(400, 5000)),
        "status": "已婚",
    }


def _closing_notice(params: Params, chance: Random, today: date) -> Record:
    since = chance.randrange(21, 40)  # 20 days have gone by, and the time to apply has not
    return {
        "kind": chance.choice(("简易注销公示", "债权人公告")),
        "published_on": _days(today, -since),
        "ends_on": _days(today, 20 - since),
        "objected": False,
    }


def _enterprise_standing(params: Params, chance: Random, today: date) -> Record:
    listed = ("abnormal", "dishonest", "pledged_or_frozen", "invests", "case_open", "penalty_open")
    return dict.fromkeys(listed, False)


def _pension_contributions(params: Params, chance: Random, today: date) -> Record:
    return {
        "account_no": _number(chance, 10),
        "months_paid": chance.randrange(180, 420),
        "months_deemed": chance.randrange(0, 60),
        "paid_through": _days(today, -today.day),
        "place": "杭州市",
        "double_account": False,
    }


def _special_trade_record(params: Params, chance: Random, today: date) -> Record:
    return {
        "trade": chance.choice(("高空作业", "井下采掘", "高温冶炼")),
        "months": chance.randrange(96, 300),
        "registered_on": _days(today, -chance.randrange(100, 2000)),
    }


_MAKERS: dict[str, Maker] = {
    "name-reservation": _name_reservation,
    "identity-check": _identity_check,
    "standard-address": _standard_address,
    "business-licence": _business_licence,
    "driver-qualification": _driver_qualification,
    "vehicle-inspection": _vehicle_inspection,
    "medical-death-certificate": _medical_death_certificate,
    "household-register": _household_register,
    "pension-record": _pension_record,
    "housing-fund-account": _housing_fund_account,
    "medical-birth-certificate": _medical_birth_certificate,
    "marriage-record": _marriage_record,
    "closing-notice": _closing_notice,
    "enterprise-standing": _enterprise_standing,
    "pension-contributions": _pension_contributions,
    "special-trade-record": _special_trade_record,
}
