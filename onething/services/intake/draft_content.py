"""What stands in a draft, opened; how far it is filled; and which of its versions somebody has read."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from onething.domain.errors import FailureCode, FieldProblem, OneThingError
from onething.domain.kernel.case_no import CaseNo
from onething.services.application import sealed_values
from onething.services.application.schemas import Application
from onething.services.core.context import AppContext
from onething.services.intake.origins import CHANNEL, Origin
from onething.services.summaries.responses import LocalDateTime, ResponseModel
from onething.store.connection.database import Transaction
from onething.store.tables import cases

_MISSING = frozenset({FailureCode.MISSING_VALUE, FailureCode.MISSING_MATERIAL})
_UNNAMED = "其他"


class SectionProgress(ResponseModel):
    """A part of an application: situations, applicant, a section of the form, delivery or materials. `state`: done;
    open, where something is still to be filled in (`missing`); wrong, where something is to be changed (`problems`);
    unknown as long as the answers don't tell what applies."""

    part: Literal["answers", "applicant", "form", "delivery", "materials"]
    title: str
    state: Literal["done", "open", "wrong", "unknown"]
    missing: int = 0
    problems: int = 0


class DraftProgress(ResponseModel):
    """How far a draft is filled. `at`: the title of the first section that is not done; none when all are. `saved_at`:
    when somebody last changed it."""

    sections: list[SectionProgress]
    done: int
    missing: int
    problems: int
    at: str | None = None
    saved_at: LocalDateTime


async def progress_of(context: AppContext, tx: Transaction, case_nos: Collection[str]) -> Mapping[str, DraftProgress]:
    """Case → how far, of the drafts among these that are the actor's to read."""
    if not case_nos:
        return {}
    found = {}
    for draft in await cases.drafts(tx, case_nos):
        application, _ = open_draft(context, draft.case_no, draft.body)
        found[draft.case_no] = progress_view(sections_of(context, application, draft.files), draft.at)
    return found


def progress_view(sections: Sequence[SectionProgress], saved_at: datetime) -> DraftProgress:
    return DraftProgress(
        sections=list(sections),
        done=sum(one.state == "done" for one in sections),
        missing=sum(one.missing for one in sections),
        problems=sum(one.problems for one in sections),
        at=next((one.title for one in sections if one.state != "done"), None),
        saved_at=saved_at,
    )


def sections_of(context: AppContext, application: Application, files: Collection[str]) -> list[SectionProgress]:
    """In the order in which they are filled in. `files`: materials of which one was uploaded. What is to be used again
    of an earlier case is believed to be there: it is looked for at submission. A material that may come later counts as
    missing too: it is still to be brought."""
    application = context.applications.normal(application)
    in_hand = {*files, *(paper.code for paper in application.materials)}
    compiled, problems = context.applications.examined(
        application, in_hand, application.reuse, complete=False, today=context.today()
    )
    form = compiled.form if compiled else ()
    titles = {field.id: field.section for field in form}
    missing, wrong = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for problem in problems:
        (missing if problem.code in _MISSING else wrong)[_section_of(problem, titles)] += 1
    there = {*in_hand, *application.reuse, *application.commitments, *application.licences}
    asked = compiled.plan.asked_materials if compiled else ()
    missing["materials", ""] += sum(one.required and one.code not in there for one in asked)

    def section(
        part: Literal["answers", "applicant", "form", "delivery", "materials"], title: str, *, known: bool = True
    ) -> SectionProgress:
        key = (part, title if part == "form" else "")
        state: Literal["done", "open", "wrong", "unknown"] = (
            "wrong" if wrong[key] else "open" if missing[key] else "done" if known else "unknown"
        )
        return SectionProgress(part=part, title=title, state=state, missing=missing[key], problems=wrong[key])

    known = compiled is not None
    of_form = [section("form", title) for title in dict.fromkeys(titles.values())]
    return [
        section("answers", "办理情形"),
        section("applicant", "申请人"),
        *(of_form if known else [section("form", "申请内容", known=False)]),
        section("materials", "材料", known=known),
        section("delivery", "送达方式"),
    ]


def _section_of(problem: FieldProblem, titles: Mapping[str, str]) -> tuple[str, str]:
    """Part and, in the form, title."""
    _, part, *rest = [*problem.pointer.split("/"), ""]
    match part:
        case "answers" | "delivery":
            return part, ""
        case "applicant" | "agent":
            return "applicant", ""
        case "form":
            return "form", titles.get(rest[0], _UNNAMED)
        case _:
            return "materials", ""


def open_draft(context: AppContext, case_no: str, body: bytes) -> tuple[Application, Origin | None]:
    """What it says, and the event that it was prefilled from, if any. A draft is of the latest published version, as it
    is when it is read, and in the division that its number names: nobody has promised anything of an older one."""
    value = context.sealer.open_json(body, context=sealed_values.context(case_no, sealed_values.DRAFT))
    origin = value.pop(sealed_values.PREFILLED, None)
    value["bundle"] = value["bundle"].partition("@")[0]
    application = context.applications.placed(Application.model_validate(value), CaseNo.parse(case_no).region)
    return application, Origin.model_validate(origin) if origin else None


def fixed_channel(origin: Origin | None) -> str | None:
    """How a draft came in stays, whoever goes on with it."""
    return CHANNEL if origin else None


@dataclass(frozen=True)
class ReadVersions:
    """`None`: whatever there is, so long as there is one (`If-Match: *`)."""

    numbers: frozenset[int] | None

    def __str__(self) -> str:
        """Part of what a repetition repeats."""
        return "*" if self.numbers is None else ",".join(str(number) for number in sorted(self.numbers))

    def has(self, now: int) -> bool:
        return self.numbers is None or now in self.numbers

    def require(self, now: int) -> None:
        """Raises OneThingError STALE_VERSION if the draft is another `now`."""
        if not self.has(now):
            raise OneThingError(FailureCode.STALE_VERSION, "草稿在您读取之后又被修改，请重新读取、看过再改或提交。")


ANY_VERSION = ReadVersions(None)
