"""Certificates are made out once more while what was granted stands; each takes the place of the one before."""

import pytest

from onething.domain.errors import NotAllowed
from onething.domain.events.intake import Withdrawn
from onething.domain.events.undo import RevocationDecided
from onething.domain.kernel.commands import CommandKind
from onething.domain.kernel.state import CaseStatus, Edition, ReissueWhy
from onething.domain.reissue.rules import relying, to_make_out
from tests.domain.builders import Case, item, make_plan
from tests.domain.stories import corrected, finish, issue, made_out_once_more


def closed() -> Case:
    case = Case(
        make_plan(
            item("licence", certificate=True),
            item("seal", needs=["licence"], certificate=True),
            item("tax", needs=["seal"]),
        )
    )
    case.accept()
    for code in ("licence", "seal", "tax"):
        case.approve(code)
    issue(case, "licence", "seal")
    finish(case)
    return case


def test_it_is_made_out_and_the_applicant_told_when_it_is_there() -> None:
    case = closed()
    case.say(corrected("licence", 2))
    assert case.state.editions["licence"] == Edition(n=2, due=("out",), why=ReissueWhy.LOST)
    assert [(one.kind, one.target) for one in case.record.open_commands()] == [("issue_certificates", "licence")]
    due = to_make_out(case.record.plan, case.state.effects, case.state.editions, case.state.materials, "licence")
    assert due == {"licence": (2, ("out",), ReissueWhy.LOST)}
    issue(case, "licence")
    assert case.targets(CommandKind.SEND_NOTICES) == ["reissued"]
    finish(case)
    assert (case.status, case.state.editions["licence"]) == (CaseStatus.CLOSED, Edition(n=2))
    assert not to_make_out(case.record.plan, case.state.effects, case.state.editions, case.state.materials)


def test_what_was_decided_on_it_is_known_in_any_number_of_steps() -> None:
    case = closed()
    assert relying(case.record.plan, case.state, "licence") == ("seal", "tax")
    assert relying(case.record.plan, case.state, "tax") == ()


@pytest.mark.parametrize(
    ("event", "why"),
    [
        (corrected("none", 2), "没有这个事项"),
        (corrected("tax", 2), "不颁发证照"),
        (corrected("licence", 3), "刚刚"),
        (corrected("licence", 2).model_copy(update={"outputs": ("other",)}), "没有这份证照"),
        (corrected("licence", 2).model_copy(update={"fields": ("/outputs/x",)}), "更正须写明"),
        (corrected("licence", 2, "/outputs/x").model_copy(update={"fields": ()}), "更正须写明"),
    ],
)
def test_not_what_there_is_not(event: object, why: str) -> None:
    with pytest.raises(NotAllowed, match=why):
        closed().say(event)  # type: ignore[arg-type]


def test_not_while_one_is_being_made_out_nor_what_does_not_stand() -> None:
    case = closed()
    case.say(corrected("licence", 2))
    with pytest.raises(NotAllowed, match="正在重新签发"):
        case.say(corrected("licence", 3))
    case.say(corrected("seal", 2))  # another item's
    revoked = made_out_once_more()
    with pytest.raises(NotAllowed, match="没有办成，或者已经撤销"):
        revoked.say(corrected("licence", 4))
    revoked.say(corrected("seal", 2))


def test_no_approval_is_looked_at_while_its_paper_is_made_out() -> None:
    case = closed()
    case.say(corrected("licence", 2))
    with pytest.raises(NotAllowed, match="正在签发证照"):
        case.say(RevocationDecided(item="licence", round=1, revoke=True, opinion="o"))


def test_of_a_case_that_was_withdrawn_what_was_granted_is_replaced_too() -> None:
    case = Case(make_plan(item("licence", certificate=True), item("seal", needs=["licence"])))
    case.accept()
    case.approve("licence")
    case.say(Withdrawn())
    with pytest.raises(NotAllowed, match="还没有签发"):
        case.say(corrected("licence", 2))
    issue(case, "licence")
    finish(case)
    case.say(corrected("licence", 2))
    issue(case, "licence")
    finish(case)
    assert (case.status, case.state.editions) == (CaseStatus.WITHDRAWN, {"licence": Edition(n=2)})
