"""A bundle as a place has it: what it sets, leaves out and adds, one rule after the other, each with its basis."""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from pydantic import ValidationError

from definitions.layers.allowed import MAY_BE_LEFT_OUT, may_set
from definitions.layers.confirming import confirmed
from definitions.layers.leaving_out import pruned
from definitions.layers.overlays import Overlay, OverlayFile
from definitions.layers.paths import NotThereError, changed, found
from definitions.layers.shared_items import PARTS
from definitions.layers.tree import LayerNode
from definitions.problems import DefinitionProblem
from onething.domain.definition.basis import ASSUMED, Basis, with_bases

OF_LAW = re.compile("(法|条例|规定|办法|规则|细则|决定)》")
_LISTS = frozenset({*PARTS, "items", "examples"})
_SOURCED = {"parameters", "correction"}
"""Where what was set has a basis beside it, which then is the place's."""
_WITH_BASIS = {"promised", "statutory", "fees", "due", "commitment", "correction", "within"}
"""What has a basis of its own: the rule's, where it writes none."""
_WITHOUT_BASIS = {"questions", "form", "compare"}
"""Whose elements have none: that of an addition is told, and not kept in them."""


@dataclass(frozen=True)
class AppliedRule:
    """One rule carried out: the tree after it, and on what it rests. `why`: of what is left out."""

    tree: LayerNode
    basis: tuple[Basis, ...]
    why: str | None = None


@dataclass
class PlaceRules:
    """A bundle as one place has it. `above`: the ref of the bundle, or of the wider place, that it changes."""

    above: str
    overlay: Overlay
    start: LayerNode
    steps: list[AppliedRule] = field(default_factory=list)
    problems: list[DefinitionProblem] = field(default_factory=list)

    @property
    def tree(self) -> LayerNode:
        return self.steps[-1].tree if self.steps else self.start

    @cached_property
    def result(self) -> LayerNode:
        """With the bases that something still rests on, and no others."""
        bases = self.tree.parts.get("bases")
        if bases is None:
            return self.tree
        named = set(_named_bases(self.tree))
        left = {key: one for key, one in bases.parts.items() if key in named}
        return self.tree.having(bases=LayerNode(left, bases.place))

    @property
    def file(self) -> OverlayFile:
        return self.overlay.file

    @property
    def ref(self) -> str:
        return f"{self.file.overlay}.{self.file.place}"

    def limits_set(self, word: str) -> tuple[str, ...]:
        """Paths of limits of that word (`promised`, `statutory`) that the place writes."""
        return tuple(one.at for one in self.file.settings if one.at.rpartition(".")[2] == word)

    def seen_from_here(self, problem: DefinitionProblem) -> DefinitionProblem:
        """What is wrong elsewhere only as this place has it."""
        if problem.file == self.overlay.name:
            return problem
        for left_out, node in zip(self.file.leave_out, _elements(self.overlay.tree, "leave_out"), strict=True):
            if f"“{left_out.what.rpartition('.')[2]}”" in problem.what:  # somebody else looks at it
                what = f"不办“{left_out.what}”以后，{problem.file}:{problem.line} {problem.what}"
                return node.parts["what"].problem(what, f"连同看它的一起不办，或不写这一条。{problem.remedy}")
        what = f"按 {self.overlay.name} 改写后：{problem.what}"
        return DefinitionProblem(problem.file, problem.line, problem.pointer, what, problem.remedy)


def as_a_place_has_it(above: str, tree: LayerNode, overlay: Overlay) -> PlaceRules:
    """`tree`: of the bundle, or of the wider place, with the ref `above`."""
    rules = PlaceRules(above, overlay, _framed(tree, overlay))
    _own_bases(rules, tree)
    for index, node in enumerate(_elements(overlay.tree, "set")):
        _set(rules, index, node)
    for index, node in enumerate(_elements(overlay.tree, "confirm")):
        _confirm(rules, index, node)
    for index, node in enumerate(_elements(overlay.tree, "leave_out")):
        _leave_out(rules, index, node)
    added = overlay.tree.parts.get("add")
    for part, elements in (added.parts if added else {}).items():
        for element in elements.elements:
            _add(rules, part, element)
    return rules


