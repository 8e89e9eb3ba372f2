"""What a place has otherwise, in sentences with their basis; and the whole of it as one file."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml
from pydantic import ValidationError

from definitions.difference import differences
from definitions.layers.places import AppliedRule, PlaceRules
from definitions.loader import Catalog
from definitions.terms import basis_text
from definitions.words import FIELD_WORDS
from onething.domain.definition.basis import ASSUMED, with_bases
from onething.domain.definition.bundle import BundleDefinition

_UNSAID: str = with_bases({"basis": ASSUMED}, {})["basis"]["title"]


@dataclass(frozen=True)
class PlaceDifference:
    """`place`: whose rule it is, the place's own or that of a wider one. `basis`: as people cite it."""

    place: str
    about: str
    change: str
    basis: str
    assumed: bool = False

    @property
    def text(self) -> str:
        return f"{self.about}：{self.change}，依据{self.basis}"


def place_differences(catalog: Catalog, ref: str) -> tuple[PlaceDifference, ...]:
    """Rule by rule, those of wider places first. Empty where no place writes otherwise. `ref`: of what is held."""
    return tuple(one for rules in _chain(catalog, ref) for one in _of(catalog, rules))


def effective_text(catalog: Catalog, ref: str) -> str:
    """YAML that reads to the same definition, in the order of the format."""
    value: dict[str, Any] = catalog.documents[ref].value
    order = [info.alias or name for name, info in BundleDefinition.model_fields.items()]
    ordered = {key: value[key] for key in order if key in value}
    text: str = yaml.safe_dump(ordered, allow_unicode=True, sort_keys=False, width=120)
    return text


def _chain(catalog: Catalog, ref: str) -> list[PlaceRules]:
    found: list[PlaceRules] = []
    while (rules := catalog.places.get(ref)) is not None:
        found.insert(0, rules)
        ref = rules.above
    return found


def _of(catalog: Catalog, rules: PlaceRules) -> Iterator[PlaceDifference]:
    before = _definition(rules.start.plain())
    for step in rules.steps:
        after = _definition(step.tree.plain())
        if before is None or after is None:  # whole only together with what comes next
            before = before if after is None else after
            continue
        for one in differences(catalog, before, after):
            if not one.change.startswith(f"{FIELD_WORDS['basis']} "):  # said behind the sentence
                assumed = any(each.assumed for each in step.basis)
                change = _with_reason(one.change, step)
                yield PlaceDifference(rules.file.place, one.about, change, _basis(step), assumed)
        before = after


def _definition(value: Any) -> BundleDefinition | None:
    try:
        return BundleDefinition.model_validate(value)
    except ValidationError:
        return None


def _with_reason(change: str, step: AppliedRule) -> str:
    return f"{change}（{step.why.removesuffix('。')}）" if step.why else change


def _basis(step: AppliedRule) -> str:
    return "、".join(basis_text(one).replace(_UNSAID, "还没有写明") for one in step.basis)
