"""The main stories of a case, told to a `MemoryRecord`: what golden journals are recorded from."""

from collections.abc import Callable, Iterable
from datetime import date, datetime

from onething.domain.calendar.countdown import PauseBasis
from onething.domain.calendar.limits import ExtensionRank, Limit
from onething.domain.definition.bundle import DeliveryMethod
from onething.domain.definition.items import Handling, OnRefusal, UndoBy, UndoHow
from onething.domain.definition.materials import FallbackKind
from onething.domain.definition.outcomes import ItemKind
from onething.domain.definition.periods import PeriodKind, PeriodState
from onething.domain.definition.time_rules import ClockRules, DueAt, Missed, OverdueHow
from onething.domain.events.commitments import CommitmentChecked
from onething.domain.events.consults import (
    ConsultAnswered,
    ConsultAsked,
    ConsultTakenBack,
    DayChosen,
    DaySet,
    DaysOffered,
    InspectionAppointed,
    InspectionClosed,
    InspectionConcluded,
    InspectionMoved,
    PartRecorded,
    PointsRectified,
)
from onething.domain.events.deadlines import (
    CalendarChanged,
    ClockExtended,
    ClockResumed,
    ClockSuspended,
    NoticeObjected,
    OutsideReported,
)
from onething.domain.events.documents import DeliveryChosen, LetterDelivered
from onething.domain.events.followup import (
    Rated,
    RatingContacted,
    RatingRectified,
    RatingTag,
    Supervised,
    SupervisionAnswered,
    UrgeAnswered,
    Urged,
)
from onething.domain.events.intake import (
    Accepted,
    CorrectionsAsked,
    DemandTakenBack,
    ItemCorrectionsAsked,
    PapersReceived,
    Rejected,
    StillAsked,
    Supplemented,
    VersionReceived,
    Withdrawn,
)
from onething.domain.events.items import CaseReopened, CertificateReissued, ItemReassigned
from onething.domain.events.lookups import DiscrepancyResolved, LookUpRetried
from onething.domain.events.outcomes import CertificatesIssued, DispatchRefused, Replacement
from onething.domain.events.tasks import ItemDecided, TaskClaimed, TaskReleased, TaskTransferred
from onething.domain.events.undo import ReviewAsked, RevocationDecided, UndoneByHand
from onething.domain.followup.guards import urges_of
from onething.domain.kernel.commands import CommandKind
from onething.domain.kernel.state import CountersignRule, ReissueWhy
from onething.domain.plan.plan import Plan, PlanDue
from tests.domain.builders import (
    CALENDAR,
    DAY,
    HOUR,
    LADDER,
    LATER,
    MONDAY,
    Case,
    compared,
    decides,
    fetched,
    inspection,
    item,
    make_plan,
    material,
    may_be_promised,
    may_wait,
    owes,
    period,
    record,
    saying,
    success,
    undone,
)


def opening() -> Plan:
    """Licence first, then four departments at the same time."""
    return make_plan(
        item("licence", data=["name", "address"], materials=["charter"], certificate=True),
        *(item(code, needs=["licence"], refusal=OnRefusal.GO_ON) for code in ("seal", "tax", "insurance", "bank")),
        data=[record("name", releasable=True), record("address", patience=180)],
        days=3,
    )


def transport() -> Plan:
    """The permit is refused: the licence stands, what two departments reserved for it is released in their own ways."""
    return make_plan(
        item("licence", certificate=True),
        item("slot", data=["driver"], undo=UndoHow.RELEASE),
        item("site", needs=["slot"], undo=UndoHow.RELEASE, by=UndoBy.PEOPLE),
        item("permit", needs=["licence", "site"]),
        data=[record("driver", releasable=True)],
    )


def ask(code: str, *departments: str, n: int = 1, rule: CountersignRule | None = None, days: int = 5) -> ConsultAsked:
    limit = Limit(amount=days)
    return ConsultAsked(
        item=code, n=n, departments=departments, rule=rule, limit=limit, question=f"question:{code}:{n}"
    )


def answer(code: str, n: int, *, agrees: bool | None = None) -> ConsultAnswered:
    return ConsultAnswered(item=code, round=1, n=n, agrees=agrees, opinion=f"answer:{code}:{n}")


def ended_in_their_own_words() -> Case:
    """A verification without a record, a filing that is refused by its own outcome, a query, a service."""
    case = Case(
        make_plan(
            item("look", procedure=ItemKind.VERIFICATION),
            item("file", needs=["look"], procedure=ItemKind.FILING, refusal=OnRefusal.SKIP_DEPENDANTS),
            item("card", needs=["file"], procedure=ItemKind.SERVICE),
            item("ask", needs=["look"], procedure=ItemKind.QUERY),
            item("bank", procedure=ItemKind.SERVICE, handling=Handling.SYSTEM, refusal=OnRefusal.GO_ON),
        )
    )
    case.accept()
    case.decide("look", "no_record")
    case.wait(HOUR)
    command = case.command(CommandKind.DISPATCH_ITEM, "bank")
    case.comes(ItemDecided(item="bank", round=1, outcome="not_possible", command=command.id))
    case.decide("file", "out_of_scope")
    case.decide("ask", "answered")
    finish(case)
    return case


def finish(case: Case) -> None:
    """Every command succeeds until none is left."""
    while commands := case.record.open_commands():
        case.wait(HOUR / 60)
        case.comes(success(commands[0]))


def all_approved() -> Case:
    case = Case(opening())
    case.fetch("name")
    case.wait(HOUR / 2)
    case.fetch("address")
    case.accept()
    case.say(TaskClaimed(item="licence", round=1))
    case.say(TaskReleased(item="licence", round=1))
    case.approve("licence")
    for code in ("tax", "bank", "seal", "insurance"):
        case.wait(HOUR)
        case.approve(code)
    finish(case)
    return case


def late_and_overdue() -> Case:
    case = Case(opening())
    case.accept()
    case.fetch("name")
    case.fetch("address")
    case.wait(4 * DAY)
    case.approve("licence")
    case.refuse("seal")
    for code in ("tax", "insurance", "bank"):
        case.approve(code)
    finish(case)
    return case