def _framed(tree: LayerNode, overlay: Overlay) -> LayerNode:
    """Whose rules they are, and the examples that prove them."""
    own = overlay.tree.parts
    tree = tree.having(place=own["place"], **({"name": own["name"]} if "name" in own else {}))
    if "examples" in own:
        tree = tree.having(examples=own["examples"])
    if "bases" in own:
        bases = tree.parts.get("bases")
        both = {**(bases.parts if bases else {}), **own["bases"].parts}
        tree = tree.having(bases=LayerNode(both, own["bases"].place))
    return tree


def _own_bases(rules: PlaceRules, above: LayerNode) -> None:
    own, known = rules.overlay.tree.parts.get("bases"), above.parts.get("bases")
    named = set(_named_bases(rules.overlay.tree))
    for key, basis in (own.parts if own else {}).items():
        if known is not None and key in known.parts:
            what = f"依据“{key}”在 {known.parts[key].where} 已经有了，国家的依据各地一致。"
            rules.problems.append(basis.problem(what, "换一个名字，只写当地的依据。"))
        elif key not in named:
            rules.problems.append(basis.problem(f"没有任何一处用到依据“{key}”。", "删去，或在 basis 里写上它。"))


def _set(rules: PlaceRules, index: int, node: LayerNode) -> None:
    setting = rules.file.settings[index]
    wrong = list(may_set(setting))
    rules.problems += (node.parts["at"].problem(what, remedy) for what, remedy in wrong)
    if wrong:
        return
    if setting.at in [one.at for one in rules.file.settings[:index]]:
        rules.problems.append(
            node.parts["at"].problem(f"“{setting.at}”前面已经改写过。", "同一处只写一次，合并成一条。")
        )
        return
    path, basis = setting.at.split("."), node.parts["basis"]
    to = _sourced(node.parts["to"], basis) if path[-1] in _WITH_BASIS else node.parts["to"]
    try:
        if found(rules.tree, path) is None and path[-1] == "value":
            raise NotThereError(path[-1], ())
        tree = changed(rules.tree, path, lambda _: to)
    except NotThereError as error:
        rules.problems.append(_not_there(node.parts["at"], setting.at, error))
        return
    if path[0] in _SOURCED and len(path) > 1:
        tree = changed(tree, [*path[:-1], "basis"], lambda _: basis)
        tree = changed(tree, path[:-1], lambda part: replace(part, place=to.place) if part else None)
    rules.steps.append(AppliedRule(_with_departments(tree), setting.basis))


def _confirm(rules: PlaceRules, index: int, node: LayerNode) -> None:
    rule = rules.file.confirm[index]
    if not all(one.is_cited for one in rule.basis):
        what = "确认不能又是假定的，并须写明条款。"
        rules.problems.append(node.parts["basis"].problem(what, "写明当地文件的名称（title）和条款（article）。"))
        return
    if rule.at in _LISTS:
        what = f"“{rule.at}”是一整列，不能一起确认。"
        rules.problems.append(
            node.parts["at"].problem(what, "逐项写，如 materials.<代码>、items.<代码>.limits.promised。")
        )
        return
    if rule.at.rpartition(".")[2] == "statutory" and not all(OF_LAW.search(one.title) for one in rule.basis):
        what = "法定期限只能按法律、法规、规章确认，办事指南不是。"
        rules.problems.append(node.parts["basis"].problem(what, "写明规定这个期限的法律、法规或规章和条款。"))
        return
    try:
        tree = confirmed(rules.tree, rule.at.split("."), node.parts["basis"])
    except NotThereError as error:
        rules.problems.append(_not_there(node.parts["at"], rule.at, error))
        return
    if tree is None:
        what = f"“{rule.at}”的依据已经写明，不是假定的。"
        rules.problems.append(node.parts["at"].problem(what, "删去这一条；要改写的写在 set 里。"))
    else:
        rules.steps.append(AppliedRule(tree, rule.basis))


def _sourced(to: LayerNode, basis: LayerNode) -> LayerNode:
    if to.elements:
        return LayerNode([_sourced(one, basis) for one in to.elements], to.place)
    return to.having(basis=basis) if to.parts and "basis" not in to.parts else to


def _leave_out(rules: PlaceRules, index: int, node: LayerNode) -> None:
    left_out = rules.file.leave_out[index]
    path = left_out.what.split(".")
    if path[0] not in MAY_BE_LEFT_OUT or len(path) == 1:
        what = f"“{left_out.what}”不能不办。"
        remedy = f"可以不办的写 {'、'.join(f'{one}.<代码>' for one in MAY_BE_LEFT_OUT)}。"
        rules.problems.append(node.parts["what"].problem(what, remedy))
        return
    try:
        tree = changed(rules.tree, path, lambda _: None)
    except NotThereError as error:
        rules.problems.append(_not_there(node.parts["what"], left_out.what, error))
        return
    tree = pruned(rules.tree, tree, path[0], path[-1])
    rules.steps.append(AppliedRule(_with_departments(tree), left_out.basis, left_out.why))


