"""提交: the whole application is judged, compiled into its plan and recorded, in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from onething.domain.calendar.days import local_date
from onething.domain.deadlines.clock_kinds import CASE_CLOCK
from onething.domain.definition.bundle import DeliveryMethod
from onething.domain.errors import (
    FailureCode,
    FieldProblem,
    InvalidInput,
    NotAllowed,
    OneThingError,
    require_valid,
)
from onething.domain.events.intake import Accepted, ReceivedOffline, Submitted, VersionReceived
from onething.domain.kernel.case_no import CaseNo
from onething.domain.kernel.state import CaseStatus
from onething.domain.principal import Principal, Role
from onething.security.assurance import require_fresh
from onething.security.codes import new_query_code
from onething.security.policy import Act, Facts, NotPermitted, require, require_assurance, role_may
from onething.services import outlets, visits
from onething.services.application import comparison_digests, sealed_values
from onething.services.application.check import Compiled, channel_of, check_number
from onething.services.application.ended_persons import persons_of
from onething.services.application.enterprises import matter_index, name_indexes
from onething.services.application.offline import received_offline
from onething.services.application.schemas import Application, DeliveryChoice, NewApplication, OfflineReceipt
from onething.services.commitments import statements
from onething.services.core.acts import ActRun, CaseRun, act_on_case, act_on_no_case
from onething.services.core.authority import require_right_to_submit, without_seen
from onething.services.core.context import AppContext
from onething.services.intake.draft_content import ANY_VERSION, ReadVersions, fixed_channel, open_draft
from onething.services.intake.origins import Origin, origin_view, unchanged_fields
from onething.services.intake.schemas import SubmissionRequest
from onething.services.materials import from_licences, reuse
from onething.services.materials.from_licences import HeldLicence
from onething.services.parties import proofs
from onething.services.parties.about_me import sealed_asker
from onething.services.reservations import require_not_under_way, shares
from onething.services.summaries import case_summary
from onething.services.summaries.clocks import live_due
from onething.services.summaries.responses import StoredResponse, answer
from onething.store.connection.database import Transaction
from onething.store.record.case_writer import Recorded
from onething.store.record.rows import SealedValue
from onething.store.tables import case_keys, case_names, case_parties, cases, ended_persons, materials
from onething.store.tables.cases import NewCase
from onething.store.tables.materials import Earlier, MaterialVersion

_COUNTER = "counter"
"""The channel of what somebody has brought there."""


@dataclass(frozen=True)
class Begun:
    """A new head and the query code that opens its progress."""

    head: NewCase
    query_code: str


async def still_may_apply(run: ActRun, request: NewApplication) -> None:
    """What else of the caller's right is judged: that they are known well enough to submit, by what right they do,
    that they still work where it was taken in, and that they may accept at once."""
    if request.submit:
        require_assurance(run.principal, Act.SUBMIT, run.context.clock.now())
        await require_right_to_submit(run.tx, run.principal, request, identity_index(run.context, request))
    outlet = outlets.recording(run.context, run.principal, request.outlet)
    if request.accept:
        region = region_of(run.context, run.principal, request, outlet)
        require(run.principal, Act.ACCEPT, Facts(region=region, outlet=outlet))


@act_on_no_case(Act.CREATE_CASE, recheck=still_may_apply)
async def apply(run: ActRun, request: NewApplication) -> StoredResponse:
    """201 with case number and query code. Raises InvalidInput with all that is wrong, and what `accept` raises
    where it is to be accepted on the spot; then nothing is written."""
    context, tx, principal = run.context, run.tx, run.principal
    require_assurance(principal, Act.SUBMIT, context.clock.now())
    request = context.applications.normal(context.applications.begun(request, rules_region(run, request)))
    await _require_right_or_tell_typo(run, request)
    papers_in_hand = [paper.code for paper in request.materials]
    earlier = await reuse.requested_reuse(context, tx, principal, request)
    compiled = context.applications.judge(
        request, papers_in_hand, earlier, today=context.today(), incomplete=request.incomplete
    )
    held = await from_licences.requested_licences(context, tx, principal, request, compiled)
    begun = await begin(context, tx, principal, request, compiled, mandate=tx.actor.mandate, received=request.received)
    papers = list(dict.fromkeys(papers_in_hand))
    received = papers if may_receive(principal) else []
    came = [VersionReceived(code=code, version=1) for code in received]
    said = [code for code in papers if code not in received]
    offline = received_offline(principal, request.received, context.clock.now())
    recorded = await _record(
        context, tx, principal, begun.head, compiled, request, came, earlier, held, announced=said, received=offline
    )
    if request.accept and recorded.state.accepted_at is None:  # else the five days were over before it came in
        head = begun.head
        facts = Facts(region=head.region, outlet=head.outlet, applicant=head.identity_index.hex())
        require(principal, Act.ACCEPT, facts)
        recorded = await context.writer.record(tx, begun.head.case_no, Accepted())
    await materials.receive_papers(tx, begun.head.case_no, received, context.clock.now())
    if begun.head.channel == _COUNTER:
        visits.note(context, tx, principal, recorded, begun.head.outlet)
    view = case_summary.Opened(
        case_no=begun.head.case_no,
        query_code=begun.query_code,
        status=recorded.state.status,
        due_at=live_due(recorded.state, CASE_CLOCK),
        outlet=outlets.named(context, begun.head.outlet),
        links=case_summary.links(begun.head.case_no),
    )
    return answer(view, 201)


@act_on_case(Act.SUBMIT)
async def submit_draft(
    run: CaseRun, read: ReadVersions | None = None, request: SubmissionRequest | None = None
) -> StoredResponse:
    """The draft as it stands, with the files uploaded to it. `read`: which version the caller has read; who confirms
    what another wrote has to say it, and has signed in just now.

    Raises NotAllowed if it is submitted already, OneThingError VERSION_MISSING, STALE_VERSION, else as `apply`; the
    draft is kept then."""
    context, tx, principal, case_no = run.context, run.tx, run.principal, run.case_no
    if run.head.status != CaseStatus.DRAFT:
        raise NotAllowed(FailureCode.NOT_ALLOWED_NOW, "该办件已经提交，不能重复提交。")
    incomplete = request is not None and request.incomplete
    draft = await cases.lock_draft(tx, case_no)
    _require_read(run, draft.version, read)
    application, origin = open_draft(context, case_no, draft.body)
    application = context.applications.normal(without_seen(principal, application))
    context.applications.require_published(context.applications.definition(application.bundle), run.case_no.region)
    uploaded = await materials.of_case(tx, case_no)
    files = {one.code: one for one in uploaded}
    papers = list(dict.fromkeys(paper.code for paper in application.materials if paper.code not in files))
    in_hand = [*files, *papers]
    received = papers if may_receive(principal) else []
    came = [_version(row) for row in files.values()] + [VersionReceived(code=code, version=1) for code in received]
    said = [code for code in papers if code not in received]
    await require_right_to_submit(tx, principal, application, run.head.identity_index)
    earlier = await reuse.requested_reuse(context, tx, principal, application)
    compiled = context.applications.judge(application, in_hand, earlier, today=context.today(), incomplete=incomplete)
    held = await from_licences.requested_licences(context, tx, principal, application, compiled)
    taken_in = _still_taken_in(run, application, request.received if request else None)
    new = new_head(
        context, principal, application, compiled, case_no, run.head.query_hash, fixed_channel(origin), taken_in
    )
    new = replace(new, mandate=tx.actor.mandate)
    await cases.submit_draft(tx, new)
    needed = [code for code in files if code in compiled.plan.material_by_code]
    if len(uploaded) > len(needed):
        await materials.hand_in(tx, case_no, needed)
    recorded = await _record(
        context,
        tx,
        principal,
        new,
        compiled,
        application,
        came,
        earlier,
        held,
        announced=said,
        origin=origin,
        received=received_offline(principal, request.received if request else None, context.clock.now()),
    )
    await materials.receive_papers(tx, case_no, received, context.clock.now())
    await cases.drop_draft(tx, case_no)
    if new.channel == _COUNTER:
        visits.note(context, tx, principal, recorded, new.outlet)
    view = case_summary.SubmittedResponse(
        case_no=case_no,
        status=recorded.state.status,
        outlet=outlets.named(context, new.outlet),
        links=case_summary.links(case_no),
    )
    return answer(view)


def may_receive(principal: Principal) -> bool:
    """Whether papers that the caller lists are there, and not only said to be handed in."""
    return role_may(principal.role, Act.RECEIVE_PAPER)


def _version(row: MaterialVersion) -> VersionReceived:
    return VersionReceived(code=row.code, version=row.version, digest=row.file.digest if row.file else None)


async def begin(
    context: AppContext,
    tx: Transaction,
    principal: Principal,
    request: Application,
    compiled: Compiled | None,
    channel: str | None = None,
    mandate: str | None = None,
    received: OfflineReceipt | None = None,
) -> Begun:
    """A case number and query code for a new case or draft."""
    outlet = outlet_of(context, principal, request, _received_on(context, received), channel)
    region = region_of(context, principal, request, outlet)
    case_no = await cases.next_case_no(tx, region, context.clock.now())
    code = new_query_code()
    query_hash = context.codes.hash(case_no, code)
    head = new_head(context, principal, request, compiled, case_no, query_hash, channel, outlet)
    of_another = principal.role is not Role.COUNTER and head.identity_index.hex() != principal.identity
    told = principal.subject if of_another else None
    if told is not None and principal.bound_to is not None:
        told = cases.NOBODY  # a helper at an outlet reads nothing afterwards, by no mandate either
    return Begun(replace(head, mandate=mandate, code_given_to=told), code)


async def _require_right_or_tell_typo(run: ActRun, request: NewApplication) -> None:
    """Nobody has a number that can't be one: then what is wrong is told, with all else, and not that they may not."""
    try:
        await require_right_to_submit(run.tx, run.principal, request, identity_index(run.context, request))
    except NotPermitted:
        applicant = request.applicant
        if not list(check_number(applicant.id_type, applicant.id_number)):
            raise
        in_hand = [paper.code for paper in request.materials]
        run.context.applications.judge(request, in_hand, today=run.context.today())
        raise


