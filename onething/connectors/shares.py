"""How workers share out what a source bears at once. Pure: whoever asks brings the time.

Each wants so many slots and gets its fair share of them: nobody less than another who wants more, and nobody more than
is free. Where there are fewer slots than workers, who has had none for longest comes first, so that everybody's turn
comes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import TypeAdapter

_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Share:
    """What one worker has. `until`: then it is free again, whatever became of the worker."""

    slots: int
    wanted: int
    until: datetime
    none_since: datetime | None = None  # since when it has none and wants some


SHARES = TypeAdapter(dict[str, Share])
"""By worker, as they are kept."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One worker's: `busy` slots it can't give back now. Slots are its own until `until`; if it gets none, that it
    wants some is remembered until `remembered_until`."""

    worker: str
    requested: int
    busy: int
    until: datetime
    remembered_until: datetime


def shared_out(standing: Mapping[str, Share], ask: Ask, total: int, now: datetime) -> tuple[dict[str, Share], int]:
    """The shares from now on, and how many slots the asker may use: fewer than it holds if more than that are busy."""
    shares = {worker: share for worker, share in standing.items() if share.until > now}
    before = shares.pop(ask.worker, None)
    free = total - sum(share.slots for share in shares.values())
    none_since = before.none_since if before else None
    wants = {worker: (share.wanted, share.none_since) for worker, share in shares.items()}
    fair = _fair({**wants, ask.worker: (ask.requested, none_since)}, total)[ask.worker]
    usable = max(0, min(fair, free))
    slots = max(usable, ask.busy)
    if ask.requested or slots:
        none = (none_since or now) if ask.requested and not usable else None
        until = ask.until if slots else ask.remembered_until
        shares[ask.worker] = Share(slots, ask.requested, until, none)
    return shares, usable


def _fair(wants: Mapping[str, tuple[int, datetime | None]], total: int) -> dict[str, int]:
    """Handed out one each in turn, who has had none for longest first, until nobody wants more or none is left."""
    order = sorted(wants, key=lambda worker: (wants[worker][1] or _NEVER, worker))
    shares, left = dict.fromkeys(wants, 0), total
    while left and (hungry := [one for one in order if shares[one] < wants[one][0]]):
        for one in hungry[:left]:
            shares[one] += 1
        left -= min(left, len(hungry))
    return shares
