"""What a certificate is called: a number that tells its case, and ends in what nobody can guess."""

import re

from onething.domain.base import READ_ALOUD, Identifier
from onething.domain.kernel.case_no import CaseNo

ENDING = 6
"""Characters at the end, of 30 bits together: who knows one certificate's number has not found another's."""

_NTH = 2
PATTERN = rf"[0-9]{{16,26}}[{READ_ALOUD}]{{{ENDING}}}"
_PATTERN = re.compile(PATTERN)


class CertificateNo(Identifier):
    """`case_no`: of the case that it was issued in; `nth`: of which output of the case's definition it is."""

    __slots__ = ("case_no", "nth")
    case_no: CaseNo
    nth: int

    @classmethod
    def of(cls, case_no: str, nth: int, ending: str) -> "CertificateNo":
        """Of the `nth` output of the case's definition, from 1 to 99. Raise `ValueError` for anything else."""
        number = cls.parse(f"{case_no}{nth:0{_NTH}}{ending}")
        if number.case_no != case_no:
            raise ValueError("the number of another case")
        return number

    @classmethod
    def parse(cls, text: str) -> "CertificateNo":
        """Raise `ValueError` when no certificate has such a number."""
        if not _PATTERN.fullmatch(text):
            raise ValueError("no certificate has such a number")
        number = str.__new__(CertificateNo, text)
        object.__setattr__(number, "case_no", CaseNo.parse(text[: -_NTH - ENDING]))
        object.__setattr__(number, "nth", int(text[-_NTH - ENDING : -ENDING]))
        return number