def _require_read(run: CaseRun, version: int, read: ReadVersions | None) -> None:
    """What is confirmed is what was read: between the two nobody has changed it."""
    if read in (None, ANY_VERSION) and run.principal.subject != run.head.created_by:
        detail = "草稿由他人填写：请先读取全文，确认无误后带上 If-Match（所读草稿的 ETag，不能是 *）提交。"
        raise OneThingError(FailureCode.VERSION_MISSING, detail)
    if read is not None:
        read.require(version)
    if run.principal.subject != run.head.created_by and run.principal.role is Role.CITIZEN:
        require_fresh(run.principal, run.context.clock.now())


def outlet_of(
    context: AppContext, principal: Principal, request: Application, on: date, channel: str | None = None
) -> str | None:
    """Where the caller takes it in, or did `on` that day. `channel`: where it is not for the caller to say. Raises as
    `outlets.receiving`."""
    came_by = channel or channel_of(principal, request.channel)
    return outlets.receiving(context, principal, request.outlet, request.bundle, came_by, on)


def _received_on(context: AppContext, receipt: OfflineReceipt | None) -> date:
    """An outlet of whose last day a slip is may be there no more when the slip is told."""
    return local_date(receipt.at) if receipt else context.today()


def _still_taken_in(run: CaseRun, application: Application, receipt: OfflineReceipt | None) -> str | None:
    """A clerk's draft is taken in where it was begun; what its applicant confirms online, nowhere. Raises InvalidInput
    where the outlet takes it in no longer."""
    if run.principal.role is not Role.COUNTER or run.head.outlet is None:
        return None
    outlets.require_open_to(run.context, run.head.outlet, application.bundle, _received_on(run.context, receipt))
    return run.head.outlet


