"""What stands in the counter's form, as requests of the acts; and what a draft holds, as that form again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from onething.domain.characters import is_blank
from onething.domain.definition.questions import Answers
from onething.services.bundles import BundleView
from onething.services.cases.schemas import CaseView
from onething.web.core.definition_fields import FieldValues, read_answers, read_fields
from onething.web.core.forms import Form

FIELDS, QUESTIONS = "_shown", "_asked"
"""Which fields and questions the browser had before it: of these alone an empty one takes something out."""
PAPER, PROMISE, DEFER = "paper", "promise", "defer"
_PARTY = ("name", "id_type", "id_number", "phone")
_MATERIAL, _FILES = "_material/", "_files"


@dataclass(frozen=True)
class TakeIn:
    """`materials`: code → paper, promise or defer; of those in no way there, nothing. `files`: codes of those of which
    there is a scan."""

    answers: Answers = field(default_factory=dict, repr=False)
    form: FieldValues = field(default_factory=dict, repr=False)
    applicant: dict[str, str] = field(default_factory=dict, repr=False)
    agent: dict[str, str] = field(default_factory=dict, repr=False)
    delivery: dict[str, str] = field(default_factory=dict, repr=False)
    materials: dict[str, str] = field(default_factory=dict)
    seen: dict[str, str] = field(default_factory=dict)
    outlet: str = ""
    files: tuple[str, ...] = ()

    @classmethod
    def of_browser(cls, bundle: BundleView, sent: Form) -> "TakeIn":
        return cls(
            answers=read_answers(bundle.questions, sent),
            form=read_fields(bundle.form, sent),
            applicant=_members(sent, "/applicant", ("type", *_PARTY)),
            agent=_members(sent, "/agent", _PARTY),
            delivery=_members(sent, "/delivery", ("method", "address")),
            materials={
                name.removeprefix(_MATERIAL): how for name, how in sent.fields if name.startswith(_MATERIAL) and how
            },
            seen=_members(sent, "/seen/0", ("document", "presence", "chip_number")),
            outlet=sent.value("/outlet"),
            files=tuple(sent.value(_FILES).split()),
        )

    @classmethod
    def of_draft(cls, draft: CaseView) -> "TakeIn":
        """What could not come with the draft is not known any more: what was to be deferred."""
        said = draft.choices
        seen = next(iter(said.seen or ()), None) if said else None
        papers = [one.code for one in draft.materials or () if one.kept == "paper"]
        return cls(
            answers=dict(draft.answers or {}),
            form=dict(draft.form or {}),
            applicant=_texts(draft.applicant.model_dump() if draft.applicant else {}),
            agent=_texts(draft.agent.model_dump() if draft.agent else {}),
            delivery=_texts(draft.delivery or {}),
            materials=dict.fromkeys(papers, PAPER) | dict.fromkeys(said.commitments if said else (), PROMISE),
            seen=_texts(seen.model_dump(exclude={"party"})) if seen else {},
            files=tuple(one.code for one in draft.materials or () if one.kept == "file"),
        )

    @property
    def deferred(self) -> list[str]:
        return self._of(DEFER)

    def application(self, bundle: str) -> FieldValues:
        """As `NewApplication` takes a draft."""
        outlet = {"outlet": self.outlet} if self.outlet else {}
        return {"bundle": bundle, "submit": False, **self._parts(), **outlet}

    def change(self, sent: Form) -> FieldValues:
        """As `DraftChangeRequest`: what was shown and is empty now is taken out; what was not shown stays."""
        parts = self._parts()
        return {
            **parts,
            "answers": _patch(parts["answers"], sent.value(QUESTIONS)),
            "form": _patch(parts["form"], sent.value(FIELDS)),
            "agent": parts.get("agent"),
        }

    def _parts(self) -> FieldValues:
        parts: FieldValues = {
            "answers": self.answers,
            "form": self.form,
            "applicant": {"type": "person", "id_type": "resident_id", "name": "", "id_number": "", **self.applicant},
            "materials": [{"code": code} for code in self._of(PAPER)],
            "commitments": self._of(PROMISE),
            "seen": [{"party": "applicant", **self.seen}] if self.seen.get("document") else [],
        }
        if self.delivery.get("method"):
            parts["delivery"] = self.delivery
        if self.agent.get("name") or self.agent.get("id_number"):
            parts["agent"] = {"type": "person", "id_type": "resident_id", "name": "", "id_number": "", **self.agent}
        return parts

    def _of(self, how: str) -> list[str]:
        return [code for code, one in self.materials.items() if one == how]


def _members(sent: Form, pointer: str, names: tuple[str, ...]) -> dict[str, str]:
    said = {name: sent.value(f"{pointer}/{name}") for name in names}
    return {name: value for name, value in said.items() if not is_blank(value)}


def _texts(members: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in members.items() if value is not None}


def _patch(values: FieldValues, visible: str) -> FieldValues:
    """`visible`: ids of those that the browser had before it."""
    return {**dict.fromkeys(visible.split()), **values}
