"""What is tried before a case is handed over, by the commands that it has."""

import pytest

from activities.notifications import NoticeActivities
from activities.quick_effects import QuickEffects
from onething.domain.engine.snapshot import CaseSnapshot
from onething.domain.kernel.commands import Command

TOLD = 3  # the last line that the workflow may know of


@pytest.mark.parametrize(
    ("commands", "tried"),
    [
        ([], False),
        (["4.issue_certificates.0"], True),
        (["4.send_notices.0"], True),
        (["4.issue_certificates.0", "4.send_notices.1"], True),
        (["4.dispatch_item.0", "4.send_notices.1"], True),
        (["4.dispatch_item.0"], False),
        (["4.undo_effect.0"], False),
        (["3.send_notices.0"], False),  # the workflow is at it
        (["3.fetch_record.0", "4.send_notices.0"], False),  # which comes home soon, and brings the notice along
        (["4.fetch_record.0", "4.send_notices.1"], False),  # tried together by one activity
    ],
)
def test_what_is_new_and_short_while_the_workflow_is_at_nothing_else(commands: list[str], tried: bool) -> None:
    snapshot = CaseSnapshot(
        case_no="33010020260302000001",
        epoch=1,
        seq=4,
        commands=tuple(Command(id=one, kind=one.split(".")[1]) for one in commands),
    )
    gateway = object()
    effects = QuickEffects(gateway, NoticeActivities(gateway, gateway))  # type: ignore[arg-type]
    assert effects.any_in(snapshot, TOLD) is tried
