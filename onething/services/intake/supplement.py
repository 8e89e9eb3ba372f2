"""补正、补充: what was demanded comes. Until acceptance answers and form may change, and everything is judged anew."""

from collections.abc import Mapping
from typing import Any

from onething.domain.definition.bundle import DeliveryMethod
from onething.domain.errors import FailureCode, FieldProblem, InvalidInput, require_valid
from onething.domain.events.intake import Supplemented
from onething.domain.form.look_up_params import look_up_values
from onething.domain.lookups.guards import may_promise
from onething.domain.plan.plan import Plan
from onething.domain.principal import Principal, Role
from onething.security.policy import Act
from onething.services import visits
from onething.services.application import comparison_digests, sealed_values
from onething.services.application.base import without_blanks
from onething.services.application.changes import answered, changes, is_demanded
from onething.services.application.enterprises import matter_index, name_indexes
from onething.services.application.merge_patch import merge_patch
from onething.services.application.papers import paper_problems
from onething.services.application.schemas import Application, DeliveryChoice, Party
from onething.services.commitments import statements
from onething.services.core.acts import CaseRun, act_on_case
from onething.services.core.context import AppContext
from onething.services.intake.schemas import SupplementRequest
from onething.services.intake.submit import application_papers, may_receive, name_persons
from onething.services.materials.receipts import received_with
from onething.services.parties import proofs
from onething.services.parties.about_me import sealed_asker
from onething.services.reservations import require_not_under_way, shares
from onething.services.summaries.case_summary import standing
from onething.services.summaries.responses import StoredResponse
from onething.store.connection.database import Transaction
from onething.store.record import sealed_values as sealed_values_record
from onething.store.record.case_writer import Recorded
from onething.store.record.rows import SealedValue
from onething.store.tables import case_keys, case_names, case_parties, cases


@act_on_case(Act.SUPPLEMENT)
async def supplement(run: CaseRun, request: SupplementRequest) -> StoredResponse:
    """Raises InvalidInput (everything that is wrong), NotAllowed PLAN_FIXED for answers or form after acceptance."""
    context, tx = run.context, run.tx
    if not (request.materials or request.commitments or request.changed):
        detail = "没有补充任何内容，请提供材料、承诺、表单或情形。"
        raise InvalidInput([FieldProblem("", FailureCode.MISSING_VALUE, detail)])
    before = await run.locked()
    codes = [paper.code for paper in request.materials]
    if not request.changed:
        require_valid(p for index, code in enumerate(codes) for p in paper_problems(before.plan, code, index))
    codes = list(dict.fromkeys(codes))
    received, announced = (codes, []) if may_receive(run.principal) else ([], codes)
    after = before
    if request.changed:
        after = await _changed(context, tx, run.principal, run.head, before, request, announced)
    elif announced or request.commitments:
        after = await _said(context, tx, before, request, announced)
    if received:
        after = await received_with(run, after, received)
    if run.principal.role is Role.COUNTER:
        visits.note(context, tx, run.principal, after, run.head.outlet)
    return standing(after)


async def _said(
    context: AppContext, tx: Transaction, before: Recorded, request: SupplementRequest, codes: list[str]
) -> Recorded:
    """Papers that are to be handed in, and what is promised."""
    event, statement = await _promised(context, tx, before, before.plan, request)
    event = event.model_copy(update={"announced": tuple(codes)})
    return await context.writer.record(tx, before.case_no, event, values=statement)


async def _promised(
    context: AppContext, tx: Transaction, before: Recorded, plan: Plan, request: SupplementRequest
) -> tuple[Supplemented, list[SealedValue]]:
    """What is promised, and the statement that says so."""
    promised = tuple(dict.fromkeys(request.commitments))
    if not promised:
        return Supplemented(), []
    offered = may_promise(plan, before.state)
    brought = {paper.code for paper in request.materials}
    require_valid(statements.problems(plan, offered, brought, request.commitments))
    checked = statements.to_check(context, before.case_no, plan, promised)
    statement = await statements.statement_with(context, tx, before.case_no, plan, promised)
    return Supplemented(commitments=promised, checked=checked), [statement]


