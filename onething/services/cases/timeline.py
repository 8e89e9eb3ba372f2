"""经过: the journal as people read it. Roles and departments, never who; codes and outcomes, never contents."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from types import MappingProxyType
from typing import Any

from onething.domain.calendar.countdown import PauseBasis
from onething.domain.calendar.days import LOCAL, ONE_DAY
from onething.domain.deadlines.clock_kinds import (
    CASE_CLOCK,
    CASE_STATUTORY,
    item_statutory,
    limit_of,
)
from onething.domain.deadlines.pauses import extended_with
from onething.domain.deadlines.wording import BASIS_NAMES, UNIT_NAMES
from onething.domain.definition.bundle import BundleDefinition
from onething.domain.definition.items import OutputKind
from onething.domain.definition.materials import FallbackKind
from onething.domain.definition.periods import PeriodKind
from onething.domain.definition.time_rules import Missed, OverdueHow
from onething.domain.documents import CHANNEL_NAMES, DELIVERED_NAMES
from onething.domain.form.form_labels import place_name
from onething.domain.kernel.clock_id import ClockId, ClockKind
from onething.domain.kernel.commands import CommandKind
from onething.domain.kernel.state import Rating, ReissueWhy
from onething.domain.plan.plan import Plan, key_of
from onething.domain.principal import Principal, Role
from onething.security.policy import Act
from onething.services.cases.changes import ChangeView, changed_by
from onething.services.cases.detail import eyes_of
from onething.services.cases.schemas import TimelineEntry, TimelinePage
from onething.services.core.access import facts_of, head_for
from onething.services.core.context import AppContext
from onething.services.core.visibility import (
    APPLYING_SIDE,
    LINES_TO_REPORTER,
    RATING_LINES,
    hears_of_rating,
    is_before_its_turn,
    only_reports,
)
from onething.services.core.wording import (
    CARD_NAMES,
    REISSUE_NAMES,
    clock_name,
    data_name,
    decision_words,
    item_name,
    material_name,
    outcome_words,
)
from onething.services.documents.letters import notice_name, outcome_of
from onething.services.mandates import agent_name
from onething.services.outlets import named
from onething.store.connection.database import Transaction
from onething.store.record import access_log, journal
from onething.store.record.hash_chain import Line
from onething.store.tables import cases, mandates

_TEXTS = {
    "submitted": "提交申请{taken_in}{chip}{reused}{licensed}{offline}",
    "corrections_asked": "一次性告知补正：{asked}",
    "supplemented": "{supplied}{differs}",
    "papers_received": "收到{papers}{offline}",
    "accepted": "受理{deferred}",
    "rejected": "不予受理",
    "withdrawn": "撤回申请",
    "task_claimed": "认领“{item}”",
    "task_released": "放回“{item}”",
    "task_transferred": "将“{item}”转交本部门其他人员办理",
    "item_decided": "{decided}",
    "undone_by_hand": "已人工{undone}“{subject}”",
    "item_corrections_asked": "“{item}”要求补正：{asked}{merged}",
    "demand_taken_back": "“{item}”撤回补正要求，按现有材料办理",
    "clock_suspended": "“{item}”中止计时{reach}：{basis}，预计 {days} 天{most}",
    "clock_resumed": "“{item}”恢复计时",
    "clock_extended": "“{clock}”的法定期限延长 {more}，{promise}",
    "urged": "催办“{about}”",
    "urge_answered": "答复催办“{about}”",
    "supervised": "督办“{about}”，要求 {days} 个工作日内答复",
    "supervision_answered": "答复督办“{about}”",
    "commitment_checked": "核查以承诺代替的“{material}”：{kept}",
    "review_asked": "请“{item}”的部门复核其{decision}",
    "revocation_decided": "“{item}”的{decision}：{revoked}",
    "certificate_reissued": "{reissued}“{item}”的{certificates}{corrected}{relying}",
    "case_reopened": "重新办理{items}（{basis}）",
    "discrepancy_resolved": "核实“{comparison}”，以“{which}”为准",
    "looked_by_hand": "人工核查“{data}”：{found}{differs}",
    "rated": "评价：{grade} 分",
    "rating_contacted": "就差评回访申请人",
    "rating_rectified": "差评已整改",
    "consult_asked": "“{item}”向{asked}{mode}",
    "consult_answered": "“{item}”的{mode}已答复",
    "consult_taken_back": "“{item}”撤回还没有答复的征求",
    "inspection_appointed": "安排联合踏勘：{items}，{on}",
    "inspection_moved": "联合踏勘改期：{items}，由 {before} 改到 {on}",
    "inspection_concluded": "“{item}”的联合踏勘结论：{passed}",
    "days_offered": "“{inspection}”{recheck}可选日期：{days}",
    "day_chosen": "“{inspection}”{recheck}：{chosen}",
    "day_set": "“{inspection}”{recheck}定于 {on}",
    "part_recorded": "“{item}”的“{inspection}”{recheck}：{found}",
    "inspection_closed": "“{inspection}”{recheck}结果汇总告知",
    "points_rectified": "报告“{inspection}”发现的问题已经整改",
    "inspection_day_ended": "“{inspection}”当天结束，没有登记结果的部门按未到场处理",
    "mending_time_ended": "“{inspection}”的整改期限届满，没有报告已经整改",
    "look_up_retried": "再次查询“{data}”",
    "item_reassigned": "“{item}”{what}由{before}移交{taker}（{basis}）",
    "delivery_chosen": "送达方式改为{way}",
    "letter_delivered": "{delivered}",
    "item_returned": "“{item}”的办理部门将“{earlier}”退回，重新办理",
    "calendar_changed": "换用新版工作日历，重新计算期限",
    "record_fetched": "取得“{data}”{again}{differs}",
    "record_refused": "“{data}”无法取得，{instead}",
    "dispatch_refused": "“{item}”的业务系统不予处理，转由部门人员办理",
    "certificates_issued": "签发证照：{certificates}{replacing}",
    "notices_sent": "送达{notice}",
    "effect_undone": "已{undone}“{subject}”",
    "came_too_late": "{late}的结果迟到，已记录{differs}",
    "marks_taken_back": "按新的工作日历，“{clock}”{marks}，予以收回",
    "pause_time_ended": "“{item}”中止已满至多可以中止的时间，恢复计时",
    "clock_warned": "“{clock}”即将到期",
    "clock_overdue": "“{clock}”超期",
    "rung_fired": "“{clock}”的期限提醒",
    "deemed_accepted": "逾期未告知补正，自收到之日起视为受理",
    "supplement_time_ended": "补正期限届满，未收到补正",
    "deferred_time_ended": "容缺的“{material}”逾期未补交，{instead}",
    "owed_time_ended": "办成后应当补交的“{material}”逾期没有补交",
    "demand_time_ended": "“{item}”的补正期限届满，按现有材料办理",
    "rectify_time_ended": "“{material}”的改正期限届满，再次核查",
    "period_ended": "“{period}”期满{follows}",
    "notice_objected": "“{period}”期间有人提出异议{follows}",
    "outside_reported": "“{period}”已经完成",
    "decided_by_silence": "“{item}”法定期限届满，{silence}",
    "manual_time_ended": "人工核查“{data}”的时间已到，{instead}",
    "look_up_due": "再次查询“{data}”",
    "patience_ended": "等待{awaited}期满，{instead}",
}
_SILENCE = {
    OverdueHow.DEEM_APPROVED: "依据{basis}视为{outcome}",
    OverdueHow.REFUSE: "依据{basis}视为{outcome}",
    OverdueHow.LAPSE: "不再作出决定，需要它的事项不再办理",
    OverdueHow.PROCEED_WITHOUT: "不再等待，后续事项继续办理",
}
_BY_SOMEBODY = "（受托人办理）"


async def timeline(context: AppContext, principal: Principal, case_no: str, limit: int, after: int) -> TimelinePage:
    """Lines after seq `after`, oldest first. `next` is the `after` of the next page."""
    async with context.transaction(principal, Act.VIEW_TIMELINE, case_no) as tx:
        head = await head_for(tx, principal, Act.VIEW_TIMELINE, case_no)
        lines = await journal.lines(tx, case_no, after=after, limit=limit + 1)
        found = await cases.state(tx, case_no)
        plan = await context.plan_cache.plan_of(tx, found[1]) if found else None
        last = lines[limit - 1].seq if len(lines) > limit else None
        lines = lines[:limit]
        if plan and await only_reports(tx, principal, case_no, plan):
            lines = [_to_reporter(line) for line in lines if line.kind in LINES_TO_REPORTER]
        lines = _to_rated(principal, lines, found[1].rating if found else None)
        acting = await _acting(context, tx, lines)
        changed: Mapping[int, list[ChangeView]] = {}
        if plan and not is_before_its_turn(principal, head):
            eyes = eyes_of(context, principal, plan, facts_of(tx, head))
            changed = await changed_by(context, tx, case_no, plan.bundle, lines, eyes)
        access_log.add(tx, Act.VIEW_TIMELINE, context.clock.now(), case_no=case_no)
    if plan is None:
        return TimelinePage(items=[])
    names = context.catalog.departments
    definition = context.catalog.bundle(plan.bundle)
    tells_age = principal.role not in APPLYING_SIDE
    entries = [
        entry(line, plan, definition, names, acting, tells_age=tells_age, taken_in=_taken_in(context, line)).model_copy(
            update={"changes": changed.get(line.seq) or None}
        )
        for line in lines
    ]
    return TimelinePage(items=entries, next=last)


def _to_reporter(line: Line) -> Line:
    """Without what the registers said of it."""
    return replace(line, event={name: value for name, value in line.event.items() if name != "disagrees"})


def _to_rated(principal: Principal, lines: Sequence[Line], rating: Rating | None) -> Sequence[Line]:
    """Of ratings to the counter only what it has to answer, and not who of the applicant's side gave it."""
    if not hears_of_rating(principal, rating):
        return [line for line in lines if line.kind not in RATING_LINES]
    if principal.role is Role.COUNTER:
        return [replace(line, actor=None) if line.kind == "rated" else line for line in lines]
    return lines


