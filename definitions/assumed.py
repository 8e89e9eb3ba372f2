"""What a definition only assumes, figure by figure: for the sheet that a county's departments fill in, and for who may
publish it. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from pydantic import BaseModel

from definitions.terms import due_text, limit_text
from definitions.words import FIELD_WORDS, value_word
from onething.domain.calendar.limits import Limit
from onething.domain.definition.basis import Basis, is_unsaid
from onething.domain.definition.bundle import BundleDefinition, CorrectionTerms
from onething.domain.definition.items import AllowedPause, Fee, Item, ItemCommitment
from onething.domain.definition.materials import CommitmentOffer, DueTerms, Material, OldestAge
from onething.domain.definition.periods import Period, PlannedInspection
from onething.domain.definition.questions import Parameter

_WHOLE = "整件事"
_LEFT_OUT = frozenset({"bases", "examples"})


@dataclass(frozen=True)
class AssumedFigure:
    """`path`: where it stands, as a place sets or confirms it. `department`: code of who knows, None of the whole.
    `about`: of which item, material or standard; `what`: of it; `value`: as it is now, in words, empty where it is no
    figure; `because`: what is said of where it comes from."""

    path: str
    department: str | None
    about: str
    what: str
    value: str
    because: str

    @property
    def text(self) -> str:
        figure = " ".join(filter(None, (self.what, self.value)))
        return f"{self.about}：{figure}{f'（{self.because}）' if self.because else ''}"


def assumed_figures(definition: BundleDefinition) -> tuple[AssumedFigure, ...]:
    """In the order of the definition; several limits of an item, one for each situation, are one figure."""
    found: dict[str, AssumedFigure] = {}
    for one in _of(definition, _Place((), FIELD_WORDS["basis"], _WHOLE, None), _asking(definition)):
        earlier = found.get(one.path)
        if earlier is None:
            found[one.path] = one
        elif one.value and one.value not in earlier.value:
            found[one.path] = replace(earlier, value=f"{earlier.value}；{one.value}")
    return tuple(found.values())


@dataclass(frozen=True)
class _Place:
    """Of the part that is looked at: as `AssumedFigure`."""

    path: tuple[str, ...]
    what: str
    about: str
    department: str | None


def _asking(definition: BundleDefinition) -> Mapping[str, str]:
    """Material → the department of the first item that looks at it."""
    return {code: item.department for item in reversed(definition.items) for code in item.materials}


def _of(part: BaseModel, place: _Place, asking: Mapping[str, str]) -> Iterator[AssumedFigure]:
    for field, info in type(part).model_fields.items():
        if field in _LEFT_OUT:
            continue
        value, key = getattr(part, field), info.alias or field
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, Basis) and one.assumed:
                because = "" if is_unsaid(one) else "，".join(filter(None, (one.title, one.note)))
                path = ".".join(place.path) or "basis"
                yield AssumedFigure(path, place.department, place.about, place.what, _value(part), because)
            elif isinstance(one, BaseModel) and not isinstance(one, Basis):
                yield from _of(one, _below(place, key, field, one, asking), asking)


def _below(place: _Place, key: str, field: str, part: BaseModel, asking: Mapping[str, str]) -> _Place:
    name = next((str(getattr(part, word)) for word in ("id", "code", "key") if hasattr(part, word)), None)
    path = (*place.path, key) if name is None else (*place.path, key, name)
    match part:
        case Item():
            return _Place(path, FIELD_WORDS["basis"], part.name, part.department)
        case Period():
            return _Place(path, FIELD_WORDS["length"], part.name, part.department)
        case PlannedInspection():
            return _Place(path, FIELD_WORDS["basis"], part.name, part.lead)
        case Material():
            return _Place(path, FIELD_WORDS["basis"], part.name, asking.get(part.code))
        case Parameter():
            return _Place(path, FIELD_WORDS[field], part.name, None)
    return replace(place, path=path, what=FIELD_WORDS[field])


def _value(part: BaseModel) -> str:
    """The figure that rests on it, in words."""
    match part:
        case Limit():
            when = getattr(part, "when", None)
            return f"{limit_text(part)}{f'（{when}）' if when else ''}"
        case Parameter(value=bool() as answer):
            return "是" if answer else "否"
        case Parameter():
            return f"{part.value}{f' {part.unit}' if part.unit else ''}"
        case Fee():
            return f"{part.name} {Decimal(part.yuan)} 元"
        case DueTerms():
            return due_text(part)
        case ItemCommitment():
            return part.says
        case CommitmentOffer():
            return value_word(part.check)
        case CorrectionTerms():
            return limit_text(part.limit)
        case AllowedPause():
            return f"{value_word(part.procedure)}，至多{limit_text(part.at_most)}"
        case OldestAge():
            return f"{part.amount} {value_word(part.unit)}"
    return ""
