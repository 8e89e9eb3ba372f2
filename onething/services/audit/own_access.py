"""谁查过我的信息: what stands in the access log about the reader, by the identity that they have proved.

They learn which office in which role looked at what of theirs, when, and why; never who it was by account or name
(个人信息保护法 Art. 44 gives them the right to know; who answers for it is the office). A reason is shown where it is
one of the phrases that offices pick from: free text may name somebody else, and nobody can tell that from its words.
Who wants to read the rest asks the office named (Art. 45).
"""

from typing import Literal

from onething.domain.errors import FailureCode
from onething.domain.principal import DEPARTMENT_ROLES, Principal, Role
from onething.security.policy import Act, NotPermitted, require
from onething.services import outlets
from onething.services.audit.access import place_of
from onething.services.audit.schemas import OwnAccessPage, OwnAccessView
from onething.services.core.access import opened_reason
from onething.services.core.context import AppContext
from onething.services.summaries import pagination
from onething.store.connection.actor import PUBLIC, SOURCE
from onething.store.record import access_log
from onething.store.record.access_log import DONE, NumberSearch, OwnAccess

REASONS = (
    "本人到窗口查询进度",
    "本人来电询问进度",
    "受理申请，核对以前的办件",
    "办理事项，核对以前的办件",
    "核对是否重复申请",
    "处理本人的投诉",
)
"""Why people are searched for, as offices pick it: phrases that name nobody, and are shown to whom they are about."""

_NO_IDENTITY = (
    "您登录的账户没有核验过证件号码，无法知道哪些是您的信息。请用实名核验过的账户登录，或持证件到综合窗口查询。"
)
_WHAT = {
    Act.VIEW_CASE: "查看办件",
    Act.VIEW_TIMELINE: "查看办件经过",
    Act.VIEW_DOCUMENTS: "查看办件的文书",
    Act.DOWNLOAD_MATERIAL: "打开材料文件",
    Act.VIEW_TASK: "查看办件的事项",
    Act.SEARCH_CASES: "按您的证件号码查找办件",
    Act.SEARCH_LICENCES: "按您的证件号码查找电子证照",
    Act.REUSE_MATERIAL: "查找您以前提交的材料",
    Act.FETCH_ORDERS: "部门业务系统取走办件内容",
    Act.CONFIRM_PREFILL: "查看或确认为您预填的申请",
    Act.VIEW_PRECHECK: "来前预看：打开您请窗口看的草稿",
    Act.ANSWER_PRECHECK: "来前预看：答复",
    Act.TAKE_OVER_DRAFT: "您到窗口以后接着办理草稿",
    Act.GIVE_MANDATE: "登记您的委托",
    Act.VIEW_MANDATES: "查看您的委托",
    Act.REVOKE_MANDATE: "撤销您的委托",
    Act.DELETE_DRAFT: "删除草稿",
    Act.REISSUE_CODE: "更换办件查询码",
    Act.VIEW_PERSONAL_NOTICES: "查看告知您的事项",
    Act.VIEW_OWN_ACCESS: "查看谁查过您的信息",
    Act.VIEW_ASKED: "查看谁的申请问到您",
    Act.CONFIRM_LOOK_UPS: "答复同意查询您的信息",
    Act.DECLINE_LOOK_UPS: "答复不同意查询您的信息",
    Act.VIEW_ACCESS_LOG: "审计员查阅访问日志",
    Act.SUBMIT: "以您的名义提交申请",
    "progress": "凭查询码查询进度",
    "end_person": "记录关于您已去世的申报和登记",
}
_OTHER = "办理或查看办件"
_OFFICES = {
    Role.COUNTER: "综合窗口",
    Role.OFFICER: "经办人员",
    Role.LEADER: "负责人",
    Role.SUPERVISOR: "督办人员",
    Role.ADMIN: "系统管理员",
    Role.AUDITOR: "审计员",
}
_PURPOSES = {
    Role.COUNTER: "收件、审查受理、通知和送达",
    Role.OFFICER: "办理归本部门的事项",
    Role.LEADER: "审核归本部门的事项",
    Role.SUPERVISOR: "督办办件，处理投诉和差评",
    Role.ADMIN: "维护系统",
    Role.AUDITOR: "检查谁看过什么",
}
"""What each office is there for, as whoever was looked at reads it."""


