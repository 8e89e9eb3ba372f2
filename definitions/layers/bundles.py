"""A bundle with the shared items that it uses: what they bring becomes one form and one set of papers (一表申请、
一套材料). The same id means the same thing; where the bundle writes it itself, its writing wins."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Any

from definitions.layers.merging import is_section, merged, unlike, with_fields
from definitions.layers.shared_items import PARTS, SharedItem, newest
from definitions.layers.tree import LayerNode, made
from definitions.problems import DefinitionProblem

_WIRING = ("use", "when", "after", "promised", "with")


@dataclass
class Composed:
    """`redefined`: sentences on what the bundle writes otherwise than an item that it uses."""

    tree: LayerNode
    used: list[str] = field(default_factory=list)
    redefined: list[str] = field(default_factory=list)
    problems: list[DefinitionProblem] = field(default_factory=list)


def with_items(bundle: LayerNode, items: Mapping[str, SharedItem]) -> Composed:
    """The bundle as it was written where it uses none."""
    written = bundle.parts.get("items")
    if written is None or not any("use" in one.parts for one in written.elements):
        return Composed(bundle)
    composed = Composed(bundle)
    used: list[tuple[LayerNode, SharedItem]] = []
    put: list[LayerNode] = []
    for one in written.elements:
        found = _used(composed, one, items) if "use" in one.parts else None
        if found is not None:
            used.append((one, found))
            composed.used.append(found.ref)
            put.append(_wired(found.item, one))
        elif "use" not in one.parts:
            put.append(one)
    changes = {"items": LayerNode(put, written.place)}
    for part in PARTS:
        brought = _brought(composed, bundle, part, [found for _, found in used])
        own = _elements(bundle, part)
        if brought:
            changes[part] = LayerNode(_own_wins(composed, part, own, brought), bundle.place)
    bases = _bases(composed, bundle, [found for _, found in used])
    if bases:
        changes["bases"] = LayerNode(bases, bundle.place)
    composed.tree = _answered(composed, bundle.having(**changes), [wiring for wiring, _ in used])
    return composed


def _used(composed: Composed, wiring: LayerNode, items: Mapping[str, SharedItem]) -> SharedItem | None:
    for key in wiring.parts:
        if key not in _WIRING:
            near = get_close_matches(key, _WIRING, n=1, cutoff=0.6)
            instead = f"是否想写“{near[0]}”？" if near else ""
            remedy = f"{instead}引用共用事项只写 {'、'.join(_WIRING)}；事项本身写在 definitions/items 里。"
            composed.problems.append(wiring.parts[key].problem(f"引用共用事项时不能写“{key}”。", remedy))
    given = wiring.parts.get("with")
    if given is not None and not given.parts:
        composed.problems.append(given.problem("with 写得不对。", "写成“问题: 答案”，如 with: {chain: true}。"))
    ref = wiring.parts["use"]
    found = items.get(str(ref.value))
    if found is None:
        remedy = f"写 代码@版本，现有：{newest(items)}。"
        composed.problems.append(ref.problem(f"没有共用事项“{ref.value}”。", remedy))
    elif found.ref in composed.used:
        composed.problems.append(ref.problem(f"共用事项“{found.ref}”引用了两次。", "删去其中一个。"))
        return None
    return found


def _wired(item: LayerNode, wiring: LayerNode) -> LayerNode:
    """The item as this bundle has it: when, after what, and how soon."""
    parts = wiring.parts
    if "when" in parts:
        own = item.parts.get("when")
        both = parts["when"].value if own is None else f"({own.value}) && ({parts['when'].value})"
        item = item.having(when=LayerNode(both, parts["when"].place))
    if "promised" in parts:
        limits = item.parts.get("limits", made({}, parts["promised"].place))
        item = item.having(limits=limits.having(promised=parts["promised"]))
    if "after" in parts:
        item = item.having(after=_joined(item.parts.get("after"), parts["after"]))
    return item


def _joined(own: LayerNode | None, more: LayerNode) -> LayerNode:
    if own is None:
        return more
    known = [one.plain() for one in own.elements]
    return LayerNode([*own.elements, *(one for one in more.elements if one.plain() not in known)], own.place)


def _elements(tree: LayerNode, part: str) -> Sequence[LayerNode]:
    found = tree.parts.get(part)
    return found.elements if found else ()


def _brought(composed: Composed, bundle: LayerNode, part: str, used: Sequence[SharedItem]) -> list[LayerNode]:
    """Of all items together; two that mean something else by one name are told."""
    own = {one.name for one in _elements(bundle, part)}
    found: list[LayerNode] = []

    def both(earlier: LayerNode, later: LayerNode) -> LayerNode:
        if is_section(earlier) and is_section(later):
            fields = merged(earlier.parts["fields"].elements, later.parts["fields"].elements, both)
            earlier = with_fields(earlier, fields)
        if earlier.name not in own | _fields(bundle, part):
            composed.problems += _conflict(bundle, part, str(earlier.name), earlier, later)
        return earlier

    for one in used:
        found = merged(found, _elements(one.tree, part), both)
    return found


def _fields(bundle: LayerNode, part: str) -> set[str | None]:
    """Those that stand in sections that the bundle writes itself."""
    return {one.name for section in _elements(bundle, part) for one in _elements(section, "fields")}


def _conflict(
    bundle: LayerNode, part: str, name: str, earlier: LayerNode, later: LayerNode
) -> Iterator[DefinitionProblem]:
    keys = unlike(earlier, later)
    if keys:
        what = f"{part} 的“{name}”与 {earlier.where} 写的不是一回事（{'、'.join(keys)} 不同）。"
        remedy = f"两处写得一样，或改用别的代码；要按自己的写法，在 {bundle.place.file} 的 {part} 里写上“{name}”。"
        yield later.problem(what, remedy)


def _own_wins(composed: Composed, part: str, own: Sequence[LayerNode], brought: Sequence[LayerNode]) -> list[LayerNode]:
    def both(first: LayerNode, second: LayerNode) -> LayerNode:
        written, given = (first, second) if first.place.file == composed.tree.place.file else (second, first)
        if keys := unlike(written, given):
            sentence = f"{part} 的“{written.name}”按本文件写（{'、'.join(keys)} 与 {given.where} 不同）"
            composed.redefined.append(f"{written.where}: {sentence}。")
        if is_section(written) and is_section(given):
            fields = merged(written.parts["fields"].elements, given.parts["fields"].elements, both)
            written = with_fields(replace(given, value={**given.parts, **written.parts}), fields)
        return written

    return merged(brought, own, both)  # the bundle adds to it, and its questions may read it


def _bases(composed: Composed, bundle: LayerNode, used: Sequence[SharedItem]) -> dict[str, LayerNode]:
    own = dict(bundle.parts["bases"].parts) if "bases" in bundle.parts else {}
    found: dict[str, LayerNode] = {}
    for one in used:
        brought = one.tree.parts.get("bases")
        for key, basis in (brought.parts if brought else {}).items():
            earlier = found.setdefault(key, basis)
            if key not in own:
                composed.problems += _conflict(bundle, "bases", key, earlier, basis)
            elif keys := unlike(own[key], basis):
                sentence = f"bases 的“{key}”按本文件写（{'、'.join(keys)} 与 {basis.where} 不同）"
                composed.redefined.append(f"{own[key].where}: {sentence}。")
    return found | own if found else {}


def _answered(composed: Composed, tree: LayerNode, wirings: Sequence[LayerNode]) -> LayerNode:
    """Questions that a wiring answers are not asked: their value is fixed."""
    answers: dict[str, LayerNode] = {}
    for wiring in wirings:
        given = wiring.parts.get("with")
        for name, answer in (given.parts if given else {}).items():
            earlier = answers.setdefault(name, answer)
            if earlier.plain() != answer.plain():
                what = f"“{name}”已在 {earlier.where} 答作 {in_words(earlier.plain())}。"
                composed.problems.append(answer.problem(what, "一张表里一个问题只有一个答案，两处写得一样。"))
    questions = tree.parts.get("questions")
    known = [one.name for one in questions.elements] if questions else []
    for name, answer in answers.items():
        if name not in known:
            listed = "、".join(str(one) for one in known) or "（没有问题）"
            composed.problems.append(answer.problem(f"没有问题“{name}”可以先答。", f"可用的有：{listed}。"))
    if questions is None or not answers:
        return tree
    asked = [one.having(fixed=answers[one.name]) if one.name in answers else one for one in questions.elements]
    return tree.having(questions=LayerNode(asked, questions.place))


def in_words(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case list():
            return f"[{', '.join(map(str, value))}]"
    return str(value)
