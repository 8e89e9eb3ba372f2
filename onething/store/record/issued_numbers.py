"""Numbers that decisions give out: each is taken in the transaction of its decision, by the case writer alone."""

from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from onething.domain.errors import FieldProblem, require_valid
from onething.store.connection.database import Transaction
from onething.store.connection.sql_files import load

_sql = load("record/issued_numbers")


@dataclass(frozen=True, slots=True)
class IssuedNumber:
    """`index`: the number's keyed index, 16 bytes. `taken`: what is said if it is another's."""

    series: str
    index: bytes
    taken: FieldProblem


async def take(tx: Transaction, case_no: str, item: str, numbers: Sequence[IssuedNumber]) -> None:
    """Waits for whoever is just taking one of them. Raises InvalidInput with all that are another's. No two of
    `numbers` may be the same."""
    if not numbers:
        return
    asked = [{"place": n, "series": one.series, "number": one.index.hex()} for n, one in enumerate(numbers)]
    row = await tx.inside(_sql.take, case_no=case_no, item=item, numbers=orjson.dumps(asked).decode())
    places = (row["places"] if row else None) or ""
    require_valid(numbers[int(place)].taken for place in places.split())
