"""The closed tables of moves: complete, named, printed, and telling the truth about what is refused."""

import ast
from pathlib import Path

import pytest

from onething.domain.calendar.countdown import PauseBasis
from onething.domain.calendar.limits import ExtensionRank, Limit
from onething.domain.consults.guards import NotSigned, Unsigned
from onething.domain.definition.time_rules import ClockRules
from onething.domain.engine import guards as engine_guards
from onething.domain.engine.guards import check, why_not
from onething.domain.errors import FailureCode, NotAllowed, Refusal, TooEarly, TooSoon
from onething.domain.events.commitments import CommitmentChecked
from onething.domain.events.consults import (
    ConsultAnswered,
    ConsultAsked,
    InspectionAppointed,
    InspectionConcluded,
    InspectionMoved,
)
from onething.domain.events.deadlines import (
    CalendarChanged,
    ClockExtended,
    ClockResumed,
    ClockSuspended,
)
from onething.domain.events.followup import Rated, Supervised, SupervisionAnswered, UrgeAnswered, Urged
from onething.domain.events.intake import (
    Accepted,
    CorrectionsAsked,
    ItemCorrectionsAsked,
    Rejected,
    Submitted,
    Supplemented,
    Withdrawn,
)
from onething.domain.events.items import ItemReassigned
from onething.domain.events.lookups import DiscrepancyResolved, LookUpRetried
from onething.domain.events.tasks import ItemDecided
from onething.domain.events.undo import RevocationDecided, UndoneByHand
from onething.domain.events.union import Fact
from onething.domain.kernel.lifecycle import (
    CASE_TRANSITIONS,
    FACTS_ALLOWED,
    ITEM_STATE_NAMES,
    ITEM_TRANSITIONS,
    STATUS_NAMES,
)
from onething.domain.kernel.state import (
    ENDED,
    CaseState,
    CaseStatus,
    Commitment,
    Consult,
    CountersignRule,
    DataState,
    Discrepancy,
    Effect,
    EffectKind,
    Inspection,
    ItemProgress,
    ItemState,
    LastUrge,
    Revocation,
    RunningClock,
)
from tests.domain.builders import DAY, MONDAY, compared, item, make_plan, record
from tests.domain.states_and_moves import FACT_NAMES, PAGE, page

WHO = [compared("who", "form.who", "data.register.who")]
PLAN = make_plan(
    item("a", materials=["deed"], pauses=[PauseBasis.HEARING]),
    item("b"),
    data=[record("site")],
    clocks=ClockRules(),
    compare=WHO,
)
FACTS: tuple[Fact, ...] = (
    Submitted(plan="p", calendar="c", channel="online"),
    CorrectionsAsked(fields=("name",), notice="n"),
    Supplemented(materials=("deed",)),
    Accepted(),
    Rejected(notice="n"),
    Withdrawn(),
    UndoneByHand(effect="5.approval", round=1),
    ItemCorrectionsAsked(item="a", materials=("deed",), notice="n"),
    ClockSuspended(item="a", basis=PauseBasis.HEARING, expected_days=1, notice="n"),
    ClockResumed(item="b"),
    ClockExtended(amount=1, rank=ExtensionRank.AGENCY_HEAD, notice="n"),
    Urged(),
    Urged(item="b", notice="n"),
    UrgeAnswered(clock="urge:7", notice="n"),
    Supervised(item="a", days=3, notice="n"),
    SupervisionAnswered(clock="supervise:8", notice="n"),
    CommitmentChecked(material="deed", kept=True, finding="f"),
    RevocationDecided(item="c", round=1, revoke=True, opinion="o", material="deed"),
    DiscrepancyResolved(code="who", round=1, which="form.who", note="n"),
    Rated(grade=5),
    LookUpRetried(data="site"),
    CalendarChanged(old="c", new="d"),
    ConsultAsked(item="a", n=1, departments=("dep-c",), limit=Limit(amount=1), question="q"),
    ConsultAnswered(item="b", round=1, n=1, opinion="o"),
    InspectionAppointed(n=2, items=("a",), on=MONDAY.date(), limit=Limit(amount=1)),
    InspectionMoved(n=1, items=("b",), before=MONDAY.date(), on=MONDAY.date() + DAY),
    InspectionConcluded(n=1, item="b", passed=True, conclusion="c"),
    ItemReassigned(item="a", before="dep-a", department="dep-new", basis="令"),
    ItemReassigned(item="b", before="dep-c", department="dep-new", basis="令", consult=1),
)


