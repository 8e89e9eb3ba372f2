"""Files that a page's form sends: read at the end, once it is known that they may come."""

from starlette.requests import Request

from onething.domain.principal import Principal
from onething.edge.uploads import Upload, UploadGate, read_upload
from onething.services.identity.page_sessions import PageSession
from onething.services.materials.photos import UploadLimits
from onething.web.core import forgery
from onething.web.core.forms import KEY_FIELD
from onething.web.core.routes import SignedInPageRoute


class UploadPageRoute(SignedInPageRoute):
    """Of forms with a file. Their endpoint reads them by `read_file`, which looks at the session's token."""

    async def read(self, request: Request, _: PageSession | None) -> None:
        """Nothing yet."""


async def read_file(
    request: Request, session: PageSession, by: Principal, limits: UploadLimits, material: str
) -> Upload:
    """Raises as `read_upload`, and Forged. Waits for a place: few are read at once."""
    gate: UploadGate = request.app.state.uploads
    async with gate.place(by.subject):
        upload = await read_upload(request, limits, material, beside=(forgery.TOKEN_FIELD, KEY_FIELD))
    forgery.require_token(session, upload.texts.get(forgery.TOKEN_FIELD, ""))
    return upload
