"""What callers send, as strict models: unknown fields and loose types are refused, text is kept to the byte.

Shapes only. Whether an answer, a field or a material fits the bundle is judged by the acts, all at once.
"""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, Strict, StringConstraints, field_validator
from pydantic_core import PydanticCustomError

from onething.domain.caller import Region
from onething.domain.clock_moves import MOST_DAYS_JOINT
from onething.domain.consult_moves import MOST_CONSULTS
from onething.domain.definition import Answer, Answers
from onething.domain.model import Code, FieldId

ShortText = Annotated[str, StringConstraints(min_length=1, max_length=200)]
LongText = Annotated[str, StringConstraints(min_length=1, max_length=4000)]
Reason = Annotated[str, StringConstraints(min_length=1, max_length=4000, pattern=r"\S")]
ReplyText = Annotated[str, StringConstraints(min_length=1, max_length=1000, pattern=r"\S")]
Pointer = Annotated[
    str, StringConstraints(pattern=r"^(/(form|answers|applicant|agent|delivery))(/[a-z0-9_]+)*$", max_length=200)
]
"""Where in the application something is to be corrected: a closed vocabulary, so that it may stand in the journal."""


class Sent(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Nothing(Sent):
    """The body of an act that needs none: empty, or an empty object."""


Reuse = Annotated[list[Code], Field(max_length=200)]
"""材料复用: of which the applicant consents that the file of an earlier case is used again."""
Licences = Annotated[dict[Code, Annotated[str, StringConstraints(pattern=r"^[0-9]{16,26}$")]], Field(max_length=50)]
"""电子证照: material → number of the licence of the register that the applicant consents to its being met by."""
FormValues = Annotated[dict[FieldId, Any], Field(max_length=500)]


Despite = Annotated[list[Code], Field(max_length=10)]
"""Comparisons whose values disagree, as whoever approves all the same knows."""


class SourceAnswer(Sent):
    """What a data source calls back with: a record, or its refusal. Whether the record is as agreed, its definition
    says; what it holds beyond that is dropped."""

    key: Annotated[str, StringConstraints(pattern=r"^[0-9]{14,24}/[0-9]{1,9}/[0-9a-z_.]{1,60}$")]
    record: dict[str, Any] | None = Field(default=None, max_length=200)
    as_of: ShortText | None = None
    refused: bool = False
    reason: ShortText | None = None


class ItemAnswer(Sent):
    """What a department's own system calls back with: its decision on an item, that it will not decide it, or that it
    has undone one. Whether the outputs are as agreed, the item's decision form says."""

    key: Annotated[str, StringConstraints(pattern=r"^[0-9]{14,24}/[0-9]{1,9}/[0-9a-z_.]{1,60}$")]
    outcome: Literal["approve", "refuse"] | None = None
    opinion: LongText | None = None
    outputs: FormValues = Field(default_factory=dict)
    despite: Despite = Field(default_factory=list)
    refused: bool = False
    reason: ShortText | None = None
    done: bool = False


IdType = Literal["resident_id", "uscc", "passport", "other"]


class Party(Sent):
    """Who applies, or acts for them."""

    type: Literal["person", "enterprise"]
    name: ShortText
    id_type: IdType
    id_number: ShortText
    phone: Annotated[str, StringConstraints(min_length=1, max_length=40)] | None = None


class PaperMaterial(Sent):
    """A paper that the counter has received; files come by upload."""

    code: Code
    form: Literal["paper"] = "paper"


class DeliveryChoice(Sent):
    method: Literal["electronic", "counter", "post"] = "electronic"
    address: ShortText | None = None


Materials = Annotated[list[PaperMaterial], Field(max_length=200)]
Commitments = Annotated[list[Code], Field(max_length=200)]
"""告知承诺: materials in whose place the applicant promises that they have them, or that what they would show is so."""


class Application(Sent):
    """A whole application, as `POST /api/cases` takes it and a draft keeps it."""

    bundle: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,59}(@[1-9][0-9]{0,5})?$")]
    answers: Answers = Field(default_factory=dict, max_length=200)
    applicant: Party
    agent: Party | None = None
    form: FormValues = Field(default_factory=dict)
    materials: Materials = Field(default_factory=list)
    commitments: Commitments = Field(default_factory=list)
    reuse: Reuse = Field(default_factory=list)
    licences: Licences = Field(default_factory=dict)
    delivery: DeliveryChoice = DeliveryChoice()
    channel: Literal["online", "phone", "counter", "agent"] | None = None
    region: Region | None = None
    mandate: Annotated[str, StringConstraints(pattern=r"^m[0-9a-f]{16}$")] | None = None


