"""Whom an approval says to be no more (户口注销), and what of that a change of the case makes or takes back.

民法典 Art. 13: legal capacity ends with death; Art. 173: with the death of either side a mandate ends. A registration
that falls (revoked, sent back) was of somebody who lives: they may come in again. Their mandates stay ended, for who
gave one in the meantime knew of none; they give new ones.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from onething.domain.kernel.state import CaseState, ItemState
from onething.domain.plan.plan import Plan


class PersonChange(StrEnum):
    ENDED = "ended"
    LIFTED = "lifted"  # what had been approved is so no more
    DROPPED = "dropped"  # nothing comes of the report
    REPORTED = "reported"  # once more: the case was reopened for it


class PersonChanged(NamedTuple):
    item: str
    change: PersonChange


def changes(plan: Plan, before: CaseState | None, after: CaseState) -> Iterator[PersonChanged]:
    """What one step of the case changes, whoever or whatever decided."""
    for item in plan.items:
        if item.ends_person is None:
            continue
        was = before is not None and _approved(before, item.code)
        now = _approved(after, item.code)
        if now and not was:
            yield PersonChanged(item.code, PersonChange.ENDED)
        elif was and not now:
            yield PersonChanged(item.code, PersonChange.LIFTED)
        elif now or before is None or before.ended is after.ended or _was_dropped(after, item.code):
            continue
        else:
            yield PersonChanged(item.code, PersonChange.DROPPED if after.ended else PersonChange.REPORTED)


def _was_dropped(state: CaseState, item: str) -> bool:
    """When the case was closed, and it was not reopened for this item."""
    return state.reopening is not None and item not in state.reopening.items


def _approved(state: CaseState, item: str) -> bool:
    return item in state.items and state.items[item].state is ItemState.APPROVED
