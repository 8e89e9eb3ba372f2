"""The enterprise that an application is about, whoever applies: by which lists show it, and people look for it."""

from onething.domain.definition.bundle import BundleDefinition, FormField, FormFieldType

_NAMED = "company_name"
"""What bundles call the field, until their parties say whose name it is."""


def enterprise_field(definition: BundleDefinition) -> FormField | None:
    """Where its form names it; None of a bundle that is about people."""
    return next((one for one in definition.form if one.id == _NAMED and one.type is FormFieldType.TEXT), None)
