"""YAML files read to plain values that remember their lines.

YAML 1.2 core types only: `no` and `on` are texts and dates stay texts, so that no writer is surprised by YAML 1.1.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from definitions.problems import DefinitionProblem, pointer_of

Trail = tuple[str | int, ...]
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_DECIMAL = re.compile(r"[-+]?[0-9]{1,18}\.[0-9]{1,18}")
_WORDS: dict[str, Any] = {"": None, "~": None, "null": None, "true": True, "false": False}
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class WrittenAt(NamedTuple):
    """`trail` in `file`, `line` from 1."""

    file: str
    line: int
    trail: Trail


class Document:
    """One file: its value, and the line of each key and element. `problems` are those of the YAML itself."""

    def __init__(self, path: Path, name: str) -> None:
        self.name = name
        self.problems: list[DefinitionProblem] = []
        self.value: Any = None
        self._lines: dict[Trail, int] = {(): 1}
        self._nodes: set[int] = set()
        try:
            node = yaml.compose(path.read_text(encoding="utf-8"), Loader=_LOADER)
        except UnicodeDecodeError:
            self.problems.append(DefinitionProblem(name, 1, "", "文件不是 UTF-8 编码。", "用 UTF-8 编码另存。"))
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            self.problems += _slips(name, path.read_text(encoding="utf-8").splitlines(), line)
        except yaml.YAMLError as error:
            self.problems.append(
                DefinitionProblem(name, 1, "", f"YAML 无法读取（{error}）。", "删去不可见的控制字符。")
            )
        else:
            self.value = None if node is None else self._construct(node, ())

    def line(self, path: Sequence[str | int]) -> int:
        """Line of the key or element at the path, or of the nearest one around it."""
        return self.place(path).line

    def place(self, path: Sequence[str | int]) -> WrittenAt:
        """Of the key or element at the path; of what is not there, the line of the nearest one around it."""
        trail = tuple(path)
        while trail not in self._lines:
            trail = trail[:-1]
        return WrittenAt(self.name, self._lines[trail], tuple(path))

    def has(self, path: Sequence[str | int]) -> bool:
        return tuple(path) in self._lines

    def problem(self, path: Sequence[str | int], what: str, remedy: str) -> DefinitionProblem:
        place = self.place(path)
        return DefinitionProblem(place.file, place.line, pointer_of(place.trail), what, remedy)

    def _construct(self, node: yaml.Node, trail: Trail) -> Any:
        if id(node) in self._nodes:  # an alias: it may even contain itself
            self.problems.append(self.problem(trail, "用了 YAML 的别名（*）。", "把内容照写一遍，读的人不必来回查找。"))
            return None
        self._nodes.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, trail)
        if isinstance(node, yaml.SequenceNode):
            values = []
            for index, child in enumerate(node.value):
                self._lines[(*trail, index)] = child.start_mark.line + 1
                values.append(self._construct(child, (*trail, index)))
            return values
        text: str = node.value
        if node.tag.startswith("!"):  # `!answers.x` is a tag to YAML, and what it says would be lost
            self.problems.append(
                self.problem(
                    trail,
                    f"“{node.tag}”以感叹号开头，YAML 读不成文字。",
                    f"加引号：'{node.tag}{f' {text}' if text else ''}'。",
                )
            )
            return None
        # what is no mapping and no sequence is a scalar, and only scalars have a style
        return text if node.style else _plain(text)  # type: ignore[attr-defined]  # scalars alone come here

    def _mapping(self, node: yaml.MappingNode, trail: Trail) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key_node, child in node.value:
            key = str(key_node.value)
            path = (*trail, key)
            line = key_node.start_mark.line + 1
            if key in values:
                first = self._lines[path]
                what = f"“{key}”重复，第 {first} 行已经有了。"
                self.problems.append(DefinitionProblem(self.name, line, pointer_of(path), what, "合并或删去其中一个。"))
                continue
            self._lines[path] = line
            values[key] = self._construct(child, path)
        return values


_SLIPS = (
    (re.compile(r"^\s*\t"), "用制表符（Tab）缩进", "换成空格，每层两个。"),
    (re.compile(r"^\s*(?:- *)?[a-z_]+\s*："), "冒号是全角的（：）", "换成半角冒号加一个空格（: ）。"),
    (re.compile(r"^[^#\"']*[:\[{,]\s*[“”]"), "引号是弯的（“ ”）", '换成半角引号（"），或不加引号。'),
    (re.compile(r"^\s*(?:- *)?[a-z_]+:[^\s#]"), "冒号后面没有空格", "在冒号后面加一个空格。"),
)
"""What a word processor makes of YAML, and what the hand forgets."""


def _slips(name: str, lines: Sequence[str], wrong: int) -> list[DefinitionProblem]:
    """Every slip of the file, since a reader gives up at the first; where there is none, that line."""
    found = [
        DefinitionProblem(name, number, "", f"这一行{what}。", remedy)
        for number, line in enumerate(lines, start=1)
        for slip, what, remedy in _SLIPS
        if slip.search(line)
    ]
    what, remedy = "读到这里读不下去了。", "检查这一行及上一行的缩进、冒号和引号。"
    return found or [DefinitionProblem(name, wrong, "", what, remedy)]


def _plain(text: str) -> Any:
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return float(text)
    return text