def corrections_and_other_answers() -> Case:
    fewer = make_plan(item("licence", data=["name"], materials=["charter"]), data=[record("name", releasable=True)])
    case = Case(opening(), other_plans=[fewer], materials=["charter"])
    case.fetch("name")
    case.say(CorrectionsAsked(materials=("charter",), fields=("scope",), notice="notice:3"))
    case.wait(DAY)
    late = fetched(case.record.commands["1.fetch_record.1"].command)
    case.say(Supplemented(materials=("charter",)))
    case.say(Supplemented(plan=fewer.digest, fields=True, answered=("scope",), refetch=("name",)))
    case.comes(late)
    case.undo()
    case.fetch("name")
    case.accept()
    case.approve("licence")
    finish(case)
    return case


def fallback_after_patience() -> Case:
    case = Case(
        make_plan(
            item("cancel", data=["death", "household"]),
            item("pension", needs=["cancel"]),
            data=[record("death"), record("household", releasable=True)],
        )
    )
    look_up = fetched(case.record.commands["1.fetch_record.1"].command)
    case.source_refuses("death")
    case.accept()
    case.wait(2 * HOUR)
    case.comes(look_up)
    case.say(Supplemented(materials=("paper-death", "paper-household")))
    case.approve("cancel")
    case.approve("pension")
    finish(case)
    return case


def looked_for_by_hand() -> Case:
    """One record is found by people, one is not and the paper is asked for, for one they have no time, and one comes
    from its source after all; then an application that nobody needs any more."""
    keys = ("found", "not-found", "no-time", "came")
    by_hand = {"kind": FallbackKind.MANUAL_CHECK, "paper": True}
    plan = make_plan(
        item("permit", data=keys, days=20),
        data=[record(key, **by_hand) for key in keys],  # type: ignore[arg-type]
    )
    case = Case(plan)
    case.accept()
    case.source_refuses("found")
    case.wait(HOUR)
    case.say(LookUpRetried(data="not-found"))
    case.looks("found")
    case.looks("not-found", found=False)
    case.wait(DAY)
    case.fetch("came")
    case.wait(2 * DAY)
    case.say(Supplemented(materials=("paper-not-found", "paper-no-time")))
    case.approve("permit")
    finish(case)
    return case


def looked_for_and_moved_with_the_duties() -> Case:
    """Who looks has changed, and so has the calendar, when the applicant withdraws."""
    case = Case(make_plan(item("permit", data=["deed"]), data=[record("deed", kind=FallbackKind.MANUAL_CHECK)]))
    case.wait(HOUR)
    case.say(ItemReassigned(item="deed", before="owner-deed", department="dep-new", basis="令"))
    case.say(CalendarChanged(old=CALENDAR.digest, new=LATER.digest))
    case.say(Withdrawn())
    finish(case)
    return case


def waited_for_to_the_end() -> Case:
    """A source that is asked on: it stays silent, says no, and has the record in the end. Of another nobody finds
    anything by hand, and it too is asked on."""
    plan = make_plan(
        item("entry", data=["birth", "deed"], days=20),
        data=[
            record("birth", kind=FallbackKind.WAIT, releasable=True),
            record("deed", kind=FallbackKind.MANUAL_CHECK),
        ],
    )
    case = Case(plan)
    case.accept()
    case.wait(4 * HOUR)
    case.source_refuses("birth")
    case.looks("deed", found=False)
    case.wait(2 * DAY)
    case.say(ItemReassigned(item="birth", before="owner-birth", department="dep-new", basis="令"))
    case.fetch("birth")
    case.fetch("deed")
    case.approve("entry")
    finish(case)
    return case


def promised_instead_of_a_record() -> Case:
    """The applicant is asked for a paper, promises instead, and the promise is checked after the decision."""
    case = Case(make_plan(item("permit", data=["site"]), data=[record("site", kind=FallbackKind.COMMITMENT)]))
    case.accept()
    case.source_refuses("site")
    case.say(Supplemented(commitments=("paper-site",), checked=("paper-site",)))
    case.approve("permit")
    finish(case)
    case.say(CommitmentChecked(material="paper-site", kept=False, finding="finding:paper-site"))
    case.say(
        RevocationDecided(
            item="permit", round=1, revoke=False, opinion="o", material="paper-site", finding="finding:paper-site"
        )
    )
    finish(case)
    return case


def refused_and_undone() -> Case:
    case = Case(transport())
    case.fetch("driver")
    case.accept()
    for code in ("licence", "slot", "site"):
        case.approve(code)
    case.refuse("permit")
    site = case.undo_tasks()[0]
    first = undone(case.command(CommandKind.UNDO_EFFECT))
    case.wait(2 * DAY)  # the department's system did not release the slot in time
    case.comes(first)
    case.say(UndoneByHand(effect=site, round=1))
    finish(case)
    return case


def skipped_branch() -> Case:
    case = Case(
        make_plan(
            item("school", refusal=OnRefusal.SKIP_DEPENDANTS),
            item("bus", needs=["school"], data=["route"]),
            item("meal", data=["income"]),
            data=[record("route", releasable=True), record("income")],
            materials=[material("photo", required=False)],
        )
    )
    case.accept()
    case.fetch("route")
    case.refuse("school")
    case.fetch("income")
    case.approve("meal")
    finish(case)
    return case


def withdrawn_with_look_ups_under_way() -> Case:
    case = Case(transport())
    late = fetched(case.record.commands["1.fetch_record.0"].command)
    case.accept()
    case.say(Withdrawn())
    case.comes(late)
    finish(case)
    return case


def rejected_at_the_counter() -> Case:
    case = Case(transport())
    case.fetch("driver")
    case.say(Rejected(notice="notice:3"))
    finish(case)
    return case


def calendar_changed() -> Case:
    """A day of the time becomes a day off while the case is under way; another had already counted."""
    case = Case(opening())
    case.fetch("name")
    case.fetch("address")
    case.accept()
    case.wait(2 * HOUR)
    case.say(CalendarChanged(old=CALENDAR.digest, new=LATER.digest))
    case.wait(3 * DAY)
    for code in ("licence", "seal", "tax", "insurance", "bank"):
        case.approve(code)
    finish(case)
    return case


def taken_back_and_gone_on() -> Case:
    """A day on which it was overdue, with a card, turns out to have been closed; a hearing takes as long as it may."""
    licence = item("licence", pauses=[PauseBasis.HEARING], at_most=2, days=1)
    case = Case(make_plan(licence, clocks=ClockRules(ladder=LADDER)))
    case.accept()
    case.wait(DAY + 12 * HOUR)
    case.say(CalendarChanged(old=CALENDAR.digest, new=LATER.digest))
    case.wait(HOUR)
    case.say(ClockSuspended(item="licence", basis=PauseBasis.HEARING, expected_days=1, notice="notice:9"))
    case.wait(9 * DAY)
    case.approve("licence")
    finish(case)
    return case


