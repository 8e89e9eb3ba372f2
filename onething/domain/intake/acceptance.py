"""From receipt to acceptance: the time to say what is missing, the applicant's to supply it, and what silence means.

Source: 行政许可法 Art. 32: who is not told within 5 working days what is missing has been accepted, from the day of
receipt.
"""

from datetime import datetime

from onething.domain.deadlines import rules as deadlines_rules
from onething.domain.deadlines.clock_kinds import CASE_CLOCK, CASE_STATUTORY, NOTICE_CLOCK, SUPPLEMENT_CLOCK
from onething.domain.definition.time_rules import SupplementSilence
from onething.domain.events.intake import Accepted
from onething.domain.items import deferral
from onething.domain.items import rules as items_rules
from onething.domain.kernel.reducer import Turn
from onething.domain.kernel.state import CaseStatus
from onething.domain.undo import rules as undo_rules


def received(turn: Turn) -> None:
    """Something has come that the counter has to look through: its time starts, or starts anew."""
    if turn.plan.clocks is not None:
        deadlines_rules.stop(turn, SUPPLEMENT_CLOCK)
        deadlines_rules.stop(turn, NOTICE_CLOCK, met=False)
        deadlines_rules.start(turn, NOTICE_CLOCK)


def asked(turn: Turn) -> None:
    """The counter has told what is missing; now the applicant has time."""
    deadlines_rules.stop(turn, NOTICE_CLOCK)
    if turn.plan.clocks is not None and turn.plan.clocks.supplement is not None:
        deadlines_rules.start(turn, SUPPLEMENT_CLOCK)


def accepted(turn: Turn, event: Accepted) -> None:
    deadlines_rules.stop(turn, NOTICE_CLOCK)
    deferral.accepted(turn, event)
    _accept(turn, turn.at)


def deemed_accepted(turn: Turn) -> None:
    """The case's clocks count from receipt; those of items from when they open, as ever."""
    receipt = turn.clocks[NOTICE_CLOCK].started_at
    deadlines_rules.miss(turn, NOTICE_CLOCK)
    _accept(turn, receipt)
    turn.notice("deemed_accepted")


def _accept(turn: Turn, since: datetime) -> None:
    turn.accept(since)
    deadlines_rules.start(turn, CASE_CLOCK, since)
    if turn.plan.clocks is not None:
        deadlines_rules.start(turn, CASE_STATUTORY, since)
    items_rules.open_ready(turn)


def supplement_time_ended(turn: Turn) -> None:
    deadlines_rules.miss(turn, SUPPLEMENT_CLOCK)
    if turn.plan.clocks is not None and turn.plan.clocks.supplement_silence is SupplementSilence.GO_ON:
        turn.set(fields_asked=False, materials_asked=())
        turn.move_case(CaseStatus.SUBMITTED)
        received(turn)
    else:
        undo_rules.end_early(turn, CaseStatus.WITHDRAWN)
