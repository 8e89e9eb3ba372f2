"""How a draft's materials stand."""

from dataclasses import dataclass

from definitions.guide import GuideMaterial, MaterialDemand
from onething.services.cases.schemas import MaterialView
from onething.web.intake.contents import FilledDraft


@dataclass(frozen=True)
class MaterialRow:
    """One that the applicant is asked for. `how`: it is to come: file, paper, promise, reuse, or not yet."""

    guide: GuideMaterial
    how: str
    file: MaterialView | None = None

    @property
    def code(self) -> str:
        return self.guide.code

    @property
    def name(self) -> str:
        return self.guide.name

    @property
    def is_promised(self) -> bool:
        return self.how == "promise"

    @property
    def look(self) -> str:
        return "done" if self.how else "paused"

    @property
    def words(self) -> str:
        return _WORDS[self.how] if self.how else "还没有交" if self.guide.required else "可以不交"


_WORDS = {"file": "已上传", "paper": "到窗口交纸质件", "promise": "以承诺代替", "reuse": "沿用以前交过的"}


def material_rows(draft: FilledDraft) -> list[MaterialRow]:
    """None before it is known which apply."""
    asked = draft.plan.materials if draft.plan else ()
    return [_row(draft, one) for one in asked if one.asked is MaterialDemand.NOW]


def _row(draft: FilledDraft, guide: GuideMaterial) -> MaterialRow:
    there = next((one for one in draft.view.materials or () if one.code == guide.code), None)
    if there is not None:
        return MaterialRow(guide, "file", there) if there.digest else MaterialRow(guide, "paper")
    choices = draft.view.choices
    if choices is not None and guide.code in choices.commitments:
        return MaterialRow(guide, "promise")
    return MaterialRow(guide, "reuse" if choices is not None and guide.code in choices.reuse else "")