def standing(status: CaseStatus, fact: Fact) -> CaseState:
    return CaseState(
        schema=1,
        status=status,
        plan=PLAN.digest,
        calendar="c",
        submitted_at=MONDAY,
        items={
            "a": ItemProgress(state=ItemState.OPEN, round=1),
            "b": ItemProgress(state=ItemState.SUSPENDED, round=1),
        },
        data={"site": DataState.PENDING},
        commitments={"deed": Commitment.CHECKING},
        clocks={
            name: RunningClock(started_at=MONDAY, due_at=MONDAY)
            for name in ("case:statutory", "item:a:statutory", getattr(fact, "clock", "item:a"))
        },
        consults={"b": (Consult(n=1, ask=1, department="dep-c"),)},
        inspections={1: Inspection(on=MONDAY.date(), waiting=("b",))},
        inspected=1,
        compared={"form.who": "1", "data.register.who": "2"},
        revocations={"c": Revocation(round=1, material="deed")},
        discrepancies={"who": Discrepancy(data="register")},
        undo_tasks=(Effect(id="5.approval", kind=EffectKind.APPROVAL, target="a"),),
    )


@pytest.mark.parametrize("status", CaseStatus)
@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.kind)
def test_a_fact_is_taken_exactly_where_the_table_says(fact: Fact, status: CaseStatus) -> None:
    if status in FACTS_ALLOWED[fact.kind]:
        check(PLAN, standing(status, fact), fact, MONDAY)
    else:
        with pytest.raises(NotAllowed) as refused:
            check(PLAN, standing(status, fact), fact, MONDAY)
        assert refused.value.code is FailureCode.NOT_ALLOWED_NOW
        assert STATUS_NAMES[status] in refused.value.detail
        why = why_not(PLAN, standing(status, fact), fact, MONDAY)
        assert why == Refusal(refused.value.code, refused.value.detail)


def test_a_reason_tells_more_where_the_refusal_does() -> None:
    state = standing(CaseStatus.PROCESSING, Urged()).model_copy(
        update={"urge": LastUrge(at=MONDAY, again_at=MONDAY + DAY), "retries": {"site": MONDAY}}
    )
    for fact, seconds in ((Urged(), DAY.total_seconds()), (LookUpRetried(data="site"), 600)):
        why = why_not(PLAN, state, fact, MONDAY)
        assert isinstance(why, TooEarly)
        assert why.retry_after == seconds
        with pytest.raises(TooSoon) as refused:
            check(PLAN, state, fact, MONDAY)
        assert (refused.value.detail, refused.value.retry_after) == (why.detail, seconds)
    asked = Consult(n=1, ask=1, department="dep-c", rule=CountersignRule.ALL)
    state = state.model_copy(update={"consults": {"a": (asked,)}, "compared": {}, "discrepancies": {}})
    approval = ItemDecided(item="a", round=1, outcome="approve")
    why = why_not(PLAN, state, approval, MONDAY)
    assert isinstance(why, Unsigned)
    with pytest.raises(NotSigned) as unsigned:
        check(PLAN, state, approval, MONDAY)
    assert (unsigned.value.detail, unsigned.value.departments) == (why.detail, why.departments)
    assert why.departments == ("dep-c",)


def test_guards_give_reasons_and_raise_nothing() -> None:
    """Then what is allowed now can be listed; refusing is `check`, once for all."""
    found = sorted(Path(engine_guards.__file__).parents[1].rglob("guards.py"))
    assert len(found) > 5
    for file in found:
        raised = [node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Raise)]
        assert not raised, f"{file.parent.name}/{file.name} line {raised[0].lineno}: give a Refusal back instead"


def test_the_tables_are_complete() -> None:
    assert set(CASE_TRANSITIONS) == set(CaseStatus) == set(STATUS_NAMES)
    assert set(ITEM_TRANSITIONS) == set(ItemState)
    assert set(ITEM_STATE_NAMES) == set(ItemState)
    assert set(FACTS_ALLOWED) == set(FACT_NAMES) >= {fact.kind for fact in FACTS}


def test_an_ended_case_moves_no_more_unless_it_was_closed_and_is_reopened() -> None:
    assert {status for status, after in CASE_TRANSITIONS.items() if not after} == ENDED - {CaseStatus.CLOSED}
    assert CASE_TRANSITIONS[CaseStatus.CLOSED] == {CaseStatus.PROCESSING}


def test_the_printed_page_is_current() -> None:
    stale = "docs/states-and-moves.md is stale: run `python -m tests.record states`"
    assert PAGE.read_text(encoding="utf-8") == page(), stale
