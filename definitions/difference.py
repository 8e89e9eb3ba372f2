"""What one version of a definition says otherwise than another, in the words of who has to agree to it. Pure.

Every field of the model is compared, so that nothing that changes goes unsaid.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import BaseModel

from definitions.loader import Catalog
from definitions.terms import basis_text, limit_text
from definitions.words import AUDIENCES, FIELD_WORDS, VALUE_WORDS, value_word
from onething.domain.calendar.limits import Limit, plain
from onething.domain.definition.basis import Basis
from onething.domain.definition.bundle import BundleDefinition, Comparison, Example, Expectation, Reservation
from onething.domain.definition.form_fields import Check, FormField, FormSection
from onething.domain.definition.items import AllowedPause, CaseLimit, CitedLimit, Fee, Item, ItemLimits, Output
from onething.domain.definition.materials import CommitmentFallback, ManualCheckFallback, Material, WaitFallback
from onething.domain.definition.outcomes import ItemCondition, Outcome
from onething.domain.definition.parties import DefinedParty
from onething.domain.definition.periods import Period, PlannedInspection
from onething.domain.definition.questions import Option, Parameter, Question, Situation
from onething.domain.definition.time_rules import Rung

_NOTHING = "无"
_WHOLE = "整件事"
_NAME_OF: Mapping[type[BaseModel], str] = {
    Parameter: "name",
    Question: "question",
    Situation: "name",
    Check: "says",
    Option: "label",
    FormField: "label",
    Material: "name",
    FormSection: "name",
    Comparison: "name",
    Item: "name",
    Outcome: "name",
    ItemCondition: "says",
    Period: "name",
    DefinedParty: "name",
    Reservation: "name",
    PlannedInspection: "name",
    Output: "name",
    Fee: "name",
    AllowedPause: "procedure",
    CaseLimit: "when",
    Rung: "code",
    Example: "name",
}
"""Under which field people know one of several."""
_KEY_OF: Mapping[type[BaseModel], str] = {
    Parameter: "id",
    Question: "id",
    Situation: "id",
    Check: "must",
    Option: "value",
    FormField: "id",
    Material: "code",
    FormSection: "id",
    Comparison: "code",
    Item: "code",
    Outcome: "id",
    ItemCondition: "id",
    Period: "code",
    DefinedParty: "id",
    Reservation: "code",
    PlannedInspection: "code",
    Output: "id",
    Fee: "name",
    AllowedPause: "procedure",
    CaseLimit: "when",
    Rung: "code",
    Example: "name",
}
"""And under which it stays the same one from version to version."""
_SAID_AT_ONCE = (Limit, Basis, Expectation, ManualCheckFallback, CommitmentFallback, WaitFallback)
"""Models that are told whole, and not field by field."""
_NOT_COMPARED = frozenset({"version", "bases"})  # the next one always is another; a basis is told where it is named


@dataclass(frozen=True)
class Difference:
    """`about`: of which part it is, such as the name of an item."""

    about: str
    change: str

    @property
    def text(self) -> str:
        return f"{self.about}：{self.change}"


def differences(catalog: Catalog, old: BundleDefinition, new: BundleDefinition) -> tuple[Difference, ...]:
    """In the order in which a definition says things. Empty: both say the same."""
    names = _Names(catalog, old, new)
    return tuple(Difference("·".join(trail) or _WHOLE, change) for trail, change in _of_model(names, old, new, ()))


_Trail = tuple[str, ...]
_Changes = Iterator[tuple[_Trail, str]]


def _of_model(names: "_Names", old: BaseModel, new: BaseModel, trail: _Trail) -> _Changes:
    for field in type(old).model_fields:
        before, after = getattr(old, field), getattr(new, field)
        if isinstance(new, Parameter) and field == "value" and before != after:
            yield trail, f"{names.said(field, before)} → {names.said(field, after)}{f' {new.unit}' if new.unit else ''}"
        elif before != after and field not in _NOT_COMPARED:
            yield from _of_field(names, field, before, after, trail)


def _of_limits(names: "_Names", old: ItemLimits, new: ItemLimits, trail: _Trail) -> _Changes:
    """A length that changes is one line; then what else is said of it."""
    for word, before, after in (
        (FIELD_WORDS["promised"], old.promised, new.promised),
        (FIELD_WORDS["statutory"], old.of_law, new.of_law),
    ):
        known = {one.when: one for one in before}
        for one in after:
            at = trail if one.when is None else (*trail, f"情形 {one.when}")
            was = known.pop(one.when, None)
            if was is None:
                yield at, f"新增{word} {limit_text(one)}"
                yield from _all_of(names, one, (*at, word))
                continue
            if plain(was) != plain(one):
                yield at, f"{word} {_limits(plain(was), plain(one))}"
            same = {"amount": one.amount, "unit": one.unit, "whose": one.whose}
            yield from _of_model(names, was.model_copy(update=same), one, (*at, word))
        for gone in known.values():
            yield trail, f"取消{word} {limit_text(gone)}{f'（情形 {gone.when}）' if gone.when else ''}"
        if [one.when for one in before if one in after] != [one.when for one in after if one in before]:
            yield trail, f"{word}的顺序"
    if old.outside_promise != new.outside_promise:
        field = "outside_promise"
        before_text, after_text = names.said(field, old.outside_promise), names.said(field, new.outside_promise)
        yield trail, f"{FIELD_WORDS[field]} {before_text} → {after_text}"


def _of_field(names: "_Names", field: str, before: Any, after: Any, trail: _Trail) -> _Changes:
    word = FIELD_WORDS[field]
    if isinstance(before, ItemLimits) and isinstance(after, ItemLimits):
        yield from _of_limits(names, before, after, trail)
    elif _is_several(before) or _is_several(after):
        yield from _of_several(names, word, before, after, trail)
    elif _is_part(before) and type(before) is type(after):
        yield from _of_model(names, before, after, (*trail, word))
    elif _is_part(before) or _is_part(after):
        yield trail, f"{'新增' if before is None else '取消'}{word}"
        if after is not None:  # what is new is said whole
            yield from _all_of(names, after, (*trail, word))
    elif isinstance(before, Limit) and isinstance(after, Limit):
        yield trail, f"{word} {_limits(before, after)}"
    else:
        yield trail, f"{word} {names.said(field, before)} → {names.said(field, after)}"


def _of_several(
    names: "_Names", word: str, before: Sequence[BaseModel], after: Sequence[BaseModel], trail: _Trail
) -> _Changes:
    old, new = ({_key(one): one for one in several} for several in (before, after))
    for key in old.keys() - new.keys():
        yield trail, f"取消{word}“{names.of_one(old[key])}”"
    for key, one in new.items():
        at = (*trail, _part(word, names.of_one(one)))
        if key in old:
            yield from _of_model(names, old[key], one, at)
        else:
            yield trail, f"新增{word}“{names.of_one(one)}”"
            yield from _all_of(names, one, at)
    if [key for key in old if key in new] != [key for key in new if key in old]:
        yield trail, f"{word}的顺序：{'、'.join(names.of_one(one) for one in after)}"


def _all_of(names: "_Names", part: BaseModel, trail: _Trail) -> _Changes:
    """What is there of a part that was not there before; what it leaves at its default goes without saying."""
    for field, info in type(part).model_fields.items():
        value = getattr(part, field)
        if value == info.get_default(call_default_factory=True) or field in (_KEY_OF.get(type(part)), "name", "label"):
            continue
        word = FIELD_WORDS[field]
        if _is_several(value):
            yield trail, f"{word} {'、'.join(names.of_one(each) for each in value)}"
        elif _is_part(value):
            yield from _all_of(names, value, (*trail, word))
        else:
            yield trail, f"{word} {names.said(field, value)}"


def _is_part(value: object) -> bool:
    if isinstance(value, CitedLimit):  # with what sets it, and more
        return True
    return isinstance(value, BaseModel) and not isinstance(value, _SAID_AT_ONCE)


def _is_several(value: object) -> bool:
    return isinstance(value, tuple) and bool(value) and _is_part(value[0])


def _key(part: BaseModel) -> str:
    return str(getattr(part, _KEY_OF[type(part)]))


def _part(word: str, name: str) -> str:
    return name if word == FIELD_WORDS["items"] else f"{word}“{name}”"


def _limits(before: Limit, after: Limit) -> str:
    """`2 → 1 个工作日` where the unit is the same."""
    if before.unit is after.unit and before.whose is after.whose and before.amount and after.amount:
        return f"{before.amount} → {after.amount} {VALUE_WORDS[type(after.unit)][after.unit]}"
    whose = before.whose is not after.whose
    return " → ".join(
        f"{limit_text(one)}{f'（{value_word(one.whose)}的日子）' if whose else ''}" for one in (before, after)
    )


class _Names:
    """What codes stand for: as the new version calls them, and what it has no more as the old one did."""

    def __init__(self, catalog: Catalog, old: BundleDefinition, new: BundleDefinition) -> None:
        both = (old, new)
        items = {one.code: one.name for each in both for one in each.items}
        items |= {one.code: one.name for each in both for one in each.periods}
        items |= {one.code: one.name for each in both for one in each.inspections}
        materials = {one.code: one.name for each in both for one in each.materials}
        fields = {one.id: one.name for each in both for one in each.sections}
        fields |= {one.id: one.label for each in both for one in each.form}
        fields |= {one.id: one.label for each in both for item in each.items for one in item.decision_form}
        outputs = {
            f"{item.code}.{one.id}": f"{item.name}的{one.name}"
            for each in both
            for item in each.items
            for one in item.outputs
        }
        sources = {code: one.name for code, one in catalog.sources.items()}
        self._of_field: Mapping[str, Mapping[str, str]] = {
            **dict.fromkeys(("department", "departments"), catalog.departments),
            **dict.fromkeys(("items", "after"), items),
            **dict.fromkeys(("materials", "lookups", "material", "until_shown", "fallback"), materials),
            **dict.fromkeys(("fields", "reads", "valid_until", "ends_person", "identity"), fields),
            **dict.fromkeys(("outputs", "output"), outputs),
            "source": sources,
            "audience": AUDIENCES,
        }

    def of_one(self, part: BaseModel) -> str:
        name = getattr(part, _NAME_OF[type(part)])
        if isinstance(part, CaseLimit):
            return f"{limit_text(part)}（{part.when or '其他情形'}）"
        return value_word(name) if isinstance(name, StrEnum) else str(name)

    def said(self, field: str, value: Any) -> str:
        """A value of that field, for people."""
        match value:
            case None | () | "":
                return _NOTHING
            case bool():
                return "是" if value else "否"
            case StrEnum():
                return value_word(value)
            case str():
                return self._of_field.get(field, {}).get(value, value)
            case Limit():
                return limit_text(value)
            case Basis():
                return basis_text(value)
            case Expectation() | ManualCheckFallback() | CommitmentFallback() | WaitFallback():
                return self._members(value)
            case Mapping():
                return self._list(f"{key}＝{self.said(field, one)}" for key, one in value.items())
            case tuple() | list():
                return self._list(self.said(field, one) for one in value)
        return str(value)

    def _members(self, value: BaseModel) -> str:
        parts = ((name, getattr(value, name)) for name in type(value).model_fields)
        return "，".join(f"{FIELD_WORDS[name]}：{self.said(name, one)}" for name, one in parts if one is not None)

    def _list(self, texts: Iterable[str]) -> str:
        return "、".join(texts)
