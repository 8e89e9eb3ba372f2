"""好差评: rated once by who applied; a bad rating is answered by the counter or a supervisor, and put right."""

from onething.domain.caller import Caller
from onething.domain.clock_events import CalendarChanged
from onething.domain.events import Fact
from onething.domain.follow_up_events import Rated, RatingContacted, RatingRectified, RatingTag
from onething.domain.rating import BAD
from onething.domain.state import CaseState
from onething.security.policy import Act, Facts, require
from onething.services import cursors, papers
from onething.services.answers import Answer, Shown, View, WholeView
from onething.services.office import Office
from onething.services.once import Request, once
from onething.services.requests import Callback, RatingSent
from onething.services.standing import head_for, standing
from onething.store import access_log, calendars, cases, ratings
from onething.store.database import Transaction
from onething.store.writing import SealedValue


async def rate(office: Office, caller: Caller, key: str, case_no: str, sent: RatingSent) -> Answer:
    """Once, when the case has ended. Raises NotPermitted, NotAllowed."""
    comment = papers.RATING if sent.comment is not None else None
    tags = tuple(RatingTag(tag) for tag in dict.fromkeys(sent.tags))
    event = Rated(grade=sent.grade, tags=tags, comment=comment)
    said = {"comment": sent.comment} if sent.comment is not None else None
    return await _say(office, Request(caller, Act.RATE, _route(case_no), key, sent, case_no), event, comment, said)


async def contact(office: Office, caller: Caller, key: str, case_no: str, sent: Callback) -> Answer:
    """The applicant was called back. Raises NotPermitted, NotAllowed unless a bad rating waits for it."""
    request = Request(caller, Act.ANSWER_RATING, f"{_route(case_no)}/contact", key, sent, case_no)
    event = RatingContacted(note=papers.RATING_CONTACT)
    return await _say(office, request, event, papers.RATING_CONTACT, sent.model_dump())


async def rectify(office: Office, caller: Caller, key: str, case_no: str, sent: Callback) -> Answer:
    """What was bad has been put right, and the applicant told. Raises as `contact`, and before the contact."""
    request = Request(caller, Act.ANSWER_RATING, f"{_route(case_no)}/rectify", key, sent, case_no)
    event = RatingRectified(note=papers.RATING_RECTIFIED)
    return await _say(office, request, event, papers.RATING_RECTIFIED, sent.model_dump())


def _route(case_no: str) -> str:
    return f"POST /api/cases/{case_no}/rating"


async def _say(office: Office, request: Request, event: Fact, paper: str | None, said: dict[str, str] | None) -> Answer:
    """What was written is for the applicant's side and the counter, not for departments. What is owed for a bad rating
    is counted by the calendar of today: one that was loaded after the end has passed the case by."""
    case_no = request.case_no or ""

    async def work(tx: Transaction) -> Answer:
        await head_for(tx, request.caller, request.act, case_no)
        values = []
        if paper is not None:
            values.append(SealedValue(paper, office.papers(case_no).seal(paper, said), departments=()))
        recorded = await office.door.record(tx, case_no, event, values=values)
        newest = await _newer_calendar(office, tx, recorded.state) if isinstance(event, Rated) else None
        if newest is not None:
            changed = CalendarChanged(old=recorded.state.calendar, new=newest)
            recorded = await office.door.record(tx, case_no, changed)
        return standing(recorded)

    return await once(office, request, work)


async def _newer_calendar(office: Office, tx: Transaction, state: CaseState) -> str | None:
    """Digest of the newest version in the record, unless the case counts by it, or counts no days at all."""
    if not state.counts_days:
        return None
    own = await office.shelf.calendar(tx, state.calendar)
    _, newest = (await calendars.versions(tx, own.code))[-1]
    return None if newest == own.digest else newest


class RatingRow(View):
    """No word of what was written, and not by whom. Of a bad one: by when it has to be answered and put right, and
    when it was."""

    case_no: str
    bundle: str
    name: str
    status: str
    rated_at: Shown
    grade: int
    tags: list[str]
    contact_by: Shown | None = None
    contacted_at: Shown | None = None
    rectify_by: Shown | None = None
    rectified_at: Shown | None = None


class RatingPage(WholeView):
    items: list[RatingRow]
    next: str | None = None


async def page(office: Office, caller: Caller, *, bad: bool, limit: int, after: str | None) -> RatingPage:
    """Of the caller's region, newest first. Raises NotPermitted."""
    before = cursors.read(after) if after else cases.LATEST
    async with office.transaction(caller, Act.VIEW_RATINGS) as tx:
        require(caller, Act.VIEW_RATINGS, Facts(region=caller.region))
        rows = await ratings.page(tx, caller.region, before=before, worst=BAD if bad else None, limit=limit + 1)
        await access_log.add(tx, Act.VIEW_RATINGS, office.clock.now(), detail=f"rows:{min(len(rows), limit)}")
    more = cursors.written(rows[limit - 1].at, rows[limit - 1].case_no) if len(rows) > limit else None
    return RatingPage(items=[_row(office, row) for row in rows[:limit]], next=more)


def _row(office: Office, row: ratings.Rated) -> RatingRow:
    told = ("case_no", "bundle", "status", "grade", "contact_by", "contacted_at", "rectify_by", "rectified_at")
    return RatingRow(
        **{name: getattr(row, name) for name in told},
        name=office.applications.definition(row.bundle).name,
        rated_at=row.at,
        tags=list(row.tags),
    )
