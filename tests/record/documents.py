"""What is recorded in a single file each: a page, a schema, a list of digests."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from api.app import create_app
from definitions import schema
from onething.services.core.context import AppContext
from tests.domain import states_and_moves
from tests.record.book import Book
from tests.record.sentences import of_json, of_lines, of_schemas
from tests.replay import fingerprints

OPENAPI = Path(__file__).parents[1] / "api" / "openapi.json"


@dataclass(frozen=True)
class Document:
    """`differences(old, new)` says in sentences what changed."""

    name: str
    what: str
    file: Path
    render: Callable[[], str]
    differences: Callable[[str, str], list[str]]

    def stale(self) -> list[str]:
        """How the file differs from what today's code gives: nothing where it is as it should be."""
        if not self.file.exists():
            return ["is not recorded yet"]
        recorded, rendered = self.file.read_text(encoding="utf-8"), self.render()
        if recorded == rendered:
            return []
        return self.differences(recorded, rendered) or ["only the layout of the file changed"]

    def record(self, book: Book) -> None:
        sentences = self.stale()
        if sentences and not (book.missing_only and self.file.exists()):
            book.note(self.name, sentences)
            book.write(self.file, self.render())

    def remedy(self) -> str:
        """What a test says that finds the file stale."""
        return "\n".join([f"{self.file.name} is not what the code gives. If that is meant, record it anew with",
                          f"`python -m tests.record {self.name}`. What changed:", *self.stale()])  # fmt: skip


def openapi() -> str:
    """The description of the whole API, keys sorted, one thing a line."""
    described = create_app(AppContext.__new__(AppContext)).openapi()
    return json.dumps(described, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _of_fingerprints(old: str, new: str) -> list[str]:
    before, after = json.loads(old), json.loads(new)
    gives = "gives Temporal other commands: running cases replay them, see docs/changing-a-live-workflow.md"
    return [
        f"{name} {gives if name in before and name in after else 'is new' if name in after else 'is gone'}"
        for name in sorted(before.keys() | after.keys())
        if before.get(name) != after.get(name)
    ]


DOCUMENTS = {
    one.name: one
    for one in (
        Document(
            "openapi",
            "the API's description, tests/api/openapi.json",
            OPENAPI,
            openapi,
            of_json(of_schemas),
        ),
        Document(
            "schema",
            "the JSON Schema of a definition, definitions/schema.json",
            schema.FILE,
            schema.render,
            of_json(of_schemas),
        ),
        Document(
            "states",
            "the tables of states and moves, docs/states-and-moves.md",
            states_and_moves.PAGE,
            states_and_moves.page,
            of_lines,
        ),
        Document(
            "fingerprints",
            "what the workflow's histories depend on, workflows/fingerprints.json",
            fingerprints.FILE,
            fingerprints.render,
            _of_fingerprints,
        ),
    )
}