async def _acting(context: AppContext, tx: Transaction, lines: Sequence[Line]) -> Mapping[str, str]:
    """Mandates under which lines were written → how that is told; for departments, who see none, without a name."""
    used = {line.actor["mandate"] for line in lines if line.actor and "mandate" in line.actor}
    told = {}
    for id_ in sorted(used):
        mandate = await mandates.seen(tx, id_)
        told[id_] = f"（{agent_name(context, mandate)}依委托 {id_} 代为办理）" if mandate else _BY_SOMEBODY
    return told


def entry(
    line: Line,
    plan: Plan,
    definition: BundleDefinition | None,
    departments: Mapping[str, str],
    acting: Mapping[str, str] = MappingProxyType({}),
    *,
    tells_age: bool,
    taken_in: str = "",
) -> TimelineEntry:
    """`definition`: what fields are called. `tells_age`: of a record that is used again, which says that somebody asked
    about the same before. `taken_in`: at which outlet, of an application."""
    event, actor = line.event, line.actor or {}
    item = event.get("item")
    outcome = event.get("outcome")
    mandate = actor.get("mandate")
    return TimelineEntry(
        seq=line.seq,
        at=line.at,
        kind=line.kind,
        text=_TEXTS[line.kind].format(
            item=item_name(plan, item),
            **_names(plan, definition, event, departments),
            offline=_offline(line.at, event.get("received")),
            taken_in=taken_in,
            again=_kept_for(line.at, event.get("kept_at")) if tells_age else "",
        )
        + acting.get(mandate or "", ""),
        item=item,
        outcome=outcome,
        role=actor.get("role"),
        department=actor.get("department"),
        department_name=departments.get(actor.get("department") or ""),
        mandate=mandate if acting.get(mandate or "", _BY_SOMEBODY) != _BY_SOMEBODY else None,
    )


