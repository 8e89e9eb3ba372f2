"""核对并提交: all that was filled in, read once more; and what comes next."""

from typing import Annotated

import segno
from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from onething.domain.errors import FailureCode, FieldProblem, InvalidInput, NotAllowed, OneThingError
from onething.domain.kernel.case_no import CaseNo
from onething.domain.principal import Principal
from onething.edge.dependencies import By, CaseNoPath, InContext
from onething.edge.limits import counting
from onething.edge.query import QueryModel
from onething.security.limits import Allowance
from onething.security.policy import NotPermitted
from onething.services.cases import query_code
from onething.services.cases import search as cases_search
from onething.services.cases.query_code import QueryCode
from onething.services.core.context import AppContext
from onething.services.intake import submit
from onething.services.intake.draft_content import ReadVersions
from onething.services.intake.schemas import SubmissionRequest
from onething.web.core.problems import Mistakes, mistakes_of
from onething.web.core.routes import Sent, SignedInPageRoute, see_other
from onething.web.core.templating import Pages, render
from onething.web.intake import fields as field_words
from onething.web.intake import query_codes
from onething.web.intake.contents import FilledDraft, read_draft
from onething.web.materials.views import MaterialRow, material_rows

router = APIRouter(prefix="/my", route_class=SignedInPageRoute, include_in_schema=False)
_ONLY_MISSING = frozenset({FailureCode.MISSING_VALUE, FailureCode.MISSING_MATERIAL})


_NO_DRAFT_ANY_MORE = frozenset({FailureCode.NOT_ALLOWED_NOW, FailureCode.NOT_FOUND})
"""What is answered when another press has submitted it, before or while this one reads it."""


class CheckQuery(QueryModel):
    """`wrong`: what keeps it from being taken is to be told; a page of its own, so that Back finds it again."""

    wrong: bool = False


@router.get("/drafts/{case_no}/check", response_class=Response)
async def check(
    request: Request, case_no: CaseNoPath, context: InContext, by: By, query: Annotated[CheckQuery, Query()]
) -> Response:
    try:
        draft = await read_draft(context, by, case_no)
    except NotAllowed:
        return see_other(f"/my/cases/{case_no}")
    if query.wrong and draft.problems:
        wrong = InvalidInput(draft.problems)
        return _page(request, draft, mistakes_of(wrong), wrong)
    return _page(request, draft)


@router.post("/drafts/{case_no}/check", response_class=Response)
async def hand_in(request: Request, case_no: CaseNoPath, context: InContext, by: By, sent: Sent) -> Response:
    """Whoever sends it once more, or comes back to it, finds the case that it has become."""
    try:
        draft = await read_draft(context, by, case_no)
    except OneThingError as refused:
        if refused.code in _NO_DRAFT_ANY_MORE:
            return see_other(f"/my/cases/{case_no}")
        raise
    unticked = [one for one in material_rows(draft) if one.is_promised and one.code not in sent.values("promise")]
    if unticked:
        wrong = InvalidInput(map(_to_tick, unticked))
        return _page(request, draft, mistakes_of(wrong), wrong)
    try:
        read = ReadVersions(frozenset({int(sent.value("_version", "0") or 0)}))
        wanted = SubmissionRequest(incomplete=sent.has("incomplete"))
        with counting(request, Allowance.SUBMIT) as counted:
            counted.of(await submit.submit_draft(context, by, sent.key, case_no, read, wanted))
    except InvalidInput as refused:
        if draft.problems:
            return see_other(f"{draft.path}/check?wrong=true")
        return _page(request, draft, mistakes_of(refused), refused)
    except OneThingError as refused:
        if refused.code in _NO_DRAFT_ANY_MORE:
            return see_other(f"/my/cases/{case_no}")
        return _page(request, draft, mistakes_of(refused))
    answer = see_other(f"/my/cases/{case_no}/submitted")
    code = await _new_code(context, by, case_no, sent.key)
    if code:
        query_codes.keep(request, answer, context, by, case_no, code, "/my/cases")
    return answer


@router.get("/cases/{case_no}/submitted", response_class=Response)
async def submitted(request: Request, case_no: CaseNoPath, context: InContext, by: By) -> Response:
    """Number, query code and what comes next. The code is told by this browser's cookie alone, and for half an hour."""
    view, _ = await cases_search.show(context, by, case_no)
    code = query_codes.known(request, context, by, case_no)
    pages: Pages = request.app.state.pages
    address = f"{pages.public_url}/progress?number={case_no}"
    qr = segno.make(address, micro=False).svg_inline(omitsize=True, border=2, title="查进度的地址", svgclass="qr")
    return render(request, "intake/page_submitted.html", {"case": view, "code": code, "qr": qr})


async def _new_code(context: AppContext, by: Principal, case_no: CaseNo, key: str) -> str | None:
    """Nobody has kept the one that was told when the draft was begun. None for who acts for the applicant: it is the
    applicant's."""
    try:
        told = await query_code.reissue(context, by, f"{key[:90]}-code", case_no)
    except NotPermitted:
        return None
    return QueryCode.model_validate_json(told.body).query_code


def _to_tick(row: MaterialRow) -> FieldProblem:
    return FieldProblem(f"/promise/{row.code}", FailureCode.MISSING_VALUE, f"请确认关于“{row.name}”的承诺。")


def _page(
    request: Request, draft: FilledDraft, mistakes: Mistakes | None = None, refused: Exception | None = None
) -> Response:
    problems = refused.problems if isinstance(refused, InvalidInput) else ()
    is_stale = mistakes is not None and mistakes.code is FailureCode.STALE_VERSION
    values = {
        "draft": draft,
        "parts": [(one, *draft.state_of(one), _rows(draft, one.code)) for one in draft.sections],
        "materials": material_rows(draft),
        "mistakes": mistakes,
        "links": [(one.detail, _link(draft, one.pointer)) for one in problems] if problems else [],
        "only_missing": bool(problems) and all(one.code in _ONLY_MISSING for one in problems),
        "open": [] if mistakes else [(one.detail, draft.where(one.pointer)) for one in draft.problems],
        "no_reminder": _electronic_without_phone(draft),
        "is_stale": is_stale,
        "again": mistakes is not None and mistakes.code is FailureCode.INSUFFICIENT_AUTHENTICATION,
    }
    status = mistakes.status if mistakes and request.method == "POST" else 200
    return render(request, "intake/page_check.html", values, status=status)


def _electronic_without_phone(draft: FilledDraft) -> bool:
    """Nobody can be told by a message on their phone that there is something to read."""
    party = draft.view.applicant
    return (draft.view.delivery or {}).get("method") == "electronic" and not (party and party.phone)


def _link(draft: FilledDraft, pointer: str) -> str:
    return f"#promise-{pointer.rpartition('/')[2]}" if pointer.startswith("/promise/") else draft.where(pointer)


def _rows(draft: FilledDraft, code: str) -> list[tuple[str, str]]:
    """What a part says, question by question."""
    section = draft.section(code)
    match section.part:
        case "answers":
            answers = draft.so_far.answers
            return [
                (one.question, field_words.answer_words(one, answers.get(one.id))) for one in draft.so_far.questions
            ]
        case "applicant":
            return field_words.party_words(draft.view.applicant)
        case "delivery":
            return [("送达方式", field_words.delivery_words(draft.view.delivery))]
    form = draft.view.form or {}
    return [(one.label, field_words.words_of(one, form.get(one.id))) for one in section.fields]
