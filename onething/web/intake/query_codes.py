"""查询码 on the way to the receipt: told once. In no address and no log; this browser keeps it sealed for half an hour,
for whom it was told to alone: the clerk who has begun the draft, the applicant who has just submitted."""

from starlette.requests import Request
from starlette.responses import Response

from onething.domain.principal import Principal
from onething.security.sealing import SealBroken
from onething.services.core.context import AppContext
from onething.web.core import cookies


def keep(
    request: Request, answer: Response, context: AppContext, by: Principal, case_no: str, code: str, path: str
) -> None:
    """For the pages under `path`."""
    sealed = context.sealer.seal(code.encode(), context=_place(by, case_no)).hex()
    cookies.keep_receipt(request, answer, case_no, sealed, path)


def known(request: Request, context: AppContext, by: Principal, case_no: str) -> str | None:
    """None where this browser has not begun it, or too long ago."""
    try:
        sealed = bytes.fromhex(cookies.receipt_code(request, case_no))
        return context.sealer.open(sealed, context=_place(by, case_no)).decode()
    except (ValueError, SealBroken):
        return None


def _place(by: Principal, case_no: str) -> str:
    return f"receipt/{case_no}/{by.subject}"
