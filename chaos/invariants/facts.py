"""What clients were told against what the journal holds."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, get_args

from chaos.evidence import Evidence, Finding, Record
from chaos.logbook import Heard, Intent
from onething.domain.definition.outcomes import OutcomeEffect
from onething.domain.events import union as events_union
from onething.store.record.hash_chain import Line

FACTS = frozenset(fact.model_fields["kind"].default for fact in get_args(events_union.Fact))


def everybody_was_answered(evidence: Evidence) -> Iterator[Finding]:
    for intent in evidence.intents:
        if not intent.settled:
            yield Finding(_where(intent), "没有等到明确的答复")


def acknowledged_exactly_once(evidence: Evidence) -> Iterator[Finding]:
    """One line for every acknowledged intent, and no line of a fact that nobody was told of."""
    claimed: dict[str, dict[int, Intent]] = defaultdict(dict)
    for intent in evidence.intents:
        heard = intent.acknowledgement
        if heard is None or intent.act not in FACTS:
            continue
        record = evidence.records.get(intent.of_case or "")
        if record is None:
            yield Finding(_where(intent), "答复成功，却没有这个办件")
            continue
        taken = claimed[record.case_no]
        line = _line_of(intent, heard, record.lines, taken)
        if line is None:
            yield Finding(_where(intent), f"答复成功（第 {heard.seq} 行），日志里却没有")
        elif line.seq in taken:
            yield Finding(_where(intent), f"第 {line.seq} 行同时答复给了 {_where(taken[line.seq])}")
        else:
            taken[line.seq] = intent
            if heard.seq is not None:
                taken.setdefault(heard.seq, intent)
    for case_no, record in evidence.records.items():
        unsettled = [one for one in evidence.intents if one.of_case in (case_no, None) and not one.settled]
        for line in record.lines:
            known = line.seq in claimed[case_no] or any(one.act == line.kind for one in unsettled)
            by_system = line.kind == "item_decided" and line.event.get("command")  # the answer to our own order
            if line.kind in FACTS and not known and not by_system:
                yield Finding(case_no, f"第 {line.seq} 行（{line.kind}）没有人得到过它的答复：重复登记，或凭空而来")


def _line_of(intent: Intent, heard: Heard, lines: tuple[Line, ...], taken: dict[int, Intent]) -> Line | None:
    """By the number that the answer tells; applications and claims tell none, and are found by what they say."""
    if heard.seq is not None:
        told = next((line for line in lines if line.seq == heard.seq), None)
        if told is not None and _hands_over(told, intent):  # a counter's supplement: its papers are there with it
            return next((line for line in lines if line.seq == told.seq - 1 and _says(line, intent)), None)
        return told if told is not None and _says(told, intent) else None
    found = [line for line in lines if _says(line, intent)]
    return next((line for line in found if line.seq not in taken), found[0] if found else None)


def _says(line: Line, intent: Intent) -> bool:
    actor: dict[str, Any] = line.actor or {}
    about = all(line.event.get(name) == value for name, value in intent.about.items())
    return line.kind == intent.act and actor.get("subject") == intent.account and about


def _hands_over(line: Line, intent: Intent) -> bool:
    by = (line.actor or {}).get("subject")
    return (intent.act, line.kind) == ("supplemented", "papers_received") and by == intent.account


def one_answer_a_key(evidence: Evidence) -> Iterator[Finding]:
    for intent in evidence.intents:
        answers = {(one.status, one.body) for one in intent.heard if one.acknowledged}
        if len(answers) > 1:
            yield Finding(_where(intent), f"同一个键得到 {len(answers)} 种不同的成功答复")
        if answers and evidence.kept_keys.get(intent.key) != next(iter(answers))[0]:
            yield Finding(_where(intent), "答复成功，答复却没有留存")
    for key in evidence.doubled_keys:
        yield Finding(key, "同一个键留存了不止一份答复")


def refusals_tell_the_truth(evidence: Evidence) -> Iterator[Finding]:
    for intent in evidence.intents:
        refused = intent.refusal
        if refused is None:
            continue
        if intent.acknowledgement is not None:
            yield Finding(_where(intent), "同一个键既被接受又被拒绝")
        elif refused.status != 409:
            yield Finding(_where(intent), f"被以 {refused.status} {refused.code} 拒绝，剧本里没有这样的错误")
        elif intent.act == "item_decided":
            yield from _decided_by_another(evidence, intent, refused)


def _decided_by_another(evidence: Evidence, intent: Intent, refused: Heard) -> Iterator[Finding]:
    record = evidence.records.get(intent.case_no or "")
    lines = record.lines if record else ()
    item, round_no = intent.about["item"], intent.about["round"]
    decided = (x.event for x in lines if x.kind == "item_decided")
    stands = next((x["outcome"] for x in decided if (x["item"], x["round"]) == (item, round_no)), None)
    ended = any(line.kind in ("withdrawn", "rejected") for line in lines) or _stopped(evidence, record, item)
    if refused.standing is not None and refused.standing != stands:
        yield Finding(_where(intent), f"被告知已有决定 {refused.standing}，日志里是 {stands}")
    if refused.code == "discrepancy" and any(x.event.get("disagrees") for x in lines):
        return
    if refused.standing is None and not ended:
        yield Finding(_where(intent), f"决定被拒绝（{refused.code}），既没有告知已有的决定，办件也没有提前结束")


def _stopped(evidence: Evidence, record: Record | None, item: str) -> bool:
    """Whether another item's refusal may have ended the case."""
    if record is None:
        return False
    items = evidence.plans[record.final.plan].item_by_code
    others = (x.event for x in record.lines if x.kind == "item_decided" and x.event["item"] != item)
    return any(items[one["item"]].effect(one["outcome"]) is OutcomeEffect.REFUSED for one in others)


def no_internal_errors(evidence: Evidence) -> Iterator[Finding]:
    for intent in evidence.intents:
        for one in intent.heard:
            if one.unknown is not None and one.unknown.startswith("500"):
                yield Finding(_where(intent), f"第 {one.at} 秒答复 {one.unknown}")


def _where(intent: Intent) -> str:
    return f"{intent.of_case or '-'} {intent.client} {intent.act} {intent.key}"