def _follows(plan: Plan, event: Mapping[str, Any]) -> str:
    """Of a period that did not end well."""
    lapsed = event["kind"] == "period_ended" and plan.period_by_code[event["period"]].kind is PeriodKind.OUTSIDE
    ends_well = event["kind"] == "period_ended" and not lapsed
    told = "，没有完成" if lapsed else ""
    return "" if ends_well else f"{told}，须等它顺利结束的事项不再办理"


def _taken_in(context: AppContext, line: Line) -> str:
    outlet = named(context, line.event.get("outlet"))
    return f"，由{outlet.name}收件" if outlet is not None else ""


def _names(
    plan: Plan, definition: BundleDefinition | None, event: dict[str, Any], departments: Mapping[str, str]
) -> dict[str, str]:
    names = {"data": data_name(plan, event), "clock": _clock(plan, event)}
    names["subject"] = item_name(plan, event.get("item") or event.get("data"))
    names["about"] = item_name(plan, event["item"]) if event.get("item") else plan.name
    names["undone"] = "释放" if event.get("data") else "撤销"  # what a look-up held is released
    names |= {"material": material_name(plan, event.get("material")), "deferred": "", "reused": "", "licensed": ""}
    names["chip"] = ""
    names["grade"] = str(event.get("grade", ""))
    names["differs"] = _differs(plan, event.get("disagrees", ()))
    names["kept"] = "属实" if event.get("kept") else "不实"
    item = plan.item_by_code.get(str(event.get("item")))
    names["decision"] = decision_words(item) if item else ""
    names["revoked"] = "撤销" if event.get("revoke") else "不撤销"
    names["found"] = "查到记录" if event.get("record") else "查无此记录"
    names["instead"] = _instead(plan, event)
    match event["kind"]:
        case "submitted":
            if event.get("reused"):
                names["reused"] = f"，沿用以前办件的{'、'.join(material_name(plan, code) for code in event['reused'])}"
            if any(one.get("chip") for one in event.get("seen", ())):
                names["chip"] = "，窗口用读卡器读了证件"
            if event.get("licensed"):
                told = (plan.data_by_key[key].name for key in event["licensed"])
                names["licensed"] = f"，经持证人同意取用电子证照（{'、'.join(told)}）"
            if event.get("announced"):
                names["licensed"] += (
                    f"，将交来纸质件：{'、'.join(material_name(plan, code) for code in event['announced'])}"
                )
        case "papers_received":
            came = "、".join(material_name(plan, code) for code in event["materials"])
            names["papers"] = f"{'邮寄来的' if event.get('how') == 'post' else ''}纸质件：{came}"
        case "supplemented":
            names["supplied"] = _supplied(plan, event, partial(place_name, definition))
        case "corrections_asked":
            places = (place_name(definition, pointer) for pointer in event["fields"])
            names["asked"] = "、".join((*(material_name(plan, code) for code in event["materials"]), *places))
        case "certificates_issued":
            names["certificates"] = "、".join(_certificates(plan, event["items"]))
            names["replacing"] = "，所替代的原证照作废" if event.get("replaces") else ""
        case "certificate_reissued":
            names |= _reissued(plan, definition, event)
        case "notices_sent":
            names["notice"] = notice_name(event["template"])
        case "came_too_late":
            names["late"] = _late(plan, event)
        case "patience_ended":
            names["awaited"] = _awaited(plan, event)
        case "accepted" if event.get("deferred"):
            names["deferred"] = f"，容缺{'、'.join(material_name(plan, code) for code in event['deferred'])}"
        case "decided_by_silence":
            item = plan.item_by_code[event["item"]]
            ended = outcome_of(plan, event)
            outcome = "" if ended is None else ended.name if item.outcomes else f"{ended.name}{item.act}"
            silence = _SILENCE[OverdueHow(event["how"])].format(basis=item.overdue_basis, outcome=outcome)
            names |= {"silence": silence}
        case "item_decided":
            names["decided"] = outcome_words(plan.item_by_code[event["item"]], event["outcome"])
        case "item_corrections_asked":
            names |= {"asked": "、".join(material_name(plan, code) for code in event["materials"])}
            also = "、".join(f"“{item_name(plan, one['item'])}”" for one in event.get("also", ()))
            names |= {"merged": f"，与{also}的补正合并告知" if also else ""}
        case "clock_suspended":
            basis = PauseBasis(event["basis"])
            rule = plan.item_by_code[event["item"]].pause_for(basis)
            names |= {"basis": BASIS_NAMES[basis], "days": str(event["expected_days"])}
            names["reach"] = "" if rule is None or rule.stops_law else "（只停承诺期限）"
            names["most"] = (
                "" if rule is None else f"，至多 {rule.at_most.amount} {UNIT_NAMES[rule.at_most.unit]}（{rule.basis}）"
            )
        case "marks_taken_back":
            names["marks"] = _marks(plan, event)
        case "urged" | "supervised":
            names["days"] = str(event.get("days", ""))
        case "clock_extended":
            clock = item_statutory(event["item"]) if "item" in event else CASE_STATUTORY
            more = f"{event['amount']} {UNIT_NAMES[limit_of(plan, clock).unit]}"
            follows = len(extended_with(plan, event.get("item"))) > 1
            promise = "承诺期限仍在计时的随之延长" if follows else "承诺期限不变"
            names |= {"clock": clock_name(plan, clock), "more": more, "promise": promise}
        case "delivery_chosen":
            names["way"] = CHANNEL_NAMES[event["method"]]
        case "letter_delivered":
            done = DELIVERED_NAMES[event["channel"], event["outcome"]]
            names["delivered"] = f"第 {event['letter']} 号文书：{done}"
        case "consult_asked":
            asked = "、".join(departments.get(code, code) for code in event["departments"])
            names |= {"asked": asked, "mode": "会签" if "rule" in event else "征求意见"}
        case "consult_answered":
            names |= {"mode": "会签" if "agrees" in event else "征求意见"}
        case "inspection_appointed" | "inspection_moved":
            names |= {"items": "、".join(f"“{item_name(plan, code)}”" for code in event["items"])}
            names |= {"on": event["on"] + ("（休息日）" if event.get("on_day_off") else "")}
            names["before"] = event.get("before", "")
        case "case_reopened":
            names |= {"items": "、".join(f"“{item_name(plan, code)}”" for code in event["items"])}
            names["basis"] = event["basis"]
        case "item_reassigned":
            before, taker = (departments.get(event[part], event[part]) for part in ("before", "department"))
            what = "的征求意见" if "consult" in event else ""
            names |= {"before": before, "taker": taker, "basis": event["basis"], "what": what}
        case "period_ended" | "notice_objected" | "outside_reported":
            period = plan.period_by_code[event["period"]]
            names |= {"period": period.name, "follows": _follows(plan, event)}
        case (
            "days_offered"
            | "day_chosen"
            | "day_set"
            | "part_recorded"
            | "inspection_closed"
            | "points_rectified"
            | "inspection_day_ended"
            | "mending_time_ended"
        ):
            names |= _inspected(plan, event)
        case "item_returned":
            names |= {"earlier": item_name(plan, event["earlier"])}
        case "discrepancy_resolved":
            names |= {"comparison": _comparison(plan, event["code"]), "which": _side(plan, event["which"])}
        case "inspection_concluded":
            names |= {"passed": "通过" if event["passed"] else "未通过"}
    return names


