"""From receipt to acceptance: the time to say what is missing, the applicant's to supply it, and what silence means.

Source: 行政许可法 Art. 32: who is not told within 5 working days what is missing has been accepted, from the day of
receipt.
"""

from datetime import datetime

from onething.domain import deadlines, deferring, items, undoing
from onething.domain.clock_kinds import CASE_CLOCK, CASE_STATUTORY, NOTICE_CLOCK, SUPPLEMENT_CLOCK
from onething.domain.events import Accepted
from onething.domain.state import CaseStatus
from onething.domain.time_rules import SupplementSilence
from onething.domain.turn import Turn


def received(turn: Turn) -> None:
    """Something has come that the counter has to look through: its time starts, or starts anew."""
    if turn.plan.clocks is not None:
        deadlines.stop(turn, SUPPLEMENT_CLOCK)
        deadlines.stop(turn, NOTICE_CLOCK, met=False)
        deadlines.start(turn, NOTICE_CLOCK)


def asked(turn: Turn) -> None:
    """The counter has told what is missing; now the applicant has time."""
    deadlines.stop(turn, NOTICE_CLOCK)
    if turn.plan.clocks is not None and turn.plan.clocks.supplement is not None:
        deadlines.start(turn, SUPPLEMENT_CLOCK)


def accepted(turn: Turn, event: Accepted) -> None:
    deadlines.stop(turn, NOTICE_CLOCK)
    deferring.accepted(turn, event)
    _accept(turn, turn.at)


def deemed_accepted(turn: Turn) -> None:
    """The case's clocks count from receipt; those of items from when they open, as ever."""
    receipt = turn.clocks[NOTICE_CLOCK].started_at
    deadlines.miss(turn, NOTICE_CLOCK)
    _accept(turn, receipt)
    turn.notice("deemed_accepted")


def _accept(turn: Turn, since: datetime) -> None:
    turn.accept(since)
    deadlines.start(turn, CASE_CLOCK, since)
    if turn.plan.clocks is not None:
        deadlines.start(turn, CASE_STATUTORY, since)
    items.open_ready(turn)


def supplement_time_ended(turn: Turn) -> None:
    deadlines.miss(turn, SUPPLEMENT_CLOCK)
    if turn.plan.clocks is not None and turn.plan.clocks.supplement_silence is SupplementSilence.GO_ON:
        turn.set(fields_asked=False, materials_asked=())
        turn.move_case(CaseStatus.SUBMITTED)
        received(turn)
    else:
        undoing.end_early(turn, CaseStatus.WITHDRAWN)
