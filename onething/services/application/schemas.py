"""What callers send, as strict models: unknown fields and loose types are refused, text is kept to the byte.

Shapes only. Whether an answer, a field or a material fits the bundle is judged by the acts, all at once.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, Strict, StringConstraints, field_validator
from pydantic_core import PydanticCustomError

from onething.domain.base import Code
from onething.domain.definition.bundle import Answers, AnswerValue
from onething.domain.principal import Region
from onething.services.application.base import FormValues, ReasonText, RequestModel, ShortText

Pointer = Annotated[
    str, StringConstraints(pattern=r"^(/(form|answers|applicant|agent|delivery))(/[a-z0-9_]+)*$", max_length=200)
]
"""Where in the application something is to be corrected: a closed vocabulary, so that it may stand in the journal."""


Reuse = Annotated[list[Code], Field(max_length=200)]
"""材料复用: of which the applicant consents that the file of an earlier case is used again."""
Licences = Annotated[dict[Code, Annotated[str, StringConstraints(pattern=r"^[0-9]{16,26}$")]], Field(max_length=50)]
"""电子证照: material → number of the licence of the register that the applicant consents to its being met by."""


IdType = Literal["resident_id", "uscc", "passport", "other"]


class Party(RequestModel):
    """Who applies, or acts for them."""

    type: Literal["person", "enterprise"]
    name: ShortText
    id_type: IdType
    id_number: ShortText
    phone: Annotated[str, StringConstraints(min_length=1, max_length=40)] | None = None


class PaperMaterial(RequestModel):
    """A paper that the counter has received; files come by upload."""

    code: Code
    form: Literal["paper"] = "paper"


class DeliveryChoice(RequestModel):
    method: Literal["electronic", "counter", "post"] = "electronic"
    address: ShortText | None = None


Materials = Annotated[list[PaperMaterial], Field(max_length=200)]
Commitments = Annotated[list[Code], Field(max_length=200)]
"""告知承诺: materials in whose place the applicant promises that they have them, or that what they would show is so."""


class Application(RequestModel):
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


class DraftChangeRequest(RequestModel):
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


class SubscriptionRequest(RequestModel):
    """Who is told what. `bundle`: a code or code@version; without it and `region`: everything."""

    url: Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=r"^[!-~]+$")]
    types: Annotated[list[EventTypes], Field(min_length=1, max_length=50)]
    bundle: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,59}(@[1-9][0-9]{0,5})?$")] | None = None
    region: Region | None = None


class SupplementRequest(RequestModel):
    """What was asked for. `commitments`: materials that are asked for in place of a record, and promised instead of
    brought. `form` and `answers`, only until acceptance, are merged name by name; null takes one out."""

    materials: Materials = Field(default_factory=list)
    commitments: Commitments = Field(default_factory=list)
    form: FormValues = Field(default_factory=dict)
    answers: Annotated[dict[str, AnswerValue | None], Field(max_length=200)] = Field(default_factory=dict)


class RatingFollowUpRequest(RequestModel):
    """What was said when a bad rating was answered, or how it was put right."""

    text: ReasonText


class CaseSearchRequest(RequestModel):
    """Exact match only, by blind index."""

    id_number: ShortText


class Giver(RequestModel):
    name: ShortText
    id_number: ShortText


class MandateRequest(RequestModel):
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


class LicenceSearchRequest(RequestModel):
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


class PlanRequest(RequestModel):
    """`id_number`: of the applicant, by whoever is signed in to apply: which files may be used again is told then."""

    answers: Answers = Field(default_factory=dict, max_length=200)
    id_number: ShortText | None = None
