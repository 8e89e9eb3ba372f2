"""Everything that is recorded: what it is called, what it is, and how it is recorded anew."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.record import authorisation, golden, histories, pages
from tests.record.book import Book
from tests.record.documents import DOCUMENTS


@dataclass(frozen=True)
class Kind:
    what: str
    record: Callable[[Book], None]


KINDS = {
    **{name: Kind(document.what, document.record) for name, document in DOCUMENTS.items()},
    authorisation.KIND: Kind(
        "who may do what, tests/api/authorisation/matrix.txt (half a minute)", authorisation.record_authorisation
    ),
    pages.KIND: Kind("who sees which page, tests/web/who_sees.txt (half a minute)", pages.record_pages),
    golden.KIND: Kind("journals of the rules' stories, tests/domain/golden", golden.record_golden),
    histories.KIND: Kind(
        "histories of the workflow's stories, tests/replay/histories (some minutes)", histories.record_histories
    ),
}
