"""What a clerk looks at, and what one said: opened and sealed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from onething.domain.definition.bundle import BundleDefinition
from onething.domain.errors import FailureCode, NotAllowed
from onething.domain.outlets import Opening, openings
from onething.domain.plan.plan import Plan, PlanMaterial
from onething.services import outlets
from onething.services.application.schemas import Application
from onething.services.core.context import AppContext
from onething.services.core.visibility import latest_of
from onething.services.intake.draft_content import open_draft
from onething.services.prechecks.schemas import (
    MaterialToCheck,
    OpenHours,
    PrecheckAnswerView,
    PrecheckedMaterial,
    VisitView,
)
from onething.store.connection.database import Transaction
from onething.store.tables import cases, materials
from onething.store.tables.materials import MaterialVersion
from onething.store.tables.prechecks import Precheck

_UNFINISHED = "草稿的“办理情形”还没有答完，不知道要带什么材料：请先答完，再请窗口看。"


@dataclass(frozen=True)
class DraftToCheck:
    """A draft as it is now. `plan`: none while it is not known which materials apply; `files`: the newest of each
    material of which there is one."""

    application: Application
    version: int
    definition: BundleDefinition
    plan: Plan | None
    files: Mapping[str, MaterialVersion]
    name: str = field(repr=False)

    @property
    def materials(self) -> list[PlanMaterial]:
        """Those that are to be brought: asked for, unless something else stands in their place; of what is not
        required, what was photographed or announced."""
        instead = {*self.application.reuse, *self.application.commitments, *self.application.licences}
        there = {*self.files, *self.announced}
        asked = self.plan.asked_materials if self.plan else ()
        return [one for one in asked if one.code not in instead and (one.required or one.code in there)]

    @property
    def announced(self) -> frozenset[str]:
        return frozenset(paper.code for paper in self.application.materials)

    @property
    def to_check(self) -> list[MaterialToCheck]:
        return [self._to_check(one) for one in self.materials]

    def _to_check(self, material: PlanMaterial) -> MaterialToCheck:
        newest = self.files.get(material.code)
        file = newest.file if newest else None
        return MaterialToCheck(
            code=material.code,
            name=material.name,
            required=material.required,
            announced=material.code in self.announced,
            version=newest.version if newest else None,
            media_type=file.media_type if file else None,
            size=file.size if file else None,
            digest=file.digest if file else None,
        )


async def draft_to_check(context: AppContext, tx: Transaction, case_no: str, *, answered: bool = False) -> DraftToCheck:
    """Raises NOT_FOUND where it is a draft no longer; unless it was `answered`, NotAllowed while it is not known which
    materials apply."""
    draft = await cases.draft(tx, case_no)
    application, _ = open_draft(context, case_no, draft.body)
    application = context.applications.normal(application)
    files = await newest_files(tx, case_no)
    compiled, _ = context.applications.examined(
        application, [*files], application.reuse, complete=False, today=context.today()
    )
    if compiled is None and not answered:
        raise NotAllowed(FailureCode.NOT_ALLOWED_NOW, _UNFINISHED)
    plan, definition = compiled.plan if compiled else None, context.applications.definition(application.bundle)
    return DraftToCheck(application, draft.version, definition, plan, files, application.applicant.name)


async def newest_files(tx: Transaction, case_no: str) -> Mapping[str, MaterialVersion]:
    return {one.code: one for one in await materials.of_case(tx, case_no) if one.file is not None}


def sealed_answer(context: AppContext, case_no: str, value: Mapping[str, Any]) -> bytes:
    """`{version, code, note, materials: [{code, verdict, what, digest}]}`."""
    return context.sealer.seal_json(value, context=_context(case_no))


def opened_answer(context: AppContext, precheck: Precheck) -> Mapping[str, Any] | None:
    """As `sealed_answer` sealed it; None where there is none."""
    if precheck.body is None:
        return None
    found: Mapping[str, Any] = context.sealer.open_json(precheck.body, context=_context(precheck.case_no))
    return found


def _context(case_no: str) -> str:
    return f"precheck/{case_no}"


def answer_view(
    context: AppContext, precheck: Precheck, version: int, files: Mapping[str, MaterialVersion]
) -> PrecheckAnswerView | None:
    """What was said, beside the draft as it is now: its `version` and its newest `files`."""
    told = opened_answer(context, precheck)
    if told is None or precheck.answered_at is None or precheck.visit_on is None or precheck.visit_outlet is None:
        return None
    names = {one.code: one.name for one in latest_of(context, precheck.bundle, precheck.region).materials}
    return PrecheckAnswerView(
        answered_at=precheck.answered_at,
        materials=[
            PrecheckedMaterial(
                code=one["code"],
                name=names.get(one["code"], one["code"]),
                verdict=one["verdict"],
                what=one["what"],
                changed=one["digest"] != digest_of(files.get(one["code"])),
            )
            for one in told["materials"]
        ],
        note=told["note"],
        visit=visit_view(context, precheck.visit_outlet, precheck.visit_on),
        form_changed=told["version"] != version,
    )


def digest_of(version: MaterialVersion | None) -> str | None:
    return version.file.digest if version is not None and version.file is not None else None


def visit_view(context: AppContext, outlet: str, day: date) -> VisitView:
    return VisitView(
        on=day,
        outlet=outlets.place(context, outlet),
        hours=[
            OpenHours(opens_at=one.opens, closes_at=one.closes, place=one.place)
            for one in _openings(context, outlet, day)
        ],
    )


def _openings(context: AppContext, code: str, day: date) -> list[Opening]:
    known = context.catalog.outlets[code]
    return openings(known.hours, context.calendar(known.calendar), day)
