"""当事人: whose numbers an application holds, and by whose authority records about them are asked for."""

from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from onething.domain.base import Code, FieldId, Strict, Text
from onething.domain.definition.basis import Bases


class Authority(StrEnum):
    """By what right a record about somebody is asked for. Who only knows their number has none."""

    PUBLIC = "public"  # it is about nobody
    OWN = "own"  # they apply, and have proved that the number is theirs
    MANDATE = "mandate"  # who applies holds their mandate
    NAMED = "named"  # an authority's signed event named their number as this party's
    SEEN = "seen"  # a counter saw them, or their original papers
    CONFIRMED = "confirmed"  # they were asked, and agreed
    RELATED = "related"  # who applies has shown an office a paper of kinship
    DUTY = "duty"  # the law has a department ask, once an office has taken the application in


PROVED = (Authority.OWN, Authority.MANDATE, Authority.NAMED, Authority.SEEN)
"""What is known as the application comes in."""
FROM_PARTY = (*PROVED, Authority.CONFIRMED, Authority.RELATED)
"""What a party gives, or is known of them."""


class DefinedParty(Strict):
    """Somebody the application is about. Who applies is one of them where the numbers are the same."""

    id: Code
    name: Text  # what they are here: 母亲
    identity: FieldId  # the form field with the number of their paper
    speaks: bool = True  # false: they can't, as who has died
    related_by: tuple[Code, ...] = ()  # materials: who applies is their kin, by one that an office has received


class Duty(Strict):
    """The item whose department has to know it by law, whoever agrees."""

    item: Code
    basis: Bases


class LookUpAuthority(Strict):
    """Part of a look-up. `by`: what of the parties' will do, anything if it is not said; none of it, and the look-up
    begins by duty alone."""

    by: tuple[Authority, ...] = Field(FROM_PARTY, max_length=len(FROM_PARTY))
    duty: Duty | None = None

    @model_validator(mode="after")
    def _by_what_parties_give(self) -> Self:
        if wrong := [one for one in self.by if one not in FROM_PARTY]:
            raise ValueError(f"by 里不能写 {'、'.join(wrong)}：写 {'、'.join(FROM_PARTY)}；部门依职责查的写 duty")
        return self
