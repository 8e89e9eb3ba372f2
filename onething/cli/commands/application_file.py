"""An application as a person writes it: the body of `POST /api/cases` as YAML, with `file:` for materials to upload.

Plain YAML 1.2 values: dates and `no` stay texts. Every value remembers its line, so that a problem found by the server
can be shown where it was written.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from definitions.problems import pointer_of
from definitions.reading import Document
from onething.cli.terminal.failures import CommandFailed


@dataclass(frozen=True)
class ApplicationFile:
    """`body` is sent; `uploads` are (material code, file) pairs; `lines` tell where each pointer stands."""

    body: dict[str, Any]
    uploads: tuple[tuple[str, Path], ...]
    lines: dict[str, str]

    def seen_with(self, paper: str | None) -> "ApplicationFile":
        """With what a counter says it has seen: `resident_id`, or `resident_id:brought` where another brought it."""
        if paper is None:
            return self
        document, _, how = paper.partition(":")
        presence = "original_brought" if how == "brought" else "in_person"
        seen = [{"party": "applicant", "document": document, "presence": presence}]
        return replace(self, body={**self.body, "seen": seen})

    def taken_in_at(self, outlet: str | None) -> "ApplicationFile":
        """With the outlet at which a counter takes it in."""
        return self if outlet is None else replace(self, body={**self.body, "outlet": outlet})


NOTHING = ApplicationFile({}, (), {})
"""Of who goes on with a draft as it is."""


def read(path: Path) -> ApplicationFile:
    """Raise `CommandFailed` with every problem of the file."""
    if not path.is_file():
        raise CommandFailed(
            f"没有文件 {path}。\n下一步：看看样例：ls examples，或写一份：onething case submit --help。"
        )
    document = Document(path, path.name)
    if document.problems:
        raise CommandFailed("\n".join(map(str, document.problems)))
    if not isinstance(document.value, dict):
        raise CommandFailed(f"{path.name} 不是一份申请：最外层须是“字段: 值”，参照 examples/ 里的样例。")
    body = dict(document.value)
    body["materials"], uploads = _split(body.get("materials"), path)
    lines = {pointer_of(trail): f"{path.name} 第 {document.line(trail)} 行" for trail in _trails(document.value, ())}
    return ApplicationFile(body, uploads, lines)


def _split(materials: Any, path: Path) -> tuple[Any, tuple[tuple[str, Path], ...]]:
    """Papers go with the application; files follow one by one. What is malformed is left for the server to tell."""
    if not isinstance(materials, list):
        return ([] if materials is None else materials), ()
    papers: list[Any] = []
    uploads: list[tuple[str, Path]] = []
    for row in materials:
        if isinstance(row, dict) and "file" in row and "code" in row:
            file = path.parent / str(row["file"])
            if not file.is_file():
                raise CommandFailed(f"材料 {row['code']} 的文件不存在：{file}。\n下一步：改正 {path.name} 里的 file。")
            uploads.append((str(row["code"]), file))
        else:
            papers.append(row)
    return papers, tuple(uploads)


def _trails(value: Any, at: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    yield at
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, child in children:
        yield from _trails(child, (*at, step))