def suspended_and_extended() -> Case:
    """A hearing stops the licence and with it the case; the tax office's item alone gets more time."""
    case = Case(
        make_plan(
            item("licence", pauses=[PauseBasis.HEARING]),
            item("tax", needs=["licence"]),
            item("seal", needs=["licence"], days=1),
            clocks=ClockRules(),
        )
    )
    case.accept()
    case.say(ClockSuspended(item="licence", basis=PauseBasis.HEARING, expected_days=10, notice="notice:3"))
    case.wait(12 * DAY)
    case.say(ClockResumed(item="licence"))
    case.approve("licence")
    case.say(ClockExtended(item="tax", amount=5, rank=ExtensionRank.AGENCY_HEAD, notice="notice:6"))
    case.wait(3 * DAY)
    case.approve("seal")
    case.approve("tax")
    finish(case)
    return case


def all_kinds_of_silence() -> Case:
    """The counter is silent, then the departments: what each one's silence means is in the plan."""
    case = Case(
        make_plan(
            item("approved", law=3, overdue=OverdueHow.DEEM_APPROVED),
            item("refused", law=4, overdue=OverdueHow.REFUSE, refusal=OnRefusal.GO_ON),
            item("lapsed", law=4, overdue=OverdueHow.LAPSE),
            item("after", needs=["lapsed"]),
            item("passed", law=5, overdue=OverdueHow.PROCEED_WITHOUT),
            item("late", needs=["passed"], law=3, certificate=True),
            clocks=ClockRules(ladder=LADDER),
        )
    )
    case.wait(20 * DAY)
    case.wait(10 * DAY)
    case.approve("late")
    finish(case)
    return case


def asked_anew_after_acceptance() -> Case:
    """The promise waits for the charter, the law's time does not."""
    case = Case(make_plan(item("licence", materials=["charter"]), item("tax"), clocks=ClockRules()))
    case.accept()
    case.say(ItemCorrectionsAsked(item="licence", materials=("charter",), notice="notice:3"))
    case.wait(5 * DAY)
    case.say(Supplemented(materials=("charter",)))
    case.approve("licence")
    case.approve("tax")
    finish(case)
    return case


def asked_anew_by_two_departments() -> Case:
    """The second notice tells of what the first department still waits for, so that one says all."""
    needs = (item("licence", materials=["charter", "photo"]), item("tax", materials=["ledger"]))
    case = Case(make_plan(*needs, clocks=ClockRules()))
    case.accept()
    case.say(ItemCorrectionsAsked(item="licence", materials=("charter", "photo"), notice="notice:3"))
    case.wait(DAY)
    case.say(Supplemented(materials=("photo",)))
    still = StillAsked(item="licence", materials=("charter",), notice="notice:3")
    case.say(ItemCorrectionsAsked(item="tax", materials=("ledger",), notice="notice:5", also=(still,)))
    case.say(Supplemented(materials=("charter", "ledger")))
    case.approve("licence")
    case.approve("tax")
    finish(case)
    return case


def handed_to_a_colleague() -> Case:
    """Withdrawn before the colleague got to it."""
    case = Case(make_plan(item("licence")))
    case.accept()
    case.say(TaskClaimed(item="licence", round=1))
    case.say(TaskTransferred(item="licence", round=1, to="li"))
    case.say(Withdrawn())
    finish(case)
    return case


def supplement_time_ran_out() -> Case:
    """Asked twice: supplied once, then not."""
    case = Case(
        make_plan(item("a", materials=["deed"]), clocks=ClockRules(supplement=Limit(amount=3), ladder=LADDER)),
        materials=["deed"],
    )
    case.say(CorrectionsAsked(materials=("deed",), notice="notice:2"))
    case.wait(DAY)
    case.say(Supplemented(announced=("deed",)))
    case.say(PapersReceived(materials=("deed",), versions=(VersionReceived(code="deed", version=1),)))
    case.say(CorrectionsAsked(fields=("name",), notice="notice:4"))
    case.wait(5 * DAY)
    finish(case)
    return case


def warned_in_each_of_two_rounds() -> Case:
    """Twice it lies for days before the counter says what is missing: the law's clock starts anew, and its ladder."""
    case = Case(make_plan(item("a"), clocks=ClockRules(ladder=LADDER)))
    case.wait(4 * DAY)
    case.say(CorrectionsAsked(fields=("name",), notice="notice:3"))
    case.say(Supplemented(fields=True, answered=("name",)))
    case.wait(6 * DAY)
    case.say(Accepted())
    case.approve("a")
    finish(case)
    return case


def told_in_writing() -> Case:
    """Nobody looks at it in time, then a hearing, and a calendar that takes a day off: the applicant hears of each."""
    case = Case(make_plan(item("licence", pauses=[PauseBasis.HEARING], days=4, law=20), clocks=ClockRules()))
    case.say(CalendarChanged(old=CALENDAR.digest, new=LATER.digest))
    case.wait(9 * DAY)
    case.say(ClockSuspended(item="licence", basis=PauseBasis.HEARING, expected_days=5, notice="notice:5"))
    case.wait(5 * DAY)
    case.say(ClockResumed(item="licence"))
    case.approve("licence")
    finish(case)
    return case


def posted_after_calling() -> Case:
    """First the window is chosen, then the post. Nobody answers a call; the post brings the result."""
    plan = make_plan(
        item("licence", certificate=True), item("sign", refusal=OnRefusal.GO_ON), clocks=ClockRules(ladder=LADDER)
    )
    case = Case(plan, delivery=DeliveryMethod.COUNTER)
    case.accept()
    case.refuse("sign")
    case.say(DeliveryChosen(method=DeliveryMethod.POST))
    case.approve("licence")
    finish(case)
    assert case.state.result is not None
    for letter in (4, case.state.result):
        case.say(posted(letter, "call", "no_answer", case.now))
        case.say(posted(letter, "post", "sent", case.now))
    case.wait(2 * DAY)
    case.say(posted(case.state.result, "post", "delivered", case.now))
    return case


def posted(letter: int, channel: str, outcome: str, at: datetime) -> LetterDelivered:
    return LetterDelivered(letter=letter, channel=channel, outcome=outcome, happened_at=at)  # type: ignore[arg-type]


