"""Saving a section of a draft: only what was changed, over whatever stands there by now.

A page remembers what it showed (`_was`). Where the draft has been changed elsewhere meanwhile, what was changed on one
side alone is kept as it is on that side; of what was changed on both to different values, people choose.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from onething.domain.errors import FailureCode, OneThingError
from onething.domain.kernel.case_no import CaseNo
from onething.domain.principal import Principal
from onething.services.cases import search as cases_search
from onething.services.cases.schemas import CaseView
from onething.services.core.context import AppContext
from onething.services.intake import drafts
from onething.services.intake.draft_content import ReadVersions
from onething.services.intake.schemas import DraftChangeRequest
from onething.web.core.definition_fields import FieldValues
from onething.web.core.forms import Form, as_request

_TRIES = 4  # so often somebody else may be faster


@dataclass(frozen=True)
class SavedSection:
    """`clashes`: name → (what was typed here, what stands there); nothing of these was written."""

    view: CaseView
    clashes: Mapping[str, tuple[Any, Any]] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class RenderedValues:
    """What the page showed when it was rendered."""

    version: int
    values: Mapping[str, Any] = field(repr=False)


def rendered_by(sent: Form) -> RenderedValues:
    """Raises OneThingError INVALID_REQUEST for a form that is not as we rendered it."""
    try:
        version, values = int(sent.value("_version", "0")), orjson.loads(sent.value("_was", "{}"))
    except ValueError:
        raise _broken() from None
    if not isinstance(values, dict):
        raise _broken()
    return RenderedValues(version, values)


def own_values(sent: Form) -> FieldValues | None:
    """Of a form on which somebody chooses between two values, those that were typed here; None of any other form.
    Raises OneThingError INVALID_REQUEST for one that is not as we rendered it."""
    if not sent.has("_mine"):
        return None
    try:
        mine = orjson.loads(sent.value("_mine"))
    except ValueError:
        raise _broken() from None
    if not isinstance(mine, dict):
        raise _broken()
    return mine


def chosen_values(own: Mapping[str, Any], sent: Form) -> FieldValues | None:
    """Of these those that are to be written; None where it was not said of each."""
    if any(sent.value(f"_choose/{name}") not in ("mine", "theirs") for name in own):
        return None
    return {name: value for name, value in own.items() if sent.value(f"_choose/{name}") == "mine"}


def remembered(values: Mapping[str, Any]) -> str:
    """For `_was` and `_mine`."""
    return orjson.dumps(dict(values)).decode()


async def save(
    context: AppContext, principal: Principal, case_no: CaseNo, part: str, rendered: RenderedValues, typed: FieldValues
) -> SavedSection:
    """Raises as `drafts.change`, but for STALE_VERSION, and RequestValidationError."""
    changed = {name: value for name, value in typed.items() if value != rendered.values.get(name)}
    version, clear, clashes = rendered.version, changed, dict[str, tuple[Any, Any]]()
    now: Mapping[str, Any] = rendered.values
    for left in reversed(range(_TRIES)):
        if not clear:
            break
        try:
            await drafts.change(
                context, principal, case_no, ReadVersions(frozenset({version})), _request(part, now, clear)
            )
            break
        except OneThingError as refused:
            if refused.code is not FailureCode.STALE_VERSION or not left:
                raise
        view, _ = await cases_search.show(context, principal, case_no)
        version, now = view.version, values_of(view, part)
        clashes = {
            name: (value, now.get(name))
            for name, value in changed.items()
            if now.get(name) not in (value, rendered.values.get(name))
        }
        clear = {name: value for name, value in changed.items() if name not in clashes and now.get(name) != value}
    view, _ = await cases_search.show(context, principal, case_no)
    return SavedSection(view, clashes)


def values_of(view: CaseView, part: str) -> FieldValues:
    """What stands in a part of the draft, by name."""
    match part:
        case "answers":
            return dict(view.answers or {})
        case "applicant":
            return view.applicant.model_dump(exclude_none=True) if view.applicant else {}
        case "delivery":
            return dict(view.delivery or {})
    return dict(view.form or {})


def _request(part: str, now: Mapping[str, Any], changed: Mapping[str, Any]) -> DraftChangeRequest:
    """`form` and `answers` are merged name by name, the other parts replaced."""
    if part in ("form", "answers"):
        return as_request(DraftChangeRequest, {part: dict(changed)})
    whole = {name: value for name, value in {**now, **changed}.items() if value is not None}
    return as_request(DraftChangeRequest, {part: whole})


def _broken() -> OneThingError:
    return OneThingError(FailureCode.INVALID_REQUEST, "表单无法读取，请刷新页面后再提交。")
