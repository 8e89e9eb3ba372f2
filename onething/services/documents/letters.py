"""文书: which lines of the journal are told to the applicant in writing, as what, by whom and on which basis. The line
is the record; nothing is kept twice. What a letter says: `letter_text.py`.

Articles are those of the 行政许可法; a refusal cites what its matter rests on. Where none is named, none is cited.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from onething.domain.calendar.countdown import ARTICLE_45, PauseBasis
from onething.domain.deadlines.extensions import extension_of
from onething.domain.definition.items import Nature, OnRefusal
from onething.domain.definition.outcomes import OutcomeEffect
from onething.domain.definition.time_rules import Missed, OverdueHow, SupplementSilence
from onething.domain.items.rules import SILENT_EFFECTS
from onething.domain.kernel.state import ReissueWhy
from onething.domain.plan.plan import Plan, PlanOutcome, PlanPause
from onething.services.application import sealed_values
from onething.services.core.wording import REISSUE_NAMES
from onething.store.record.hash_chain import Line

LINES = (
    "corrections_asked",
    "item_corrections_asked",
    "demand_taken_back",
    "accepted",
    "deemed_accepted",
    "rejected",
    "withdrawn",
    "clock_suspended",
    "clock_resumed",
    "pause_time_ended",
    "clock_extended",
    "item_decided",
    "certificates_issued",
    "decided_by_silence",
    "supplement_time_ended",
    "deferred_time_ended",
    "owed_time_ended",
    "commitment_checked",
    "revocation_decided",
    "certificate_reissued",
    "case_reopened",
    "inspection_appointed",
    "inspection_moved",
    "days_offered",
    "day_set",
    "inspection_closed",
    "mending_time_ended",
    "period_ended",
    "notice_objected",
    "outside_reported",
    "calendar_changed",
)
"""Kinds of lines of which some are told in writing."""

TITLES = {
    "corrections": "补正告知书",
    "demand_taken_back": "撤回补正要求告知书",
    "accepted": "受理通知书",
    "deemed_accepted": "视为受理通知书",
    "rejected": "不予受理通知书",
    "suspended": "中止计时告知书",
    "resumed": "恢复计时告知书",
    "extended": "延长办理期限告知书",
    "date_moved": "期限变更告知书",
    "commitment_broken": "承诺核查结果告知书",
    "approval_revoked": "撤销决定书",
    "reissued": "证照更正补发告知书",  # by why
    "reopened": "重新办理通知书",
    "inspection": "联合踏勘告知书",
    "inspection_moved": "联合踏勘改期告知书",
    "days_offered": "联合查验日期选择告知书",
    "day_set": "联合查验日期告知书",
    "inspection_list": "整改清单",
    "not_mended": "整改逾期告知书",
    "period_ended": "期间结束告知书",
    "not_supplied": "容缺材料逾期告知书",
    "not_handed_in": "逾期未补交告知书",
    "refused": "不予办理决定书",  # of a matter: by what was refused
    "terminated": "终止办理通知书",
    "withdrawn": "撤回申请确认书",
    "result": "办理结果通知书",
}
ADVERSE = frozenset({"rejected", "refused", "terminated", "approval_revoked"})
"""Kinds that tell of remedies: what they say ends, refuses or takes away something."""
CARRIED_BY = {
    "rejected": frozenset({"rejected"}),
    "terminated": frozenset({"terminated", "withdrawn"}),
    "withdrawn": frozenset({"withdrawn"}),
    "reissued": frozenset({"reissued"}),
    "refused": frozenset({"result", "terminated", "withdrawn"}),
    "result": frozenset({"result"}),
}
"""Kinds whose notice goes out later than they are written, once what was done is undone or the case is at its end:
templates of the notices that carry them. Any other is carried by the notice of its own line, if there is one."""

_NOTICES = {
    "terminated": "办件终止通知",  # with the letter of the refusal that ended it, or one of its own
    "supply_needed": "提供材料通知",
    "supplement_reminder": "补正提醒",
    "issued": "证照签发通知",
}
"""Templates of notices that are not called as their letter is: they carry none, or one of several."""

_ARTICLE_32, _ARTICLE_38, _ARTICLE_45, _ARTICLE_69 = (
    f"《中华人民共和国行政许可法》第{n}条" for n in ("三十二", "三十八", "四十五", "六十九")
)
_KINDS = {
    "corrections_asked": "corrections",
    "item_corrections_asked": "corrections",
    "demand_taken_back": "demand_taken_back",
    "accepted": "accepted",
    "deemed_accepted": "deemed_accepted",
    "rejected": "rejected",
    "withdrawn": "withdrawn",
    "clock_suspended": "suspended",
    "clock_resumed": "resumed",
    "pause_time_ended": "resumed",
    "clock_extended": "extended",
    "inspection_moved": "inspection_moved",
    "owed_time_ended": "not_handed_in",
    "days_offered": "days_offered",
    "day_set": "day_set",
    "inspection_closed": "inspection_list",
    "mending_time_ended": "not_mended",
    "period_ended": "period_ended",
    "notice_objected": "period_ended",
    "outside_reported": "period_ended",
    "certificate_reissued": "reissued",
    "case_reopened": "reopened",
}
_ARTICLES = {
    "corrections_asked": _ARTICLE_32,
    "accepted": _ARTICLE_32,
    "deemed_accepted": _ARTICLE_32,
    "rejected": _ARTICLE_32,
}
_SILENT = {
    SupplementSilence.GO_ON: None,
    SupplementSilence.NOT_ACCEPTED: "rejected",
    SupplementSilence.WITHDRAWN: "terminated",
}
_FOR_THE_COUNTER_ONLY = frozenset({"corrections_asked", "rejected"})
"""Between applicant and counter: no department is concerned by what it has not got yet."""
_BY_WHO_SAID_IT = frozenset(
    {
        *("commitment_checked", "inspection_appointed", "inspection_moved"),
        *("days_offered", "day_set", "inspection_closed"),
    }
)
"""About no single item: the department whose person said it writes it."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One document; `quotes`: the name of the sealed text in it, None where its template says all."""

    line: Line
    kind: str
    item: str | None
    department: str | None  # None: of the counter, about the whole case
    quotes: str | None
    legal_basis: str | None
    title: str
    also: frozenset[str] = frozenset()  # other departments that it concerns

    @property
    def id(self) -> str:
        return str(self.line.seq)

    @property
    def quoted(self) -> tuple[str, ...]:
        """All that it quotes: its own, and those of the notices that it tells of once more."""
        return (*((self.quotes,) if self.quotes else ()), *(one["notice"] for one in self.line.event.get("also", ())))

    def concerns(self, department: str | None) -> bool:
        """Whether it is for that department's eyes; None: the applicant's and the counter's."""
        if department is None:
            return True
        return self.line.kind not in _FOR_THE_COUNTER_ONLY and (
            self.department in (None, department) or department in self.also
        )