def deferring() -> Plan:
    """Two may come later: the lease holds up the licence, the photograph what comes after it."""
    return make_plan(
        item("licence", materials=["charter", "lease"], days=5),
        item("card", needs=["licence"], materials=["photo"]),
        materials=[material("lease", due=may_wait()), material("photo", due=may_wait(days=3))],
        clocks=ClockRules(),
    )


def deferred_and_supplied() -> Case:
    case = Case(deferring(), materials=["charter"])
    case.accept("lease", "photo")
    case.wait(DAY)
    case.say(Supplemented(materials=("lease",)))
    case.approve("licence")
    case.say(Supplemented(materials=("photo",)))
    case.approve("card")
    finish(case)
    return case


def deferred_and_never_supplied() -> Case:
    """The licence was approved by then: it is undone."""
    case = Case(deferring(), materials=["charter", "lease"])
    case.accept("photo")
    case.approve("licence")
    case.wait(5 * DAY)
    finish(case)
    return case


def handed_in_for() -> Plan:
    """For the first certificate the old one is handed in; the second waits for nothing."""
    old = material("old-licence", due=PlanDue(at=DueAt.ISSUE, basis="测试条例第四条"))
    return make_plan(
        item("licence", certificate=True),
        item("seal", certificate=True),
        materials=[old.model_copy(update={"needed_by": ("licence",)})],
        clocks=ClockRules(),
    )


def collected_with_the_old_one() -> Case:
    """The case is closed when the old licence is handed in: the new one is made out then, and its holder told."""
    case = Case(handed_in_for(), materials=[])
    case.accept()
    case.approve("licence")
    case.approve("seal")
    issue(case, "seal")
    finish(case)
    case.wait(DAY)
    case.say(PapersReceived(materials=("old-licence",), versions=(VersionReceived(code="old-licence", version=1),)))
    issue(case, "licence")
    finish(case)
    return case


def owing(missed: Missed) -> Plan:
    paper = material("permit", due=owes(missed)).model_copy(update={"needed_by": ("pension", "card")})
    return make_plan(item("pension"), item("card"), materials=[paper], clocks=ClockRules())


def never_handed_in() -> Case:
    """What was to come after the decision is demanded once more when its time is over, and never comes: one of the two
    departments revokes what it granted, the other lets it stand."""
    case = Case(owing(Missed.RECTIFY), materials=[])
    case.accept()
    case.approve("pension")
    case.approve("card")
    finish(case)
    case.wait(45 * DAY)
    for code, revoke in (("pension", True), ("card", False)):
        opinion = f"revocation:{code}:1"
        case.say(RevocationDecided(item=code, round=1, revoke=revoke, opinion=opinion, unsupplied="permit"))
    finish(case)
    return case


def urged_and_supervised() -> Case:
    """Urged and answered in time; urged again, and nobody answers until the decision is there. One supervision is
    answered too late, one ends with the case."""
    case = Case(make_plan(item("licence"), item("tax", needs=["licence"])))
    case.accept()
    case.say(Urged(item="licence", notice="notice:3"))
    case.wait(DAY)
    case.say(UrgeAnswered(clock="urge:3", notice="notice:4"))
    case.say(Supervised(days=2, notice="supervision:5"))
    case.wait(DAY)
    case.say(Urged(item="licence"))
    case.wait(5 * DAY)
    case.say(SupervisionAnswered(clock="supervise:5", notice="supervision:9"))
    case.approve("licence")
    case.say(Supervised(item="tax", days=3, notice="supervision:11"))
    case.say(Supervised(days=30, notice="supervision:12"))
    case.approve("tax")
    finish(case)
    return case


def urged_again_and_by_a_supervisor() -> Case:
    """Nobody answers the applicant in time, who urges again; a supervisor urges too, and each gets an answer."""
    case = Case(make_plan(item("licence"), item("tax")))
    case.accept()
    case.say(Urged(item="licence", notice="notice:3"))
    case.say(Urged(by_supervisor=True, notice="notice:4"))
    case.wait(2 * DAY)
    case.say(Urged(notice="notice:7"))
    for clock in urges_of(case.state):
        case.say(UrgeAnswered(clock=clock, notice=f"answer:{clock}"))
    case.wait(2 * DAY)
    case.say(Urged(item="tax", by_supervisor=True))
    case.approve("licence")
    case.approve("tax")
    finish(case)
    return case


def asked_anew() -> Case:
    """A look-up that waits is asked anew and answers; one that went to its fallback is, and refuses; a third one is
    supplied meanwhile, and what it holds is given back."""
    slow = [record("deed", patience=600, releasable=True), record("site"), record("name", releasable=True)]
    case = Case(make_plan(item("licence", data=["deed", "site", "name"]), data=slow))
    case.say(LookUpRetried(data="deed"))
    case.wait(HOUR / 4)
    case.say(LookUpRetried(data="deed"))
    case.fetch("deed")
    case.wait(2 * HOUR)
    for key in ("site", "name"):
        case.say(LookUpRetried(data=key))
    case.source_refuses("site")
    case.say(Supplemented(materials=("paper-site", "paper-name")))
    case.accept()
    case.refuse("licence")
    finish(case)
    return case


def promising() -> Plan:
    return make_plan(
        item("licence", materials=["lease", "photo"]),
        materials=[material("lease", commitment=may_be_promised()), material("photo", commitment=may_be_promised(3))],
        clocks=ClockRules(),
    )


def promised_and_checked() -> Case:
    """One promise turns out to be kept; the other is looked into too late, and was not, when the case has closed."""
    case = Case(promising(), materials=[], commitments=["lease", "photo"], checked=["lease", "photo"])
    case.accept()
    case.approve("licence")
    case.say(CommitmentChecked(material="lease", kept=True, finding="finding:lease"))
    finish(case)
    case.wait(5 * DAY)
    case.say(CommitmentChecked(material="photo", kept=False, finding="finding:photo"))
    return case


