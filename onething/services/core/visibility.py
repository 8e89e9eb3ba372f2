"""Which department is concerned by which part of an application: one whose items use it."""

from onething.domain.definition.bundle import BundleDefinition
from onething.domain.plan.plan import Plan


def fields_by_department(definition: BundleDefinition, plan: Plan) -> dict[str, frozenset[str]]:
    """Form field → departments whose items in this case use it."""
    items = plan.item_by_code
    return {
        field.id: frozenset(items[code].department for code in field.used_by if code in items)
        if field.used_by
        else frozenset(plan.departments)
        for field in definition.form
    }


def departments_of(plan: Plan, item_codes: tuple[str, ...]) -> frozenset[str]:
    return frozenset(plan.item_by_code[code].department for code in item_codes if code in plan.item_by_code)