async def _changed(
    context: AppContext,
    tx: Transaction,
    principal: Principal,
    head: cases.CaseHead,
    before: Recorded,
    request: SupplementRequest,
    codes: list[str],
) -> Recorded:
    case_no = before.case_no
    said = {"announced": tuple(codes), "fields": True}
    event = Supplemented().model_copy(update=said)
    if before.state.accepted_at is not None or before.state.ended:
        return await context.writer.record(tx, case_no, event)  # the case writer says why not
    old, new = await _merged(context, tx, head, request)
    there = {*before.state.materials, *before.state.commitments}
    left_out = request.incomplete
    compiled = context.applications.judge(new, there, complete=False, today=context.today(), incomplete=left_out)
    changed_plan = compiled.plan if compiled.plan.digest != before.plan.digest else None
    promised, statement = await _promised(context, tx, before, compiled.plan, request)
    changed, asked = changes(old, new), before.state.fields_asked
    name = sealed_values.new_changes() if changed else None
    event = promised.model_copy(
        update={
            **said,
            "plan": changed_plan.digest if changed_plan else None,
            "refetch": _refetch(before.plan, compiled.plan, old, new),
            "changed": tuple(dict.fromkeys(one.field for one in changed)),
            "changes": name,
            "delivery": DeliveryMethod(request.delivery.method) if request.delivery else None,
            "unasked": tuple(dict.fromkeys(one.field for one in changed if not is_demanded(asked, one.pointer))),
            "answered": answered(asked, request.changed, {field.id for field in compiled.form}),
        }
    )
    event = comparison_digests.said_anew(context.index, case_no, compiled.plan, before.state, event, new)
    numbers = proofs.numbers(context.index, compiled.plan, new.form)
    renumbered = _renumbered(proofs.numbers(context.index, before.plan, old.form), numbers)
    known = {party: number for party, number in numbers.items() if party in renumbered}
    proved = proofs.proofs(
        compiled.plan, known, new, head.identity_index, principal, mandated=tx.actor.mandate is not None
    )
    event = event.model_copy(update={"renumbered": renumbered, "proved": tuple(proved)})
    values_ = [*application_papers(context, case_no, new), *statement]
    if name is not None:
        told = {"changes": [{**one._asdict(), "asked": is_demanded(asked, one.pointer)} for one in changed]}
        values_.append(SealedValue(name, context.values(case_no).seal(name, told)))
    applied_at = before.state.submitted_at
    keys = shares(context, compiled.definition, compiled.plan, new, head.region, applied_at)
    if keys != shares(context, compiled.definition, compiled.plan, old, head.region, applied_at):
        await require_not_under_way(tx, case_no, compiled.plan, keys)
    recorded = await context.writer.record(tx, case_no, event, values=values_, plan=changed_plan, shares=keys)
    await name_persons(context, tx, recorded, new)
    if renumbered:
        asker = sealed_asker(context, case_no, new.applicant)
        case_parties.change(tx, case_no, numbers, asker, context.clock.now())
    names = name_indexes(context.index, compiled.definition, new)
    if names != name_indexes(context.index, compiled.definition, old):
        case_names.change(tx, case_no, head.region, names)
    key = matter_index(context.index, compiled.definition, new)
    if key != matter_index(context.index, compiled.definition, old):
        case_keys.change(tx, case_no, head.region, key)
    return recorded


def _renumbered(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> tuple[str, ...]:
    """Parties of either that have another number now, or had none, or have none any more."""
    return tuple(party for party in {**before, **after} if before.get(party) != after.get(party))


async def _merged(
    context: AppContext, tx: Transaction, head: cases.CaseHead, request: SupplementRequest
) -> tuple[Application, Application]:
    names = (sealed_values.FORM, sealed_values.APPLICANT, sealed_values.AGENT)
    values = context.values(head.case_no, await sealed_values_record.get_many(tx, head.case_no, names))
    form: dict[str, Any] = values.open(sealed_values.FORM)
    agent = values.get(sealed_values.AGENT)
    old = Application(
        bundle=head.bundle,
        answers=form["answers"],
        applicant=Party.model_validate(values.open(sealed_values.APPLICANT)),
        agent=Party.model_validate(agent) if agent else None,
        form=form["form"],
        delivery=DeliveryChoice.model_validate(form["delivery"]),
    )
    said = {
        "form": merge_patch(old.form, request.form),
        "answers": without_blanks(merge_patch(old.answers, request.answers)),
        "applicant": _corrected(old.applicant, request),
        "delivery": request.delivery or old.delivery,
        "materials": request.materials,
    }
    return old, context.applications.normal(old.model_copy(update=said))


def _corrected(applicant: Party, request: SupplementRequest) -> Party:
    said = request.applicant
    if said is None:
        return applicant
    return applicant.model_copy(update={name: getattr(said, name) for name in said.model_fields_set})


def _refetch(before: Plan, after: Plan, old: Application, new: Application) -> tuple[str, ...]:
    """Look-ups of both plans that would now ask something else."""
    return tuple(
        data.key
        for data in after.data
        if (earlier := before.data_by_key.get(data.key)) is not None
        and look_up_values(earlier.params, old.form, old.answers) != look_up_values(data.params, new.form, new.answers)
    )