def decided_on_a_statement() -> Case:
    """Two items are decided on what the applicant states, one of them on paper. What one promised is not so, and is put
    right; what the other promised is not so either, and stays so: its approval is revoked."""
    plan = make_plan(
        item("place", materials=["place-promise"]),
        item("water", materials=["water-promise"]),
        materials=[material("place-promise", commitment=decides()), material("water-promise", commitment=decides())],
        clocks=ClockRules(),
    )
    case = Case(plan, materials=["water-promise"], commitments=["place-promise"], checked=["place-promise"])
    case.accept()
    case.approve("place")
    case.approve("water")
    finish(case)
    for code in ("place-promise", "water-promise"):
        case.say(CommitmentChecked(material=code, kept=False, finding=f"finding:{code}", rectify=True))
    case.wait(2 * DAY)
    case.say(CommitmentChecked(material="place-promise", kept=True, finding="finding:place-promise:2"))
    case.wait(10 * DAY)
    case.say(CommitmentChecked(material="water-promise", kept=False, finding="finding:water-promise:2"))
    revoked = withdrawing("water", "water-promise", revoke=True)
    case.say(revoked.model_copy(update={"finding": "finding:water-promise:2"}))
    finish(case)
    return case


def withdrawing(item: str, material: str | None, *, revoke: bool, round_no: int = 1) -> RevocationDecided:
    finding = f"finding:{material}" if material else None
    opinion = f"revocation:{item}:{round_no}"
    return RevocationDecided(
        item=item, round=round_no, revoke=revoke, opinion=opinion, material=material, finding=finding
    )


def built_on_promises() -> Plan:
    return make_plan(
        item("licence", materials=["lease", "photo"]),
        item("seal", needs=["licence"], by=UndoBy.PEOPLE),
        item("bank", needs=["licence", "seal"]),
        materials=[material("lease", commitment=may_be_promised()), material("photo", commitment=may_be_promised(3))],
        clocks=ClockRules(),
    )


def approved_on_promises() -> Case:
    """Closed; both promises are still to be checked."""
    case = Case(built_on_promises(), materials=[], commitments=["lease", "photo"], checked=["lease", "photo"])
    case.accept()
    for code in ("licence", "seal", "bank"):
        case.approve(code)
    finish(case)
    return case


def broken_and_revoked() -> Case:
    """One broken promise does not bring the licence down, the other does; the seal falls after it, the account not."""
    case = approved_on_promises()
    for code in ("lease", "photo"):
        case.say(CommitmentChecked(material=code, kept=False, finding=f"finding:{code}"))
        if code == "lease":
            case.say(withdrawing("licence", "lease", revoke=False))
    case.wait(DAY)
    case.say(withdrawing("licence", "photo", revoke=True, round_no=2))
    finish(case)
    case.say(withdrawing("seal", None, revoke=True))
    (effect,) = case.state.undo_tasks
    case.say(UndoneByHand(effect=effect.id, round=1))
    case.say(withdrawing("bank", None, revoke=False))
    finish(case)
    return case


def badly_rated() -> Case:
    """Terminated, rated long after; called back too late, put right in time."""
    case = Case(make_plan(item("licence")))
    case.accept()
    case.refuse("licence")
    finish(case)
    case.wait(60 * DAY)
    case.say(Rated(grade=1, tags=(RatingTag.SLOW,), comment="rating"))
    case.wait(3 * DAY)
    case.say(RatingContacted(note="rating:contact"))
    case.wait(DAY)
    case.say(RatingRectified(note="rating:rectified"))
    return case


def consulted_and_inspected() -> Case:
    """One office is asked what it thinks, two for their agreement; two departments look at the place together."""
    case = Case(
        make_plan(
            item("licence", pauses=[PauseBasis.SITE_VISIT], days=5, undo=UndoHow.RELEASE),
            item("site", refusal=OnRefusal.GO_ON),
            item("tax", needs=["licence"]),
            clocks=ClockRules(),
        )
    )
    case.accept()
    case.say(ask("licence", "dep-fire", days=2))
    case.say(ask("licence", "dep-health", "dep-tax", n=2, rule=CountersignRule.ALL))
    case.say(answer("licence", 3, agrees=True))
    on = MONDAY.date() + 2 * DAY
    case.say(InspectionAppointed(n=1, items=("licence", "site"), on=on, limit=Limit(amount=3)))
    case.say(ClockSuspended(item="licence", basis=PauseBasis.SITE_VISIT, expected_days=3, notice="notice:7"))
    case.wait(2 * DAY)
    case.say(InspectionConcluded(n=1, item="site", passed=False, conclusion="conclusion:site:1"))
    case.say(CalendarChanged(old=CALENDAR.digest, new=LATER.digest))
    case.wait(5 * DAY)  # both clocks of others run out meanwhile
    case.say(InspectionConcluded(n=1, item="licence", passed=True, conclusion="conclusion:licence:1"))
    case.say(answer("licence", 2, agrees=False))
    case.say(ClockResumed(item="licence"))
    case.say(ask("licence", "dep-health", n=4, rule=CountersignRule.ANY))
    case.say(answer("licence", 4, agrees=True))
    case.approve("licence")
    case.say(ask("tax", "dep-fire"))
    case.refuse("site")
    case.say(Withdrawn())
    case.undo()
    finish(case)
    return case


def notice_objected() -> Case:
    """One public notice ends by its time, another by an objection; what others had to do is reported."""
    over, objected = {"first-notice": PeriodState.OVER}, {"notice": PeriodState.OBJECTED}
    periods = (
        period("first-notice", days=5),
        period("notice", needs=["strike"]),
        period("handover", PeriodKind.OUTSIDE, days=3, after=over),
    )
    strike, again = item("strike", periods=over), item("again", periods=objected)
    register = item("register", periods={"handover": PeriodState.DONE})
    case = Case(make_plan(strike, again, register, periods=periods, clocks=ClockRules()))
    case.accept()
    case.wait(8 * DAY)
    case.say(OutsideReported(period="handover", report="r"))
    case.approve("strike")
    case.say(NoticeObjected(period="notice", objection="o"))
    case.approve("again")
    case.approve("register")
    finish(case)
    return case


