"""The number of a case: one text for each, which tells where it was begun."""

import pickle
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from stdnum.iso7064 import mod_11_10

from onething.domain.kernel.case_no import DIGITS, CaseNo

texts = st.from_regex(DIGITS.replace("0-9", "1-9"), fullmatch=True)
regions = st.from_regex("[0-9]{6}", fullmatch=True)
adapter = TypeAdapter(CaseNo)


@given(texts)
def test_a_number_that_is_written_is_read_again(text: str) -> None:
    number = CaseNo.parse(text)
    assert (number, hash(number), number.region) == (text, hash(text), text[:6])
    for again in (CaseNo.parse(str(number)), pickle.loads(pickle.dumps(number)), adapter.validate_json(f'"{text}"')):
        assert (again, again.region) == (number, number.region)
    assert adapter.dump_json(number) == f'"{text}"'.encode()


@given(regions, st.dates(date(2000, 1, 1)), st.integers(0, 10**12))
def test_a_number_is_made_of_region_day_serial_and_check_digit(region: str, day: date, serial: int) -> None:
    number = CaseNo.of(region, day, serial)
    assert (number, number.region) == (CaseNo.parse(str(number)), region)
    assert number[:-1] == f"{region}{day:%Y%m%d}{serial % 1_000_000:06d}"
    assert mod_11_10.is_valid(number)


@given(
    st.one_of(
        st.text(), texts.flatmap(lambda text: st.sampled_from([f"{text}\n", f" {text}", f"{text}x", f"{text}-1"]))
    )
)
def test_nothing_else_is_a_number(text: str) -> None:
    with pytest.raises(ValueError, match="no case"):
        CaseNo.parse(text)
    with pytest.raises(ValidationError):
        adapter.validate_python(text)


@pytest.mark.parametrize("text", ["", "1" * 13, "1" * 25, "３" * 20, "330100-20260302-0001"])
def test_what_is_nearly_a_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no case"):
        CaseNo.parse(text)


@pytest.mark.parametrize("region", ["", "33010", "3301000", "33010x", "３３０１００"])
def test_a_region_is_six_digits(region: str) -> None:
    with pytest.raises(ValueError, match="region"):
        CaseNo.of(region, date(2026, 3, 2), 1)


def test_a_number_does_not_change() -> None:
    with pytest.raises(AttributeError, match="does not change"):
        CaseNo.parse("33010020260302000001").region = "330200"