def _inspected(plan: Plan, event: Mapping[str, Any]) -> dict[str, str]:
    """Of an inspection that is planned."""
    names = {"inspection": plan.inspection_by_code[event["inspection"]].name, "on": event.get("on") or ""}
    names["recheck"] = "复验" if event.get("round", 1) > 1 else ""
    names["days"] = "、".join(event.get("days", ()))
    names["chosen"] = f"选定 {event['on']}" if event.get("on") else "提供的日期都不合适"
    names["found"] = f"{len(event['points'])} 处需要整改" if event.get("points") else "通过"
    return names


def _marks(plan: Plan, event: Mapping[str, Any]) -> str:
    cards = {rung.code: rung.card for rung in plan.clocks.ladder} if plan.clocks else {}
    given = dict.fromkeys(CARD_NAMES[card] if (card := cards.get(code)) else "提醒" for code in event.get("rungs", ()))
    parts = (("并未超期", event["overdue"]), (f"还没有到发出{'、'.join(given)}的时候", given))
    return "，".join(words for words, applies in parts if applies)


def _offline(at: datetime, received: Mapping[str, Any] | None) -> str:
    if received is None:
        return ""
    taken = datetime.fromisoformat(received["at"])
    late = "，超过一天后才登记" if at - taken > ONE_DAY else ""
    return f"（离线收件：{taken.astimezone(LOCAL):%Y-%m-%d %H:%M}{late}）"


