"""What of a certificate may be written down wrong: what it shows."""

from dataclasses import dataclass

from onething.domain.definition.bundle import BundleDefinition
from onething.domain.definition.form_fields import FormField
from onething.domain.definition.items import Output, OutputKind


@dataclass(frozen=True)
class ShownFields:
    """`decided`: of the item's decision; `applied`: of the application."""

    papers: tuple[Output, ...] = ()
    decided: tuple[FormField, ...] = ()
    applied: tuple[FormField, ...] = ()


def correctable(definition: BundleDefinition, item: str) -> ShownFields:
    of = next((one for one in definition.items if one.code == item), None)
    if of is None:
        return ShownFields()
    papers = tuple(one for one in of.outputs if one.kind is OutputKind.CERTIFICATE)
    shown = {field for one in papers for field in (*one.fields, one.valid_until) if field is not None}
    return ShownFields(
        papers,
        tuple(one for one in of.decision_form if one.id in shown),
        tuple(one for one in definition.form if one.id in shown),
    )
