"""The schema of the record: `schema.sql` whole, each SQL function in a file of its own, and the number that they have.

Start here: `schema.sql`; `install.py` puts it into an empty database.
Not to be confused with: the queries, which lie beside their repositories in `store/tables` and `store/record`.
"""

import hashlib
import re
from functools import cache
from pathlib import Path

NUMBER = 38
"""Rises with every change of the schema. Until 1.0 a database of another number is refused, never migrated."""

_FOLDER = Path(__file__).parent
_INCLUDE = re.compile(r"^\\ir (\S+)$", re.MULTILINE)
_COMMENT = re.compile(r"--.*$", re.MULTILINE)


def statements() -> str:
    """The schema as SQL, with the functions at their places."""
    whole = (_FOLDER / "schema.sql").read_text(encoding="utf-8")
    return _INCLUDE.sub(lambda included: (_FOLDER / included[1]).read_text(encoding="utf-8"), whole)


@cache
def digest() -> str:
    """SHA-256 (hex) of the statements: what else tells one schema from another, should a change forget the number.
    Comments and line breaks are no part of it."""
    return hashlib.sha256(" ".join(_COMMENT.sub("", statements()).split()).encode()).hexdigest()
