"""Shared items: `definitions/items/<code>/v<N>.yaml`, one item (事项) with everything that it brings along."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from definitions.layers.tree import MADE_UP, LayerNode, made, tree_of
from definitions.problems import DefinitionProblem
from definitions.reading import Document
from definitions.validating import validate
from onething.domain.base import Code, Strict, Text

PARTS = ("parameters", "questions", "situations", "parties", "form", "checks", "materials", "compare")
"""Lists that it may bring, beside `bases`."""


class SharedItemFile(Strict):
    """The file's own keys; what stands in them is validated as part of a bundle."""

    schema_version: Literal[2] = Field(2, alias="schema")
    code: Code
    version: int = Field(ge=1)
    name: Text
    bases: dict[str, Any] = Field(default_factory=dict)
    parameters: list[Any] = Field(default_factory=list)
    questions: list[Any] = Field(default_factory=list)
    situations: list[Any] = Field(default_factory=list)
    parties: list[Any] = Field(default_factory=list)
    form: list[Any] = Field(default_factory=list)
    checks: list[Any] = Field(default_factory=list)
    materials: list[Any] = Field(default_factory=list)
    compare: list[Any] = Field(default_factory=list)
    item: dict[str, Any]


@dataclass(frozen=True)
class SharedItem:
    """`ref`: code@version."""

    ref: str
    name: str
    tree: LayerNode

    @property
    def item(self) -> LayerNode:
        return self.tree.parts["item"]

    def alone(self) -> LayerNode:
        """As a bundle of its own, so that it is looked at also where nobody uses it."""
        limit = {"amount": 1, "unit": "year", "for": "office", "basis": "assumed"}
        department = self.item.parts.get("department")
        frame = {
            "schema": 2,
            "code": self.tree.parts["code"],
            "version": self.tree.parts["version"],
            "name": self.tree.parts["name"],
            "summary": self.name,
            "audience": "person",
            "basis": "assumed",
            "promised": limit,
            "statutory": limit,
            "departments": [department or ""],
            "items": [self.item],  # made up as a list: that it may be empty is nobody's mistake
            "examples": [{"name": self.name, "answers": {}, "expect": {"items": []}}],
        }
        brought = {key: one for key, one in self.tree.parts.items() if key in (*PARTS, "bases")}
        if not brought.get("form", made([])).elements:
            brought["form"] = made([{"id": "name", "label": self.name, "type": "text"}])
        return LayerNode({key: made(one) for key, one in frame.items()} | brought, self.tree.place)


def of_itself(problem: DefinitionProblem) -> bool:
    """Whether it is about what somebody wrote, and not about the made-up bundle around a shared item."""
    return problem.file != MADE_UP


def read_items(folder: Path, problems: list[DefinitionProblem]) -> tuple[dict[str, SharedItem], dict[str, Document]]:
    """By ref; and the documents, with those that could not be read."""
    found: dict[str, SharedItem] = {}
    documents: dict[str, Document] = {}
    for file in sorted((folder / "items").glob("*/v*.yaml")):
        document = Document(file, file.relative_to(folder).as_posix())
        head = validate(document, SharedItemFile, problems)
        documents[document.name] = document
        if head is None:
            continue
        one = SharedItem(f"{head.code}@{head.version}", head.name, tree_of(document))
        problems += _misplaced(document, file, head)
        found[one.ref] = one
    return found, documents


def _misplaced(document: Document, file: Path, head: SharedItemFile) -> list[DefinitionProblem]:
    problems = []
    if file.parent.name != head.code:
        what = f"文件夹与代码“{head.code}”不一致。"
        problems.append(document.problem(("code",), what, f"把文件夹改名为 {head.code}。"))
    if file.stem != f"v{head.version}":
        what = f"文件名与版本 {head.version} 不一致。"
        problems.append(document.problem(("version",), what, f"把文件改名为 v{head.version}.yaml。"))
    if head.item.get("code") != head.code:
        what = f"共用事项的代码是“{head.code}”，item 里写的却不是。"
        problems.append(document.problem(("item", "code"), what, f"写 code: {head.code}。"))
    return problems


def newest(items: Mapping[str, SharedItem]) -> str:
    """What there is, for a sentence."""
    return "、".join(sorted(items)) or "（还没有）"