def inspected_together() -> Case:
    """Days are offered, none fits, one is set and moved; a department does not come, another finds two points; one is
    mended, the other is not."""
    fire, defence = item("fire", refusal=OnRefusal.GO_ON), item("defence", refusal=OnRefusal.GO_ON)
    record = item("record", inspections=["site"])
    planned = inspection("site", "fire", "defence")
    case = Case(make_plan(fire, defence, record, inspections=(planned,), clocks=ClockRules()))
    case.accept()
    first, then = date(2026, 3, 4), date(2026, 3, 5)
    case.say(DaysOffered(inspection="site", round=1, days=(first, then)))
    case.say(DayChosen(inspection="site"))
    case.say(DaySet(inspection="site", on=first))
    case.say(DaySet(inspection="site", before=first, on=then))
    case.wait(3 * DAY)
    case.say(PartRecorded(inspection="site", item="fire", round=1, officers=2, points=("fire-1", "fire-2"), record="r"))
    case.wait(DAY)
    case.approve("defence")
    case.say(InspectionClosed(inspection="site", round=1, points="l"))
    case.say(PointsRectified(inspection="site", round=1, report="m"))
    again = date(2026, 3, 6)
    case.say(DaysOffered(inspection="site", round=2, days=(again,)))
    case.say(DayChosen(inspection="site", on=again))
    case.say(PartRecorded(inspection="site", item="fire", round=2, officers=2, points=("fire-2",), record="r"))
    case.say(InspectionClosed(inspection="site", round=2, points="l"))
    case.refuse("fire")
    case.approve("record")
    finish(case)
    return case


def not_rectified_in_time() -> Case:
    """A day is chosen; what was found is not reported as mended."""
    fire, defence = item("fire", refusal=OnRefusal.GO_ON), item("defence", refusal=OnRefusal.GO_ON)
    planned = inspection("site", "fire", "defence", rectify=3)
    case = Case(make_plan(fire, defence, inspections=(planned,), clocks=ClockRules()))
    case.accept()
    on = date(2026, 3, 3)
    case.say(DaysOffered(inspection="site", round=1, days=(on, date(2026, 3, 4))))
    case.say(DayChosen(inspection="site", on=on))
    case.wait(DAY)
    case.say(PartRecorded(inspection="site", item="fire", round=1, officers=2, points=("fire-1",), record="r"))
    case.say(PartRecorded(inspection="site", item="defence", round=1, officers=2, record="r"))
    case.say(InspectionClosed(inspection="site", round=1, points="l"))
    case.wait(8 * DAY)
    case.approve("defence")
    case.refuse("fire")
    finish(case)
    return case


def inspection_told_and_moved() -> Case:
    """The applicant is told on which day two departments look at the place, and twice of another day: the second time
    when one of them has concluded and the time for conclusions is over."""
    case = Case(make_plan(item("licence", pauses=[PauseBasis.SITE_VISIT]), item("site"), clocks=ClockRules()))
    case.accept()
    on, both = MONDAY.date() + 2 * DAY, ("licence", "site")
    case.say(InspectionAppointed(n=1, items=both, on=on, limit=Limit(amount=3)))
    case.notify("inspection")
    case.say(ClockSuspended(item="licence", basis=PauseBasis.SITE_VISIT, expected_days=3, notice="notice:5"))
    case.say(InspectionMoved(n=1, items=both, before=on, on=on + DAY))
    case.notify("inspection_moved")
    case.wait(3 * DAY)
    case.say(InspectionConcluded(n=1, item="site", passed=True, conclusion="conclusion:site:1"))
    case.wait(4 * DAY)
    case.say(InspectionMoved(n=1, items=("licence",), before=on + DAY, on=on + 7 * DAY))
    case.wait(2 * DAY)
    case.say(InspectionConcluded(n=1, item="licence", passed=True, conclusion="conclusion:licence:1"))
    case.say(ClockResumed(item="licence"))
    case.approve("site")
    case.approve("licence")
    finish(case)
    return case


def duties_moved() -> Case:
    """The seal, open by then, and the tax, whose turn is to come, are another department's from one day to the next,
    and an opinion with them; the licence had been approved. The seal's new department decides; then both are
    released."""
    case = Case(
        make_plan(
            item("licence", undo=UndoHow.RELEASE, by=UndoBy.PEOPLE, materials=["lease"]),
            item("seal", needs=["licence"], undo=UndoHow.RELEASE, days=5),
            item("tax", needs=["seal"], handling=Handling.SYSTEM),
            materials=[material("lease", commitment=may_be_promised(5))],
        ),
        materials=(),
        commitments=["lease"],
        checked=["lease"],
    )
    case.accept()
    case.approve("licence")
    case.say(TaskClaimed(item="seal", round=1))
    case.say(ask("seal", "dep-old"))
    case.say(Urged(item="seal"))
    case.wait(HOUR)
    for code in ("licence", "seal", "tax"):
        case.say(ItemReassigned(item=code, before=f"dep-{code}", department="dep-new", basis="改革方案"))
    case.say(ItemReassigned(item="seal", before="dep-old", department="dep-new", basis="改革方案", consult=1))
    case.approve("seal")
    case.say(ItemReassigned(item="tax", before="dep-new", department="dep-newer", basis="改革方案"))
    case.say(Withdrawn())
    case.undo()
    case.say(ItemReassigned(item="licence", before="dep-new", department="dep-newer", basis="改革方案"))
    finish(case)
    case.say(UndoneByHand(effect=case.undo_tasks()[0], round=1))
    return case


def decided_by_systems() -> Case:
    """One department's system decides; of three others one refuses, one never answers and one answers when the case has
    been withdrawn: its people take back what it approved."""
    system = Handling.SYSTEM
    case = Case(
        make_plan(
            item("licence", handling=system),
            *(item(code, needs=["licence"], handling=system, days=5) for code in ("tax", "seal")),
            item("bank", needs=["seal"], handling=system),
        )
    )
    case.accept()
    case.wait(HOUR)
    case.system_decides("licence")
    refused = case.command(CommandKind.DISPATCH_ITEM, "tax")
    case.comes(DispatchRefused(command=refused.id, item="tax", reason="unknown_district"))
    case.approve("tax")
    late = case.command(CommandKind.DISPATCH_ITEM, "seal")
    case.wait(DAY)
    case.comes(success(late))
    case.approve("seal")
    bank = case.command(CommandKind.DISPATCH_ITEM, "bank")
    case.say(Withdrawn())
    case.comes(success(bank))
    case.say(RevocationDecided(item="bank", round=1, revoke=True, opinion="opinion:bank"))
    finish(case)
    return case