def letters(plan: Plan, lines: Sequence[Line], moved: frozenset[int], results: frozenset[int]) -> Iterator[Letter]:
    """Those of these lines that are told in writing. `moved`: lines of new calendars by which a due date moved;
    `results`: those that a result is of (`domain/documents.py`), unless they are another letter."""
    for line in lines:
        kind = _kind(plan, line, moved, results)
        if kind is None:
            continue
        if kind == "result":
            yield Letter(line, kind, None, None, None, None, TITLES[kind])
            continue
        code = line.event.get("item")
        item = plan.item_by_code.get(str(code))
        issuer = _decider(line) or item.department if item else _speaker(line)
        together = frozenset(plan.item_by_code[one].department for one in line.event.get("items", ()))
        together |= {item.department} if item else set()  # whoever holds it by now
        together |= {plan.item_by_code[one].department for one in line.event.get("relying", ())}
        title = _title(plan, kind, line.event)
        yield Letter(line, kind, code, issuer, _quotes(line), _basis(plan, line), title, together)


def notice_name(template: str) -> str:
    """What the notice is called that goes out by that template."""
    return f"“{_NOTICES.get(template) or TITLES[template]}”"


def _kind(plan: Plan, line: Line, moved: frozenset[int], results: frozenset[int]) -> str | None:
    event = line.event
    of_result = "result" if line.seq in results else None
    match line.kind:
        case "certificates_issued":
            return of_result
        case "item_decided" | "decided_by_silence":
            return _of_decision(plan, event) or of_result
        case "supplement_time_ended":
            return _SILENT[plan.clocks.supplement_silence if plan.clocks else SupplementSilence.NOT_ACCEPTED]
        case "deferred_time_ended":
            rule = plan.material_by_code[event["material"]].due
            return "terminated" if rule and rule.missed is Missed.TERMINATE else "not_supplied"
        case "commitment_checked":
            return None if event["kept"] else "commitment_broken"
        case "revocation_decided":
            return "approval_revoked" if event["revoke"] else None
        case "inspection_appointed":
            return "inspection"
        case "calendar_changed":
            return "date_moved" if line.seq in moved else None
    return _KINDS.get(line.kind)


