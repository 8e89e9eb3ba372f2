"""A draft as its pages show it: its parts, in the order in which they are filled in, and what is wrong with each.

Parts of the form are the sections that its bundle names, in pages of at most eight questions. Fields without a section
stand together.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from onething.domain.definition.form_fields import FormField, FormFieldType
from onething.domain.errors import FailureCode, FieldProblem, OneThingError
from onething.domain.kernel.case_no import CaseNo
from onething.domain.principal import Principal
from onething.services import bundles
from onething.services.bundles import BundleView, PlanSoFar, PlanView
from onething.services.cases import search as cases_search
from onething.services.cases.schemas import CaseView
from onething.services.core.context import AppContext
from onething.services.intake import drafts

MOST_QUESTIONS = 8
SITUATION, APPLICANT, DELIVERY, MATERIALS = "situation", "applicant", "delivery", "materials"
_MISSING = frozenset({FailureCode.MISSING_VALUE, FailureCode.MISSING_MATERIAL})
PARTS = {SITUATION: "answers", APPLICANT: "applicant", DELIVERY: "delivery"}
"""Section → which part of the application it is; all others are of the form."""


@dataclass(frozen=True)
class Section:
    """One page of it. `fields`: of the form, those that apply."""

    code: str
    title: str
    fields: tuple[FormField, ...] = ()

    @property
    def part(self) -> str:
        return PARTS.get(self.code, "form")

    def holds(self, pointer: str) -> bool:
        """Whether this is where a problem at the pointer is put right."""
        _, part, name = (*pointer.split("/"), "", "")[:3]
        return part == self.part and (part != "form" or any(one.id == name for one in self.fields))

    @property
    def is_plain(self) -> bool:
        """Whether all of it is on one page: no list, whose rows have pages of their own."""
        return all(one.type is not FormFieldType.LIST for one in self.fields)


@dataclass(frozen=True)
class FilledDraft:
    """`so_far`: what applies, as far as the answers tell."""

    view: CaseView
    bundle: BundleView
    so_far: PlanSoFar
    problems: tuple[FieldProblem, ...]

    @property
    def plan(self) -> PlanView | None:
        return self.so_far.plan

    @property
    def path(self) -> str:
        return f"/my/drafts/{self.view.case_no}"

    @property
    def sections(self) -> list[Section]:
        """But for the materials, which have pages of their own."""
        of_form = self._of_form() if self.plan else ()
        return [Section(SITUATION, "办理情形"), Section(APPLICANT, "申请人"), *of_form, Section(DELIVERY, "送达方式")]

    def section(self, code: str) -> Section:
        """Raises OneThingError NOT_FOUND."""
        for one in self.sections:
            if one.code == code:
                return one
        raise OneThingError(FailureCode.NOT_FOUND, "这份申请没有这一部分，请从清单进入。")

    def after(self, code: str) -> str:
        """Where to go on when a section is done."""
        codes = [one.code for one in self.sections]
        rest = codes[codes.index(code) + 1 :] if code in codes else []
        return f"{self.path}/sections/{rest[0]}" if rest and rest[0] != DELIVERY else self.path

    def where(self, pointer: str) -> str:
        """Path, with the id of the field, at which a problem is put right."""
        section = next((one for one in self.sections if one.holds(pointer)), None)
        if section is None:
            return f"{self.path}#materials"
        at = f"{self.path}/sections/{section.code}"
        _, _, name, *rest = (*pointer.split("/"), "")
        if section.part == "form" and rest and rest[0].isdecimal():
            at = f"{at}/{name}/{rest[0]}"
        return at

    def wrong_in(self, section: Section) -> list[FieldProblem]:
        return [one for one in self.problems if section.holds(one.pointer)]

    def state_of(self, section: Section) -> tuple[str, str]:
        """How it looks, and in words."""
        return state_words(self.wrong_in(section))

    def _of_form(self) -> Iterator[Section]:
        titles = list(dict.fromkeys(one.section for one in self.bundle.form))
        for number, title in enumerate(titles, start=1):
            fields = [one for one in (self.plan.form if self.plan else ()) if one.section == title]
            for page, start in enumerate(range(0, len(fields), MOST_QUESTIONS), start=1):
                more = len(fields) > MOST_QUESTIONS
                code = f"form-{number}" + (f"-{page}" if page > 1 else "")
                few = tuple(fields[start : start + MOST_QUESTIONS])
                yield Section(code, f"{title}（{page}）" if more else title, few)


def state_words(problems: list[FieldProblem]) -> tuple[str, str]:
    """How a part looks with these problems, and in words."""
    if not problems:
        return "done", "已填好"
    wrong = [one for one in problems if one.code not in _MISSING]
    return ("soon", f"有 {len(wrong)} 处要改") if wrong else ("paused", "未填完")


async def read_draft(context: AppContext, principal: Principal, case_no: CaseNo) -> FilledDraft:
    """Raises NotPermitted, NOT_FOUND, and NotAllowed where it is a draft no longer."""
    problems = await drafts.problems(context, principal, case_no)
    view, _ = await cases_search.show(context, principal, case_no)
    so_far = await bundles.plan_so_far(context, view.bundle, view.answers or {})
    return FilledDraft(view, bundles.show(context, view.bundle), so_far, problems)
