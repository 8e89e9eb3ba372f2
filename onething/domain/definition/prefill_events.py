"""Events that other systems send: which kinds are known, and what of them goes into a prefilled draft.

A file `definitions/events/<code>.yaml` holds one `EventDefinition`. Nothing is taken over that it does not name.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from onething.domain.base import Code, FieldId, Strict, Text
from onething.domain.definition.questions import AnswerValue

SourceName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9/:._~-]+$", max_length=200)]
"""A CloudEvents `source`: a URI reference."""

EventType = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+([.-][a-z0-9]+)*$", max_length=120)]


class EventField(Strict):
    """One member of the event's `data`."""

    id: FieldId
    label: Text
    required: bool = True


class ApplicantFrom(Strict):
    """Which members of `data` name the person who will apply."""

    name: FieldId
    id_number: FieldId
    phone: FieldId | None = None


class EventDefinition(Strict):
    """One kind of event of one system. `system` names the secret that it signs with: `events/<system>`."""

    code: Code
    name: Text
    department: Code
    system: Code
    source: SourceName
    type: EventType
    bundle: Code
    fields: tuple[EventField, ...] = Field(min_length=1, max_length=100)
    form: dict[FieldId, FieldId] = Field(default_factory=dict)  # field of the form ← member of data
    answers: dict[FieldId, FieldId] = Field(default_factory=dict)  # question ← member of data
    given: dict[FieldId, AnswerValue] = Field(default_factory=dict)  # answers that the event itself says
    applicant: ApplicantFrom | None = None
    region: FieldId | None = None  # the division that it concerns; none: that of the installation
    confirm: tuple[Literal["counter", "applicant"], ...] = Field(min_length=1)
    keep_days: int = Field(ge=1, le=366)  # for how long it waits for somebody to confirm it

    @model_validator(mode="after")
    def _parts_fit(self) -> Self:
        members = [one.id for one in self.fields]
        if len(set(members)) != len(members):
            raise ValueError("fields: the same id twice")
        named = [*self.form.values(), *self.answers.values(), *([self.region] if self.region else [])]
        if self.applicant is not None:
            named += [one for one in (self.applicant.name, self.applicant.id_number, self.applicant.phone) if one]
        if unknown := sorted(set(named) - set(members)):
            raise ValueError(f"not among the fields: {', '.join(unknown)}")
        if twice := sorted(self.answers.keys() & self.given.keys()):
            raise ValueError(f"answered twice: {', '.join(twice)}")
        if "applicant" in self.confirm and self.applicant is None:
            raise ValueError("confirm: without `applicant` nobody is known who could")
        return self

    @property
    def secret(self) -> str:
        """The name of the secrets that its calls are signed with."""
        return f"events/{self.system}"
