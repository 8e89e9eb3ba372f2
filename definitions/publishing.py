"""What a county's departments still have to answer before a bundle holds there, and that it does."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from definitions.assumed import AssumedFigure, assumed_figures
from definitions.digests import PUBLISHED, LockFile
from definitions.layers.answered import SheetAnswer, answered_place
from definitions.layers.telling import place_differences
from definitions.loader import Catalog
from definitions.problems import DefinitionProblem
from onething.domain.definition.bundle import BundleDefinition

_HEAD = "# 各地已公布的一件事，由 onething definitions publish 写入；改动后须重新公布。\n"
Echo = Callable[[str], None]


@dataclass(frozen=True)
class PlaceQuestions:
    """A bundle as it is in a place, with what it only assumes."""

    definition: BundleDefinition
    figures: tuple[AssumedFigure, ...]
    rules: tuple[str, ...] = ()  # what the place writes otherwise and only assumes
    place: str | None = None  # for which it is asked

    @property
    def whose(self) -> str:
        """With which its sheet begins."""
        return f"{self.definition.name}（{self.definition.code}@{self.definition.version}，{self.place or '各地一样'}）"

    @property
    def head(self) -> str:
        count = len(self.figures) + len(self.rules)
        there = f"{count} 处是假定的：" if count else "没有假定的。"
        return f"{self.whose}：{there}"

    @property
    def lines(self) -> list[str]:
        figures = [f"  {one.path}  {one.text}" for one in self.figures]
        return [*figures, *(f"  （当地的改写）{one}" for one in self.rules)]


def questions_of(catalog: Catalog, code: str, place: str | None) -> PlaceQuestions | None:
    """None where there is no such bundle."""
    definition = catalog.at(code, place)
    if definition is None:
        return None
    rules = tuple(one.text for one in place_differences(catalog, definition.ref) if one.assumed)
    return PlaceQuestions(definition, assumed_figures(definition), rules, place)


def answer(questions: PlaceQuestions, place: str, answers: Iterable[SheetAnswer], folder: Path, echo: Echo) -> int:
    """Write the place's file from the sheet that came back: 1, and nothing written, where a row can't be."""
    definition = questions.definition
    file = folder / "places" / place / f"{definition.code}.v{definition.version}.yaml"
    name = file.relative_to(folder).as_posix()
    found = answered_place(definition, place, questions.figures, answers)
    for problem in found.problems:
        echo(problem)
    if found.problems:
        return 1
    if file.exists():
        echo(f"{name} 已经有了，请把下面的内容加进去：")
        echo(found.text.rstrip("\n"))
        return 0
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(found.text, encoding="utf-8")
    left = f"还有 {len(found.left)} 处没有填写。" if found.left else "全部填写了。"
    echo(f"已写入 {name}，{left}请运行 onething definitions check 核对。")
    return 0


def publish(questions: PlaceQuestions, place: str, folder: Path, echo: Echo) -> int:
    """Write down that the bundle holds in that place: 1 while anything of it is assumed."""
    definition = questions.definition
    if definition.place != place:
        echo(f"{place} 没有自己的规定：definitions/places/{place}/{definition.code}.v{definition.version}.yaml。")
        echo(f"要各部门填写的：onething definitions questions {definition.code} --place {place} --sheet 要填的.xlsx")
        return 1
    if questions.figures or questions.rules:
        echo(f"不能公布。{questions.head}")
        for line in questions.lines:
            echo(line)
        return 1
    _lock(folder).append({definition.ref: definition.digest})
    echo(f"已公布 {definition.name}（{definition.ref}），记入 {PUBLISHED}。")
    return 0


def changed_since_published(catalog: Catalog, folder: Path) -> list[DefinitionProblem]:
    lock = _lock(folder)
    problems = list(lock.problems)
    for entry in lock.entries:
        definition = catalog.bundles.get(entry.ref)
        if definition is None or definition.digest != entry.digest:
            code, _, place = entry.ref.partition("@")[0], "", entry.ref.rpartition(".")[2]
            what = f"已公布的 {entry.ref} 改动了，或不见了。"
            remedy = f"核对后重新公布：onething definitions publish {code} --place {place}。"
            problems.append(DefinitionProblem(PUBLISHED, entry.line, f"/{entry.ref}", what, remedy))
    return problems


def _lock(folder: Path) -> LockFile:
    return LockFile(folder / PUBLISHED, PUBLISHED, _HEAD)
