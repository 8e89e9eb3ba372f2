"""失信记录, as supervisors see it: which approval fell since which promise was broken, and when."""

from onething.domain.principal import Caller
from onething.security.policy import Act, Facts, require
from onething.services.core.context import Office
from onething.services.summaries import pagination
from onething.services.summaries.responses import Shown, View, WholeView
from onething.store.record import access_log
from onething.store.tables import cases, credit_notes


class CreditNoteRow(View):
    """Nobody is named, nothing quoted. `finding`: name of the sealed paper of the case with what was found."""

    case_no: str
    bundle: str
    name: str
    item: str
    item_name: str
    material: str
    material_name: str
    finding: str
    at: Shown


class CreditNotePage(WholeView):
    items: list[CreditNoteRow]
    next: str | None = None


async def page(office: Office, caller: Caller, limit: int, after: str | None) -> CreditNotePage:
    """Of the caller's region, newest first. Raises NotPermitted."""
    before = pagination.read(after) if after else cases.LATEST
    async with office.transaction(caller, Act.VIEW_CREDIT_NOTES) as tx:
        require(caller, Act.VIEW_CREDIT_NOTES, Facts(region=caller.region))
        rows = await credit_notes.page(tx, caller.region, before=before, limit=limit + 1)
        detail = f"rows:{min(len(rows), limit)}"
        await access_log.add(tx, Act.VIEW_CREDIT_NOTES, office.clock.now(), detail=detail)
    more = pagination.written(*rows[limit - 1].cursor) if len(rows) > limit else None
    return CreditNotePage(items=[_row(office, one) for one in rows[:limit]], next=more)


def _row(office: Office, one: credit_notes.CreditNote) -> CreditNoteRow:
    definition = office.applications.definition(one.bundle)
    items = {item.code: item.name for item in definition.items}
    materials = {material.code: material.name for material in definition.materials}
    return CreditNoteRow(
        case_no=one.case_no,
        bundle=one.bundle,
        name=definition.name,
        item=one.item,
        item_name=items.get(one.item, one.item),
        material=one.material,
        material_name=materials.get(one.material, one.material),
        finding=one.finding,
        at=one.at,
    )
