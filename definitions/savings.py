"""What handling a case's items together saves against handling each alone. Pure counting of what the plan solved."""

from collections.abc import Collection

from onething.domain.base import Strict
from onething.domain.definition.bundle import BundleDefinition, DeliveryMethod
from onething.domain.definition.form_fields import FormField
from onething.domain.definition.materials import MaterialSource
from onething.domain.plan.plan import Plan


class Saving(Strict):
    """The same items handled one by one against here. Nothing is ever less alone than here.

    Materials alone: each item asks for each of its own. Of these nobody has to bring what an item of the case brings
    forth (`materials_produced`), what a source knows (`materials_shared`), what a licence shows (`materials_licensed`)
    and what was brought already for another item (`materials_duplicate`); what remains is `materials_here`. Materials
    that only take the place of a record which can't be had count on neither side. Copies: as materials, each times the
    copies that an item wants of it. `materials_reusable`, of those here: need not be brought if the applicant consents
    to the file of an earlier case.
    Fields alone: each item has its own form, with every field that it reads. Trips alone: a visit to apply and, unless
    the item is done on the spot, another to collect; here none if the result comes electronically, else one.
    """

    materials_alone: int
    materials_here: int
    materials_produced: int
    materials_shared: int
    materials_licensed: int
    materials_duplicate: int
    materials_reusable: int
    copies_alone: int
    copies_here: int
    fields_alone: int
    fields_here: int
    forms_alone: int
    forms_here: int
    trips_alone: int
    trips_here: int


def saving(
    definition: BundleDefinition, plan: Plan, form: tuple[FormField, ...], reusable: Collection[str] = ()
) -> Saving:
    """`form`: the fields that apply in the plan's situation; `reusable`: codes that the applicant gave before."""
    codes = plan.item_by_code.keys()
    at_once = [item.is_immediate for item in definition.items if item.code in codes]
    copies = {material.code: material.copies for material in definition.materials}
    seen = [material for material in plan.materials if not material.fallback_for]
    brought = [material for material in seen if material.source is MaterialSource.APPLICANT]

    def copies_needed(*sources: MaterialSource) -> int:
        return sum(len(material.needed_by) for material in seen if material.source in sources)

    return Saving(
        materials_alone=copies_needed(*MaterialSource),
        materials_here=len(brought),
        materials_produced=copies_needed(MaterialSource.ITEM_OUTPUT),
        materials_shared=copies_needed(MaterialSource.DATA_SHARING),
        materials_licensed=copies_needed(MaterialSource.E_LICENCE),
        materials_duplicate=copies_needed(MaterialSource.APPLICANT) - len(brought),
        materials_reusable=sum(material.code in reusable for material in plan.asked_materials),
        copies_alone=sum(len(material.needed_by) * copies[material.code] for material in seen),
        copies_here=sum(copies[material.code] for material in brought),
        fields_alone=sum(len(codes & set(definition.readers[field.id])) for field in form),
        fields_here=len(form),
        forms_alone=len(codes),
        forms_here=min(1, len(codes)),
        trips_alone=sum(1 if immediate else 2 for immediate in at_once),
        trips_here=0 if DeliveryMethod.ELECTRONIC in definition.delivery else min(1, len(codes)),
    )
