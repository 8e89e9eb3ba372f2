"""One definition while it is being checked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property

from definitions.conditions import Condition
from definitions.loader import Catalog
from definitions.problems import DefinitionProblem
from definitions.reading import Document, Trail
from onething.domain.definition.bundle import BundleDefinition
from onething.domain.definition.form_fields import FormField
from onething.domain.definition.items import Item
from onething.domain.definition.materials import FallbackKind, Material


@dataclass
class LintContext:
    catalog: Catalog
    definition: BundleDefinition
    document: Document
    problems: list[DefinitionProblem] = field(default_factory=list)

    def say(self, path: Sequence[str | int], what: str, remedy: str) -> None:
        self.problems.append(self.document.problem(path, what, remedy))

    def unknown(self, path: Sequence[str | int], kind: str, name: str, known: Iterable[str]) -> None:
        """A name that stands for nothing: what was meant, or what there is."""
        names = sorted(known)
        near = get_close_matches(name, names, n=1, cutoff=0.5)
        remedy = f"是否想写“{near[0]}”？" if near else f"可用的有：{'、'.join(names) or '（无）'}。"
        self.say(path, f"没有{kind}“{name}”。", remedy)

    def place_of_limit(self, item: int, word: str, number: int) -> Trail:
        """Where one limit of an item stands: a single one needs no list."""
        trail: Trail = ("items", item, "limits", word)
        return (*trail, number) if self.document.has((*trail, number)) else trail

    @cached_property
    def items(self) -> dict[str, Item]:
        return {item.code: item for item in self.definition.items}

    @cached_property
    def materials(self) -> dict[str, Material]:
        return {material.code: material for material in self.definition.materials}

    @cached_property
    def place_of_field(self) -> dict[str, Trail]:
        """Where each field of the form stands."""
        return {
            field.id: ("form", index, "fields", number)
            for index, section in enumerate(self.definition.sections)
            for number, field in enumerate(section.fields)
        }

    @cached_property
    def place_of_material(self) -> dict[str, Trail]:
        return {one.code: ("materials", index) for index, one in enumerate(self.definition.materials)}

    @cached_property
    def form(self) -> dict[str, FormField]:
        return {one.id: one for one in self.definition.form}

    def is_settled(self, condition: Condition) -> bool:
        """Whether half of it may have no use here, and yet be right: it reads a question that this bundle answers
        itself."""
        return not self._fixed.isdisjoint(condition.questions)

    @cached_property
    def _fixed(self) -> frozenset[str]:
        return frozenset(one.id for one in self.definition.questions if one.fixed is not None)

    @cached_property
    def outputs(self) -> set[str]:
        return {f"{item.code}.{output.id}" for item in self.definition.items for output in item.outputs}

    @cached_property
    def fallbacks(self) -> set[str]:
        return {one.fallback_material for one in self.definition.lookups if one.fallback_material}

    @cached_property
    def promised_instead(self) -> set[str]:
        """Materials that may be promised when a source does not give what they would show."""
        promised = (one for one in self.definition.lookups if one.fallback_kind is FallbackKind.COMMITMENT)
        return {one.fallback_material for one in promised if one.fallback_material}
