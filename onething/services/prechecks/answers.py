"""答复: what a clerk says of each material, and when and where to come; in one transaction."""

from collections.abc import Iterator

from onething.domain.errors import FailureCode, FieldProblem, InvalidInput, NotAllowed, require_valid
from onething.domain.kernel.case_no import CaseNo
from onething.domain.prechecks import day_is_over_at, last_day, open_on
from onething.security.codes import new_query_code
from onething.security.policy import Act, Facts, require
from onething.services import outlets
from onething.services.core.acts import ActRun, act_on_no_case
from onething.services.intake.submit import identity_index
from onething.services.prechecks.contents import DraftToCheck, draft_to_check, sealed_answer
from onething.services.prechecks.schemas import PrecheckAnswerRequest, PrecheckStanding
from onething.services.summaries.responses import StoredResponse, answer
from onething.store.record import access_log
from onething.store.tables import prechecks
from onething.store.tables.prechecks import Precheck, PrecheckAnswer


async def _still_theirs(run: ActRun, case_no: CaseNo, _: PrecheckAnswerRequest) -> None:
    await prechecks.need(run.tx, case_no)


@act_on_no_case(Act.ANSWER_PRECHECK, recheck=_still_theirs)
async def answer_precheck(run: ActRun, case_no: CaseNo, request: PrecheckAnswerRequest) -> StoredResponse:
    """Raises NOT_FOUND for what is not of the caller's counter, NotAllowed where it was answered or a file is another
    by now, InvalidInput with all that is wrong."""
    context, tx = run.context, run.tx
    found = await prechecks.need(tx, case_no, lock=True)
    if found.answered_at is not None:
        raise NotAllowed(FailureCode.NOT_ALLOWED_NOW, "这份草稿已经答复过；申请人再请时可以再看。")
    draft = await draft_to_check(context, tx, case_no)
    applicant = identity_index(context, draft.application).hex()
    require(run.principal, run.act, Facts(region=found.region, applicant=applicant, at=tx.actor.at))
    require_valid([*_of_materials(draft, request), *_of_visit(run, found, request)])
    _require_seen(draft, request)
    now, code = context.clock.now(), new_query_code()
    value = {
        "version": draft.version,
        "code": code,
        "note": request.note,
        "materials": [one.model_dump(mode="json") for one in request.materials],
    }
    await prechecks.answer(
        tx,
        case_no,
        PrecheckAnswer(
            at=now,
            by=run.principal.subject,
            visit_on=request.on,
            visit_outlet=request.outlet,
            seen_until=day_is_over_at(request.on),
            code_hash=context.codes.hash(case_no, code),
            body=sealed_answer(context, case_no, value),
        ),
    )
    access_log.add(tx, run.act, now, case_no=case_no)
    tx.on_commit(lambda: context.feed.inbox_changed(found.region))
    view = PrecheckStanding(
        case_no=case_no,
        state="answered",
        asked_at=found.asked_at,
        promised_at=found.promised_at,
        answered_at=now,
        on=request.on,
        outlet=outlets.named(context, request.outlet),
    )
    return answer(view)


def _of_materials(draft: DraftToCheck, request: PrecheckAnswerRequest) -> Iterator[FieldProblem]:
    names = {one.code: one.name for one in draft.materials}
    given = [one.code for one in request.materials]
    for index, one in enumerate(request.materials):
        at = f"/materials/{index}"
        if one.code not in names:
            detail = f"这份草稿不用带材料“{one.code}”，请删去。"
            yield FieldProblem(f"{at}/code", FailureCode.UNKNOWN_MATERIAL, detail)
        elif one.code in given[:index]:
            yield FieldProblem(f"{at}/code", FailureCode.INVALID_VALUE, "同一材料只写一次。")
        elif one.verdict == "replace" and one.what is None:
            detail = f"请写明“{names[one.code]}”哪里不行，换一张什么样的。"
            yield FieldProblem(f"{at}/what", FailureCode.MISSING_VALUE, detail)
        elif one.verdict != "missing" and one.code not in draft.files:
            detail = f"“{names[one.code]}”没有上传照片，只能选“还缺”，来时带上。"
            yield FieldProblem(f"{at}/verdict", FailureCode.INVALID_VALUE, detail)
    for code, name in names.items():
        if code not in given:
            detail = f"还没有看“{name}”（{code}）：可以、换一张，还是还缺？"
            yield FieldProblem("/materials", FailureCode.MISSING_VALUE, detail)


def _of_visit(run: ActRun, found: Precheck, request: PrecheckAnswerRequest) -> Iterator[FieldProblem]:
    context, day = run.context, request.on
    last = last_day(found.asked_at, context.clock.now())
    if not context.today() <= day <= last:
        detail = f"请选今天到 {last} 之间的一天。"
        yield FieldProblem("/on", FailureCode.INVALID_VALUE, detail)
        return
    known = context.catalog.outlets.get(request.outlet)
    if known is None or known.region != found.region:
        detail = f"“{request.outlet}”不是本地区（{found.region}）的网点。"
        yield FieldProblem("/outlet", FailureCode.INVALID_VALUE, detail)
        return
    try:
        outlets.require_open_to(context, request.outlet, found.bundle, day)
    except InvalidInput as refused:
        yield from refused.problems
        return
    if not open_on(known.hours, context.calendar(known.calendar), day, context.clock.now()):
        detail = f"{known.name}（{request.outlet}）{day} 不开门或已经关门，请换一天或换一个网点。"
        yield FieldProblem("/on", FailureCode.INVALID_VALUE, detail)


def _require_seen(draft: DraftToCheck, request: PrecheckAnswerRequest) -> None:
    """What is judged is what was seen. Raises NotAllowed."""
    shown = {one.code: one for one in draft.to_check}
    for one in request.materials:
        if shown[one.code].digest != one.digest:
            detail = f"申请人刚刚换了“{shown[one.code].name}”的照片，请重新打开、看过新的再答复。"
            raise NotAllowed(FailureCode.NEWER_MATERIAL, detail)
