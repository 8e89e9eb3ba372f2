"""Finding and comparing personal values without keeping them: keyed HMAC-SHA256, separated by purpose.

Without the key nobody can try out the (few) possible identity numbers against a stolen table.
"""

import hashlib
import hmac
import re
import unicodedata
from typing import Self

from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from onething.security.keys import decode_key, require_key

INDEX_BYTES = 16
_FIFTEEN_DIGITS = re.compile(r"[0-9]{15}")


class BlindIndex:
    def __init__(self, key: bytes) -> None:
        """`key`: at least 32 bytes, or ValueError."""
        self._key = require_key("index key", key)

    @classmethod
    def from_setting(cls, text: str) -> Self:
        """From base64 of 32 bytes. Raises ValueError without quoting it."""
        return cls(decode_key("index key", text))

    def of_identity_number(self, raw: str) -> bytes:
        """16 bytes, equal for all ways of writing one number. Raises ValueError if nothing is left to index."""
        number = normalise_identity_number(raw)
        if not number:
            raise ValueError("identity number is empty")
        return self.mac("index/identity", number)[:INDEX_BYTES]

    def of_look_up(self, source: str, query: str) -> bytes:
        """16 bytes, equal for look-ups at one source that ask the same."""
        return self.mac(f"look-up/{source}", query)[:INDEX_BYTES]

    def of_issued_number(self, series: str, number: str) -> bytes:
        """16 bytes, equal for one number of one series."""
        return self.mac(f"issued/{series}", number)[:INDEX_BYTES]

    def digest(self, kind: str, text: str) -> str:
        """64 hex digits with which events compare values of one `kind` without holding them. Exact: not normalised."""
        return self.mac(f"digest/{kind}", text).hex()

    def mac(self, purpose: str, text: str) -> bytes:
        """32 bytes. A value under one purpose can't be matched with the same value under another."""
        label = purpose.encode("utf-8")
        message = len(label).to_bytes(4, "big") + label + text.encode("utf-8")
        return hmac.new(self._key, message, hashlib.sha256).digest()


def normalise_identity_number(raw: str) -> str:
    """One form for all ways of writing a number: ASCII, upper case, no spaces or hyphens, resident ids of 18 digits.

    Serves passports and other papers too: what is no 15-digit resident id only loses its spaces, hyphens and case.
    """
    compact = "".join(c for c in unicodedata.normalize("NFKC", raw) if not _is_separator(c)).upper()
    return _lengthened(compact) if _FIFTEEN_DIGITS.fullmatch(compact) else compact


def _is_separator(char: str) -> bool:
    return char.isspace() or char == "\u2212" or unicodedata.category(char) in ("Pd", "Cf", "Zs")


def _lengthened(number: str) -> str:
    """A 15-digit id as 18 digits (GB 11643-1999: century 19, check digit added), if its birth date exists."""
    longer = f"{number[:6]}19{number[6:]}"
    try:
        # only the date is looked at: the library's table of places changes with its versions, and the index must not
        ric.get_birth_date(longer)
    except ValidationError:
        return number
    # the library computes the digit of a number that already has one, whatever it is
    return longer + ric.calc_check_digit(longer + "0")
