"""What a letter says, paragraph by paragraph, and what had been granted by then where it ends a case."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple

from onething.domain.calendar.countdown import PauseBasis
from onething.domain.deadlines.clock_kinds import CASE_STATUTORY, DEMAND, item_statutory, limit_of
from onething.domain.deadlines.pauses import extended_with
from onething.domain.deadlines.wording import BASIS_NAMES, UNIT_NAMES
from onething.domain.definition.items import OnRefusal, UndoHow
from onething.domain.definition.outcomes import OutcomeEffect
from onething.domain.definition.periods import PeriodKind
from onething.domain.definition.time_rules import Missed
from onething.domain.kernel import queries
from onething.domain.kernel.state import ReissueWhy
from onething.domain.plan.plan import Plan, PlanItem, PlanMaterial, PlanOutcome
from onething.services.core.wording import REISSUE_NAMES, decision_words
from onething.services.documents.letters import Letter, outcome_of, pause_rule
from onething.store.record.hash_chain import Line

DECIDING = ("item_decided", "decided_by_silence", "revocation_decided", "item_returned", "case_reopened")
"""Kinds of lines that say what has been granted, and what for good."""

_WAITS = "补正期间承诺期限中止计算，法定期限照常计算。"
_BE_THERE = "请届时在现场配合；确有不便的，请尽快联系承办部门改期。"
_ARTICLE_8 = "《中华人民共和国行政许可法》第八条"


class Granted(NamedTuple):
    """Items that had been granted: those that stand whatever becomes of the case, those that its end takes along."""

    stands: frozenset[str] = frozenset()
    falls: frozenset[str] = frozenset()
    ends: Mapping[str, PlanOutcome] = MappingProxyType({})  # item → with which it ended last


def granted_at(plan: Plan, lines: Iterable[Line], seq: int) -> Granted:
    """By line `seq`, if the case ends early there. `lines`: of the kinds `DECIDING`, oldest first."""
    granted: set[str] = set()
    for_good: set[str] = set()
    ends: dict[str, PlanOutcome] = {}
    for line in lines:
        event = line.event
        if line.seq >= seq:
            break
        match line.kind:
            case "item_decided" | "decided_by_silence" if outcome := outcome_of(plan, event):
                ends[event["item"]] = outcome
                if outcome.effect is OutcomeEffect.WELL:
                    granted.add(event["item"])
            case "item_returned":
                granted.discard(event["earlier"])
            case "revocation_decided" if event["revoke"]:
                granted.discard(event["item"])
                for_good.discard(event["item"])
            case "case_reopened":
                for_good = set(granted)
    granted &= plan.item_by_code.keys()
    falls = queries.falling(plan, granted, for_good & granted)
    return Granted(frozenset(granted - falls), frozenset(falls), ends)


def _period(plan: Plan, event: Mapping[str, Any]) -> str:
    period = plan.period_by_code[event["period"]]
    if event["kind"] == "notice_objected":
        return f"“{period.name}”期间有人提出异议，须待其期满无异议的事项不再办理；另有办法的，随之办理。"
    if event["kind"] == "period_ended" and period.kind is PeriodKind.OUTSIDE:
        return f"“{period.name}”期满没有完成，须待其完成的事项不再办理。"
    how = "已经完成" if event["kind"] == "outside_reported" else "已经期满"
    return f"“{period.name}”{how}，其后的事项继续办理。"


def paragraphs(
    letter: Letter,
    plan: Plan,
    content_of: Callable[[str], Mapping[str, Any] | None],
    department: Callable[[str], str],
    place: Callable[[str], str],
    granted: Granted,
) -> list[str]:
    """What it says. `content_of` a sealed text: None where the reader may not open that; `department`: code → name;
    `place`: pointer into the application → what is there, by its label; `granted`: what had been, as the line was
    written."""
    told = (content_of(letter.quotes) if letter.quotes else None) or {}
    event = letter.line.event
    item = plan.item_by_code.get(str(letter.item))
    what = f"“{plan.name}”" if item is None else f"“{plan.name}”中的“{item.name}”"
    if letter.kind == "result":
        return list(_result(plan, granted, department))
    match letter.line.kind:
        case "corrections_asked":
            return [
                f"您申请的{what}，需要一次补正以下内容：",
                *_numbered(_asked(plan, one, place) for one in told.get("items", ())),
            ]
        case "item_corrections_asked" if event.get("also"):
            demands = (*event["also"], event)
            each = (text for one in demands for text in _by_department(plan, one, content_of, department))
            first = f"办理“{plan.name}”，下列部门需要您补正材料，请一次备齐："
            return [first, *each, _until(plan), _WAITS]
        case "item_corrections_asked":
            return [f"办理{what}，需要您补正以下材料：", *_materials(plan, event, told), _until(plan), _WAITS]
        case "demand_taken_back":
            again = "先前要求您补正而还没有提交的材料，不必再提交，按现有材料继续办理。"
            return [f"办理{what}，{again}", *_named("说明", told.get("reason"))]
        case "commitment_checked":
            promised = plan.material_by_code[event["material"]].name
            found = f"您在申请{what}时对“{promised}”所作的承诺，经核查不实。"
            return [found, *_named("核查情况", told.get("finding")), *_rectify(plan, event)]
        case "revocation_decided":
            material = event.get("material")
            promised = plan.material_by_code[material].name if material else ""
            decision = decision_words(item) if item else "决定"
            relied = f"经复核，作出{decision}的条件不具备" if event.get("review") else "它依据的事项已被撤销"
            if late := event.get("unsupplied"):
                relied = f"办成后应当补交的“{plan.material_by_code[late].name}”逾期没有补交"
            why = f"您对“{promised}”所作的承诺经核查不实" if material else relied
            on_record = list(_on_record(plan, material)) if material else []
            decided = f"{why}，决定撤销{what}的{decision}，由此取得的证照同时作废。"
            return [decided, *_named("理由", told.get("opinion")), *on_record]
        case "certificate_reissued":
            return list(_reissued(plan, event, told))
        case "case_reopened":
            again = f"原来的决定已被撤销，“{plan.name}”中的{_items(plan, event)}重新办理，受其影响没有办理的随之恢复。"
            stands = "已经办成的事项不受影响；办理期限自本通知书载明之日起重新计算，结果另行告知。"
            return [again, *_named("理由", told.get("reason")), stands]
        case "inspection_appointed":
            told_of = f"办理“{plan.name}”，有关部门定于 {_day(event['on'])}联合踏勘，涉及事项：{_items(plan, event)}。"
            return [told_of, _BE_THERE]
        case "inspection_moved":
            days = f"原定 {_day(event['before'])}的联合踏勘改到 {_day(event['on'])}"
            return [f"办理“{plan.name}”，{days}，涉及事项：{_items(plan, event)}。", _BE_THERE]
        case "days_offered" | "day_set" | "inspection_closed" | "mending_time_ended":
            return list(_inspected(plan, event, told))
        case "period_ended" | "notice_objected" | "outside_reported":
            return [f"办理“{plan.name}”，{_period(plan, event)}"]
        case "accepted" if event.get("deferred"):
            later = [_later(plan, code) for code in event["deferred"]]
            return [f"您申请的{what}，自本通知书载明之日起容缺受理，下列材料请在受理后补交：", *later]
        case "accepted":
            return [f"您申请的{what}，材料齐全、符合法定形式，自本通知书载明之日起受理。"]
        case "deemed_accepted":
            return [f"您申请的{what}，逾期未告知需要补正的内容，自收到申请材料之日起即为受理。"]
        case "rejected":
            unmet = [
                plan.material_by_code[one].name if one in plan.material_by_code else place(one)
                for one in event.get("unmet", ())
            ]
            return [
                f"您申请的{what}，不予受理。",
                *_named("补正告知中仍未满足的", "、".join(unmet)),
                *_named("理由", told.get("reason")),
                *_named("依据", told.get("basis")),
            ]
        case "clock_suspended":
            basis = PauseBasis(event["basis"])
            pause = pause_rule(plan, event)
            by_law = "依法" if pause and pause.stops_law else ""
            why = f"需要{by_law}进行{BASIS_NAMES[basis]}" if pause else "因不可抗力"
            most = f"，至多 {pause.at_most.amount} {UNIT_NAMES[pause.at_most.unit]}" if pause else ""
            limits = "承诺的办理期限，法定期限照常计算" if pause and not pause.stops_law else "办理期限"
            told_of = (
                f"办理{what}{why}，自即日起中止计时，预计 {event['expected_days']} 天{most}，所需时间不计入{limits}。"
            )
            return [told_of, *_named("说明", told.get("reason"))]
        case "pause_time_ended":
            return [f"{what}中止计时已满至多可以中止的时间，自即日起恢复计时，中止时剩余的期限继续计算。"]
        case "clock_resumed":
            return [f"{what}中止的事由已经结束，自即日起恢复计时，中止时剩余的期限继续计算。"]
        case "clock_extended":
            unit = UNIT_NAMES[
                limit_of(plan, CASE_STATUTORY if letter.item is None else item_statutory(letter.item)).unit
            ]
            follows = len(extended_with(plan, letter.item)) > 1
            promise = "仍在计时的承诺期限随之延长" if follows else "承诺的办理期限不变"
            told_of = f"{what}的法定办理期限经批准延长 {event['amount']} {unit}，{promise}。"
            return [told_of, *_named("理由", told.get("reason"))]
        case "calendar_changed":
            return [f"工作日安排有变，{what}的期限按新的工作日历重新计算。"]
        case "supplement_time_ended" if letter.kind == "terminated":
            cited = f"依据{plan.clocks.silence_basis}" if plan.clocks and plan.clocks.silence_basis else ""
            return [f"您申请的{what}，在告知的期限内没有补正，{cited}视为撤回申请，终止办理。"]
        case "supplement_time_ended":
            return [
                f"您申请的{what}，经一次告知和提醒，在告知的期限内没有补正，申请材料仍不齐全或者不符合法定形式，不予受理。"
            ]
        case "withdrawn":
            return [f"您撤回了{what}的申请，尚未作出决定的不再办理。", *_standing(plan, granted, department)]
        case "owed_time_ended":
            late = plan.material_by_code[event["material"]]
            return [f"办成后应当补交的“{late.name}”在规定的期限内没有补交，请尽快交到窗口；{_missed(late)}。"]
        case "deferred_time_ended" if letter.kind == "not_supplied":
            late = plan.material_by_code[event["material"]].name
            return [
                f"办理{what}，容缺受理的“{late}”在约定的期限内没有补交，承办部门将按现有材料作出决定；此前补交的照样有效。"
            ]
        case "deferred_time_ended":
            late = plan.material_by_code[event["material"]].name
            return [
                f"您申请的{what}，容缺受理的“{late}”在约定的期限内没有补交，尚未作出决定的终止办理。",
                *_standing(plan, granted, department),
            ]
        case "decided_by_silence":
            return [
                f"{what}法定期限届满未作出决定，依规定{_ended(plan, event)}。",
                *_ends(item, plan, granted, department),
            ]
        case _:
            reasons = [*_unmet(item, event), *_named("理由", told.get("opinion"))]
            return [f"您申请的{what}，{_ended(plan, event)}。", *reasons, *_ends(item, plan, granted, department)]


def _inspected(plan: Plan, event: Mapping[str, Any], content: Mapping[str, Any]) -> Iterator[str]:
    """Of an inspection that is planned."""
    planned = plan.inspection_by_code[event["inspection"]]
    items = "、".join(f"“{plan.item_by_code[code].name}”" for code in planned.items)
    again, last = event.get("round", 1) > 1, event.get("round", 1) > planned.rechecks
    what = f"“{planned.name}”{'复验' if again else ''}"
    within = f"{planned.rectify_within.amount} {UNIT_NAMES[planned.rectify_within.unit]}内"
    match event["kind"]:
        case "days_offered":
            yield f"办理“{plan.name}”，有关部门一起进行{what}，涉及事项：{items}。请从下列日期中选一个："
            yield from _numbered(map(_day, event["days"]))
            yield "都不合适的，请说明，由牵头部门另行确定。"
        case "day_set":
            yield f"办理“{plan.name}”，{what}定于 {_day(event['on'])}进行，涉及事项：{items}。"
            yield _BE_THERE
        case "mending_time_ended":
            yield f"办理“{plan.name}”，{what}发现的问题，在告知的期限内没有报告已经整改，有关事项依法作出决定。"
        case _ if last:
            yield f"办理“{plan.name}”，{what}后下列问题仍未整改到位，有关事项依法作出决定："
            yield from _numbered((content.get("points") or {}).values())
        case _:
            yield f"办理“{plan.name}”，{what}需要整改的全部问题如下："
            yield from _numbered((content.get("points") or {}).values())
            yield f"请在本清单发出之日起 {within}整改并报告；复验只看这些问题，不再提出新的。整改期间承诺期限中止计算。"


def _result(plan: Plan, granted: Granted, department: Callable[[str], str]) -> Iterator[str]:
    yield f"您申请的“{plan.name}”已经办结。"
    done = granted.stands | granted.falls
    found = {code for code, one in granted.ends.items() if one.effect is OutcomeEffect.NEUTRAL}
    left = [one for one in plan.items if one.code not in done | found]
    for told, items in (
        ("已经办成的", [one for one in plan.items if one.code in done]),
        ("已经答复的", [one for one in plan.items if one.code in found]),
        ("没有办成的", left),
    ):
        if items:
            names = "、".join(f"“{one.name}”（{_holder(one, granted, department)}）" for one in items)
            yield f"{told}：{names}。"
    for item in plan.items:
        wanted = "、".join(f"“{plan.material_by_code[one].name}”" for one in plan.for_issue.get(item.code, ()))
        if item.code in granted.stands and wanted:
            yield f"“{item.name}”的证照，请交来{wanted}领取；已经交来的不必再交。"
    if any(one.code not in granted.ends or granted.ends[one.code].document for one in left):
        yield "没有办成的，理由和救济途径见相应的决定书。"


def _holder(item: PlanItem, granted: Granted, department: Callable[[str], str]) -> str:
    """With the outcome, where it has words of its own."""
    outcome = granted.ends.get(item.code)
    said = f"：{outcome.name}" if outcome and item.outcomes else ""
    return f"{department(item.department)}{said}"


def _unmet(item: PlanItem | None, event: Mapping[str, Any]) -> Iterator[str]:
    """Which conditions were not met, each with what it rests on."""
    said = event.get("conditions", {})
    unmet = [f"{one.says}（{one.basis}）" for one in (item.conditions if item else ()) if said.get(one.id) is False]
    if unmet:
        yield "不符合下列条件："
        yield from _numbered(unmet)


def _ended(plan: Plan, event: Mapping[str, Any]) -> str:
    """How an item ended without being granted."""
    item, outcome = plan.item_by_code[event["item"]], outcome_of(plan, event)
    if item.outcomes and outcome is not None:
        return f"结果为“{outcome.name}”"
    return f"{'' if 'how' in event else '决定'}不予{item.act}"


def _reissued(plan: Plan, event: Mapping[str, Any], value: Mapping[str, Any]) -> Iterator[str]:
    item, why = plan.item_by_code[event["item"]], ReissueWhy(event["why"])
    papers = "、".join(f"“{one.name}”" for one in item.outputs if one.id in event["outputs"])
    act = REISSUE_NAMES[why]
    yield f"“{plan.name}”中的“{item.name}”，决定{act}{papers}。{_WHY_REISSUED[why]}"
    for one in value.get("changes", ()):
        yield f"“{one['label']}”：{one['before'] or '（空）'} → {one['after']}"
    yield from _named("说明", value.get("reason"))
    yield f"新证照签发之时，原证照作废，请以{act}的证照为准；原来的决定和有效期不因此改变。"


_WHY_REISSUED = {
    ReissueWhy.TYPING_ERROR: "原证照所载内容有误，更正如下：",
    ReissueWhy.LOST: "原证照遗失，所载内容不变。",
    ReissueWhy.DAMAGED: "原证照损坏，所载内容不变。",
}


def _ends(item: PlanItem | None, plan: Plan, granted: Granted, department: Callable[[str], str]) -> Iterator[str]:
    """The rest of the case, where the refusal ends it."""
    if item is not None and item.on_refusal is OnRefusal.STOP:
        yield "本办件的其他事项以本事项为前提，尚未作出决定的终止办理。"
        yield from _standing(plan, granted, department)


def _standing(plan: Plan, granted: Granted, department: Callable[[str], str]) -> Iterator[str]:
    """行政许可法 Arts. 8, 69, 70: what was lawfully granted stands however the rest ended. What was only reserved, and
    what a law lets fall, is told, too."""
    items = [one for one in plan.items if one.code in granted.stands]
    if items:
        names = "、".join(f"“{one.name}”（{department(one.department)}）" for one in items)
        yield f"已经办成的{names}继续有效，证照照常发放，不因本办件结束而收回（{_ARTICLE_8}）。"
    on_request = [one for one in items if one.undo is UndoHow.ON_APPLICATION]
    if on_request:
        names = "、".join(f"“{one.name}”" for one in on_request)
        yield f"不再需要{names}的，请向作出决定的部门另行申请注销。"
    falling = [one for one in plan.items if one.code in granted.falls]
    yield from _fallen([one for one in falling if one.undo is UndoHow.RELEASE], "只是为本办件预留的，随之取消")
    yield from _fallen([one for one in falling if one.undo is not UndoHow.RELEASE], "依法随本办件结束而失效")


def _fallen(items: Sequence[PlanItem], why: str) -> Iterator[str]:
    if items:
        yield f"{'、'.join(f'“{one.name}”' for one in items)}{why}。"


def _asked(plan: Plan, demand: Mapping[str, Any], place: Callable[[str], str]) -> str:
    material = plan.material_by_code.get(str(demand.get("material")))
    return f"{material.name if material else place(str(demand.get('pointer')))}：{demand['what']}"


def _by_department(
    plan: Plan,
    demand: Mapping[str, Any],
    content_of: Callable[[str], Mapping[str, Any] | None],
    department: Callable[[str], str],
) -> Iterator[str]:
    item = plan.item_by_code[demand["item"]]
    yield f"{department(item.department)}办理“{item.name}”："
    yield from _materials(plan, demand, content_of(demand["notice"]))


def _materials(plan: Plan, demand: Mapping[str, Any], notice: Mapping[str, Any] | None) -> Iterator[str]:
    yield from _numbered(plan.material_by_code[code].name for code in demand["materials"])
    yield from _named("需要补正的内容", (notice or {}).get("what"))


def _on_record(plan: Plan, material: str) -> Iterator[str]:
    """What follows from a broken promise beside the revocation, as it was told before."""
    rule = plan.material_by_code[material].commitment
    yield "该承诺不实的情况已作失信记录。"
    if rule is not None and rule.bars:
        yield rule.bars


def _missed(material: PlanMaterial) -> str:
    """What follows where what was to be handed in after the decision never comes."""
    rule = material.due
    stops = rule is not None and rule.missed is Missed.STOP_BENEFIT
    what = f"仍不补交的，由部门依法决定是否{'停止给付' if stops else '撤销'}"
    return f"{what}（依据：{rule.basis}）" if rule else what


def _rectify(plan: Plan, event: Mapping[str, Any]) -> Iterator[str]:
    """By when what was not so may be put right, and what follows if it is not."""
    rule = plan.material_by_code[event["material"]].commitment
    if event.get("rectify") and rule is not None and rule.rectify is not None:
        within = f"{rule.rectify.amount} {UNIT_NAMES[rule.rectify.unit]}"
        yield f"请在本告知书发出之日起 {within}内改正；逾期没有改正，或者仍不符合的，依法撤销（依据：{rule.basis}）。"


def _until(plan: Plan) -> str:
    """By when, and what follows: nothing but that the office decides on what there is."""
    limit = plan.correction.limit if plan.correction else DEMAND
    by = f"（依据：{plan.correction.basis}）" if plan.correction else "（推定）"
    within = f"请在本告知书发出之日起 {limit.amount} {UNIT_NAMES[limit.unit]}内补正"
    return f"{within}；逾期没有补正的，按现有材料依法作出决定{by}。"


def _numbered(texts: Iterable[str]) -> Iterator[str]:
    return (f"{n}. {text}" for n, text in enumerate(texts, start=1))


def _later(plan: Plan, code: str) -> str:
    material = plan.material_by_code[code]
    rule = material.due
    if rule is None or rule.within is None:
        raise AssertionError(f"{code} can't be deferred")
    before = f"，并在有关事项承诺期限届满 {rule.before_promise_days} 个工作日前" if rule.before_promise_days else ""
    return f"{material.name}：自受理之日起 {rule.within.amount} {UNIT_NAMES[rule.within.unit]}内{before}补交"


def _day(on: str) -> str:
    return f"{date.fromisoformat(on):%Y 年 %m 月 %d 日}"


def _items(plan: Plan, event: Mapping[str, Any]) -> str:
    return "、".join(f"“{plan.item_by_code[code].name}”" for code in event["items"])


def _named(label: str, text: str | None) -> list[str]:
    return [f"{label}：{text}"] if text else []
