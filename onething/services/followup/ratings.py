"""好差评: rated once by who applied; a bad rating is answered by the counter or a supervisor, and put right."""

from onething.domain.events.followup import Rated, RatingContacted, RatingRectified, RatingTag
from onething.domain.followup.ratings import BAD
from onething.domain.principal import Principal
from onething.security.policy import Act, Facts, require
from onething.services.application import sealed_values
from onething.services.core.acts import CaseRun, act_on_case
from onething.services.core.context import AppContext
from onething.services.deadlines.calendars import newer_calendar
from onething.services.followup.schemas import RatingFollowUpRequest, RatingRequest
from onething.services.summaries import pagination
from onething.services.summaries.case_summary import standing
from onething.services.summaries.responses import CompleteResponseModel, LocalDateTime, ResponseModel, StoredResponse
from onething.store.record import access_log
from onething.store.record.rows import SealedValue
from onething.store.tables import cases, ratings


@act_on_case(Act.RATE)
async def rate(run: CaseRun, request: RatingRequest) -> StoredResponse:
    """Once, when the case has ended. Raises NotAllowed.

    What is owed for a bad rating is counted by the calendar of today: one that was loaded after the end has passed the
    case by.
    """
    values = (
        [] if request.comment is None else [_for_the_counter(run, sealed_values.RATING, {"comment": request.comment})]
    )
    tags = tuple(RatingTag(tag) for tag in dict.fromkeys(request.tags))
    event = Rated(grade=request.grade, tags=tags, comment=sealed_values.RATING if values else None)
    recorded = await run.record(event, *values)
    by_today = await newer_calendar(run.context.plan_cache, run.tx, recorded.state)
    return standing(recorded if by_today is None else await run.record(by_today))


@act_on_case(Act.CONTACT_AFTER_RATING)
async def contact(run: CaseRun, request: RatingFollowUpRequest) -> StoredResponse:
    """The applicant was called back. Raises NotAllowed unless a bad rating waits for it."""
    value = _for_the_counter(run, sealed_values.RATING_CONTACT, request.model_dump())
    return standing(await run.record(RatingContacted(note=value.name), value))


@act_on_case(Act.RECTIFY_AFTER_RATING)
async def rectify(run: CaseRun, request: RatingFollowUpRequest) -> StoredResponse:
    """What was bad has been put right, and the applicant told. Raises as `contact`, and before the contact."""
    value = _for_the_counter(run, sealed_values.RATING_RECTIFIED, request.model_dump())
    return standing(await run.record(RatingRectified(note=value.name), value))


def _for_the_counter(run: CaseRun, name: str, content: dict[str, str]) -> SealedValue:
    """What was written is for the applicant's side and the counter, not for departments."""
    return run.sealed(name, content, ())


class RatingRow(ResponseModel):
    """No word of what was written, and not by whom. Of a bad one: by when it has to be answered and put right, and
    when it was."""

    case_no: str
    bundle: str
    name: str
    status: str
    rated_at: LocalDateTime
    grade: int
    tags: list[str]
    channel: str  # `party`, `agent` (who acts for them): of the case; `counter`, `on_site`: of one visit, by its code
    visit: int | None = None
    contact_by: LocalDateTime | None = None
    contacted_at: LocalDateTime | None = None
    rectify_by: LocalDateTime | None = None
    rectified_at: LocalDateTime | None = None


class RatingPage(CompleteResponseModel):
    items: list[RatingRow]
    next: str | None = None


async def page(context: AppContext, principal: Principal, *, bad: bool, limit: int, after: str | None) -> RatingPage:
    """Of the caller's region, newest first. Raises NotPermitted."""
    before = pagination.read(after) if after else cases.LATEST
    async with context.transaction(principal, Act.VIEW_RATINGS) as tx:
        require(principal, Act.VIEW_RATINGS, Facts(region=principal.region))
        rows = await ratings.page(tx, principal.region, before=before, worst=BAD if bad else None, limit=limit + 1)
        access_log.add(tx, Act.VIEW_RATINGS, context.clock.now(), detail=f"rows:{min(len(rows), limit)}")
    more = pagination.written(rows[limit - 1].at, rows[limit - 1].case_no) if len(rows) > limit else None
    return RatingPage(items=[_row(context, row) for row in rows[:limit]], next=more)


def _row(context: AppContext, row: ratings.StoredRating) -> RatingRow:
    told = (
        "case_no",
        "bundle",
        "status",
        "grade",
        "channel",
        "visit",
        "contact_by",
        "contacted_at",
        "rectify_by",
        "rectified_at",
    )
    return RatingRow(
        **{name: getattr(row, name) for name in told},
        name=context.applications.definition(row.bundle).name,
        rated_at=row.at,
        tags=list(row.tags),
    )
