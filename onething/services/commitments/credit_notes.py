"""失信记录, as supervisors see it: which approval fell since which promise was broken, and when."""

from onething.domain.principal import Principal
from onething.security.policy import Act, Facts, require
from onething.services.core.context import AppContext
from onething.services.summaries import pagination
from onething.services.summaries.responses import CompleteResponseModel, LocalDateTime, ResponseModel
from onething.store.record import access_log
from onething.store.tables import cases, credit_notes


class CreditNoteRow(ResponseModel):
    """Nobody is named, nothing quoted. `finding`: name of the sealed value of the case with what was found."""

    case_no: str
    bundle: str
    name: str
    item: str
    item_name: str
    material: str
    material_name: str
    finding: str
    at: LocalDateTime


class CreditNotePage(CompleteResponseModel):
    items: list[CreditNoteRow]
    next: str | None = None


async def page(context: AppContext, principal: Principal, limit: int, after: str | None) -> CreditNotePage:
    """Of the caller's region, newest first. Raises NotPermitted."""
    before = pagination.read(after) if after else cases.LATEST
    async with context.transaction(principal, Act.VIEW_CREDIT_NOTES) as tx:
        require(principal, Act.VIEW_CREDIT_NOTES, Facts(region=principal.region))
        rows = await credit_notes.page(tx, principal.region, before=before, limit=limit + 1)
        detail = f"rows:{min(len(rows), limit)}"
        access_log.add(tx, Act.VIEW_CREDIT_NOTES, context.clock.now(), detail=detail)
    more = pagination.written(*rows[limit - 1].cursor) if len(rows) > limit else None
    return CreditNotePage(items=[_row(context, one) for one in rows[:limit]], next=more)


def _row(context: AppContext, note: credit_notes.CreditNote) -> CreditNoteRow:
    definition = context.applications.definition(note.bundle)
    items = {item.code: item.name for item in definition.items}
    materials = {material.code: material.name for material in definition.materials}
    return CreditNoteRow(
        case_no=note.case_no,
        bundle=note.bundle,
        name=definition.name,
        item=note.item,
        item_name=items.get(note.item, note.item),
        material=note.material,
        material_name=materials.get(note.material, note.material),
        finding=note.finding,
        at=note.at,
    )
