"""What came of a command, as activities and callbacks report it."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from onething.domain.base import Strict
from onething.domain.kernel.state import ReissueWhy

Compared = dict[str, str]
"""Value that a plan compares (`form.address`) → keyed digest of its normal form, which says nothing in other cases."""


class RecordFetched(Strict):
    kind: Literal["record_fetched"] = "record_fetched"
    command: str
    data: str
    record: str  # reference of the sealed record
    as_of: datetime | None = None  # when it was true
    kept_at: datetime | None = None  # the source was not asked, or gave no answer: it came then, and was kept
    compared: Compared | None = None
    disagrees: tuple[str, ...] = ()  # comparisons with a value of this record that disagree now


class RecordRefused(Strict):
    """The source has no such record, or will not give it: the fallback opens."""

    kind: Literal["record_refused"] = "record_refused"
    command: str
    data: str
    reason: str  # from the source's closed vocabulary


class DispatchRefused(Strict):
    """The department's system will not decide this: its people do."""

    kind: Literal["dispatch_refused"] = "dispatch_refused"
    command: str
    item: str
    reason: str  # a word for programs


class Replacement(Strict):
    """A certificate that has taken the place of another."""

    by: str  # its number
    why: ReissueWhy


class CertificatesIssued(Strict):
    """`items`: which gave one, in the order of the numbers. `replaces`: number of an earlier one, which counts no
    more → which took its place."""

    kind: Literal["certificates_issued"] = "certificates_issued"
    command: str
    numbers: tuple[str, ...]
    items: tuple[str, ...]
    replaces: dict[str, Replacement] = Field(default_factory=dict)


class NoticesSent(Strict):
    """`template`: what the applicant was told of."""

    kind: Literal["notices_sent"] = "notices_sent"
    command: str
    template: str


class EffectUndone(Strict):
    """`item` or `data`: whose effect it was (`engine/subjects.py`)."""

    kind: Literal["effect_undone"] = "effect_undone"
    command: str
    effect: str
    item: str | None = None
    data: str | None = None


class CameTooLate(Strict):
    """An outcome of a command that was void by then: kept, and undone if its effect happened. Of an undoing, `item` or
    `data` is whose effect it was."""

    kind: Literal["came_too_late"] = "came_too_late"
    command: str
    of: str  # kind of the outcome that came
    data: str | None = None
    record: str | None = None
    effect: str | None = None
    item: str | None = None
    decided: str | None = None  # which outcome of the item a department's system decided on
    template: str | None = None  # of a notice
    compared: Compared | None = None  # of a record in whose place the applicant was asked
    disagrees: tuple[str, ...] = ()
