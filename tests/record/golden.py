"""The golden journals (tests/domain/golden): one for each story of tests/domain/stories.py.

One that reads as what the story gives today stays as it is, byte for byte, though it may lack fields that have come
since and mean "as before": that it still folds is what it is there to show.
"""

import json
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from tests.domain.golden_journals import golden
from tests.domain.journal_files import FOLDER, GoldenJournal
from tests.domain.stories import STORIES
from tests.record.book import Book
from tests.record.differences import Difference, What, differences
from tests.record.sentences import dotted, plainly, said, short

KIND = "golden"


def record_golden(book: Book, folder: Path = FOLDER) -> None:
    for story, play in STORIES.items():
        file, new = folder / f"{story}.json", golden(story, play()).to_json()
        if not file.exists():
            book.note(KIND, ["is recorded for the first time"], story)
            book.write(file, new)
        elif not book.missing_only and (sentences := changes(file.read_text(encoding="utf-8"), new)):
            book.note(KIND, sentences, story)
            book.write(file, new)
    if not book.missing_only:
        for file in sorted(folder.glob("*.json")):
            if file.stem not in STORIES:
                book.note(KIND, ["is gone, for there is no such story any more"], file.stem)
                book.remove(file)


def changes(old: str, new: str) -> list[str]:
    """What a journal that is recorded anew has, and the recorded one has not."""
    try:
        old = GoldenJournal.model_validate_json(old).to_json()
    except ValidationError as unreadable:
        first = unreadable.errors()[0]
        place = dotted([str(step) for step in first["loc"]])
        why = f"can't be read by today's code ({place}: {first['msg']})"
        return [why, *said(differences(_parts(old), _parts(new)), _words)]
    return [] if old == new else said(differences(_parts(old), _parts(new)), _words)


def _parts(text: str) -> dict[str, Any]:
    """The journal's lines under their numbers and kinds, so that a line of another kind is another line."""
    parts = json.loads(text)
    for line in parts.pop("journal"):
        event = line["event"]
        parts[f"line {line['seq']} {event['kind']}"] = {"at": line["at"], **event}
    return dict(parts)


def _words(difference: Difference) -> str | None:
    part, *inner = difference.where
    if not part.startswith("line "):
        return None
    match inner, difference.what:
        case [field], What.NEW:
            return f"{part} has a new field {field}: {short(difference.new)}"
        case [field], What.GONE:
            return f"{part} has lost the field {field}"
        case [_, *_], _:
            return plainly(f"{part}: {dotted(inner)}", difference)
        case _:
            return None