def _kept_for(at: datetime, kept_at: str | None) -> str:
    if kept_at is None:
        return ""
    hours = (at - datetime.fromisoformat(kept_at)) // timedelta(hours=1)
    return f"，用的是 {hours} 小时前取得的记录" if hours else "，用的是不到 1 小时前取得的记录"


_INSTEAD = {
    FallbackKind.MATERIAL: "改由申请人提供",
    FallbackKind.COMMITMENT: "改由申请人提供或承诺",
    FallbackKind.MANUAL_CHECK: "由主管部门人工核查，同时继续查询",
    FallbackKind.WAIT: "继续查询，已告知主管部门和督办员",
}


def _instead(plan: Plan, event: Mapping[str, Any]) -> str:
    """What is done in place of what did not come."""
    data = plan.data_by_key.get(str(event.get("data")))
    if event["kind"] == "deferred_time_ended":
        rule = plan.material_by_code[event["material"]].due
        ends = rule is not None and rule.missed is Missed.TERMINATE
        return "尚未作出决定的终止办理" if ends else "由承办部门按现有材料决定"
    if event["kind"] == "manual_time_ended" and data is not None:
        return "改由申请人提供" if data.fallback is not None else "继续核查和查询"
    if event["kind"] == "patience_ended" and event["of"] != CommandKind.FETCH_RECORD:
        return _NO_ANSWER[CommandKind(event["of"])]
    return _INSTEAD[data.fallback_kind] if data is not None else ""


