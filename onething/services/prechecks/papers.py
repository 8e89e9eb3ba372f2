"""What was photographed, for the clerk who looks at it: by the right to the precheck, as nobody sees others' drafts."""

from onething.documents.pictures import Picture
from onething.domain.errors import FailureCode, OneThingError
from onething.domain.kernel.case_no import CaseNo
from onething.domain.principal import Principal
from onething.security.policy import Act, require
from onething.services.core.context import AppContext
from onething.services.core.visibility import latest_of
from onething.services.materials import files, pages
from onething.services.prechecks.contents import draft_to_check
from onething.store.record import access_log
from onething.store.tables import prechecks


async def fetch(context: AppContext, principal: Principal, case_no: CaseNo, code: str) -> files.FileOut:
    """The newest file of a material that is to be brought, and of no other. Leaves a line. Raises NotPermitted,
    NOT_FOUND, and as `draft_to_check`."""
    async with context.transaction(principal, Act.VIEW_PRECHECK, case_no) as tx:
        require(principal, Act.VIEW_PRECHECK)
        found = await prechecks.need(tx, case_no)
        draft = await draft_to_check(context, tx, case_no)
        if code not in {one.code for one in draft.materials}:
            raise OneThingError(FailureCode.NOT_FOUND, "这份草稿现在不用带这种材料，没有可以看的照片。")
        file = await files.sealed_file(tx, case_no, code, None)
        detail = f"{code}:{file.row.version}"
        access_log.add(tx, Act.VIEW_PRECHECK, context.clock.now(), case_no=case_no, detail=detail)
    return files.opened_file(context, case_no, latest_of(context, found.bundle, found.region), file)


async def page(
    context: AppContext, principal: Principal, case_no: CaseNo, code: str, number: int
) -> tuple[files.FileOut, Picture]:
    """A page of it as a picture. Raises as `fetch`, and as `materials.pages.page`."""
    file = await fetch(context, principal, case_no, code)
    return file, await pages.picture_of(context, file, number)