def orders_called_off() -> Case:
    """Duties move while a department's system has the item: it is called off there and the other's system decides; what
    the first had approved meanwhile is taken back. Another item's time ends at its system, which has to give it up."""
    system = Handling.SYSTEM
    case = Case(
        make_plan(
            item("licence", handling=system),
            item("tax", handling=system, by=UndoBy.PEOPLE, overdue=OverdueHow.PROCEED_WITHOUT, law=0),
            item("seal", needs=["licence", "tax"]),
            clocks=ClockRules(),
        )
    )
    case.accept()
    first, tax = (case.command(CommandKind.DISPATCH_ITEM, code) for code in ("licence", "tax"))
    case.wait(HOUR)
    moved = ItemReassigned(item="licence", before="dep-licence", department="dep-new", basis="改革方案")
    case.say(moved)
    case.comes(success(first))
    case.undo()
    case.undo()
    case.system_decides("licence")
    case.wait(DAY)
    case.comes(success(tax))
    finish(case)
    return case


def licence_of_the_register() -> Case:
    """What the register gives is there from the start; what the application says anew is asked of the source again."""
    plan = make_plan(item("permit", data=["licence", "home"]), data=[record("licence"), record("home")])
    case = Case(plan, licensed=("licence",))
    case.fetch("home")
    case.say(CorrectionsAsked(fields=("uscc",), notice="notice:2"))
    case.say(Supplemented(fields=True, answered=("uscc",), refetch=("licence",)))
    case.fetch("licence")
    case.accept()
    case.approve("permit")
    finish(case)
    return case


def comparing() -> Plan:
    """Where somebody lives, as the applicant and two registers say it; and the name, as one of them does."""
    return make_plan(
        item("licence", data=["home", "land"]),
        item("seal", needs=["licence"]),
        data=[record("home"), record("land")],
        compare=[
            compared("address", "form.address", "data.home.address", "data.land.address", items=["licence"]),
            compared("name", "applicant.name", "data.home.name", items=["licence", "seal"]),
        ],
    )


SAID = {"form.address": "a1", "applicant.name": "n1"}


def resolved(code: str, which: str, round_no: int = 1) -> DiscrepancyResolved:
    return DiscrepancyResolved(code=code, round=round_no, which=which, note=f"resolved:{code}:{round_no}")


def tasks_with_clocks() -> Case:
    """Who looks into data is late; who decides whether an approval stands gets more time by a new calendar."""
    plan = make_plan(
        item("licence", data=["home"], materials=["lease"]),
        data=[record("home")],
        materials=[material("lease", commitment=may_be_promised(5))],
        compare=[compared("address", "form.address", "data.home.address", items=["licence"])],
    )
    case = Case(plan, materials=(), commitments=["lease"], checked=["lease"], says={"form.address": "a1"})
    case.fetch_saying("home", "address", address="a2")
    case.wait(4 * DAY)
    case.accept()
    case.say(resolved("address", "data.home.address"))
    case.approve("licence")
    case.say(CommitmentChecked(material="lease", kept=False, finding="finding:lease"))
    case.say(CalendarChanged(old=CALENDAR.digest, new=LATER.digest))
    finish(case)
    case.say(withdrawing("licence", "lease", revoke=True))
    finish(case)
    return case


def registers_disagree() -> Case:
    """One is set right by the applicant, one resolved by its owner, one known to the officer who decides."""
    case = Case(comparing(), says=SAID)
    case.fetch_saying("home", "address", "name", address="a2", name="n2")
    case.say(CorrectionsAsked(fields=("name",), notice="notice:3"))
    says = SAID | {"applicant.name": "n2"}
    name = ("/applicant/name",)
    case.say(Supplemented(fields=True, compared=says, disagrees=("address",), changed=name, answered=("name",)))
    case.accept()
    case.fetch_saying("land", "address", address="a1")
    case.wait(HOUR)
    case.say(resolved("address", "data.land.address"))
    case.approve("licence")
    case.approve("seal")
    finish(case)
    return case


def disagreed_too_late() -> Case:
    """The applicant was asked instead, and the record that comes in the end says something else."""
    case = Case(comparing(), says=SAID)
    late = case.command(CommandKind.FETCH_RECORD, "home")
    case.fetch_saying("land", address="a1")
    case.accept()
    case.wait(HOUR)
    case.say(Supplemented(materials=("paper-home",)))
    case.comes(saying(late, "address", "name", address="a2", name="n2"))
    case.say(ItemDecided(item="licence", round=1, outcome="approve", despite=("address", "name"), opinion="opinion:1"))
    case.say(Withdrawn())
    finish(case)
    return case


def sent_back() -> Case:
    """The seal's department finds a fault in the licence: what relies on it waits for the licence's second round."""
    lease = material("lease", commitment=may_be_promised())
    case = Case(
        make_plan(
            item("licence", materials=["lease"], certificate=True, days=3),
            item("seal", needs=["licence"], days=3, pauses=[PauseBasis.TESTING]),
            item("tax", needs=["licence"], days=3, pauses=[PauseBasis.TESTING]),
            item("stamp", needs=["seal"]),
            materials=[lease],
            clocks=ClockRules(ladder=LADDER),
        ),
        materials=(),
        commitments=["lease"],
        checked=["lease"],
    )
    case.accept()
    case.wait(DAY)
    case.approve("licence")
    case.wait(HOUR)
    case.say(ClockSuspended(item="tax", basis=PauseBasis.TESTING, expected_days=3, notice="notice:5"))
    case.say(Urged(item="seal"))
    case.say(ask("seal", "dep-stamp"))
    case.wait(DAY)
    case.send_back("seal", "licence")
    case.wait(DAY)
    case.approve("licence")
    case.wait(HOUR)
    case.say(ClockResumed(item="tax"))  # what it was tested for outlives the round
    case.approve("tax")
    case.approve("seal")
    case.approve("stamp")
    case.say(CommitmentChecked(material="lease", kept=True, finding="finding:lease"))
    finish(case)
    return case


def sent_back_by_steps() -> Case:
    """Two steps back, where systems had decided and had orders in hand; then the applicant has enough of it."""
    system = Handling.SYSTEM
    case = Case(
        make_plan(
            item("name", handling=system),
            item("licence", needs=["name"], handling=system),
            item("bank", needs=["name"], handling=system, days=9),
            item("seal", needs=["licence"]),
            clocks=ClockRules(),
        )
    )
    case.accept()
    case.wait(HOUR)
    case.system_decides("name")
    case.wait(HOUR)
    case.system_decides("licence")
    case.wait(HOUR)
    order = case.command(CommandKind.DISPATCH_ITEM, "bank")
    case.send_back("seal", "licence")
    case.wait(HOUR)
    case.send_back("licence", "name")
    while case.targets(CommandKind.UNDO_EFFECT):
        case.undo()
    case.comes(success(order))
    case.undo()
    case.approve("name")
    case.wait(HOUR)
    case.approve("licence")
    case.say(Withdrawn())
    finish(case)
    return case