async def page(
    context: AppContext, principal: Principal, *, own_too: bool, limit: int, after: str | None
) -> OwnAccessPage:
    """Newest first. Raises NotPermitted for who has proved no identity, InvalidInput for a cursor of another list. Each
    reading is a line itself."""
    before = place_of(after) if after else access_log.NEWEST
    async with context.transaction(principal, Act.VIEW_OWN_ACCESS) as tx:
        require(principal, Act.VIEW_OWN_ACCESS)
        if principal.identity is None:
            raise NotPermitted(FailureCode.NOT_PERMITTED, _NO_IDENTITY)
        lines = await access_log.about_actor(tx, own_too=own_too, before=before, limit=limit + 1)
        search = NumberSearch(bytes.fromhex(principal.identity))
        found = min(len(lines), limit)
        access_log.add(tx, Act.VIEW_OWN_ACCESS, context.clock.now(), search=search, found=found)
    last = lines[limit - 1] if len(lines) > limit else None
    return OwnAccessPage(
        items=[_view(context, line) for line in lines[:limit]],
        next=pagination.written(last.at, str(last.id)) if last else None,
    )


def _view(context: AppContext, line: OwnAccess) -> OwnAccessView:
    reason = opened_reason(context, line.subject, line.reason)
    by = _by(line)
    return OwnAccessView(
        at=line.at,
        by=by,
        role=line.role,
        who=_who(context, line, by),
        department=line.department,
        region=line.region if by == "office" else None,
        outlet=outlets.named(context, line.outlet) if by == "office" else None,
        act=line.act,
        what=_WHAT.get(line.act, _OTHER),
        purpose=_purpose(line, by),
        case_no=line.case_no,
        reason=reason if reason in REASONS else None,
        reason_withheld=reason is not None and reason not in REASONS,
        refused=line.outcome != DONE,
        times=line.times,
    )


def _by(line: OwnAccess) -> Literal["yourself", "person", "office", "system", "stranger"]:
    if line.own:
        return "yourself"
    if line.role in (Role.CITIZEN, Role.AGENT):
        return "person"
    if line.role in (Role.DEPARTMENT_SYSTEM, Role.WORKER, SOURCE):
        return "system"
    return "stranger" if line.role == PUBLIC else "office"


def _purpose(line: OwnAccess, by: str) -> str | None:
    """What whoever it was does in that role, which is why they may look at all. None of oneself."""
    match by:
        case "yourself":
            return None
        case "person":
            return "受您委托办理，或帮您填写"
        case "stranger":
            return "凭查询码或证照编号查询"
        case "system":
            return "按办件的需要自动处理"
    return _PURPOSES.get(Role(line.role), "办理公务")


def _who(context: AppContext, line: OwnAccess, by: str) -> str:
    match by:
        case "yourself":
            return "您自己"
        case "person":
            return "受托人或帮办代办人员" if line.role == Role.AGENT else "其他个人账户"
        case "stranger":
            return "没有登录的人"
        case "system":
            return f"{context.department(line.department)}的业务系统" if line.department else "本系统"
    known = context.catalog.regions.get(line.region or "")
    place = known.name if known else ""
    office = _OFFICES.get(Role(line.role), "工作人员")
    if line.role in DEPARTMENT_ROLES and line.department is not None:
        return f"{place}{context.department(line.department)}{office}"
    outlet = outlets.named(context, line.outlet)
    return f"{place}{outlet.name if outlet else ''}{office}"
