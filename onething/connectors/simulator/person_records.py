"""Records of people, as registers of the police, of insurances, hospitals and registries have them."""

from collections.abc import Mapping
from datetime import date
from random import Random

from onething.connectors.simulator.made_up import (
    Maker,
    Params,
    Record,
    day_from,
    digits_of,
    person_of,
)

_HOSPITALS = ("市第一人民医院", "市妇幼保健院", "区中心医院")
_BIRTHS = {"X330000001": ("女", "2026-11-10", "市妇幼保健院")}
_DEATHS = {"33010019460309131X": "2026-11-16"}


def _identity_check(params: Params, chance: Random, today: date) -> Record:
    return {"matches": True, "status": "有效"}


def _medical_death_certificate(params: Params, chance: Random, today: date) -> Record:
    return {
        "certificate_no": f"SW{digits_of(chance, 10)}",
        "name": person_of(number := params.get("id_number", "")).name,
        "id_number": number,
        "died_on": _DEATHS.get(number) or day_from(today, -chance.randrange(1, 10)),
        "institution": chance.choice(_HOSPITALS),
    }


def _household_register(params: Params, chance: Random, today: date) -> Record:
    person = person_of(params.get("id_number"))
    return {
        "name": person.name,
        "household_no": digits_of(chance, 9),
        "relation": chance.choice(("户主", "配偶", "子女")),
        "address": person.address,
        "marital_status": chance.choice(("已婚", "未婚", "丧偶")),
        "status": "正常",
    }


def _pension_record(params: Params, chance: Random, today: date) -> Record:
    return {
        "account_no": digits_of(chance, 10),
        "kind": "企业职工基本养老保险",
        "status": "正常发放",
        "monthly_fen": chance.randrange(200_000, 800_000),
        "paid_through": day_from(today, -today.day),
    }


def _housing_fund_account(params: Params, chance: Random, today: date) -> Record:
    return {
        "account_no": digits_of(chance, 12),
        "balance_fen": chance.randrange(0, 30_000_000),
        "status": "正常",
        "has_loan": False,
    }


def _medical_birth_certificate(params: Params, chance: Random, today: date) -> Record:
    number = params.get("certificate_no", f"X{digits_of(chance, 9)}")
    made_up = (chance.choice(("男", "女")), day_from(today, -chance.randrange(1, 30)), chance.choice(_HOSPITALS))
    sex, born_on, institution = _BIRTHS.get(number, made_up)
    return {
        "certificate_no": number,
        "sex": sex,
        "mother_name": person_of(params.get("mother_id_number")).name,
        "born_on": born_on,
        "birth_place": "浙江省杭州市",
        "institution": institution,
    }


def _marriage_record(params: Params, chance: Random, today: date) -> Record:
    return {
        "certificate_no": f"J330106-{digits_of(chance, 4)}-{digits_of(chance, 6)}",
        "registered_on": day_from(today, -chance.randrange(400, 5000)),
        "status": "已婚",
    }


def _pension_contributions(params: Params, chance: Random, today: date) -> Record:
    return {
        "account_no": digits_of(chance, 10),
        "months_paid": chance.randrange(180, 420),
        "months_deemed": chance.randrange(0, 60),
        "paid_through": day_from(today, -today.day),
        "place": "杭州市",
        "double_account": False,
    }


def _special_trade_record(params: Params, chance: Random, today: date) -> Record:
    return {
        "trade": chance.choice(("高空作业", "井下采掘", "高温冶炼")),
        "months": chance.randrange(96, 300),
        "registered_on": day_from(today, -chance.randrange(100, 2000)),
    }


def _marital_status(params: Params, chance: Random, today: date) -> Record:
    """Nobody that is made up is married."""
    return {"status": "无配偶"}


def _medical_insured(params: Params, chance: Random, today: date) -> Record:
    return {
        "name": person_of(params.get("id_number")).name,
        "kind": chance.choice(("职工基本医疗保险", "城乡居民基本医疗保险")),
        "status": "正常参保",
        "place": "杭州市",
        "paid_through": day_from(today, -today.day),
    }


def _residence_permit(params: Params, chance: Random, today: date) -> Record:
    return {
        "permit_no": digits_of(chance, 18),
        "address": f"上海市浦东新区示例路{chance.randrange(1, 400)}号",
        "valid_until": day_from(today, chance.randrange(30, 365)),
    }


def _real_estate(params: Params, chance: Random, today: date) -> Record:
    """Who asks for a home has none."""
    return {"homes": 0, "area": 0, "sold_within_two_years": False}


MAKERS: Mapping[str, Maker] = {
    "identity-check": _identity_check,
    "medical-death-certificate": _medical_death_certificate,
    "household-register": _household_register,
    "pension-record": _pension_record,
    "housing-fund-account": _housing_fund_account,
    "medical-birth-certificate": _medical_birth_certificate,
    "marriage-record": _marriage_record,
    "pension-contributions": _pension_contributions,
    "special-trade-record": _special_trade_record,
    "marital-status": _marital_status,
    "real-estate": _real_estate,
    "medical-insured": _medical_insured,
    "residence-permit": _residence_permit,
}
