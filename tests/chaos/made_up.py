"""A storm that never was: evidence as a run would leave it, all of it in order, to be spoiled one thing at a time."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, get_args

from chaos.evidence import Certificate, Command, Effect, Evidence, Played, Record, Stop, Task, Workflow
from chaos.logbook import Heard, Intent
from onething.domain.definition.items import OnRefusal, UndoHow
from onething.domain.events import union as events_union
from onething.domain.events.intake import Withdrawn
from onething.domain.events.items import CaseReopened
from onething.domain.events.outcomes import (
    CertificatesIssued,
    EffectUndone,
    NoticesSent,
    RecordFetched,
)
from onething.domain.events.tasks import ItemDecided, TaskClaimed
from onething.domain.events.undo import UndoneByHand
from onething.domain.events.union import Event
from onething.domain.kernel.commands import CommandKind
from onething.domain.kernel.state import CaseStatus
from onething.store.record.hash_chain import BEGINNING, WrittenLine, line_hash, line_text
from tests.domain.builders import CALENDAR, Case, item, make_plan
from tests.domain.stories import all_approved, finish, reopened_and_approved, transport

FACTS = tuple(get_args(events_union.Fact))
CLOSED, WITHDRAWN = "330100202603020000013", "330100202603020000021"
REOPENED, REOPENED_AND_WITHDRAWN = "330100202603020000039", "330100202603020000047"


def good() -> Evidence:
    """One case that closed, one withdrawn after approvals that stand, or are given back in each of the two ways; and
    two that were closed and reopened, of which one closed again, and one was withdrawn."""
    evidence = Evidence(
        calendars={CALENDAR.digest: CALENDAR},
        kills={"API": 2},
        demanded_kills={"API": 2},
        thorough=False,
        stops=[Stop("办理进程", 1.0, 2.0, 3, 3, 3)],
    )
    cases = {
        CLOSED: all_approved(),
        WITHDRAWN: _withdrawn(),
        REOPENED: reopened_and_approved(),
        REOPENED_AND_WITHDRAWN: _reopened_and_withdrawn(),
    }
    for case_no, case in cases.items():
        evidence.plans |= case.record.plans
        record = _record(case_no, case)
        evidence.records[case_no] = record
        evidence.effects += _effects(record)
        evidence.intents += _intents(record)
        evidence.workflows.append(Workflow(f"case-{case_no}", "COMPLETED"))
        evidence.played.append(Played(f"script of {case_no}", case_no, frozenset({CaseStatus(record.status)})))
    evidence.kept_keys = {one.key: 200 for one in evidence.intents}
    evidence.called_keys = {one.key: 2 for one in evidence.effects}
    return evidence


def _withdrawn() -> Case:
    case = Case(transport())
    case.fetch("driver")
    case.accept()
    for code in ("licence", "slot", "site"):
        case.approve(code)
    case.say(Withdrawn())
    task = next(row for row in case.record.open_tasks() if row.kind == "undo")
    case.say(UndoneByHand(effect=task.name, round=task.round))
    finish(case)
    return case


def _reopened_and_withdrawn() -> Case:
    """What was only reserved when the case was closed is kept; of what came after that, it is given back."""
    case = Case(
        make_plan(
            item("name", undo=UndoHow.RELEASE),
            item("slot", undo=UndoHow.RELEASE, refusal=OnRefusal.GO_ON),
            item("permit", refusal=OnRefusal.GO_ON),
        )
    )
    case.accept()
    case.approve("name")
    case.refuse("slot")
    case.refuse("permit")
    finish(case)
    case.say(CaseReopened(items=("slot", "permit"), basis="令", reason="notice:9"))
    case.approve("slot")
    case.say(Withdrawn())
    finish(case)
    return case


def _record(case_no: str, case: Case) -> Record:
    lines = _lines(case_no, [(line.at, line.event) for line in case.record.journal])
    made_out = [line.event for line in case.record.journal if isinstance(line.event, CertificatesIssued)]
    certificates = {
        n: one.items[nth] if one.items else "licence" for one in made_out for nth, n in enumerate(one.numbers)
    }
    revoked = {code for code, one in case.state.revocations.items() if one.revoked}
    return Record(
        case_no=case_no,
        status=str(case.status),
        epoch=1,
        head_seq=len(lines),
        head_hash=line_hash(lines[-1].text),
        next_wake_at=None,
        state=case.state.to_json().decode(),
        lines=lines,
        commands=tuple(
            Command(row.command.id, row.command.kind, row.command.target, row.status)
            for row in case.record.commands.values()
        ),
        tasks=tuple(_task(case_no, row, case) for row in case.record.tasks.values()),
        certificates=tuple(
            Certificate(number, item, "out", verified=item not in revoked or number == f"{item}-2")
            for number, item in certificates.items()
        ),
    )


def _lines(case_no: str, journal: list[tuple[datetime, Event]]) -> tuple[WrittenLine, ...]:
    lines: list[WrittenLine] = []
    before = BEGINNING
    for seq, (at, event) in enumerate(journal, start=1):
        said = event.model_dump(mode="json", exclude_none=True)
        actor = {"subject": "somebody"} if isinstance(event, FACTS) else None
        text = line_text(before, case_no, seq, at, said, actor)
        lines.append(WrittenLine(seq, at, event.kind, said, actor, text))
        before = line_hash(text)
    return tuple(lines)


def _task(case_no: str, row: Any, case: Case) -> Task:
    opened = row.opened
    state = "open" if row.state == "open" else "lapsed" if row.result == "lapsed" else "done"
    return Task(
        f"{case_no}-{opened.name}-{opened.round}", opened.kind, opened.item, opened.name, opened.round, state,
        row.result, case.now,
    )  # fmt: skip


def _effects(record: Record) -> list[Effect]:
    """What the world did for every outcome on record."""
    kinds = {one.id: one for one in record.commands}
    found: list[Effect] = []
    for _, _, event in record.events:
        if isinstance(event, RecordFetched):
            found.append(Effect("record", "source", record.key(event.command), None, 1, undone=False))
        elif isinstance(event, NoticesSent):
            found.append(Effect("notice", "gateway", record.key(event.command), None, 1, undone=False))
        elif isinstance(event, EffectUndone):
            of = next((one for one in found if one.key == record.key(event.effect)), None)
            kind, of_key = ("revocation", event.effect) if of is None else ("release", of.key)
            found.append(Effect(kind, "dep", record.key(event.command), of_key, 1, undone=False))
            if of is not None:
                found[found.index(of)] = replace(of, undone=True)
            assert kinds[event.command].kind == CommandKind.UNDO_EFFECT
    return found


def _intents(record: Record) -> list[Intent]:
    """One acknowledged intent a fact, heard twice."""
    found = []
    for seq, _, event in record.events:
        if not isinstance(event, FACTS):
            continue
        told = isinstance(event, TaskClaimed) or event.kind == "submitted"  # their answers tell no line
        heard = Heard(2.0, status=200, seq=None if told else seq, case_no=record.case_no, body="digest")
        about: dict[str, Any] = {}
        if isinstance(event, ItemDecided):
            about = {"item": event.item, "round": event.round, "outcome": event.outcome}
        elif isinstance(event, UndoneByHand):
            about = {"effect": event.effect}
        lost = Heard(1.0, unknown="ReadTimeout")
        found.append(
            Intent(
                client="somebody",
                account="somebody",
                act=event.kind,
                route="POST",
                key=f"{record.case_no}-{seq}",
                at=1.0,
                case_no=None if event.kind == "submitted" else record.case_no,
                about=about,
                heard=[lost, heard, heard],
            )
        )
    return found


def spoil_record(evidence: Evidence, case_no: str, **change: Any) -> None:
    evidence.records[case_no] = replace(evidence.records[case_no], **change)


def rewritten(record: Record, seq: int, **change: Any) -> Record:
    """A journal whose line `seq` says something else, with a chain that fits: only folding can notice."""
    said = [(line.at, {**line.event, **(change if line.seq == seq else {})}) for line in record.lines]
    lines = _lines(record.case_no, [(at, events_union.EVENT.validate_python(event)) for at, event in said])
    return replace(record, lines=lines, head_hash=line_hash(lines[-1].text))


NOW = datetime(2026, 3, 2, tzinfo=UTC)
