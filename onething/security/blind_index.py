"""Finding and comparing personal values without keeping them: keyed HMAC-SHA256, separated by purpose.

Without the key nobody can try out the (few) possible identity numbers against a stolen table.
"""

import hashlib
import hmac
from typing import Literal, Self

from onething.domain.identity import IdType, same_holder
from onething.domain.sources.compare_as import CompareAs, normal
from onething.security.keys import decode_key, require_key

INDEX_BYTES = 16


class BlindIndex:
    def __init__(self, key: bytes) -> None:
        """`key`: at least 32 bytes, or ValueError."""
        self._key = require_key("index key", key)

    @classmethod
    def from_setting(cls, text: str) -> Self:
        """From base64 of 32 bytes. Raises ValueError without quoting it."""
        return cls(decode_key("index key", text))

    def of_identity(self, kind: IdType, number: str) -> bytes:
        """16 bytes, equal for all ways of writing one number and all papers of a kind that show it; the same text on
        papers of two kinds is two people (`same_holder`). Raises ValueError if nothing is left to index."""
        holder = same_holder(kind, number)
        if not holder:
            raise ValueError("identity number is empty")
        return self.mac("index/identity", holder)[:INDEX_BYTES]

    def of_name(self, whose: Literal["person", "enterprise"], name: str) -> bytes:
        """16 bytes, equal for all ways of writing one name. A person and an enterprise of one name are two."""
        return self.mac(f"index/name/{whose}", normal(CompareAs.NAME, name))[:INDEX_BYTES]

    def of_matter(self, bundle: str, told_apart_by: str) -> bytes:
        """16 bytes, equal for applications of one bundle that are about the same."""
        return self.mac(f"index/matter/{bundle}", told_apart_by)[:INDEX_BYTES]

    def of_share(self, bundle: str, code: str, what: str) -> bytes:
        """16 bytes, equal for cases that want the same of what that reservation of the bundle is about."""
        return self.mac(f"index/share/{bundle}/{code}", what)[:INDEX_BYTES]

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
