"""What a place writes otherwise keeps to what it may: no promise, and no limit of the law, is longer there."""

from collections.abc import Iterator

from definitions.compile import compile_plan
from definitions.layers.places import OF_LAW, PlaceRules
from definitions.lint.checked import LintContext
from definitions.lint.combinations import combinations, pruned
from definitions.loader import Catalog
from definitions.problems import DefinitionProblem
from definitions.reading import Trail
from definitions.terms import limit_text
from onething.domain.calendar.limits import Limit, plain
from onething.domain.definition.items import Nature
from onething.domain.errors import InvalidInput

_WORDS = {"promised": "承诺时限", "statutory": "法定期限"}


def left_behind(catalog: Catalog) -> Iterator[DefinitionProblem]:
    """A new version that a place with rules of its own says nothing of: the national one would hold there suddenly."""
    for rules in catalog.places.values():
        code, _, version = rules.file.overlay.partition("@")
        latest, place = catalog.latest[code], rules.file.place
        if latest.version > int(version) and f"{latest.ref}.{place}" not in catalog.places:
            what = f"{place} 改写了第 {version} 版，没有改写这一版，一公布就改按全国的办。"
            remedy = (
                f"写上 places/{place}/{code}.v{latest.version}.yaml；不再改写的，在里面只写 overlay、place、version。"
            )
            yield catalog.documents[latest.ref].problem(("version",), what, remedy)


def _held_up(checked: LintContext, rules: PlaceRules) -> None:
    """Licences wait for nothing that only a place wants, unless a law wants it: that would add a condition to them."""
    added = rules.file.add.get("items", [])
    theirs = {one["code"]: number for number, one in enumerate(added) if isinstance(one, dict) and "code" in one}
    for item in checked.definition.items:
        for code in checked.definition.givers(item):
            giver = next(one for one in checked.definition.items if one.code == code)
            lawful = any(one.is_cited and OF_LAW.search(one.title) for one in giver.basis)
            if code in theirs and item.nature is Nature.LICENCE and item.code not in theirs and not lawful:
                node = rules.overlay.tree.parts["add"].parts["items"].elements[theirs[code]]
                what = f"行政许可“{item.name}”（{item.code}）要等当地增加的“{giver.name}”办好，等于给许可增设条件。"
                remedy = "basis 写明规定这个条件的法律、法规或规章和条款；没有的，许可不等它。"
                checked.problems.append(node.problem(what, remedy))


def check(checked: LintContext, rules: PlaceRules) -> None:
    _held_up(checked, rules)
    above = checked.catalog.bundles[rules.above]
    for word in _WORDS:
        if word in rules.limits_set(word):
            here, there = (plain(getattr(one, word)) for one in (checked.definition, above))
            _compare(checked, word, (word,), there, here, "")
    written = [
        (one.split(".")[1], word) for word in _WORDS for one in rules.limits_set(word) if one.startswith("items.")
    ]
    positions = {item.code: index for index, item in enumerate(checked.definition.items)}
    told: set[tuple[str, str]] = set()
    for answers in combinations(checked.definition) if written else ():
        try:
            plan = compile_plan(checked.definition, checked.catalog.sources, answers)
            wider = compile_plan(above, checked.catalog.sources, pruned(above, answers))
        except InvalidInput:  # one of them does not ask so, or has nothing to do
            continue
        for code, word in written:
            of_here, of_there = plan.item_by_code.get(code), wider.item_by_code.get(code)
            if of_here is not None and of_there is not None and (code, word) not in told:
                when = f"，如回答 {', '.join(f'{name}={value}' for name, value in answers.items())} 时"
                trail: Trail = ("items", positions[code], "limits", word)
                if _compare(checked, word, trail, getattr(of_there, word), getattr(of_here, word), when):
                    told.add((code, word))


def _compare(checked: LintContext, word: str, trail: Trail, above: Limit | None, here: Limit | None, when: str) -> bool:
    """`above`, `here`: none where no law sets a limit, which a place can't undo."""
    if above is None or (here is not None and here.weight <= above.weight):
        return False
    what = f"{_WORDS[word]}比上一级的长：{limit_text(above)} → {limit_text(here)}{when}。"
    checked.say(trail, what, f"地方的{_WORDS[word]}只能更短；不改写的删去这一条。")
    return True
