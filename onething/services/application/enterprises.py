"""What an application is about, whoever applies: the enterprise, which lists show and people look for by its name;
and by what two applications are found to be about the same."""

import json
from typing import Any

from onething.domain.definition.bundle import BundleDefinition
from onething.domain.definition.form_fields import FormField, FormFieldType
from onething.domain.form.field_values import paper_in
from onething.domain.identity import same_holder
from onething.domain.sources.compare_as import CompareAs, normal
from onething.security.blind_index import BlindIndex
from onething.services.application.schemas import Application

_NAMED = "company_name"
"""What bundles call the field, until their parties say whose name it is."""


def enterprise_field(definition: BundleDefinition) -> FormField | None:
    """Where its form names it; None of a bundle that is about people."""
    return next((one for one in definition.form if one.id == _NAMED and one.type is FormFieldType.TEXT), None)


def name_indexes(index: BlindIndex, definition: BundleDefinition, application: Application) -> frozenset[bytes]:
    """By which names the case is found: who applies, and the enterprise that it is about."""
    party, asked = application.applicant, enterprise_field(definition)
    found = {index.of_name(party.type, party.name)}
    if asked is not None and (called := application.form.get(asked.id)):
        found.add(index.of_name("enterprise", called))
    return frozenset(found)


def matter_index(index: BlindIndex, definition: BundleDefinition, application: Application) -> bytes | None:
    """What the application is about, as its bundle tells two apart; None where it does not say all of it."""
    if not definition.told_apart_by:
        applicant = application.applicant
        said = [same_holder(applicant.id_type, applicant.id_number)]
    else:
        said = [said_in(application, name) for name in definition.told_apart_by]
    return index.of_matter(definition.code, json.dumps(said, ensure_ascii=False)) if all(said) else None


def said_in(application: Application, field: str) -> str:
    """What stands in it, in one form for all ways of writing it; empty where nothing does."""
    return _said(application.form.get(field))


def _said(value: Any) -> str:
    if (paper := paper_in(value)) is not None:
        return same_holder(*paper)
    return normal(CompareAs.NAME, str(value)) if value is not None else ""
