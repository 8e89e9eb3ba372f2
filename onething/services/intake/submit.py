"""提交: the whole application is judged, compiled into its plan and recorded, in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from onething.domain.deadlines.clock_kinds import CASE_CLOCK
from onething.domain.errors import FailureCode, FieldProblem, InvalidInput, NotAllowed
from onething.domain.events.intake import Accepted, Submitted
from onething.domain.kernel.state import CaseStatus
from onething.domain.principal import Caller, Role
from onething.security.codes import new_query_code
from onething.security.policy import Act, Facts, require
from onething.services import mandates
from onething.services.application import comparison_digests, sealed_values
from onething.services.application.check import Compiled, channel_of
from onething.services.application.schemas import Application, NewApplication
from onething.services.commitments import statements
from onething.services.core.acts import ActRun, CaseRun, act_on_case, act_on_no_case
from onething.services.core.context import Office
from onething.services.intake.draft_content import fixed_channel, open_draft
from onething.services.intake.origins import Origin, told
from onething.services.materials import from_licences, reuse
from onething.services.materials.from_licences import Held
from onething.services.summaries import case_summary
from onething.services.summaries.responses import Answer, answer
from onething.store.connection.database import Transaction
from onething.store.record.case_writer import Recorded
from onething.store.record.rows import SealedValue
from onething.store.tables import cases, materials
from onething.store.tables.cases import NewCase
from onething.store.tables.mandates import Mandate
from onething.store.tables.materials import Earlier


@dataclass(frozen=True)
class Begun:
    """A new head and the query code that opens its progress."""

    head: NewCase
    query_code: str


async def still_may_apply(run: ActRun, request: NewApplication) -> None:
    """What else of the applicant's right is judged: the mandate that they name, and that they may accept at once."""
    await mandate_of(run.office, run.tx, run.caller, request)
    if request.accept:
        require(run.caller, Act.ACCEPT, Facts(region=region_of(run.office, run.caller, request)))


@act_on_no_case(Act.CREATE_CASE, recheck=still_may_apply)
async def apply(run: ActRun, request: NewApplication) -> Answer:
    """201 with case number and query code. Raises InvalidInput with all that is wrong, and what `accept` raises
    where it is to be accepted on the spot; then nothing is written."""
    office, tx, caller = run.office, run.tx, run.caller
    papers_in_hand = [paper.code for paper in request.materials]
    earlier = await reuse.wanted(office, tx, caller, request)
    compiled = office.applications.judge(request, papers_in_hand, earlier)
    held = await from_licences.wanted(office, tx, caller, request, compiled)
    mandate = await mandate_of(office, tx, caller, request)
    begun = await begin(office, tx, caller, request, compiled, mandate=mandate)
    recorded = await _record(office, tx, begun.head, compiled, request, papers_in_hand, earlier, held)
    if request.accept:
        require(caller, Act.ACCEPT, Facts(region=begun.head.region))
        recorded = await office.door.record(tx, begun.head.case_no, Accepted())
    await materials.receive_papers(tx, begun.head.case_no, papers_in_hand, office.clock.now())
    promise = recorded.state.clocks.get(CASE_CLOCK)
    view = case_summary.Opened(
        case_no=begun.head.case_no,
        query_code=begun.query_code,
        status=recorded.state.status,
        due_at=promise.due_at if promise else None,
        links=case_summary.links(begun.head.case_no),
    )
    return answer(view, 201)


@act_on_case(Act.SUBMIT)
async def submit_draft(run: CaseRun) -> Answer:
    """The draft as it stands, with the files uploaded to it. Raises as `apply`; the draft is kept then."""
    office, tx, caller, case_no = run.office, run.tx, run.caller, run.case_no
    if run.head.status != CaseStatus.DRAFT:
        raise NotAllowed(FailureCode.NOT_ALLOWED_NOW, "该办件已经提交，不能重复提交。")
    application, origin = open_draft(office, case_no, (await cases.lock_draft(tx, case_no)).body)
    files = list(dict.fromkeys(one.code for one in await materials.of_case(tx, case_no)))
    in_hand = list(dict.fromkeys([*files, *(paper.code for paper in application.materials)]))
    await mandate_of(office, tx, caller, application)
    earlier = await reuse.wanted(office, tx, caller, application)
    compiled = office.applications.judge(application, in_hand, earlier)
    held = await from_licences.wanted(office, tx, caller, application, compiled)
    new = new_head(office, caller, application, compiled, case_no, run.head.query_hash, fixed_channel(origin))
    await cases.submit_draft(tx, new)
    recorded = await _record(office, tx, new, compiled, application, in_hand, earlier, held, origin)
    await materials.receive_papers(
        tx, case_no, [p.code for p in application.materials if p.code not in files], office.clock.now()
    )
    await cases.drop_draft(tx, case_no)
    view = case_summary.Submitted(case_no=case_no, status=recorded.state.status, links=case_summary.links(case_no))
    return answer(view)