def _add(rules: PlaceRules, part: str, element: LayerNode) -> None:
    if part not in (*PARTS, "items"):
        what = f"add 里不能写“{part}”。"
        rules.problems.append(element.problem(what, f"可以写：{'、'.join((*PARTS, 'items'))}；依据写在 bases 里。"))
        return
    basis = element.parts.get("basis")
    if basis is None:
        remedy = "补上 basis；没有查到依据的写 assumed。"
        rules.problems.append(element.problem(f"{part} 里增加的“{element.name or ''}”没有依据。", remedy))
        return
    there = rules.tree.parts.get(part)
    elements = [*there.elements] if there else []
    known = next((one for one in elements if one.name is not None and one.name == element.name), None)
    if known is not None:
        what = f"{part} 的“{element.name}”在 {known.where} 已经有了。"
        rules.problems.append(element.problem(what, "换一个代码；要改写它的写在 set 里。"))
        return
    kept = element.without("basis") if part in _WITHOUT_BASIS else element
    place = there.place if there else element.place
    tree = rules.tree.having(**{part: LayerNode([*elements, kept.without("seen_by")], place)})
    if "seen_by" in element.parts:
        tree = _seen_by(rules, tree, part, element)
    rules.steps.append(AppliedRule(_with_departments(tree), _bases_of(tree, basis.plain())))


def _seen_by(rules: PlaceRules, tree: LayerNode, part: str, element: LayerNode) -> LayerNode:
    """Items of the bundle that look at a material, or read a section, which the place adds."""
    seen_by, word = element.parts["seen_by"], {"materials": "materials", "form": "reads"}.get(part)
    if word is None:
        rules.problems.append(seen_by.problem(f"{part} 里不写 seen_by。", "seen_by 只写在增加的材料和表单部分里。"))
        return tree
    name = LayerNode(element.name, seen_by.place)

    def more(listed: LayerNode | None) -> LayerNode:
        return LayerNode([*(listed.elements if listed else ()), name], listed.place if listed else seen_by.place)

    for item in seen_by.elements:
        try:
            tree = changed(tree, ["items", str(item.value), word], more)
        except NotThereError as error:
            rules.problems.append(_not_there(item, f"items.{item.value}", error))
    return tree


def _bases_of(tree: LayerNode, named: Any) -> tuple[Basis, ...]:
    """Those that can be read: the rest is told where the definition is validated."""
    bases = tree.parts.get("bases")
    found = with_bases({"basis": named}, bases.plain() if bases else {})["basis"]
    listed = found if isinstance(found, list) else [found]
    return tuple(_readable(listed))


def _readable(listed: Iterable[Any]) -> Iterator[Basis]:
    for one in listed:
        with suppress(ValidationError):
            yield Basis.model_validate(one)


def _with_departments(tree: LayerNode) -> LayerNode:
    """Those of its items."""
    departments = tree.parts.get("departments")
    if departments is not None:
        named = [one.parts["department"] for one in _elements(tree, "items") if "department" in one.parts]
        used = {one.value: one for one in named if isinstance(one.value, str)}
        listed = [one for one in departments.elements if not isinstance(one.value, str) or one.value in used]
        more = [node for code, node in used.items() if code not in [one.value for one in departments.elements]]
        tree = tree.having(departments=LayerNode([*listed, *more], departments.place))
    return tree


def _named_bases(tree: LayerNode) -> Iterator[str]:
    for key, one in tree.parts.items():
        if key == "basis":
            listed = one.elements or (one,)
            yield from (str(each.value) for each in listed if isinstance(each.value, str) and each.value != ASSUMED)
        yield from _named_bases(one)
    for one in tree.elements:
        yield from _named_bases(one)


def _not_there(node: LayerNode, path: str, error: NotThereError) -> DefinitionProblem:
    listed = "、".join(error.known) or "（没有）"
    return node.problem(f"“{path}”里的“{error.part}”找不到。", f"这一处有：{listed}。")


def _elements(tree: LayerNode, part: str) -> Sequence[LayerNode]:
    there = tree.parts.get(part)
    return there.elements if there else ()