_NO_ANSWER = {
    CommandKind.DISPATCH_ITEM: "转由部门人员办理",
    CommandKind.UNDO_EFFECT: "转由部门人员办理",
    CommandKind.SEND_NOTICES: "不再等待",
}
"""Commands other than look-ups that have a patience → what follows its end."""


def _awaited(plan: Plan, event: Mapping[str, Any]) -> str:
    match CommandKind(event["of"]):
        case CommandKind.SEND_NOTICES:
            return f"{notice_name(event['template'])}送达"
        case CommandKind.DISPATCH_ITEM:
            return f"“{item_name(plan, event['item'])}”的业务系统"
        case CommandKind.UNDO_EFFECT:
            undone = "释放" if event.get("data") else "撤销"
            return f"{undone}“{item_name(plan, event.get('item') or event.get('data'))}”"
    return f"“{data_name(plan, dict(event))}”"


def _late(plan: Plan, event: Mapping[str, Any]) -> str:
    """What it was that came late."""
    if event.get("template"):
        return f"送达{notice_name(event['template'])}"
    subject = item_name(plan, event.get("item") or event.get("data"))
    if event.get("effect"):
        return f"{'释放' if event.get('data') else '撤销'}“{subject}”"
    return f"“{subject}”" if subject else "签发证照"


def _clock(plan: Plan, event: Mapping[str, Any]) -> str:
    """What it is called, and what it is about where that is no part of its name."""
    clock = ClockId.parse(event.get("clock", CASE_CLOCK))
    name = clock_name(plan, clock)
    if clock.kind in {ClockKind.URGE, ClockKind.SUPERVISION}:
        return f"{name}（{item_name(plan, event['item']) if event.get('item') else plan.name}）"
    if clock.kind is ClockKind.INSPECTION and event.get("items"):
        return f"{name}（{'、'.join(item_name(plan, code) for code in event['items'])}）"
    return name


def _certificates(plan: Plan, items: Sequence[str]) -> Iterator[str]:
    """By name, each once, of the items that gave them."""
    for code in dict.fromkeys(items):
        yield from (f"“{one.name}”" for one in plan.item_by_code[code].outputs if one.kind is OutputKind.CERTIFICATE)


def _reissued(plan: Plan, definition: BundleDefinition | None, event: Mapping[str, Any]) -> dict[str, str]:
    outputs = plan.item_by_code[event["item"]].outputs
    places = "、".join(_corrected_place(definition, event["item"], one) for one in event.get("fields", ()))
    relying = "、".join(f"“{item_name(plan, code)}”" for code in event.get("relying", ()))
    return {
        "reissued": REISSUE_NAMES[ReissueWhy(event["why"])],
        "certificates": "、".join(f"“{one.name}”" for one in outputs if one.id in event["outputs"]),
        "corrected": f"：{places}" if places else "",
        "relying": f"；{relying}依据它作出决定，请其部门核对" if relying else "",
    }


def _corrected_place(definition: BundleDefinition | None, item: str, pointer: str) -> str:
    _, part, name = pointer.split("/")
    if part != "outputs":
        return place_name(definition, pointer)
    items = definition.items if definition else ()
    return next((one.label for it in items if it.code == item for one in it.decision_form if one.id == name), name)


def _supplied(plan: Plan, event: Mapping[str, Any], place: Callable[[str], str]) -> str:
    brought, promised = (
        "、".join(material_name(plan, code) for code in event.get(part, ())) for part in ("materials", "commitments")
    )
    announced = "、".join(material_name(plan, code) for code in event.get("announced", ()))
    parts = (
        f"补充{brought}" if brought else "",
        f"将交来纸质件{announced}" if announced else "",
        f"承诺代替{promised}" if promised else "",
        f"修改{'、'.join(map(place, event['changed']))}" if event.get("changed") else "",
    )
    said = "，".join(part for part in parts if part) or "确认申请内容无须修改"
    unasked = (place(one) if one.startswith("/") else material_name(plan, one) for one in event.get("unasked", ()))
    told = "、".join(unasked)
    return f"{said}（未经要求：{told}）" if told else said


def _differs(plan: Plan, codes: Sequence[str]) -> str:
    return f"，各方数据不一致：{'、'.join(_comparison(plan, code) for code in codes)}" if codes else ""


def _comparison(plan: Plan, code: str) -> str:
    known = plan.comparison_by_code.get(code)
    return known.name if known else code


def _side(plan: Plan, value: str) -> str:
    key = key_of(value)
    known = plan.data_by_key.get(key or "")
    return "申请人所填" if key is None else known.name if known else key
