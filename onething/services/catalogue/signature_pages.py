"""A page for each department of a bundle to sign: what it reads, decides, by when, and what its silence means."""

from dataclasses import dataclass

from definitions.sheet import DepartmentSheet, department_sheet
from onething.domain.definition.bundle import BundleDefinition
from onething.domain.errors import FailureCode, OneThingError
from onething.domain.principal import Principal
from onething.security.policy import Act, require
from onething.services.bundles import named
from onething.services.catalogue.register import remedy
from onething.services.core.context import AppContext


@dataclass(frozen=True)
class SignaturePage:
    """`digest`: of the definition that is signed, so that a page is of that text and no other."""

    definition: BundleDefinition
    sheet: DepartmentSheet
    digest: str


async def page(context: AppContext, principal: Principal, ref: str, department: str) -> SignaturePage:
    """Raises OneThingError UNKNOWN_BUNDLE, NOT_FOUND for a department that it asks for nothing."""
    async with context.transaction(principal, Act.OPERATE):  # whose refusal leaves a line
        require(principal, Act.OPERATE)
    definition = named(context, ref)
    sheet = department_sheet(context.catalog, definition, department, remedy(context))
    if sheet is None:
        raise OneThingError(FailureCode.NOT_FOUND, "这个部门在这件事里没有事项，也不提供数据。")
    return SignaturePage(definition, sheet, definition.digest)
