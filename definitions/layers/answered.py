"""What a county's departments have answered of what was only assumed, as the file of that place."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import yaml

from definitions.assumed import AssumedFigure
from definitions.validating import period_of, says_which_days
from onething.domain.definition.bundle import BundleDefinition

_LIMITS = ("promised", "statutory")
_SHORTEST_TITLE = 4
_CANNOT = "这一项不能从表里导入，请直接写在地方文件里，写法见 docs/writing-a-bundle.md“各地的改写”。"


@dataclass(frozen=True)
class SheetAnswer:
    """One row that was filled in. `to`: the figure as it is there, empty where what is assumed is right. `row`: its
    number in the sheet."""

    path: str
    to: str
    title: str
    article: str
    says: str
    row: int

    @property
    def where(self) -> str:
        return f"第 {self.row} 行："


@dataclass
class AnsweredPlace:
    """`text`: the file, in YAML. `left`: assumed figures that nobody has answered. `problems`: rows that can't be."""

    text: str = ""
    left: list[AssumedFigure] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def answered_place(
    definition: BundleDefinition, place: str, figures: Iterable[AssumedFigure], answers: Iterable[SheetAnswer]
) -> AnsweredPlace:
    """`definition`: as it is in the place so far; `figures`: what it assumes."""
    found, known = AnsweredPlace(), {one.path: one for one in figures}
    given: dict[str, SheetAnswer] = {}
    for one in answers:
        if one.path in given:
            found.problems.append(f"{one.where}“{one.path}”在第 {given[one.path].row} 行填过了，请只留一行。")
        given[one.path] = one
    bases: dict[str, dict[str, str]] = {}
    settings, confirmed = [], []
    for path, answer in given.items():
        if path not in known:
            found.problems.append(f"{answer.where}“{path}”不是表里的编号，请不要改动编号一栏。")
        elif len(answer.title) < _SHORTEST_TITLE:
            found.problems.append(f"{answer.where}“{path}”没有写明依据的文件名称（如 杭州市办事指南）。")
        elif not answer.article:
            found.problems.append(f"{answer.where}“{path}”没有写条款（文件没有条款的，写第几部分或第几页）。")
        elif not answer.to:
            confirmed.append({"at": path, "basis": _basis(bases, answer)})
        elif (to := _otherwise(answer, known[path], found)) is not None:
            settings.append({**to, "basis": _basis(bases, answer)})
    found.left = [one for path, one in known.items() if path not in given]
    file: dict[str, Any] = {
        "schema": 2,
        "overlay": f"{definition.code}@{definition.version}",
        "place": place,
        "version": 1,
        "bases": bases,
        "set": settings,
        "confirm": confirmed,
    }
    found.text = yaml.safe_dump(
        {key: one for key, one in file.items() if one != [] and one != {}},
        allow_unicode=True,
        sort_keys=False,
        width=120,
    )
    return found


def _otherwise(answer: SheetAnswer, figure: AssumedFigure, found: AnsweredPlace) -> dict[str, Any] | None:
    parts = figure.path.split(".")
    if parts[0] == "parameters":
        return {"at": f"{figure.path}.value", "to": _figure(answer.to)}
    period = period_of(answer.to)
    if parts[-1] in _LIMITS and period is not None and not says_which_days(answer.to):
        amount = period["amount"]
        which = f"没有说是工作日还是自然日，请写 {amount}个工作日 或 {amount}个自然日。"
        found.problems.append(f"{answer.where}“{figure.path}”：“{answer.to}”{which}")
        return None
    if parts[-1] in _LIMITS and "；" not in figure.value and period is not None:
        return {"at": figure.path, "to": period}
    why = f"“{answer.to}”不是“5个工作日”这样的期限；" if parts[-1] in _LIMITS and period is None else ""
    found.problems.append(f"{answer.where}“{figure.path}”：{why}{_CANNOT}")
    return None


def _basis(bases: dict[str, dict[str, str]], answer: SheetAnswer) -> str:
    """The key of the document that the row names; each stands once."""
    title = answer.title if "《" in answer.title else f"《{answer.title}》"
    basis = {"title": title} | {k: v for k, v in (("article", answer.article), ("says", answer.says)) if v}
    key = next((key for key, one in bases.items() if one == basis), f"local_{len(bases) + 1}")
    bases[key] = basis
    return key


def _figure(text: str) -> bool | int | float | str:
    words = {"是": True, "否": False}
    if text in words:
        return words[text]
    if re.fullmatch(r"-?[0-9]{1,12}", text):
        return int(text)
    return float(text) if re.fullmatch(r"-?[0-9]{1,12}\.[0-9]{1,4}", text) else text
