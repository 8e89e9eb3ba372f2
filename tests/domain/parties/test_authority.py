"""By what right a record is asked for: what is known of each party, or the law once an office has the application."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onething.domain.definition.items import OnRefusal
from onething.domain.definition.materials import FallbackKind
from onething.domain.definition.parties import FROM_PARTY, PROVED, Authority
from onething.domain.definition.time_rules import ClockRules
from onething.domain.errors import NotAllowed
from onething.domain.events.intake import PapersReceived, Supplemented, VersionReceived, Withdrawn
from onething.domain.events.items import CaseReopened
from onething.domain.events.lookups import LookUpRetried, PartyConfirmed, PartyDeclined, PartyProved, TakenIn
from onething.domain.kernel.commands import CommandKind
from onething.domain.kernel.state import CaseStatus, DataState, PartyAnswer, PartyStanding
from onething.domain.parties.authority import authority_of
from onething.domain.plan.plan import PlanData
from tests.domain.builders import DAY, Case, item, make_plan, party, record
from tests.domain.stories import finish

PARTIES = (party("mother"), party("father"))
BIRTH = make_plan(
    item("household", data=["hers", "his", "marriage"]),
    data=(
        record("hers", about=["mother"]),
        record("his", about=["father"], duty=True),
        record("marriage", about=["mother", "father"], duty=True),
        record("address"),
    ),
    parties=PARTIES,
    clocks=ClockRules(),
)
BY_MOTHER = {"mother": Authority.OWN}


def states(case: Case) -> dict[str, str]:
    return {key: state.value for key, state in case.state.data.items()}


def looked_up(case: Case) -> list[str]:
    return case.targets(CommandKind.FETCH_RECORD)


def test_who_only_types_numbers_has_nothing_looked_up() -> None:
    case = Case(BIRTH)
    assert looked_up(case) == ["address"], "which is about nobody"
    assert states(case) == {"hers": "awaits", "his": "awaits", "marriage": "awaits", "address": "pending"}


def test_ones_own_is_looked_up_at_once_and_the_other_is_asked() -> None:
    case = Case(BIRTH, proved=BY_MOTHER)
    assert looked_up(case) == ["hers", "address"]
    assert case.state.parties["father"].answer is PartyAnswer.ASKED
    assert case.state.parties["mother"] == PartyStanding(proof=Authority.OWN)
    case.say(PartyConfirmed(party="father"))
    assert looked_up(case) == ["hers", "address", "his", "marriage"]
    with pytest.raises(NotAllowed, match="已经答复过"):
        case.say(PartyConfirmed(party="father"))


def test_an_office_asks_by_duty_once_it_has_the_application() -> None:
    case = Case(BIRTH, proved=BY_MOTHER)
    case.say(TakenIn())
    assert looked_up(case) == ["hers", "address", "his", "marriage"]
    with pytest.raises(NotAllowed, match="已经收件"):
        case.say(TakenIn())


@pytest.mark.parametrize("how", ["counter", "accepted", "deemed"])
def test_over_a_counter_at_acceptance_and_by_silence_it_has_it(how: str) -> None:
    case = Case(BIRTH, proved=BY_MOTHER, taken_in=how == "counter")
    if how == "accepted":
        case.accept()
    if how == "deemed":
        case.wait(8 * DAY)
        assert "deemed_accepted" in case.kinds()
    assert states(case)["his"] != "awaits"


def test_without_a_duty_the_applicant_brings_it_when_the_other_says_no_or_nothing() -> None:
    plan = make_plan(item("i", data=["his"]), data=[record("his", about=["father"])], parties=PARTIES)
    case = Case(plan)
    case.accept()
    assert states(case) == {"his": "awaits"}, "he still has time to answer"
    case.say(PartyDeclined(party="father"))
    assert states(case) == {"his": "asked"}
    assert "supply_needed" in case.targets(CommandKind.SEND_NOTICES)
    silent = Case(plan)
    silent.accept()
    silent.wait(8 * DAY)  # five working days
    assert "confirmation_lapsed" in silent.kinds()
    assert states(silent) == {"his": "asked"}
    silent.say(Supplemented(materials=("paper-his",)))
    assert states(silent) == {"his": "supplied"}
    silent.approve("i")
    finish(silent)


def test_what_was_agreed_to_may_be_taken_back_and_what_was_refused_allowed() -> None:
    plan = make_plan(item("i", data=["his"]), data=[record("his", about=["father"])], parties=PARTIES)
    case = Case(plan)
    case.say(PartyConfirmed(party="father"))
    assert looked_up(case) == ["his"]
    case.say(PartyDeclined(party="father"))
    assert looked_up(case) == []
    assert states(case) == {"his": "asked"}
    again = Case(plan)
    again.say(PartyConfirmed(party="father"))
    again.fetch("his")
    again.say(PartyDeclined(party="father"))
    assert states(again) == {"his": "in_hand"}, "it was asked for rightly"


def test_the_paper_brought_at_once_makes_the_look_up_needless() -> None:
    case = Case(BIRTH, proved=BY_MOTHER)
    case.say(Supplemented(materials=("paper-his",)))
    case.say(TakenIn())
    assert states(case)["his"] == "supplied"
    assert "his" not in looked_up(case)


def test_the_dead_are_not_asked_and_kin_are_shown_by_a_paper_that_an_office_has_received() -> None:
    plan = make_plan(
        item("i", data=["pension"], materials=["kinship"]),
        data=[record("pension", about=["dead"])],
        parties=[party("dead", speaks=False, related_by=["kinship"])],
    )
    case = Case(plan, materials=["kinship"])
    assert states(case) == {"pension": "awaits"}
    assert case.state.parties == {}
    scan = VersionReceived(code="kinship", version=1, digest="0" * 64)
    case.say(Supplemented(materials=("kinship",), versions=(scan,)))
    assert states(case) == {"pension": "awaits"}, "a file that anybody can send shows nothing"
    case.say(PapersReceived(materials=("kinship",), versions=(VersionReceived(code="kinship", version=2),)))
    assert states(case) == {"pension": "pending"}
    assert case.state.parties["dead"].proof is Authority.RELATED
    unshown = Case(plan, materials=["kinship"])
    unshown.accept()
    assert states(unshown) == {"pension": "asked"}, "nothing can come any more"


def test_another_number_is_another_person() -> None:
    case = Case(BIRTH, proved=BY_MOTHER)
    case.say(PartyConfirmed(party="father"))
    case.fetch("his")
    case.say(Supplemented(fields=True, refetch=("his", "marriage"), renumbered=("father",)))
    assert states(case)["his"] == "awaits"
    assert case.state.parties["father"] == PartyStanding(answer=PartyAnswer.ASKED)
    known = PartyProved(party="mother", by=Authority.OWN)
    case.say(Supplemented(fields=True, refetch=("hers",), renumbered=("mother",), proved=(known,)))
    assert states(case)["hers"] == "pending"


def test_nobody_looks_by_hand_or_anew_without_a_right() -> None:
    data = record("his", kind=FallbackKind.MANUAL_CHECK, paper=True, about=["father"])
    case = Case(make_plan(item("i", data=["his"]), data=[data], parties=PARTIES))
    with pytest.raises(NotAllowed, match="现在还不能查询"):
        case.say(LookUpRetried(data="his"))
    case.say(PartyDeclined(party="father"))
    assert states(case) == {"his": "asked"}
    assert case.state.by_hand == {}


def test_nobody_is_awaited_when_the_case_is_over() -> None:
    case = Case(BIRTH, proved=BY_MOTHER)
    case.say(Withdrawn())
    assert not any(str(clock).startswith("confirm") for clock in case.state.clocks)
    with pytest.raises(NotAllowed):
        case.say(PartyConfirmed(party="father"))


def test_what_nobody_was_asked_for_any_more_is_brought_when_the_case_is_reopened() -> None:
    """Refused before its record was there, the case is closed; then the item goes on."""
    first = item("first", refusal=OnRefusal.SKIP_DEPENDANTS)
    plan = make_plan(
        first,
        item("other"),
        item("then", needs=["first"], data=["his"]),
        data=[record("his", about=["father"])],
        parties=PARTIES,
        clocks=ClockRules(),
    )
    case = Case(plan)
    case.accept()
    case.refuse("first")
    case.approve("other")
    finish(case)
    assert case.state.status is CaseStatus.CLOSED
    case.say(CaseReopened(items=("first",), basis="令", reason="r"))
    assert states(case) == {"his": "asked"}
    case.say(Supplemented(materials=("paper-his",)))
    case.approve("first")
    case.approve("then")


def test_in_hand_is_what_a_licence_of_its_holder_gave() -> None:
    assert Case(BIRTH, licensed=["his"]).state.data["his"] is DataState.IN_HAND


class Known:
    def __init__(self, parties: dict[str, PartyStanding], *, taken_in: bool) -> None:
        self.parties, self.taken_in = parties, taken_in


STANDING = st.builds(
    PartyStanding,
    proof=st.sampled_from([None, *PROVED, Authority.RELATED]),
    answer=st.sampled_from([None, *PartyAnswer]),
)


@st.composite
def needs(draw: st.DrawFn) -> PlanData:
    about = draw(st.lists(st.sampled_from(["mother", "father"]), unique=True))
    by = draw(st.lists(st.sampled_from(FROM_PARTY), unique=True))
    return record("d", about=about, by=by, duty=draw(st.booleans()))


@given(needs(), st.dictionaries(st.sampled_from(["mother", "father"]), STANDING), st.booleans(), st.data())
def test_knowing_less_never_gives_more(
    data: PlanData, parties: dict[str, PartyStanding], taken_in: bool, draw: st.DataObject
) -> None:
    """Dropping a proof, an agreement, a party or the receipt."""
    before = authority_of(Known(parties, taken_in=taken_in), data)
    fewer = {
        one: known.model_copy(update=dict.fromkeys(draw.draw(st.sets(st.sampled_from(["proof", "answer"])))))
        for one, known in parties.items()
        if draw.draw(st.booleans())
    }
    after = authority_of(Known(fewer, taken_in=taken_in and draw.draw(st.booleans())), data)
    if after is not None:
        assert before is not None
        assert list(Authority).index(before) <= list(Authority).index(after)
