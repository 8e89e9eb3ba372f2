"""Numbers of papers: what each standard takes, what it refuses, and who is the same person."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onething.domain.identity import (
    ID_NAMES,
    PERSONAL,
    IdType,
    WrongNumber,
    born_on,
    check_character,
    read_number,
    same_holder,
)

CITIZEN, RESIDENT, FOREIGNER = IdType.RESIDENT_ID, IdType.HMT_RESIDENCE_PERMIT, IdType.FOREIGNER_PERMIT
PASSPORT, HOME_RETURN, TAIWAN = IdType.PASSPORT, IdType.HM_TRAVEL_PERMIT, IdType.TAIWAN_TRAVEL_PERMIT


@pytest.mark.parametrize(
    ("kind", "typed", "number"),
    [
        # 320219 and 110229 are counties that no table has in force in the year of birth: a number is right all the same
        (CITIZEN, "320219198506151220", "320219198506151220"),
        (CITIZEN, "110229195006151224", "110229195006151224"),
        (CITIZEN, "330114202105010025", "330114202105010025"),  # 钱塘区, founded in 2021
        (CITIZEN, "11010519491231002x", "11010519491231002X"),
        (CITIZEN, "１１０１０５ １９４９１２３１ ００２ｘ", "11010519491231002X"),
        (CITIZEN, "710000198501010025", "710000198501010025"),
        (RESIDENT, "830000198501010022", "830000198501010022"),
        (CITIZEN, "830000198501010022", "830000198501010022"),  # the same series of numbers
        (RESIDENT, "810000198001010014", "810000198001010014"),
        (RESIDENT, "820000198001010016", "820000198001010016"),
        (FOREIGNER, "911124198108030024", "911124198108030024"),
        (FOREIGNER, "can 110078020601", "CAN110078020601"),
        (PASSPORT, "ｅ12345678", "E12345678"),
        (HOME_RETURN, "h12345678", "H12345678"),
        (HOME_RETURN, "M1234567801", "M1234567801"),
        (TAIWAN, "12345678", "12345678"),
        (TAIWAN, "1234567801(B)", "1234567801(B)"),
        (IdType.MILITARY_ID, "军字第 1234567 号", "军字第1234567号"),
        (IdType.MILITARY_ID, "军字第1234567", "军字第1234567号"),  # one paper, however much of its words is typed
        (IdType.MILITARY_ID, "军字1234567号", "军字第1234567号"),
        (IdType.MILITARY_ID, "沈字第b123456号", "沈字第B123456号"),
        (IdType.USCC, "91110000600037341l", "91110000600037341L"),
        (IdType.USCC, "N2330100MA2KPT6W4J", "N2330100MA2KPT6W4J"),  # a village's cooperative
        (IdType.OTHER, "沪A-1", "沪A1"),
    ],
)
def test_one_form_of_what_is_right(kind: IdType, typed: str, number: str) -> None:
    assert read_number(kind, typed) == number
    assert read_number(kind, number) == number


@pytest.mark.parametrize(
    ("kind", "typed", "why"),
    [
        (CITIZEN, "110105194912310021", "校验码"),
        (CITIZEN, "110105194913310020", "出生日期"),
        (CITIZEN, "110105194902300027", "出生日期"),
        (CITIZEN, "110105000101010029", "出生日期"),
        (CITIZEN, "990105194912310021", "前两位"),
        (CITIZEN, "110105491231002", "18 位"),
        (CITIZEN, "911124198108030024", "前两位"),  # a foreigner's
        (RESIDENT, "11010519491231002X", "830000"),
        (RESIDENT, "830001198501010027", "830000"),
        (FOREIGNER, "911124198108030025", "校验码"),
        (FOREIGNER, "11010519491231002X", "以 9 开头"),
        (PASSPORT, "ABCDEF", "护照"),
        (PASSPORT, "E1234", None),
        (PASSPORT, "E12", "护照"),
        (HOME_RETURN, "A12345678", "H 或 M"),
        (TAIWAN, "1234567", "8 位"),
        (IdType.MILITARY_ID, "7654321", "军字"),
        (IdType.USCC, "91110000600037341M", "校验码"),
        (IdType.USCC, "9111000060003734", "18 位"),
        (IdType.USCC, "91110000600037341O", "不用的字符"),
        (IdType.USCC, "91A10000600037341L", "数字"),
        (IdType.OTHER, " -\u200b", "不能为空"),
    ],
)
def test_what_is_wrong_is_said_without_the_number(kind: IdType, typed: str, why: str | None) -> None:
    if why is None:
        assert read_number(kind, typed) == typed
        return
    with pytest.raises(WrongNumber) as wrong:
        read_number(kind, typed)
    assert why in wrong.value.detail
    assert typed not in wrong.value.detail


@pytest.mark.parametrize("province", [11, 15, 21, 37, 46, 50, 54, 61, 65, 71, 81, 82, 83])
@given(
    county=st.integers(0, 9999),
    born=st.dates(date(1880, 1, 1), date(2030, 12, 31)),
    serial=st.integers(0, 999),
)
def test_any_county_of_any_year(province: int, county: int, born: date, serial: int) -> None:
    """Form, province, date, check character; nobody's county is asked for."""
    body = f"{province}{county:04d}{born:%Y%m%d}{serial:03d}"
    number = read_number(CITIZEN, body + check_character(body))
    assert born_on(CITIZEN, number) == born


@given(kind=st.sampled_from(IdType), text=st.text())
def test_any_text_is_read_or_refused(kind: IdType, text: str) -> None:
    """Nothing but WrongNumber comes out of it, which is a 422."""
    same_holder(kind, text)
    try:
        number = read_number(kind, text)
    except WrongNumber:
        return
    assert read_number(kind, number) == number
    born_on(kind, number)


def test_who_is_the_same_holder() -> None:
    same = [
        ((CITIZEN, "110105491231002"), (CITIZEN, "11010519491231002x")),
        ((CITIZEN, "830000198501010022"), (RESIDENT, "830000198501010022")),
        ((HOME_RETURN, "H1234567800"), (HOME_RETURN, "h12345678")),  # renewals are counted behind the number for life
        ((TAIWAN, "1234567801(B)"), (TAIWAN, "12345678")),
        ((PASSPORT, "E 1234-5678"), (PASSPORT, "Ｅ12345678")),
        ((IdType.MILITARY_ID, "军字第1234567号"), (IdType.MILITARY_ID, "军字1234567")),
    ]
    for one, other in same:
        assert same_holder(*one) == same_holder(*other) != ""
    assert same_holder(CITIZEN, "110105491231999") != same_holder(
        CITIZEN, "110105194912319990"
    )  # a centenarian of 1984


@given(text=st.text(alphabet="0123456789XEHM", min_size=1, max_size=18))
def test_the_same_text_on_papers_of_two_kinds_is_two_people(text: str) -> None:
    holders = [same_holder(kind, text) for kind in IdType if kind is not RESIDENT]
    assert len(set(holders)) == len(holders)


def test_every_kind_has_a_name_and_persons_have_no_credit_codes() -> None:
    assert set(ID_NAMES) == set(IdType)
    assert set(IdType) - set(PERSONAL) == {IdType.USCC, IdType.OTHER}