def region_of(context: AppContext, principal: Principal, request: Application, outlet: str | None = None) -> str:
    """A counter takes in for its own region, who is bound to outlets for where these hand over to; others may name one,
    and it goes to where the bundle is handled. Raises InvalidInput, also for a region that is not served."""
    if principal.role is not Role.COUNTER:
        return context.seat_of(context.require_region(request.region or context.region), request.bundle)
    if request.region not in (None, principal.region):
        detail = f"综合窗口只收本地区（{principal.region}）的申请。"
        raise InvalidInput([FieldProblem("/region", FailureCode.INVALID_VALUE, detail)])
    seat = context.seat_of(context.require_region(principal.region), request.bundle)
    if seat != principal.region and (outlet is None or principal.bound_to is None):
        where = f"{context.catalog.regions[seat].name}（{seat}）"
        detail = f"这个一件事由{where}办理，请由其窗口收件，或由申请人在网上提交。"
        raise InvalidInput([FieldProblem("/bundle", FailureCode.INVALID_VALUE, detail)])
    return seat


def rules_region(run: ActRun, request: Application) -> str:
    """By whose rules a new application is judged: those of where it is handled. Whether it may go there is asked when
    its number is given. Raises InvalidInput for an unknown bundle."""
    principal = run.principal
    named = principal.region if principal.role is Role.COUNTER else request.region or run.context.region
    return run.context.seat_of(named, request.bundle)


def identity_index(context: AppContext, request: Application) -> bytes:
    """The blind index of the applicant's number. Raises InvalidInput."""
    try:
        return context.index.of_identity(request.applicant.id_type, request.applicant.id_number)
    except ValueError:
        detail = "请填写证件号码。"
        raise InvalidInput([FieldProblem("/applicant/id_number", FailureCode.MISSING_VALUE, detail)]) from None