def outcome_of(plan: Plan, event: Mapping[str, Any]) -> PlanOutcome | None:
    """With which outcome the item ended by that line, of a decision or a silence; None where it was not decided."""
    item = plan.item_by_code.get(str(event.get("item")))
    if item is None:
        return None
    if "how" not in event:
        return item.outcome(str(event.get("outcome")))
    effect = SILENT_EFFECTS.get(OverdueHow(event["how"]))
    return item.usual(effect) if effect else None


def _of_decision(plan: Plan, event: Mapping[str, Any]) -> str | None:
    """A refusal has a letter if it is due one; what has none and ends the case is told by the letter of that."""
    outcome = outcome_of(plan, event)
    if outcome is None or outcome.effect is not OutcomeEffect.REFUSED:
        return None
    stops = plan.item_by_code[event["item"]].on_refusal is OnRefusal.STOP
    return "refused" if outcome.document else "terminated" if stops else None


def _title(plan: Plan, kind: str, event: Mapping[str, Any]) -> str:
    if kind == "reissued" and "why" in event:
        return f"证照{REISSUE_NAMES[ReissueWhy(event['why'])]}告知书"
    outcome = outcome_of(plan, event) if kind == "refused" else None
    return (outcome and outcome.document) or TITLES[kind]


def _decider(line: Line) -> str | None:
    """The department whose word it was: duties may have moved since."""
    return (line.actor or {}).get("department")


def _speaker(line: Line) -> str | None:
    """The department that looked whether a promise was true, or set a day; None where it is the counter's."""
    return str(line.actor["department"]) if line.kind in _BY_WHO_SAID_IT and line.actor else None


def _quotes(line: Line) -> str | None:
    event = line.event
    if line.kind == "item_decided":
        return sealed_values.opinion(event["item"], event["round"])
    if line.kind == "revocation_decided":
        return str(event["opinion"])
    if line.kind == "case_reopened":
        return str(event["reason"])
    if line.kind == "inspection_closed":
        return str(event["points"])
    told: str | None = event.get("notice") or event.get("finding") or event.get("reissue")
    return told


def _basis(plan: Plan, line: Line) -> str | None:
    if line.kind == "case_reopened":
        return str(line.event["basis"])
    if "inspection" in line.event:
        return plan.inspection_by_code[line.event["inspection"]].basis
    if line.kind == "clock_suspended":
        rule = pause_rule(plan, line.event)
        if rule is None:
            return None  # force majeure
        return f"{_ARTICLE_45}；{rule.basis}" if rule.stops_law and rule.procedure in ARTICLE_45 else rule.basis
    if line.kind == "clock_extended":
        allowed = extension_of(plan, line.event.get("item"))
        return allowed.basis if allowed else None
    if line.kind == "revocation_decided":
        return _ARTICLE_69 if line.event.get("review") else None
    if line.kind == "decided_by_silence":
        return plan.item_by_code[line.event["item"]].overdue_basis
    if line.kind == "supplement_time_ended" and _kind(plan, line, frozenset(), frozenset()) == "rejected":
        return _ARTICLE_32
    if line.kind == "item_decided":
        return _of_matter(plan, line.event["item"], _ARTICLE_38)
    return _ARTICLES.get(line.kind)


def _of_matter(plan: Plan, code: str, of_licences: str) -> str | None:
    """What the matter rests on, and of a licence the article that has it told."""
    item = plan.item_by_code[code]
    return "；".join((*item.basis, *((of_licences,) if item.nature is Nature.LICENCE else ()))) or None


def pause_rule(plan: Plan, event: Mapping[str, Any]) -> PlanPause | None:
    """By which an item stands still; none where it is force majeure."""
    return plan.item_by_code[event["item"]].pause_for(PauseBasis(event["basis"]))