def taken_back_and_looked_at_anew() -> Case:
    """A demand is taken back, another ends in vain, a question is taken back; then the licence is found to be wrong."""
    case = Case(
        make_plan(
            item("licence", materials=["deed"], days=9),
            item("seal", needs=["licence"], materials=["lease"]),
            clocks=ClockRules(),
        )
    )
    case.accept()
    case.say(ItemCorrectionsAsked(item="licence", materials=("deed",), notice="notice:3"))
    case.say(DemandTakenBack(item="licence", notice="notice:4"))
    case.say(ask("licence", "dep-x", "dep-y"))
    case.say(ConsultTakenBack(item="licence", numbers=(1, 2), reason="recalled:licence:1"))
    case.approve("licence")
    case.say(ItemCorrectionsAsked(item="seal", materials=("lease",), notice="notice:8"))
    case.wait(20 * DAY)
    case.approve("seal")
    finish(case)
    case.say(ReviewAsked(item="licence", round=1, reason="review:licence:1"))
    case.say(RevocationDecided(item="licence", round=1, revoke=True, opinion="revocation:licence:1", review=True))
    case.say(RevocationDecided(item="seal", round=1, revoke=False, opinion="revocation:seal:1"))
    finish(case)
    return case


def made_out_once_more() -> Case:
    """A typing error is corrected after the case has closed; then the paper is lost; then the approval is revoked."""
    case = Case(make_plan(item("licence", certificate=True), item("seal", needs=["licence"], certificate=True)))
    case.accept()
    case.approve("licence")
    case.approve("seal")
    issue(case, "licence", "seal")
    finish(case)
    case.say(corrected("licence", 2, "/outputs/number", relying=("seal",)))
    issue(case, "licence")
    finish(case)
    case.say(corrected("licence", 3))
    issue(case, "licence")
    finish(case)
    case.say(ReviewAsked(item="licence", round=1, reason="review:licence:1"))
    case.say(RevocationDecided(item="licence", round=1, revoke=True, opinion="revocation:licence:1", review=True))
    case.say(RevocationDecided(item="seal", round=1, revoke=False, opinion="revocation:seal:1"))
    finish(case)
    return case


def reopened_and_approved() -> Case:
    """A refusal is set aside by review when the case has closed; what was skipped with it goes on, too. Then an
    approval is revoked, and given once more."""
    case = Case(
        make_plan(
            item("licence", certificate=True),
            item("permit", needs=["licence"], refusal=OnRefusal.SKIP_DEPENDANTS, certificate=True),
            item("sign", needs=["permit"], data=["site"], certificate=True),
            data=[record("site", releasable=True)],
            clocks=ClockRules(),
        )
    )
    case.accept()
    case.fetch("site")
    case.approve("licence")
    case.refuse("permit")
    issue(case, "licence")
    finish(case)
    case.wait(30 * DAY)
    case.say(CaseReopened(items=("permit",), basis="杭政复〔2026〕12号", reason="notice:9"))
    case.fetch("site")
    case.notify("reopened")
    case.approve("permit")
    case.approve("sign")
    issue(case, "permit", "sign")
    finish(case)
    case.say(ReviewAsked(item="sign", round=1, reason="review:sign:1"))
    case.say(RevocationDecided(item="sign", round=1, revoke=True, opinion="revocation:sign:1", review=True))
    finish(case)
    case.say(CaseReopened(items=("sign",), basis="杭政复〔2026〕30号", reason="notice:10"))
    case.approve("sign")
    issue(case, "sign")
    finish(case)
    return case


def corrected(code: str, edition: int, *fields: str, relying: Iterable[str] = ()) -> CertificateReissued:
    """With no `fields`: it was lost."""
    return CertificateReissued(
        item=code,
        outputs=("out",),
        edition=edition,
        why=ReissueWhy.TYPING_ERROR if fields else ReissueWhy.LOST,
        fields=fields,
        relying=tuple(relying),
        reissue=f"reissue:{code}:{edition}",
    )


def issue(case: Case, *items: str) -> None:
    """Their certificates are out, each in the place of the one before."""
    command = case.command(CommandKind.ISSUE_CERTIFICATES)
    replaces = {}
    for code in items:
        last = case.state.editions.get(code)
        if last is not None and last.why is not None:
            replaces[f"{code}-{last.n - 1}"] = Replacement(by=f"{code}-{last.n}", why=last.why)
    numbers = tuple(f"{code}-{case.state.editions[code].n if code in case.state.editions else 1}" for code in items)
    case.comes(CertificatesIssued(command=command.id, numbers=numbers, items=items, replaces=replaces))


STORIES: dict[str, Callable[[], Case]] = {
    story.__name__: story
    for story in (
        all_approved,
        ended_in_their_own_words,
        posted_after_calling,
        late_and_overdue,
        corrections_and_other_answers,
        fallback_after_patience,
        looked_for_by_hand,
        looked_for_and_moved_with_the_duties,
        waited_for_to_the_end,
        promised_instead_of_a_record,
        refused_and_undone,
        skipped_branch,
        withdrawn_with_look_ups_under_way,
        rejected_at_the_counter,
        calendar_changed,
        taken_back_and_gone_on,
        suspended_and_extended,
        all_kinds_of_silence,
        supplement_time_ran_out,
        asked_anew_after_acceptance,
        asked_anew_by_two_departments,
        handed_to_a_colleague,
        warned_in_each_of_two_rounds,
        told_in_writing,
        deferred_and_supplied,
        deferred_and_never_supplied,
        collected_with_the_old_one,
        never_handed_in,
        urged_and_supervised,
        urged_again_and_by_a_supervisor,
        asked_anew,
        promised_and_checked,
        broken_and_revoked,
        decided_on_a_statement,
        badly_rated,
        consulted_and_inspected,
        notice_objected,
        inspected_together,
        not_rectified_in_time,
        inspection_told_and_moved,
        decided_by_systems,
        orders_called_off,
        duties_moved,
        registers_disagree,
        tasks_with_clocks,
        disagreed_too_late,
        licence_of_the_register,
        sent_back,
        sent_back_by_steps,
        taken_back_and_looked_at_anew,
        made_out_once_more,
        reopened_and_approved,
    )
}
