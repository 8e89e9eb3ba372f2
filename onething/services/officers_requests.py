"""What officers, leaders and supervisors send about items, tasks and clocks."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field, Strict, StringConstraints

from onething.domain.clock_moves import MOST_DAYS_JOINT
from onething.domain.consult_moves import MOST_CONSULTS
from onething.domain.model import Code, FieldId
from onething.services.sent import Despite, LongText, Reason, ReplyText, Sent


class ItemCorrections(Sent):
    """受理后的补正: which of the item's materials are to be brought anew, and what the applicant is told of why."""

    materials: Annotated[list[Code], Field(min_length=1, max_length=200)]
    what: Reason


class Transfer(Sent):
    """转交: the account of a colleague."""

    to: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._@|:-]*$", max_length=200)]


class SendBack(Sent):
    """退回: the item that goes back, and why; its department is told."""

    to: Code
    reason: Reason


class Decision(Sent):
    """An officer's decision; `undone` closes the task of undoing by hand. `despite`: comparisons whose values disagree,
    as the officer knows, and approves all the same."""

    outcome: Literal["approve", "refuse", "undone"]
    opinion: LongText | None = None
    despite: Despite = Field(default_factory=list)
    outputs: Annotated[dict[FieldId, Any], Field(max_length=100)] = Field(default_factory=dict)


class Resolution(Sent):
    """核实: which of the values that disagree is right, and how that was found out."""

    which: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_.-]*$", max_length=140)]
    note: Reason


class LookedUp(Sent):
    """人工核查: the record as its source defines it, and of when it is (default: now), or that there is none. `note`:
    where it was looked for, and how."""

    found: bool
    record: dict[str, Any] | None = Field(default=None, max_length=200)
    as_of: Annotated[AwareDatetime, Strict(False)] | None = None
    note: Reason


class Check(Sent):
    """What a department found when it looked whether a promise was kept."""

    kept: bool
    finding: Reason


class RevocationSent(Sent):
    """Whether an approval is taken back that relied on what was not so, and why (or why not)."""

    revoke: bool
    opinion: Reason


class Suspension(Sent):
    """中止计时: on which basis (行政许可法 Art. 45, or force majeure), how many days it is expected to take, and what
    the applicant is told. A correction that is awaited is not said here: asking for it stops the promises by itself."""

    basis: Literal[
        "hearing",
        "tender",
        "auction",
        "inspection",
        "testing",
        "quarantine",
        "appraisal",
        "expert_review",
        "joint_inspection",
        "force_majeure",
    ]
    days: Annotated[int, Field(ge=1, le=3650)]
    reason: Reason


class Extension(Sent):
    """延长期限: by how many days, and the reason that the applicant is told (行政许可法 Art. 42)."""

    days: Annotated[int, Field(ge=1, le=MOST_DAYS_JOINT)]
    reason: Reason


class Urge(Sent):
    """催办: of one item that a department handles, or (none) of the whole case."""

    item: Code | None = None
    text: ReplyText | None = None


class UrgeReply(Sent):
    """The answer to the one urge that waits for it; the applicant is told."""

    text: ReplyText


class Supervision(Sent):
    """督办: what a supervisor wants an account of, within how many working days (assumed: no rule sets it)."""

    item: Code | None = None
    text: ReplyText
    days: Annotated[int, Field(ge=1, le=30)] = 3


class SupervisionReply(Sent):
    """The account of one item, or (none) of the whole case."""

    item: Code | None = None
    text: ReplyText


class Consultation(Sent):
    """征求意见 (`consult`) 或会签 (`countersign`): whom, what, and how many working days they have. `rule` says whose
    agreement an approval needs: of all that are asked (if nothing is said), or of any."""

    departments: Annotated[list[Code], Field(min_length=1, max_length=MOST_CONSULTS)]
    mode: Literal["consult", "countersign"] = "consult"
    rule: Literal["all", "any"] | None = None
    question: Reason
    days: Annotated[int, Field(ge=1, le=60)] | None = None


class Opinion(Sent):
    """答复; `agree` belongs to a countersign."""

    agree: bool | None = None
    opinion: Reason


class Appointment(Sent):
    """联合踏勘: of which items, on which day, and how many working days there are until all conclusions are in."""

    items: Annotated[list[Code], Field(min_length=1, max_length=100)] | None = None
    on: Annotated[date, Strict(False)]
    days: Annotated[int, Field(ge=1, le=60)] | None = None


class NewDay(Sent):
    """联合踏勘改期: to which day."""

    on: Annotated[date, Strict(False)]


class Conclusion(Sent):
    """What was found for the task's item."""

    passed: bool
    conclusion: Reason
