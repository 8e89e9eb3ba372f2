"""更正、补发、换发, by the department whose item it is, also when the case has ended: what was granted stands."""

from onething.domain.errors import FailureCode, NotAllowed, OneThingError, refuse
from onething.domain.events.items import CertificateReissued
from onething.domain.kernel.state import ReissueWhy
from onething.domain.reissue.guards import guard_standing
from onething.domain.reissue.rules import ToMakeOut, relying
from onething.security.policy import Act, NotPermitted
from onething.services.application import sealed_values
from onething.services.core.acts import CaseRun, act_on_case
from onething.services.core.task_access import item_of
from onething.services.decisions.outputs import readers_of
from onething.services.documents.contents import names_of, predecessors
from onething.services.reissue import corrections
from onething.services.reissue.schemas import ReissuedPaper, ReissueRequest, ReissueView, RelyingItem
from onething.services.summaries.responses import StoredResponse, answer
from onething.store.record import sealed_values as sealed_values_record


@act_on_case(Act.REISSUE_CERTIFICATE)
async def reissue(run: CaseRun, item: str, request: ReissueRequest) -> StoredResponse:
    """Raises NOT_FOUND, NotPermitted for another department, NotAllowed unless what was granted stands and its
    certificates are out, InvalidInput for what the certificate does not show, and for numbers that are another's."""
    now, context = await run.locked(), run.context
    planned = now.plan.item_by_code.get(item)
    if planned is None:
        raise OneThingError(FailureCode.NOT_FOUND, "没有这个事项。")
    if planned.department != run.principal.department:
        raise NotPermitted(FailureCode.NOT_PERMITTED, "只有颁发证照的部门可以更正、补发。请联系该部门。")
    refuse(guard_standing(now.plan, now.state, item))
    definition = context.applications.definition(now.plan.bundle)
    of = item_of(definition, item).model_copy(update={"department": planned.department})
    stored = await sealed_values_record.get_many(run.tx, run.case_no, names_of(definition, now.state, item))
    papers = corrections.Certificates.read(definition, of, now.plan, now.state, context.values(run.case_no, stored))
    corrected = corrections.read(papers, request, context.index, run.head.region, context.today())
    edition = now.state.editions[item].n + 1
    await _require_in_time(run, item, ToMakeOut(edition, corrected.papers, request.why))
    name = sealed_values.reissue(item, edition)
    event = CertificateReissued(
        item=item,
        outputs=corrected.papers,
        edition=edition,
        why=request.why,
        fields=corrected.fields,
        relying=relying(now.plan, now.state, item) if corrected.value["outputs"] else (),
        reissue=name,
    )
    value = run.sealed(name, corrected.value, readers_of(definition, of))
    recorded = await run.record(event, value, numbers=corrected.numbers)
    names = {one.id: one.name for one in planned.outputs}
    view = ReissueView(
        case_no=run.case_no,
        item=item,
        edition=edition,
        why=request.why,
        papers=[ReissuedPaper(output=one, name=names[one]) for one in corrected.papers],
        relying=[
            RelyingItem(
                item=one.code,
                name=one.name,
                department=one.department,
                department_name=context.department(one.department),
            )
            for one in now.plan.items
            if one.code in event.relying
        ],
        seq=recorded.seq,
        at=recorded.at,
        status=recorded.state.status,
        documents=f"/api/cases/{run.case_no}/documents",
    )
    return answer(view)


async def _require_in_time(run: CaseRun, item: str, again: ToMakeOut) -> None:
    """Raises NotAllowed for a paper in place of one whose time is over: it would be valid for no day. A typing error is
    corrected at any time."""
    if again.why is ReissueWhy.TYPING_ERROR:
        return
    last = await predecessors(run.tx, run.context.sealer, run.case_no, {item: again})
    wanted = [one for one in last.values() if one.output in again.outputs]
    if wanted and not any(one.in_time(run.context.clock.now()) for one in wanted):
        detail = "原证照已过有效期，不能补发、换发；需要继续使用的，请申请延续或者重新申请。"
        raise NotAllowed(FailureCode.NOT_ALLOWED_NOW, detail)
