"""A case as one reader sees it: what the role does not need is not opened, not only not shown."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from onething.domain.calendar.days import ONE_DAY
from onething.domain.deadlines.clock_kinds import CASE_CLOCK, CASE_STATUTORY, about, item_clock, item_statutory
from onething.domain.definition.materials import MaterialSource
from onething.domain.items.deemed import Deemed, deemed_approvals
from onething.domain.items.rules import missing_materials
from onething.domain.kernel import queries
from onething.domain.kernel.clock_id import ClockId, ClockKind
from onething.domain.kernel.sealed_name import SealedName
from onething.domain.kernel.state import CaseState, Commitment, DataState, RunningClock
from onething.domain.lookups.disclosure import Disclosure, is_result_kept_back, result_of
from onething.domain.lookups.guards import may_promise
from onething.domain.plan.plan import Plan, PlanData
from onething.domain.principal import APPLYING_SIDE, Principal, Role
from onething.security.policy import Act, Facts, may, visible_fields
from onething.services import outlets
from onething.services.application import sealed_values
from onething.services.application.sealed_values import SealedValues
from onething.services.cases import provenance
from onething.services.cases import schemas as cases_schemas
from onething.services.cases.changes import Eyes, changed_by
from onething.services.cases.reporter_view import to_reporter
from onething.services.cases.uncertain_names import names_to_ask
from onething.services.core.access import facts_of
from onething.services.core.context import AppContext
from onething.services.core.visibility import (
    definition_of,
    departments_of,
    fields_by_department,
    hears_of_rating,
    is_before_its_turn,
    kept_back,
    latest_of,
    only_reports,
)
from onething.services.discrepancies import views as discrepancies_views
from onething.services.dispatch.at_systems import at_system
from onething.services.documents.contents import corrections_of
from onething.services.duplicates import WARNED
from onething.services.inspections.planned_views import planned_names, planned_views
from onething.services.intake import origins
from onething.services.intake.draft_content import open_draft, progress_view, sections_of
from onething.services.lookups.disclosure import disclosures
from onething.services.lookups.pending import AskedView, pending_lookups
from onething.services.notifications import kinds_for, notices
from onething.services.periods.schemas import PeriodView
from onething.services.periods.views import period_views
from onething.services.reservations import reservation_views
from onething.services.summaries import case_summary
from onething.services.summaries.clocks import DeemedView, deadlines, live_due
from onething.store.connection.database import Transaction
from onething.store.record import sealed_values as sealed_values_record
from onething.store.tables import cases, materials
from onething.store.tables.cases import CaseHead

_RATING = {
    "said": sealed_values.RATING,
    "contacted": sealed_values.RATING_CONTACT,
    "rectified": sealed_values.RATING_RECTIFIED,
}
ONE_HOUR = timedelta(hours=1)
VersionsByCode = Mapping[str, Sequence[materials.MaterialVersion]]
"""Material → its versions, oldest first."""
_APPLYING = APPLYING_SIDE | {Role.COUNTER}


async def standing_of(context: AppContext, tx: Transaction, case_no: str) -> tuple[Plan, CaseState] | None:
    """How the case stands, and by which plan; None of a draft."""
    found = await cases.state(tx, case_no)
    return (await context.plan_cache.plan_of(tx, found[1]), found[1]) if found else None


async def read_case(
    context: AppContext, tx: Transaction, principal: Principal, head: CaseHead, found: tuple[Plan, CaseState] | None
) -> cases_schemas.CaseView:
    """The caller has been found to be allowed VIEW_CASE; personal parts come by VIEW_PERSONAL and by department.
    `found`: as `standing_of`."""
    if found is None:
        return await _draft(context, tx, principal, head)
    plan, state = found
    view = _plain(context, principal, head, plan, state)
    kinds = kinds_for(principal)
    if not may(principal, Act.VIEW_PERSONAL, facts_of(tx, head)):
        told = await notices(context, tx, head.case_no, kinds) if kinds else None
        return view.model_copy(update={"notices": told})
    if await only_reports(tx, principal, head.case_no, plan):
        return await to_reporter(context, tx, head, plan, state, view)
    if is_before_its_turn(principal, head):
        return await _before_acceptance(context, tx, principal, head, plan, state, view)
    names = _names(principal, plan, state)
    if head.channel == origins.CHANNEL:
        names.append(sealed_values.PREFILLED)
    names += planned_names(state)
    sealed = await sealed_values_record.get_many(tx, head.case_no, names)
    kept = await materials.of_case(tx, head.case_no)
    lines = await provenance.lines_of(tx, head.case_no)
    known = provenance.record_history(lines)
    stored = context.values(head.case_no, sealed)
    for_applicant = tx.actor.mandate is not None
    disclosed = disclosures(context, principal, plan, state, stored, for_applicant=for_applicant)
    reader = _Reader(context, principal, plan, state, stored, known, facts_of(tx, head), disclosed)
    parts: dict[str, Any] = {
        **reader.application(head),
        "items": reader.items(view.items),
        "periods": reader.periods(),
        "inspections": planned_views(plan, state, reader.opened),
        "records": reader.records(),
        "materials": reader.materials(by_code(kept)),
        "notices": await notices(context, tx, head.case_no, kinds),
    }
    eyes = eyes_of(context, principal, plan, facts_of(tx, head))
    changed = await changed_by(context, tx, head.case_no, plan.bundle, lines, eyes)
    parts["changes"] = [one for told in changed.values() for one in told] or None
    if principal.role in WARNED:
        parts["reservations"] = reservation_views(plan, state)
    if principal.role in _APPLYING:
        parts["rating"] = reader.rating()
        parts["mandate"] = head.mandate
        parts["missing"] = list(missing_materials(plan, state))
        if state.received_at is not None:
            parts["received_at"] = state.received_at
            parts["received_late"] = state.submitted_at - state.received_at > ONE_DAY
        parts["open_fields"] = list(state.fields_asked) or None
        parts["standing"] = sorted(queries.granted(state.effects)) if state.ended_early else None
    return view.model_copy(update=parts)


async def _before_acceptance(
    context: AppContext,
    tx: Transaction,
    principal: Principal,
    head: CaseHead,
    plan: Plan,
    state: CaseState,
    view: cases_schemas.CaseView,
) -> cases_schemas.CaseView:
    """For a department: the values that it is to look into, of data that it owns."""
    names = discrepancies_views.names(principal, plan, state)
    if not names:
        return view
    names += [sealed_values.FORM, sealed_values.APPLICANT]
    stored = context.values(head.case_no, await sealed_values_record.get_many(tx, head.case_no, names))
    disclosed = disclosures(context, principal, plan, state, stored, for_applicant=False)
    differing = discrepancies_views.views(context, principal, plan, state, stored, disclosed)
    return view.model_copy(update={"discrepancies": differing})


class _Reader:
    """Opens for one caller what is sealed, part by part."""

    def __init__(
        self,
        context: AppContext,
        principal: Principal,
        plan: Plan,
        state: CaseState,
        stored: SealedValues,
        known: provenance.RecordHistory,
        facts: Facts,
        disclosed: Mapping[str, Disclosure],
    ) -> None:
        self._context = context
        self._principal = principal
        self._plan = plan
        self._state = state
        self._values = stored
        self._known = known
        self._facts = facts
        self._disclosed = disclosed
        self._kept_back = kept_back(principal, plan, state)

    def application(self, head: CaseHead) -> dict[str, Any]:
        form = self._values.get(sealed_values.FORM)
        if form is None:
            return {}
        seen = eyes_of(self._context, self._principal, self._plan, self._facts).fields
        own = [name for name in form["form"] if name in seen]
        prefilled = self._values.get(sealed_values.PREFILLED)
        parts: dict[str, Any] = {
            "provenance": provenance.of_form(self._known, own, prefilled),
            "discrepancies": discrepancies_views.views(
                self._context, self._principal, self._plan, self._state, self._values, self._disclosed
            )
            or None,
            "commitments": self._values.get(sealed_values.COMMITMENTS),
            "prefilled": origins.stored_origin_view(prefilled),
            "answers": form["answers"],
            "form": {name: form["form"][name] for name in own},
        }
        if self._principal.department is None:
            parts["delivery"] = form["delivery"]
            parts["applicant"] = _party(self._values.get(sealed_values.APPLICANT))
            parts["agent"] = _party(self._values.get(sealed_values.AGENT))
            parts["reuse"] = self._values.get(sealed_values.REUSE)
            parts["licences"] = self._values.get(sealed_values.LICENCES)
        else:
            # who applies is what every item decides about; how to reach them is the counter's business
            parts["applicant"] = _party(self._values.get(sealed_values.APPLICANT), without="phone")
        parties = {party: parts[party].model_dump() for party in ("applicant", "agent") if parts.get(party)}
        fields = self._context.applications.definition(self._plan.bundle).form
        return {**parts, "names_to_ask": names_to_ask(fields, parts["form"], parties)}

    def rating(self) -> dict[str, Any] | None:
        if self._state.rating is None or not hears_of_rating(self._principal, self._state.rating):
            return None
        written = {part: self._values.get(name) for part, name in _RATING.items()}
        return {"state": self._state.rating, **{part: text for part, text in written.items() if text is not None}}

    def items(self, views: Iterable[cases_schemas.ItemView]) -> tuple[cases_schemas.ItemView, ...]:
        full = []
        for item in views:
            if not item.round:  # it never was at its department
                full.append(item)
                continue
            opinion = self._values.get(sealed_values.opinion(item.code, item.round))
            outputs = self._outputs(item)
            update = {"opinion": opinion["opinion"] if opinion else None, "outputs": outputs}
            if opinion or outputs:
                update["decided_at"] = self._known.decided.get(item.code)
                update["seen"] = self._known.seen.get(item.code) or None
            full.append(item.model_copy(update=update))
        return tuple(full)

    def periods(self) -> tuple[PeriodView, ...] | None:
        """With what was recorded, for departments: who objects is not the applicant's to know."""
        recorded = {}
        if self._principal.department is not None:
            kept = {one.code: self._values.get(sealed_values.period(one.code)) for one in self._plan.periods}
            recorded = {code: value["what"] for code, value in kept.items() if value is not None}
        return period_views(self._plan, self._state, recorded)

    def opened(self, name: str) -> Mapping[str, Any] | None:
        found: Mapping[str, Any] | None = self._values.get(name)
        return found

    def _outputs(self, item: cases_schemas.ItemView) -> Mapping[str, Any] | None:
        """As they were decided, but for typing errors that were corrected since."""
        outputs: Mapping[str, Any] | None = self._values.get(sealed_values.outputs(item.code, item.round))
        for name in corrections_of(self._state, item.code) if outputs is not None else ():
            outputs = {**(outputs or {}), **(self._values.get(name) or {}).get("outputs", {})}
        return outputs

    def records(self) -> list[cases_schemas.RecordView]:
        return [
            cases_schemas.RecordView(
                key=data.key,
                name=data.name,
                state=self._data_state(data.key),
                result=None
                if self._principal.role in APPLYING_SIDE and is_result_kept_back(self._state, data)
                else result_of(self._plan, self._state, data.key, self._known.without_record),
                **self._record(data),
            )
            for data in self._plan.data
            if data.key in self._state.data and self._concerns(_needed_by(self._plan, data.key))
        ]

    def _data_state(self, key: str) -> DataState:
        return DataState.AWAITS if key in self._kept_back else self._state.data[key]

    def _record(self, data: PlanData) -> dict[str, Any]:
        """Only while it is the one in hand: an answer to what the form said before its change, or one that came after
        its fallback, is kept and decides nothing. Where only the result is for the reader, it is not opened."""
        if self._state.data[data.key] is not DataState.IN_HAND or data.key in self._kept_back:
            return {}
        if self._disclosed[data.key] is not Disclosure.RECORD:
            by_hand = self._known.by_hand.get(data.key)
            department = by_hand or data.department
            return {"source": data.source, "department": department, "by_hand": True if by_hand else None}
        found: dict[str, Any] | None = self._values.get(sealed_values.record(data.key))
        if found is None:
            return {}
        if "licence" in found:
            return found
        age = self._context.clock.now() - datetime.fromisoformat(found["as_of"])
        return {
            **found,
            "labels": {field.id: field.label for field in self._context.catalog.sources[data.source].fields},
            "source": data.source,
            "department": data.department,
            "fetched_at": self._known.fetched.get(data.key),
            "age_hours": max(age // ONE_HOUR, 0),
            "kept": True if data.key in self._known.reused else None,
            **self._by_hand(data),
        }

    def _by_hand(self, data: PlanData) -> dict[str, Any]:
        department = self._known.by_hand.get(data.key)
        if department is None:
            return {}
        note = self._values.get(sealed_values.looked(data.key, self._state.by_hand[data.key].round))
        told = note["note"] if note and self._principal.department is not None else None
        return {"department": department, "by_hand": True, "note": told}

    def materials(self, versions: VersionsByCode) -> list[cases_schemas.MaterialView]:
        missing = frozenset(missing_materials(self._plan, self._state))
        offered = may_promise(self._plan, self._state)
        shown = []
        for material in self._plan.materials:
            if not self._concerns(material.needed_by):
                continue
            came = versions.get(material.code, ())
            shown.append(
                cases_schemas.MaterialView(
                    code=material.code,
                    name=material.name,
                    source=material.source,
                    required=material.required,
                    state=self._material_state(material.code, missing),
                    **version_parts(came),
                    reused=True if came and came[-1].reused_from else None,
                    may_promise=True if material.code in offered else None,
                )
            )
        return shown

    def _material_state(self, code: str, missing: frozenset[str]) -> str:
        promised = self._state.commitments.get(code)
        looked_at = promised not in {None, Commitment.GIVEN, Commitment.TO_CHECK}
        if code in self._state.materials and code not in missing and not looked_at:
            return "in_hand"
        if promised is not None:
            return f"committed_{promised}" if looked_at else "committed"
        if code in self._state.announced:
            return "to_hand_in"
        if code in self._state.deferred:
            return "deferred"
        planned = self._plan.material_by_code[code]
        if code in missing:
            return "for_issue" if planned.for_issue else "owed" if planned.after_decision else "missing"
        if planned.comes_later and not self._state.ended:
            return "later" if planned.for_issue else "afterwards"
        if code in self._state.data:
            return self._data_state(code)
        material = self._plan.material_by_code[code]
        if material.source is MaterialSource.ITEM_OUTPUT and material.output is not None:
            giver = self._state.items.get(material.output.partition(".")[0])
            return "in_hand" if giver is not None and giver.state == "approved" else "pending"
        return "not_needed"

    def _concerns(self, item_codes: tuple[str, ...]) -> bool:
        return self._principal.department is None or self._principal.department in departments_of(
            self._plan, item_codes
        )


def eyes_of(context: AppContext, principal: Principal, plan: Plan, facts: Facts) -> Eyes:
    """What the caller sees of an application."""
    definition = context.applications.definition(plan.bundle)
    seen = visible_fields(principal, fields_by_department(definition, plan), facts)
    return Eyes(seen, whole=bool(seen) and principal.department is None)


def _needed_by(plan: Plan, data: str) -> tuple[str, ...]:
    return tuple(item.code for item in plan.items if data in item.needs_data)


def _names(principal: Principal, plan: Plan, state: CaseState) -> list[SealedName]:
    """Papers to ask for; those that are not for the caller's department the record does not hand out."""
    names = [sealed_values.FORM, sealed_values.APPLICANT]
    if principal.department is None:
        names += [sealed_values.AGENT, sealed_values.REUSE, sealed_values.LICENCES]
    if state.commitments:
        names.append(sealed_values.COMMITMENTS)
    if state.rating is not None and principal.department is None:
        names += _RATING.values()
    names += [
        sealed_values.record(data.key)
        for data in plan.data
        if principal.department is None or principal.department in departments_of(plan, _needed_by(plan, data.key))
    ]
    names += [
        sealed_values.looked(key, one.round) for key, one in state.by_hand.items() if sealed_values.record(key) in names
    ]
    names += discrepancies_views.names(principal, plan, state)
    if principal.department is not None:
        names += [sealed_values.period(code) for code in state.periods]
    for item in plan.items:
        round_no = state.items[item.code].round
        if round_no:  # none of what never was at its department
            names += [sealed_values.opinion(item.code, round_no), sealed_values.outputs(item.code, round_no)]
            names += corrections_of(state, item.code)
    return names


def _plain(
    context: AppContext, principal: Principal, head: CaseHead, plan: Plan, state: CaseState
) -> cases_schemas.CaseView:
    """What anybody who may see the case sees: no personal data."""
    clocks, deemed = state.clocks, deemed_approvals(plan, state)
    return cases_schemas.CaseView(
        **_head(context, head),
        items=tuple(
            cases_schemas.ItemView(
                code=item.code,
                name=item.name,
                department=item.department,
                state=state.items[item.code].state,
                **case_summary.ended_with(item, state),
                round=state.items[item.code].round,
                due_at=live_due(state, item_clock(item.code)),
                deadlines=deadlines(plan, state, item_clock(item.code), item_statutory(item.code)) or None,
                deemed=_deemed(deemed.get(item.code)),
                at_system=at_system(item, state) if principal.role not in APPLYING_SIDE else None,
            )
            for item in plan.items
        ),
        periods=period_views(plan, state),
        inspections=planned_views(plan, state),
        deadlines=deadlines(plan, state, CASE_CLOCK, CASE_STATUTORY) or None,
        reminders=tuple(_reminder(name, clock) for name, clock in clocks.items() if clock.reply) or None,
        asked=_under_way(context, principal, plan, state) or None,
        links=case_summary.links(head.case_no),
    )


def _reminder(name: ClockId, clock: RunningClock) -> cases_schemas.ReminderView:
    return cases_schemas.ReminderView(
        kind="urge" if name.kind is ClockKind.URGE else "supervision",
        clock=name,
        item=about(name, clock),
        since=clock.started_at,
        due_at=clock.due_at,
    )


def _deemed(approval: Deemed | None) -> DeemedView | None:
    return DeemedView(on=approval.on, basis=approval.basis, text=approval.text) if approval else None


def _head(context: AppContext, head: CaseHead) -> dict[str, Any]:
    return {**row_parts(context, head), "version": head.version, "departments": list(head.departments)}


def row_parts(context: AppContext, head: CaseHead) -> dict[str, Any]:
    told = cases_schemas.CaseRow.model_fields.keys() - {"corrections_answered"}  # in lists of a counter alone
    parts = {name: getattr(head, name) for name in told if hasattr(head, name)}
    return {**parts, "name": definition_of(context, head).name, "outlet": outlets.named(context, head.outlet)}


async def _draft(context: AppContext, tx: Transaction, principal: Principal, head: CaseHead) -> cases_schemas.CaseView:
    view = cases_schemas.CaseView(**_head(context, head), links=case_summary.links(head.case_no))
    view = view.model_copy(update={"bundle": latest_of(context, head.bundle, head.region).ref})
    if not may(principal, Act.EDIT_DRAFT, facts_of(tx, head)):
        return view
    kept = await cases.draft(tx, head.case_no)
    application, origin = open_draft(context, head.case_no, kept.body)
    files = by_code(await materials.of_case(tx, head.case_no))
    return view.model_copy(
        update={
            "version": kept.version,
            "answers": application.answers,
            "applicant": _party(application.applicant.model_dump()),
            "agent": _party(application.agent.model_dump()) if application.agent else None,
            "form": application.form,
            "names_to_ask": names_to_ask(
                context.applications.definition(head.bundle).form,
                application.form,
                application.model_dump(include={"applicant", "agent"}),
            ),
            "delivery": application.delivery.model_dump(exclude_none=True) if application.delivery else None,
            "materials": _draft_materials(context, principal, head, application.materials, files),
            "prefilled": origins.origin_view(origin, application.model_dump()) if origin else None,
            "choices": cases_schemas.DraftChoices(
                commitments=application.commitments,
                reuse=application.reuse,
                licences=application.licences,
                seen=application.seen if principal.role is Role.COUNTER else None,
            ),
            "draft": progress_view(sections_of(context, application, files.keys()), kept.at),
        }
    )


def _draft_materials(
    context: AppContext, principal: Principal, head: CaseHead, announced: list[Any], files: VersionsByCode
) -> list[cases_schemas.MaterialView]:
    named = {one.code: one for one in latest_of(context, head.bundle, head.region).materials}
    shown = []
    for code in dict.fromkeys([*(paper.code for paper in announced), *files]):
        came, definition = files.get(code, ()), named.get(code)
        shown.append(
            cases_schemas.MaterialView(
                code=code,
                name=definition.name if definition else code,
                source=MaterialSource.APPLICANT,
                required=definition.required if definition else False,
                state="in_hand" if came or principal.role is Role.COUNTER else "to_hand_in",
                **{"kept": "paper", **version_parts(came)},
            )
        )
    return shown


def by_code(versions: Iterable[materials.MaterialVersion]) -> VersionsByCode:
    found: dict[str, list[materials.MaterialVersion]] = {}
    for one in versions:
        found.setdefault(one.code, []).append(one)
    return found


def version_parts(received: Sequence[materials.MaterialVersion]) -> Mapping[str, Any]:
    """Of a `MaterialView`: its versions, oldest first, and the newest of them."""
    if not received:
        return {}
    versions = [
        cases_schemas.VersionView(
            version=one.version,
            kept="file" if one.file else "paper",
            at=one.at,
            media_type=one.file.media_type if one.file else None,
            size=one.file.size if one.file else None,
            digest=one.file.digest if one.file else None,
            originals=list(one.file.originals) or None if one.file else None,
        )
        for one in received
    ]
    newest = {name: getattr(versions[-1], name) for name in ("version", "kept", "media_type", "size", "digest")}
    return {**newest, "versions": versions}


def _party(value: dict[str, Any] | None, without: str | None = None) -> case_summary.PartyView | None:
    if value is None:
        return None
    return case_summary.PartyView(**{name: part for name, part in value.items() if name != without})


def _under_way(context: AppContext, principal: Principal, plan: Plan, state: CaseState) -> tuple[AskedView, ...]:
    kept = kept_back(principal, plan, state)
    waiting = pending_lookups(plan, state, context.catalog.sources, context.catalog.departments)
    return tuple(one for one in waiting if one.key not in kept)
