"""What a case is called: a number that tells where it was begun, and when."""

import re
from datetime import date
from functools import lru_cache

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema
from stdnum.iso7064 import mod_11_10

from onething.domain.base import Identifier

DIGITS = "[0-9]{14,24}"
"""How the number of a case is written, as a pattern: longer and shorter ones than are made today are read as well."""

_REGION = 6
_SERIALS = 1_000_000
_PATTERN = re.compile(DIGITS)


class CaseNo(Identifier):
    """`region`: the six digits of where the case was begun."""

    __slots__ = ("region",)
    region: str

    @classmethod
    def of(cls, region: str, day: date, serial: int) -> "CaseNo":
        """Region (6 digits), day there (8), serial (the last 6 of it), check digit (ISO 7064 MOD 11,10). Raise
        `ValueError` when the region is none."""
        digits = f"{region}{day:%Y%m%d}{serial % _SERIALS:06d}"
        if len(region) != _REGION or not _PATTERN.fullmatch(digits):
            raise ValueError("a region is six digits")
        return cls.parse(digits + mod_11_10.calc_check_digit(digits))

    @classmethod
    def parse(cls, text: str) -> "CaseNo":
        """Raise `ValueError` when no case has such a number."""
        return _parsed(text)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """With the pattern, which callers of the interface are told."""
        return core_schema.no_info_after_validator_function(cls.parse, core_schema.str_schema(pattern=f"^{DIGITS}$"))


@lru_cache(maxsize=4096)
def _parsed(text: str) -> CaseNo:
    if not _PATTERN.fullmatch(text):
        raise ValueError("no case has such a number")
    number = str.__new__(CaseNo, text)
    object.__setattr__(number, "region", text[:_REGION])
    return number
