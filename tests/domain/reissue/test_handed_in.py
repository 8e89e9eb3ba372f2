"""What is handed in as a certificate is collected: nothing waits for it but the certificate, however the case ended."""

import pytest

from onething.domain.errors import FailureCode, NotAllowed
from onething.domain.events.intake import PapersReceived, Withdrawn
from onething.domain.events.tasks import ItemDecided
from onething.domain.events.undo import ReviewAsked, RevocationDecided
from onething.domain.items.rules import missing_materials
from onething.domain.kernel.commands import CommandKind
from onething.domain.kernel.state import CaseStatus
from onething.domain.reissue.rules import to_make_out
from tests.domain.builders import DAY, Case
from tests.domain.stories import collected_with_the_old_one, finish, handed_in_for, issue

OLD = PapersReceived(materials=("old-licence",))


def due(case: Case) -> set[str]:
    state = case.state
    return {*to_make_out(case.record.plan, state.effects, state.editions, state.materials)}


def accepted() -> Case:
    case = Case(handed_in_for(), materials=[])
    case.accept()
    return case


def closed() -> Case:
    case = accepted()
    case.approve("licence")
    case.approve("seal")
    issue(case, "seal")
    finish(case)
    return case


def test_the_others_are_made_out_and_the_case_closes() -> None:
    case = accepted()
    assert missing_materials(case.record.plan, case.state) == ()
    case.approve("licence")
    assert missing_materials(case.record.plan, case.state) == ("old-licence",)
    case.approve("seal")
    assert due(case) == {"seal"}
    issue(case, "seal")
    finish(case)
    assert (case.status, set(case.state.editions)) == (CaseStatus.CLOSED, {"seal"})


def test_it_is_made_out_when_it_is_there_and_its_holder_told() -> None:
    case = closed()
    case.say(OLD)
    assert [(one.kind, one.target) for one in case.record.open_commands()] == [("issue_certificates", "licence")]
    case = collected_with_the_old_one()
    assert set(case.state.editions) == {"licence", "seal"}
    notices = [row.command.target for row in case.record.commands.values() if row.command.kind == "send_notices"]
    assert notices[-1] == "issued"
    assert missing_materials(case.record.plan, case.state) == ()


def test_who_hands_it_in_before_gets_all_at_once() -> None:
    case = accepted()
    case.say(OLD)
    case.say(ItemDecided(item="licence", round=1, outcome="approve", seen={"old-licence": 0}))
    case.approve("seal")
    assert due(case) == {"licence", "seal"}
    issue(case, "licence", "seal")
    finish(case)
    assert "issued" not in [row.command.target for row in case.record.commands.values()]


def test_and_while_the_others_are_being_made_out() -> None:
    case = accepted()
    case.approve("licence")
    case.approve("seal")
    assert case.status is CaseStatus.DECIDED
    case.say(OLD)
    issue(case, "seal")
    assert [one.target for one in case.record.open_commands() if one.kind == "issue_certificates"] == ["licence"]
    issue(case, "licence")
    finish(case)
    assert (case.status, set(case.state.editions)) == (CaseStatus.CLOSED, {"licence", "seal"})


def test_what_was_granted_before_a_withdrawal_is_still_to_be_had() -> None:
    case = accepted()
    case.approve("licence")
    case.say(Withdrawn())
    finish(case)
    assert (case.status, case.state.editions) == (CaseStatus.WITHDRAWN, {})
    case.say(OLD)
    issue(case, "licence")
    assert set(case.state.editions) == {"licence"}


def test_nothing_else_is_taken_once_all_is_decided_nor_it_twice() -> None:
    case = closed()
    case.say(OLD)
    with pytest.raises(NotAllowed) as twice:
        case.say(OLD)
    assert twice.value.code is FailureCode.NOT_ALLOWED_NOW
    case = accepted()
    case.refuse("licence")
    with pytest.raises(NotAllowed):
        case.say(OLD)


def test_what_was_revoked_waits_for_nothing() -> None:
    case = closed()
    case.wait(DAY)
    case.say(ReviewAsked(item="licence", round=1, reason="review:licence"))
    case.say(RevocationDecided(item="licence", round=1, revoke=True, opinion="revocation:licence", review=True))
    assert missing_materials(case.record.plan, case.state) == ()
    with pytest.raises(NotAllowed):
        case.say(OLD)
    assert not [one for one in case.record.open_commands() if one.kind == CommandKind.ISSUE_CERTIFICATES]