class NewApplication(Application):
    """`accept`: the counter has looked it through and accepts it on the spot (当场受理)."""

    submit: bool = True
    accept: bool = False


class DraftChange(Sent):
    """Each part that is given takes the place of the draft's; the rest stays. `agent: null` removes the agent."""

    answers: Answers = Field(default_factory=dict, max_length=200)
    applicant: Party | None = None
    agent: Party | None = None
    form: FormValues = Field(default_factory=dict)
    materials: Materials = Field(default_factory=list)
    commitments: Commitments = Field(default_factory=list)
    reuse: Reuse = Field(default_factory=list)
    licences: Licences = Field(default_factory=dict)
    delivery: DeliveryChoice = DeliveryChoice()

    @field_validator("applicant")
    @classmethod
    def _somebody_applies(cls, value: Party | None) -> Party | None:
        if value is None:
            raise PydanticCustomError("dict_type", "an applicant can be changed, not removed")
        return value


EventTypes = Annotated[
    str, StringConstraints(pattern=r"^onething\.(case|item|clock)\.(\*|[a-z_]{1,60})$", max_length=100)
]
"""A type of event that others are told, or all of a kind: `onething.case.*`."""


class NewSubscription(Sent):
    """Who is told what. `bundle`: a code or code@version; without it and `region`: everything."""

    url: Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=r"^[!-~]+$")]
    types: Annotated[list[EventTypes], Field(min_length=1, max_length=50)]
    bundle: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,59}(@[1-9][0-9]{0,5})?$")] | None = None
    region: Region | None = None


class PrefillConfirmed(Sent):
    """`applicant`: where the event names none, or the counter has another before it."""

    applicant: Party | None = None


class Supplement(Sent):
    """What was asked for. `commitments`: materials that are asked for in place of a record, and promised instead of
    brought. `form` and `answers`, only until acceptance, are merged name by name; null takes one out."""

    materials: Materials = Field(default_factory=list)
    commitments: Commitments = Field(default_factory=list)
    form: FormValues = Field(default_factory=dict)
    answers: Annotated[dict[str, Answer | None], Field(max_length=200)] = Field(default_factory=dict)


class Acceptance(Sent):
    """受理. `deferred`: missing materials that may come later (容缺); only those that the definition lets wait."""

    deferred: Annotated[list[Code], Field(max_length=200)] = Field(default_factory=list)


class Rejection(Sent):
    """不予受理: why, and on what basis."""

    reason: LongText
    basis: LongText


class Correction(Sent):
    material: Code | None = None
    pointer: Pointer | None = None
    what: LongText


class Corrections(Sent):
    """一次性告知: everything that is missing or wrong, told once."""

    items: Annotated[list[Correction], Field(min_length=1, max_length=200)]


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


class RatingSent(Sent):
    """好差评: 5 is best; 1 and 2 are bad, and are answered."""

    grade: Annotated[int, Field(ge=1, le=5)]
    tags: Annotated[
        list[Literal["fast", "clear", "kind", "slow", "unclear", "unkind", "too_many_trips", "too_many_materials"]],
        Field(max_length=8),
    ] = Field(default_factory=list)
    comment: Reason | None = None


class Callback(Sent):
    """What was said when a bad rating was answered, or how it was put right."""

    text: Reason


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


class Search(Sent):
    """Exact match only, by blind index."""

    id_number: ShortText


class Giver(Sent):
    name: ShortText
    id_number: ShortText


class MandateGiven(Sent):
    """委托: who lets whom (an account) do what until the end of which day. `bundles`: none means every 一件事; `paper`:
    the counter has the signed paper."""

    giver: Giver
    agent: ShortText
    agent_name: ShortText
    kind: Literal["helper", "family", "delegate", "office"]
    bundles: Annotated[list[Code], Field(max_length=50)] = Field(default_factory=list)
    acts: Annotated[
        list[Literal["apply", "supply", "withdraw", "urge", "rate", "licences"]], Field(min_length=1, max_length=6)
    ] = Field(["apply", "supply"], validate_default=True)
    expires_on: Annotated[date, Strict(False)]
    paper: bool = False


class LicenceSearch(Sent):
    """查询电子证照: of exactly this holder. `kinds`: bundle.item.output; none means all."""

    id_type: IdType
    id_number: ShortText
    kinds: (
        Annotated[
            list[Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+(\.[a-z0-9_-]+){2}$", max_length=200)]],
            Field(min_length=1, max_length=50),
        ]
        | None
    ) = None


class PlanRequest(Sent):
    """`id_number`: of the applicant, by whoever is signed in to apply: which files may be used again is told then."""

    answers: Answers = Field(default_factory=dict, max_length=200)
    id_number: ShortText | None = None
