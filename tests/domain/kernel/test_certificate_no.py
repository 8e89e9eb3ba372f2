"""The number of a certificate: one text for each, which tells its case and can't be counted up to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onething.domain.base import READ_ALOUD
from onething.domain.kernel.case_no import DIGITS
from onething.domain.kernel.certificate_no import ENDING, CertificateNo

cases = st.from_regex(DIGITS, fullmatch=True).filter(str.isascii)
endings = st.text(READ_ALOUD, min_size=ENDING, max_size=ENDING)


@given(cases, st.integers(1, 99), endings)
def test_a_number_tells_its_case_and_ends_as_it_was_made(case_no: str, nth: int, ending: str) -> None:
    number = CertificateNo.of(case_no, nth, ending)
    again = CertificateNo.parse(str(number))
    assert (again, again.case_no) == (number, case_no)
    assert str(number) == f"{case_no}{nth:02}{ending}"


@given(cases, endings, st.sampled_from(["", "x", "0", "\n"]))
def test_one_too_many_would_be_of_another_case(case_no: str, ending: str, more: str) -> None:
    for nth, end in ((100, ending), (1, ending[1:]), (1, f"{ending}{more}x"), (1, ending[:-1] + "I")):
        with pytest.raises(ValueError, match="number"):
            CertificateNo.of(case_no, nth, end)
