"""What people read aloud and type: the query code that opens a case's public progress, the code that
rates a visit, numbers of certificates."""

import hmac
import secrets
from datetime import date

from onething.domain.base import READ_ALOUD
from onething.domain.identity import compact
from onething.security.blind_index import BlindIndex

QUERY_CODE_LENGTH = 8  # 40 bits: safe only behind a rate limit
VISIT_CODE_LENGTH = 12  # 60 bits: no number of a case is asked for beside it
_LOOKALIKES = str.maketrans("ILO", "110")


def new_query_code() -> str:
    """A fresh code, told to the applicant once and stored only as `QueryCodes.hash`."""
    return "".join(secrets.choice(READ_ALOUD) for _ in range(QUERY_CODE_LENGTH))


def visit_code(index: BlindIndex, case_no: str, place: str, day: date) -> str:
    """What is printed for whoever came: the same each time that it is printed, and for nobody to guess."""
    number = int.from_bytes(index.mac("visit-code", f"{case_no}/{place}/{day}")[:8], "big")  # 64 bits: twelve of five
    return "".join(READ_ALOUD[number >> 5 * nth & 31] for nth in range(VISIT_CODE_LENGTH))


def visit_hash(index: BlindIndex, code: str) -> bytes:
    """32 bytes to store; equal for all ways of typing one code."""
    return index.mac("visit-hash", as_issued(code))


class QueryCodes:
    """Keyed hashes of query codes. Each is bound to its case, so a stolen table shows not even which are equal."""

    def __init__(self, index: BlindIndex) -> None:
        self._index = index

    def hash(self, case_no: str, code: str) -> bytes:
        """32 bytes to store; equal for all ways of typing one code."""
        return self._index.mac("query-code", f"{case_no}/{as_issued(code)}")

    def matches(self, case_no: str, code: str, stored: bytes) -> bool:
        """Compares in constant time."""
        return hmac.compare_digest(self.hash(case_no, code), stored)


def ending(index: BlindIndex, key: str, what: str, length: int) -> str:
    """`length` characters, six at most, that look random to whoever lacks the index key. Every attempt under one
    command's `key` gets the same for the same thing: what is made again after a crash is what was made before."""
    number = int.from_bytes(index.mac("ending", f"{key}/{what}")[:4], "big")  # 32 bits: six characters of five
    return "".join(READ_ALOUD[number >> 5 * nth & 31] for nth in range(length))


def as_issued(typed: str) -> str:
    """Upper case, without spaces, hyphens and what nobody sees, I and L read as 1, O as 0, full-width characters as
    ASCII."""
    # a lone surrogate can't be encoded: it stands for no character of any code
    return compact(typed).encode("utf-8", "replace").decode("utf-8").translate(_LOOKALIKES)
