"""What callers send, as strict models: unknown fields and loose types are refused.

Shapes only. Whether an answer, a field or a material fits the bundle is judged by the acts, all at once.
"""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, Strict, StringConstraints

from onething.domain.base import Code
from onething.domain.events.intake import PaperOfPerson, Presence, Sighting
from onething.domain.kernel import certificate_no
from onething.domain.principal import OutletCode, Region
from onething.services.application.base import (
    FormValues,
    NoneIfBlank,
    PaperKind,
    RequestModel,
    ShortText,
    SituationAnswers,
)
from onething.services.application.papers import PaperMaterial

Pointer = Annotated[
    str, StringConstraints(pattern=r"^(/(form|answers|applicant|agent|delivery))(/[a-z0-9_]+)*$", max_length=200)
]
"""Where in the application something is to be corrected: a closed vocabulary, so that it may stand in the journal."""


Reuse = Annotated[list[Code], Field(max_length=200)]
"""材料复用: of which the applicant consents that the file of an earlier case is used again."""
Licences = Annotated[
    dict[Code, Annotated[str, StringConstraints(pattern=f"^{certificate_no.PATTERN}$")]], Field(max_length=50)
]
"""电子证照: material → number of the licence of the register that the applicant consents to its being met by."""
LicenceChanges = Annotated[
    dict[Code, Annotated[str, StringConstraints(pattern=f"^{certificate_no.PATTERN}$")] | None], Field(max_length=50)
]
"""As `Licences`, None for one that is taken out."""


class Party(RequestModel):
    """Who applies, or acts for them. What name, number and phone have to be is judged with the form."""

    type: Literal["person", "enterprise"]
    name: Annotated[str, StringConstraints(max_length=200)]
    id_type: PaperKind
    id_number: Annotated[str, StringConstraints(max_length=200)]
    phone: Annotated[str, StringConstraints(max_length=60)] | None = None


class DeliveryChoice(RequestModel):
    """送达方式: how letters are to reach the applicant; for the post, where."""

    method: Literal["electronic", "counter", "post"]
    address: Annotated[ShortText | None, NoneIfBlank] = None


class SightingRequest(RequestModel):
    """Whom the counter saw: the applicant, or a party of the application. `chip_number`, of the applicant alone: what a
    reader read from the paper's chip; that it was read from a chip, and not typed, is the word of whoever sends it."""

    party: Code = Field(description="applicant，或一件事的当事人代码")
    document: PaperOfPerson
    presence: Presence
    chip_number: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = Field(None, repr=False)

    @property
    def recorded(self) -> Sighting:
        """Without the number, which stands with the applicant."""
        return Sighting(
            party=self.party, document=self.document, presence=self.presence, chip=self.chip_number is not None
        )


class OfflineReceipt(RequestModel):
    """离线收件: by the counter alone. `at`: when it took the papers in, as the slip says; `device_contact_at`: when the
    device was last connected, before which nothing is believed."""

    at: Annotated[AwareDatetime, Strict(False)]
    device_contact_at: Annotated[AwareDatetime, Strict(False)]


Materials = Annotated[list[PaperMaterial], Field(max_length=200)]
Commitments = Annotated[list[Code], Field(max_length=200)]
"""告知承诺: materials in whose place the applicant promises that they have them, or that what they would show is so."""


class Application(RequestModel):
    """A whole application, as `POST /api/cases` takes it and a draft keeps it."""

    bundle: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,59}(@[1-9][0-9]{0,5}(\.[0-9]{6})?)?$")]
    answers: SituationAnswers = Field(default_factory=dict)
    applicant: Party
    agent: Party | None = None
    form: FormValues = Field(default_factory=dict)
    materials: Materials = Field(default_factory=list)
    commitments: Commitments = Field(default_factory=list)
    reuse: Reuse = Field(default_factory=list)
    licences: Licences = Field(default_factory=dict)
    delivery: DeliveryChoice | None = None  # to be chosen before it is submitted
    channel: Literal["online", "phone", "counter", "agent"] | None = None
    region: Region | None = None
    outlet: OutletCode | None = Field(None, description="收件网点；只由窗口填写，只在一个网点工作的不用填")
    seen: Annotated[list[SightingRequest], Field(max_length=5)] = Field(
        default_factory=list,
        description="综合窗口核对了谁的什么证件、本人是否到场；读了芯片的写明读到的号码。只由窗口填写",
    )


class NewApplication(Application):
    """`incomplete`: sent although something is missing; the counter says what, or gives 不予受理 in writing. `accept`:
    the counter has looked it through and accepts it on the spot (当场受理).
    `received`: it took the papers in earlier."""

    submit: bool = True
    incomplete: bool = False  # 仍要提交
    accept: bool = False
    received: OfflineReceipt | None = None
