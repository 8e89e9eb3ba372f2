"""The rules of time that a definition may set, and its plans carry, beyond limits and promises."""

from enum import StrEnum
from typing import Literal, Self

from pydantic import Field, model_validator

from onething.domain.base import Aliased, FieldId, Strict
from onething.domain.calendar.countdown import PauseBasis
from onething.domain.calendar.limits import Limit


class LegalEffect(StrEnum):
    NONE = "none"
    PROMISE = "promise"
    STATUTORY = "statutory"


class OverdueHow(StrEnum):
    """What the end of an item's statutory time brings, by itself. The list is closed."""

    ESCALATE = "escalate"  # nothing but the ladder
    DEEM_APPROVED = "deem_approved"
    REFUSE = "refuse"
    LAPSE = "lapse"  # no decision; what depends on it is not handled
    PROCEED_WITHOUT = "proceed_without"  # no decision; what depends on it goes on


BASIS_NEEDED = frozenset({OverdueHow.DEEM_APPROVED, OverdueHow.REFUSE})
"""Silence decides on somebody's rights only where an article says so."""


class SupplementSilence(StrEnum):
    """What follows before acceptance when the applicant does not supply in time what was asked for, and was reminded
    of."""

    NOT_ACCEPTED = "not_accepted"  # 不予受理, by a dated letter (行政许可法 Art. 32 last paragraph)
    GO_ON = "go_on"  # the counter judges what there is
    WITHDRAWN = "withdrawn"  # the application is taken to be withdrawn: only where a law says so


class DueAt(StrEnum):
    """When a material has to be there."""

    ACCEPTANCE = "acceptance"
    BEFORE_DECISION = "before_decision"  # 容缺: the counter may accept without it
    ISSUE = "issue"  # handed in for the certificate, which is made out when it is there
    AFTER_DECISION = "after_decision"  # within a time from when an item that looks at it ended well


class Missed(StrEnum):
    """What follows when a material that might come later did not come in time."""

    GO_ON = "go_on"  # the office decides on what there is
    TERMINATE = "terminate"  # what is undecided ends: only where a law says so
    REVOKE = "revoke"  # its department decides whether the approval stands
    STOP_BENEFIT = "stop_benefit"  # whether what is paid is stopped
    RECTIFY = "rectify"  # it is demanded once more, in the same time; then as for `REVOKE`


BY_ARTICLE = frozenset({Missed.TERMINATE, Missed.REVOKE, Missed.STOP_BENEFIT, Missed.RECTIFY})
"""What takes something away follows only where an article says so."""


class CorrectionRule(Strict):
    """How long the applicant has for what a department asks for after acceptance, and what follows if it does not come:
    the office decides on what there is. Anything harsher would take a law, which no definition cites yet."""

    limit: Limit
    silence: Literal["go_on"] = "go_on"


class DueRule(Strict):
    """When a material has to be there, and what follows if it is not."""

    at: DueAt
    within: Limit | None = None  # from acceptance, or from the decision
    before_promise_days: int | None = Field(None, ge=0, le=30)  # working days before that of an item that needs it ends
    missed: Missed | None = None

    @model_validator(mode="after")
    def _says_what_its_moment_takes(self) -> Self:
        """What is not given does not count as written."""
        for word in ("within", "before_promise_days", "missed"):
            written, wanted = getattr(self, word) is not None, word in _SAID[self.at]
            if written != wanted:
                raise ValueError(f"at 为 {self.at} 的，{f'补上 {word}' if wanted else f'不写 {word}'}")
        if self.missed is not None and self.missed not in _MISSED[self.at]:
            raise ValueError(f"at 为 {self.at} 的，missed 写 {'、'.join(_MISSED[self.at])} 之一")
        return self


_SAID: dict[DueAt, frozenset[str]] = {
    DueAt.ACCEPTANCE: frozenset(),
    DueAt.BEFORE_DECISION: frozenset({"within", "before_promise_days", "missed"}),
    DueAt.ISSUE: frozenset(),
    DueAt.AFTER_DECISION: frozenset({"within", "missed"}),
}
_MISSED: dict[DueAt, tuple[Missed, ...]] = {
    DueAt.ACCEPTANCE: (),
    DueAt.BEFORE_DECISION: (Missed.GO_ON, Missed.TERMINATE),
    DueAt.ISSUE: (),
    DueAt.AFTER_DECISION: (Missed.REVOKE, Missed.STOP_BENEFIT, Missed.RECTIFY),
}


