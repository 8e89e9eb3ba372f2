"""What places write otherwise: `definitions/places/<region>/<bundle>.v<N>.yaml`, one file a place and bundle."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, model_validator

from definitions.layers.tree import LayerNode, tree_of
from definitions.problems import DefinitionProblem
from definitions.reading import Document
from definitions.regions import ServedRegion, divisions_of
from definitions.validating import validate
from onething.domain.base import FieldId, Strict, Text
from onething.domain.definition.basis import Bases, Basis, with_bases
from onething.domain.principal import Region

LayerPath = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]*(\.[a-z0-9_-]+)*$", max_length=200)]
"""Keys and names with dots between, such as `items.food-licence.limits.promised`; never a number in a row."""


class Setting(Strict):
    """`to` takes the place of what stands at `at`."""

    at: LayerPath
    to: Any
    basis: Bases


class Confirmed(Strict):
    """What was only assumed is so there, by a text of the place."""

    at: LayerPath
    basis: Bases


class LeftOut(Strict):
    what: LayerPath
    why: Text
    basis: Bases


class OverlayFile(Strict):
    schema_version: Literal[2] = Field(2, alias="schema")
    overlay: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,59}@[1-9][0-9]{0,5}$")]
    place: Region
    version: int = Field(ge=1)
    name: Text | None = None
    bases: dict[FieldId, Basis] = Field(default_factory=dict)
    settings: tuple[Setting, ...] = Field((), alias="set")
    confirm: tuple[Confirmed, ...] = ()
    leave_out: tuple[LeftOut, ...] = ()
    add: dict[str, list[Any]] = Field(default_factory=dict)
    examples: list[Any] = Field(default_factory=list)

    @model_validator(mode="before")
    @classmethod
    def _refers_to_bases(cls, value: Any) -> Any:
        bases = value.get("bases") if isinstance(value, dict) else None
        return with_bases(value, bases if isinstance(bases, dict) else {}) if isinstance(value, dict) else value


@dataclass(frozen=True)
class Overlay:
    """`file` as it was read, `tree` for where each part of it stands."""

    file: OverlayFile
    tree: LayerNode

    @property
    def place(self) -> str:
        return self.file.place

    @property
    def name(self) -> str:
        return self.tree.place.file


def read_overlays(
    folder: Path, regions: Mapping[str, ServedRegion], problems: list[DefinitionProblem]
) -> dict[str, list[Overlay]]:
    """By the bundle's ref, those of the wider places first."""
    found: dict[str, list[Overlay]] = {}
    for file in sorted((folder / "places").glob("*/*.yaml")):
        document = Document(file, file.relative_to(folder).as_posix())
        read = validate(document, OverlayFile, problems)
        if read is None:
            continue
        problems += _misplaced(document, file, read)
        if not any(read.place in divisions_of(code) for code in regions):
            what = f"行政区划“{read.place}”不在服务之列，下面也没有服务的区划。"
            problems.append(document.problem(("place",), what, "改正代码，或把它写进 regions.yaml。"))
        found.setdefault(read.overlay, []).append(Overlay(read, tree_of(document)))
    for overlays in found.values():
        overlays.sort(key=lambda one: (len(divisions_of(one.place)), one.place))
    return found


def _misplaced(document: Document, file: Path, read: OverlayFile) -> list[DefinitionProblem]:
    problems = []
    if file.parent.name != read.place:
        what = f"文件夹与地方“{read.place}”不一致。"
        problems.append(document.problem(("place",), what, f"把文件夹改名为 {read.place}。"))
    code, _, version = read.overlay.partition("@")
    wanted = f"{code}.v{version}.yaml"
    if file.name != wanted:
        what = f"文件名与所改写的“{read.overlay}”不一致。"
        problems.append(document.problem(("overlay",), what, f"把文件改名为 {wanted}。"))
    return problems
