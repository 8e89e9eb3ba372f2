"""The enterprise that an application is about, whoever applies: lists show it, and people look for it by its name."""

from onething.domain.definition.bundle import BundleDefinition, FormField, FormFieldType
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