def new_head(
    context: AppContext,
    principal: Principal,
    request: Application,
    compiled: Compiled | None,
    case_no: str,
    query_hash: bytes,
    channel: str | None = None,
    outlet: str | None = None,
) -> NewCase:
    """`channel`: where it is not for the caller to say. It is of its number's division, whoever goes on with what
    another began. Raises InvalidInput as `region_of`."""
    region_of(context, principal, request, outlet)
    region = CaseNo.parse(case_no).region
    return NewCase(
        case_no=case_no,
        region=region,
        bundle=context.applications.definition(request.bundle, region).ref,
        channel=channel or channel_of(principal, request.channel),
        outlet=outlet,
        created_by=principal.subject,
        created_at=context.clock.now(),
        query_hash=query_hash,
        identity_index=identity_index(context, request),
        departments=compiled.plan.departments if compiled else (),
        identity_only=not any(asked.required for asked in compiled.plan.asked_materials) if compiled else None,
    )


async def _record(
    context: AppContext,
    tx: Transaction,
    principal: Principal,
    head: NewCase,
    compiled: Compiled,
    application: Application,
    versions: Sequence[VersionReceived],
    earlier: Mapping[str, Earlier],
    held: Sequence[HeldLicence],
    *,
    announced: Sequence[str],
    origin: Origin | None = None,
    received: ReceivedOffline | None = None,
) -> Recorded:
    require_valid(proofs.unknown_seen(compiled.plan, application))
    numbers = proofs.numbers(context.index, compiled.plan, application.form)
    promised = tuple(dict.fromkeys(application.commitments))
    came = [one for one in versions if one.code in compiled.plan.material_by_code]
    event = Submitted(
        plan=compiled.plan.digest,
        calendar=context.calendar(compiled.plan.calendar).digest,
        channel=head.channel,
        delivery=_way(application),
        outlet=head.outlet,
        materials=(*(one.code for one in came), *earlier),
        versions=tuple(came),
        announced=tuple(code for code in announced if code in compiled.plan.material_by_code),
        commitments=promised,
        checked=statements.to_check(context, head.case_no, compiled.plan, promised),
        reused=tuple(earlier),
        mandate=head.mandate,
        seen=tuple(one.recorded for one in application.seen),
        compared=comparison_digests.application_digests(context.index, head.case_no, compiled.plan, application),
        received=received,
        proved=tuple(
            proofs.proofs(
                compiled.plan,
                numbers,
                application,
                head.identity_index,
                principal,
                mandated=head.mandate is not None,
                prefilled=unchanged_fields(origin, application.model_dump()) if origin else (),
            )
        ),
        taken_in=principal.role is Role.COUNTER,
        licensed=tuple(one.material for one in held),
    )
    values = application_papers(context, head.case_no, application)
    if origin is not None:
        content = origin_view(origin, application.model_dump()).model_dump(mode="json")
        values.append(
            SealedValue(sealed_values.PREFILLED, context.values(head.case_no).seal(sealed_values.PREFILLED, content))
        )
    if promised:
        values.append(statements.statement(context, head.case_no, compiled.plan, promised))
    if earlier:
        values.append(reuse.consent(context, head.case_no, compiled.plan, earlier))
    if held:
        values += from_licences.values(context, head.case_no, compiled.plan, held)
    keys = shares(context, compiled.definition, compiled.plan, application, head.region, context.clock.now())
    await require_not_under_way(tx, head.case_no, compiled.plan, keys)
    recorded = await context.writer.open_case(tx, head, compiled.plan, event, values=values, shares=keys)
    await reuse.link(context, tx, head.case_no, head.identity_index, earlier)
    await name_persons(context, tx, recorded, application)
    asker = sealed_asker(context, head.case_no, application.applicant)
    case_parties.keep(tx, head.case_no, numbers, asker, context.clock.now())
    names = name_indexes(context.index, compiled.definition, application)
    case_names.keep(tx, head.case_no, head.region, names)
    case_keys.keep(tx, head.case_no, head.region, matter_index(context.index, compiled.definition, application))
    return recorded


def _way(application: Application) -> DeliveryMethod:
    return DeliveryMethod(chosen_delivery(application).method)


def chosen_delivery(application: Application) -> DeliveryChoice:
    if application.delivery is None:
        raise AssertionError("an application without a way to deliver is refused")
    return application.delivery


async def name_persons(context: AppContext, tx: Transaction, recorded: Recorded, application: Application) -> None:
    """Whom the application says to be no more: beside the case, for its decision ends what they have here."""
    persons = persons_of(context.index, recorded.plan, application.form)
    now, bears = context.clock.now(), recorded.plan.reporter is not None
    await ended_persons.name(tx, recorded.case_no, recorded.plan.bundle, persons, now, bears=bears)


def application_papers(context: AppContext, case_no: str, application: Application) -> list[SealedValue]:
    """What an application leaves sealed, for every department of the case: which field each sees is policy."""
    seal = context.values(case_no).seal
    form = {
        "answers": application.answers,
        "form": application.form,
        "delivery": chosen_delivery(application).model_dump(exclude_none=True),
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
