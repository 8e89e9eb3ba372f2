"""What somebody is told because of who they are, whichever account they have: that they were reported to be dead, that
a clerk has looked at a draft in their name, and that somebody else's application would have their records looked up.

The first is the cheapest guard against false reports. It asks for nothing, blocks nothing, and does not say who
reported.
"""

from typing import Literal

from onething.domain.kernel.case_no import CaseNo
from onething.domain.kernel.state import PartyAnswer
from onething.domain.principal import Principal
from onething.security.policy import Act, require
from onething.services.core.context import AppContext
from onething.services.summaries.responses import CompleteResponseModel, LocalDateTime, ResponseModel
from onething.store.record import access_log
from onething.store.record.access_log import NumberSearch
from onething.store.tables import case_parties, cases, ended_persons, prechecks
from onething.store.tables.case_parties import AskedAbout
from onething.store.tables.ended_persons import Reported
from onething.store.tables.prechecks import AnsweredPrecheck

_MOST = 50
_WHAT_CAME = {
    "reported": "正在办理。如果不是事实，请立即持本人证件到{department}或综合窗口说明，不用在这里答复。",
    "registered": "已经登记。如果不是事实，请立即持本人证件到{department}或综合窗口，申请撤销登记。",
    "revoked": "登记后来已经撤销。原来的委托没有恢复，需要的请重新委托。",
    "dropped": "没有登记，办件已经结束。",
}


class PersonalNotice(ResponseModel):
    """Of a report, `state`: reported, registered, revoked (the registration), dropped (nothing came of it). Of a draft
    that a clerk has looked at: answered; what they said stands at the draft. Of a question that waits: asked; it is
    answered at `GET /api/me/asked`."""

    kind: Literal["death_reported", "precheck_answered", "data_asked"] = "death_reported"
    case_no: str
    item: str | None = None
    region: str
    at: LocalDateTime
    state: Literal["reported", "registered", "revoked", "dropped", "answered", "asked"]
    text: str


class PersonalNotices(CompleteResponseModel):
    items: list[PersonalNotice]


async def everything(context: AppContext, principal: Principal) -> PersonalNotices:
    """Of the identity that the caller has proved, the newest first; none of who has proved none. Leaves a line."""
    async with context.transaction(principal, Act.VIEW_PERSONAL_NOTICES) as tx:
        require(principal, Act.VIEW_PERSONAL_NOTICES)
        if principal.identity is None:
            return PersonalNotices(items=[])
        person = bytes.fromhex(principal.identity)
        found = await ended_persons.of_person(tx, person, _MOST)
        looked_at = await prechecks.answered_of(tx, person, _MOST)
        asked = [one for one in await case_parties.about_actor(tx, cases.LATEST, _MOST) if _waits_for_reader(one)]
        search = NumberSearch(person)
        together = len(found) + len(looked_at) + len(asked)
        access_log.add(tx, Act.VIEW_PERSONAL_NOTICES, context.clock.now(), search=search, found=together)
    notices = [
        *(_notice(context, report) for report in found),
        *(_answered(context, one) for one in looked_at),
        *(_asked(context, one) for one in asked),
    ]
    return PersonalNotices(items=sorted(notices, key=lambda notice: notice.at, reverse=True))


def _answered(context: AppContext, precheck: AnsweredPrecheck) -> PersonalNotice:
    name = context.applications.definition(precheck.bundle).name
    outlet = context.catalog.outlets.get(precheck.visit_outlet)
    where = outlet.name if outlet else precheck.visit_outlet
    return PersonalNotice(
        kind="precheck_answered",
        case_no=precheck.case_no,
        region=precheck.region,
        at=precheck.answered_at,
        state="answered",
        text=f"窗口看过您的“{name}”草稿（编号 {precheck.case_no}）了：请于 {precheck.visit_on} 到{where}。"
        "带什么、凭证码见草稿的“来前请窗口看一眼”。",
    )


def _waits_for_reader(row: AskedAbout) -> bool:
    return row.open and row.standing.answer is PartyAnswer.ASKED


def _asked(context: AppContext, row: AskedAbout) -> PersonalNotice:
    definition = context.applications.definition(row.bundle)
    party = next(one.name for one in definition.parties if one.id == row.party)
    return PersonalNotice(
        kind="data_asked",
        case_no=row.case_no,
        region=CaseNo.parse(row.case_no).region,
        at=row.at,
        state="asked",
        text=f"有人办理“{definition.name}”（办件 {row.case_no}），写您是{party}，要查询您的信息："
        "同意不同意，请到“谁问到我”答复。",
    )


def _notice(context: AppContext, report: Reported) -> PersonalNotice:
    item = next(item for item in context.applications.definition(report.bundle).items if item.code == report.item)
    region = CaseNo.parse(report.case_no).region
    known = context.catalog.regions.get(region)
    place = known.name if known else region
    state = _state(report)
    came = _WHAT_CAME[state].format(department=context.department(item.department))
    return PersonalNotice(
        case_no=report.case_no,
        item=report.item,
        region=region,
        at=report.reported_at,
        state=state,
        text=f"有人在{place}申报您已经死亡，申请“{item.name}”（办件 {report.case_no}）：{came}",
    )


def _state(report: Reported) -> Literal["reported", "registered", "revoked", "dropped"]:
    """What was revoked, and then reported once more, is as any report, but that nothing came of it the second time
    takes nothing back."""
    if report.ended_at is not None and report.lifted_at is None:
        return "registered"
    again = report.lifted_at is None or report.reported_at > report.lifted_at
    if again and report.dropped_at is None:
        return "reported"
    return "dropped" if report.ended_at is None else "revoked"