class PauseRule(Aliased):
    """A procedure during which an item's time stands still, and how long it may take at most: however often it is
    interrupted. `procedure` is written `for`."""

    procedure: PauseBasis = Field(alias="for")
    at_most: Limit


class CheckHow(StrEnum):
    """Which commitments are checked after the decision that relied on them."""

    NONE = "none"
    RANDOM = "random"  # a share, chosen by lot at submission
    ALL = "all"


class CommitmentRule(Strict):
    """What the applicant may promise in place of a material (告知承诺), and how that is checked."""

    check: CheckHow
    check_days: int | None = Field(None, ge=1, le=3650)  # working days from the decision; with none: not written
    share_percent: int | None = Field(None, ge=1, le=99)  # with random only

    @model_validator(mode="after")
    def _says_how(self) -> Self:
        if (self.check is CheckHow.NONE) != (self.check_days is None):
            raise ValueError("check 为 random 或 all 时须写 check_days，为 none 时不写")
        if (self.check is CheckHow.RANDOM) != (self.share_percent is not None):
            raise ValueError("check 为 random 时须写 share_percent，其他情况不写")
        return self


class Card(StrEnum):
    YELLOW = "yellow"
    RED = "red"


class Recipient(StrEnum):
    HANDLER = "handler"
    LEADER = "leader"
    SUPERVISOR = "supervisor"


class Rung(Strict):
    """One step of the ladder, fired at most once per clock. Exactly one of the three says when."""

    code: FieldId
    of: LegalEffect  # of which clocks: promises or statutory ones
    share_percent: int | None = Field(None, ge=1, le=100)  # of the budget used up (rounded up to whole days)
    days_left: int | None = Field(None, ge=0, le=3650)  # whole days (hours) before it is used up; 0: as it is due
    days_after: int | None = Field(None, ge=1, le=3650)  # working days after it was due
    tells: tuple[Recipient, ...] = Field(min_length=1)
    card: Card | None = None

    @property
    def is_early(self) -> bool:
        """Before the end, strictly: at a share of the budget, or days before it is used up."""
        return bool(self.days_left) or (self.share_percent is not None and self.share_percent < 100)

    @model_validator(mode="after")
    def _says_when_once(self) -> Self:
        if [self.share_percent, self.days_left, self.days_after].count(None) != 2:
            raise ValueError("share_percent、days_left、days_after 须写且只写一个")
        if self.of is LegalEffect.NONE:
            raise ValueError("of 只能是 promise 或 statutory")
        return self


class ClockRules(Strict):
    """What `clocks:` of a bundle says. Its being there starts the clocks of the law beside those of the promises."""

    joint: bool = False  # unified, joint or concentrated handling (行政许可法 Art. 26, 42): may be extended by 15
    supplement: Limit | None = None  # the applicant's time to supply what was asked for
    supplement_silence: SupplementSilence = SupplementSilence.NOT_ACCEPTED
    silence_basis: str | None = Field(None, max_length=200)  # the article by which silence withdraws
    ladder: tuple[Rung, ...] = ()

    @model_validator(mode="after")
    def _silence_withdraws_by_law_only(self) -> Self:
        cited = self.silence_basis is not None and "》" in self.silence_basis and "条" in self.silence_basis
        if (self.supplement_silence is SupplementSilence.WITHDRAWN) != (self.silence_basis is not None and cited):
            raise ValueError("supplement_silence 为 withdrawn 时，须在 silence_basis 里写明法律条款；其他情况不写")
        return self

    @model_validator(mode="after")
    def _rungs_have_names_of_their_own(self) -> Self:
        codes = [rung.code for rung in self.ladder]
        if len(set(codes)) != len(codes):
            raise ValueError("ladder 里有同名的一级")
        return self