async def begin(
    office: Office,
    tx: Transaction,
    caller: Caller,
    sent: Application,
    compiled: Compiled | None,
    channel: str | None = None,
    mandate: Mandate | None = None,
) -> Begun:
    """A case number and query code for a new case or draft."""
    region = region_of(office, caller, sent)
    case_no = await cases.next_case_no(tx, region, office.clock.now())
    code = new_query_code()
    query_hash = office.codes.hash(case_no, code)
    head = new_head(office, caller, sent, compiled, case_no, query_hash, channel)
    if mandate is not None:
        head = replace(head, mandate=mandate.id, principal=mandate.giver)
    return Begun(head, code)


async def mandate_of(office: Office, tx: Transaction, caller: Caller, sent: Application) -> Mandate | None:
    """That under which the caller applies for another, if they name one. Raises InvalidInput unless it holds."""
    if sent.mandate is None:
        return None
    return await mandates.for_application(office, tx, caller, sent.mandate, sent.bundle, _identity_index(office, sent))


def region_of(office: Office, caller: Caller, sent: Application) -> str:
    """A counter takes in for its own region; others may name one. Raises InvalidInput."""
    if caller.role is not Role.COUNTER:
        return sent.region or office.region
    if sent.region not in (None, caller.region):
        detail = f"综合窗口只收本地区（{caller.region}）的申请。"
        raise InvalidInput([FieldProblem("/region", FailureCode.INVALID_VALUE, detail)])
    return caller.region


def _identity_index(office: Office, sent: Application) -> bytes:
    try:
        return office.index.of_identity_number(sent.applicant.id_number)
    except ValueError:
        detail = "请填写证件号码。"
        raise InvalidInput([FieldProblem("/applicant/id_number", FailureCode.MISSING_VALUE, detail)]) from None


def new_head(
    office: Office,
    caller: Caller,
    sent: Application,
    compiled: Compiled | None,
    case_no: str,
    query_hash: bytes,
    channel: str | None = None,
) -> NewCase:
    """`channel`: where it is not for the caller to say."""
    return NewCase(
        case_no=case_no,
        region=region_of(office, caller, sent),
        bundle=compiled.definition.ref if compiled else office.applications.definition(sent.bundle).ref,
        channel=channel or channel_of(caller, sent.channel),
        created_by=caller.subject,
        created_at=office.clock.now(),
        query_hash=query_hash,
        identity_index=_identity_index(office, sent),
        agent=caller.subject if caller.role is Role.AGENT else None,
        departments=compiled.plan.departments if compiled else (),
        identity_only=not any(asked.required for asked in compiled.plan.asked_materials) if compiled else None,
    )


async def _record(
    office: Office,
    tx: Transaction,
    head: NewCase,
    compiled: Compiled,
    application: Application,
    in_hand: list[str],
    earlier: Mapping[str, Earlier],
    held: Sequence[Held],
    origin: Origin | None = None,
) -> Recorded:
    promised = tuple(dict.fromkeys(application.commitments))
    event = Submitted(
        plan=compiled.plan.digest,
        calendar=office.calendar(compiled.plan.calendar).digest,
        channel=head.channel,
        materials=tuple(code for code in (*in_hand, *earlier) if code in compiled.plan.material_by_code),
        commitments=promised,
        checked=statements.to_check(office, head.case_no, compiled.plan, promised),
        reused=tuple(earlier),
        mandate=application.mandate,
        compared=comparison_digests.said(office.index, head.case_no, compiled.plan, application),
        licensed=tuple(one.data for one in held),
    )
    values = application_papers(office, head.case_no, application)
    if origin is not None:
        content = told(origin, application.model_dump()).model_dump(mode="json")
        values.append(
            SealedValue(sealed_values.PREFILLED, office.papers(head.case_no).seal(sealed_values.PREFILLED, content))
        )
    if promised:
        values.append(statements.statement(office, head.case_no, compiled.plan, promised))
    if earlier:
        values.append(reuse.consent(office, head.case_no, compiled.plan, earlier))
    if held:
        values += from_licences.values(office, head.case_no, compiled.plan, held)
    recorded = await office.door.open_case(tx, head, compiled.plan, event, values=values)
    await reuse.link(office, tx, head.case_no, earlier)
    return recorded


def application_papers(office: Office, case_no: str, application: Application) -> list[SealedValue]:
    """What an application leaves sealed, for every department of the case: which field each sees is policy."""
    seal = office.papers(case_no).seal
    form = {
        "answers": application.answers,
        "form": application.form,
        "delivery": application.delivery.model_dump(exclude_none=True),
    }
    values = [
        SealedValue(sealed_values.FORM, seal(sealed_values.FORM, form)),
        SealedValue(
            sealed_values.APPLICANT, seal(sealed_values.APPLICANT, application.applicant.model_dump(exclude_none=True))
        ),
    ]
    if application.agent is not None:
        values.append(
            SealedValue(
                sealed_values.AGENT, seal(sealed_values.AGENT, application.agent.model_dump(exclude_none=True)), ()
            )
        )
    return values
