"""来件: a signed CloudEvent of another system becomes a prefilled application that somebody has to confirm."""

import re
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import orjson

from definitions.answers import check_answers
from onething.domain.definition.form_fields import FormField, FormFieldType
from onething.domain.definition.prefill_events import EventDefinition
from onething.domain.errors import FailureCode, FieldProblem, InvalidInput, OneThingError, require_valid
from onething.domain.form.field_values import paper_in
from onething.domain.form.form import check_form, normal_form
from onething.domain.identity import IdType
from onething.security.signed_calls import ID, BadSignature
from onething.services.core.context import AppContext
from onething.services.intake.origins import Given, Origin, value_at
from onething.services.summaries.responses import CompleteResponseModel, LocalDateTime, StoredResponse, answer
from onething.store.tables import prefills
from onething.store.tables.prefills import Arrived, sender

_REGION = re.compile(r"[0-9]{6}")
_APPLICANT = (
    FormField(id="name", label="姓名", type=FormFieldType.PERSON_NAME),
    FormField(id="id_number", label="证件", type=FormFieldType.IDENTITY),
    FormField(id="phone", label="电话", type=FormFieldType.PHONE),
)


@dataclass(frozen=True)
class CloudEvent:
    """A CloudEvents 1.0 event as it came. `binary`: its attributes came as headers, its data as the body."""

    id: str
    source: str
    type: str
    data: Any = field(repr=False)
    binary: bool

    def at(self, member: str) -> str:
        """Pointer into the body."""
        return f"/{member}" if self.binary else f"/data/{member}"


class Received(CompleteResponseModel):
    """202 of an event, the same for every repeat. `prefill`: what waits for somebody to confirm it."""

    prefill: str
    source: str
    id: str
    type: str
    bundle: str
    received_at: LocalDateTime


async def receive(app_context: AppContext, event: CloudEvent, headers: Mapping[str, str], raw: bytes) -> StoredResponse:
    """Raises BadSignature; InvalidInput for an unknown type (with what is known) or data that does not fit; and
    OneThingError IDEMPOTENCY_KEY_REUSED for a source and id that were of another event."""
    kinds = [one for one in app_context.catalog.events.values() if one.source == event.source]
    name = kinds[0].secret if kinds else "events/?"
    call = app_context.shared_secrets.verify(name, headers, raw, app_context.clock)
    if event.binary and call != f"{event.type}/{event.id}":
        # the signature covers id, time and body: in binary mode nothing else binds the attributes
        raise BadSignature(f"用 HTTP 头传属性时，{ID} 须是“类型/编号”（ce-type/ce-id）。")
    kind = next((one for one in kinds if one.type == event.type), None)
    if kind is None:
        raise InvalidInput([_unknown(app_context, event, bool(kinds))])
    data = _data(kind, event)
    _check(app_context, kind, event, data)
    digest = app_context.index.mac("event", orjson.dumps([event.type, data], option=orjson.OPT_SORT_KEYS).decode())
    now = app_context.clock.now()
    id_ = secrets.token_hex(12)
    new = Arrived(
        id=id_,
        source=event.source,
        event_id=event.id,
        event=kind.code,
        system=kind.system,
        bundle=kind.bundle,
        region=app_context.seat_of(str(data.get(kind.region or "") or app_context.region), kind.bundle),
        confirm=kind.confirm if _applicant(kind, data) else ("counter",),
        identity_index=_index(app_context, kind, data),
        digest=digest,
        received_at=now,
        expires_at=now + timedelta(days=kind.keep_days),
        body=app_context.sealer.seal_json(data, context=context(id_)),
    )
    async with app_context.database.transaction(sender(kind.system)) as tx:
        await prefills.add(tx, new)
        tx.on_commit(lambda: app_context.feed.inbox_changed(new.region))
        known = await prefills.known(tx, event.source, event.id)
    if known is None or known.digest != digest:
        raise OneThingError(
            FailureCode.IDEMPOTENCY_KEY_REUSED, "同一来源的这个事件编号已用于另一内容：请为新的事件换一个 id。"
        )
    told = Received(
        prefill=known.id,
        source=event.source,
        id=event.id,
        type=event.type,
        bundle=known.bundle,
        received_at=known.received_at,
    )
    return answer(told, 202)


def context(id_: str) -> str:
    return f"prefill/{id_}"


def application_of(app_context: AppContext, kind: EventDefinition, data: Mapping[str, Any]) -> dict[str, Any]:
    """The parts of an application that the event gives, in their one form: answers, form and, if it names one,
    applicant."""
    fields = app_context.applications.definition(kind.bundle).form
    parts: dict[str, Any] = {
        "answers": {**kind.given, **_taken(kind.answers, data)},
        "form": normal_form(fields, _taken(kind.form, data)),
    }
    applicant = _applicant(kind, data)
    return {**parts, "applicant": applicant} if applicant else parts


def origin_of(context: AppContext, kind: EventDefinition, prefill: prefills.Prefill, data: Mapping[str, Any]) -> Origin:
    labels = {member.id: member.label for member in kind.fields}
    places = {f"/form/{name}": member for name, member in kind.form.items()}
    places |= {f"/answers/{name}": member for name, member in kind.answers.items()}
    if kind.applicant is not None and _applicant(kind, data):
        named = kind.applicant.model_dump(exclude_none=True)
        places |= {f"/applicant/{part}": member for part, member in named.items()}
    parts = application_of(context, kind, data)
    values = {at: Given(label=labels[name], value=value_at(parts, at)) for at, name in places.items() if name in data}
    values |= {f"/answers/{name}": Given(label=kind.name, value=value) for name, value in kind.given.items()}
    return Origin(
        name=kind.name,
        department=context.department(kind.department),
        source=prefill.source,
        event_id=prefill.event_id,
        at=prefill.received_at,
        values=values,
    )


def _taken(mapping: Mapping[str, str], data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: data[member] for name, member in mapping.items() if member in data}


def _applicant(kind: EventDefinition, data: Mapping[str, Any]) -> dict[str, Any] | None:
    if kind.applicant is None or not (data.get(kind.applicant.name) and data.get(kind.applicant.id_number)):
        return None
    named = normal_form(_APPLICANT, _taken(kind.applicant.model_dump(exclude_none=True), data))
    paper = paper_in(named["id_number"])
    if paper is None:
        return None
    return {"type": "person", **named, "id_type": paper[0].value, "id_number": paper[1]}


def _index(context: AppContext, kind: EventDefinition, data: Mapping[str, Any]) -> bytes | None:
    applicant = _applicant(kind, data)
    return context.index.of_identity(IdType(applicant["id_type"]), applicant["id_number"]) if applicant else None


def _data(kind: EventDefinition, event: CloudEvent) -> dict[str, Any]:
    """What the definition names, and nothing else; null is the same as absent."""
    if not isinstance(event.data, dict):
        raise InvalidInput([FieldProblem("" if event.binary else "/data", FailureCode.INVALID_VALUE, "须是对象。")])
    return {one.id: event.data[one.id] for one in kind.fields if event.data.get(one.id) not in (None, "")}


def _check(context: AppContext, kind: EventDefinition, event: CloudEvent, data: Mapping[str, Any]) -> None:
    require_valid(_first_at_each(_problems(context, kind, event, data)))


def _first_at_each(problems: Iterable[FieldProblem]) -> Iterator[FieldProblem]:
    """One member may be used in several places."""
    told: set[str] = set()
    for problem in problems:
        if problem.pointer not in told:
            told.add(problem.pointer)
            yield problem


def _problems(
    context: AppContext, kind: EventDefinition, event: CloudEvent, data: Mapping[str, Any]
) -> Iterator[FieldProblem]:
    definition = context.applications.definition(kind.bundle)
    fields = {one.id: one for one in definition.form}
    labels = {one.id: one.label for one in kind.fields}
    at = event.at("").rstrip("/")

    def check(field: FormField, member: str) -> Iterator[FieldProblem]:
        asked = field.model_copy(update={"id": member, "label": labels[member], "required": False})
        yield from check_form((asked,), {member: data.get(member)}, at, today=context.today())

    for one in kind.fields:
        if one.required and one.id not in data:
            yield FieldProblem(event.at(one.id), FailureCode.MISSING_VALUE, f"缺少“{one.label}”。")
    for name, member in kind.form.items():
        yield from check(fields[name], member)
    if kind.applicant is not None:
        for field in _APPLICANT:
            member = getattr(kind.applicant, field.id)
            if member is not None:
                yield from check(field, member)
    region = data.get(kind.region) if kind.region is not None else None
    if kind.region is not None and region is not None:
        unserved = context.region_problem(region, event.at(kind.region)) if isinstance(region, str) else None
        if not (isinstance(region, str) and _REGION.fullmatch(region)):
            yield FieldProblem(event.at(kind.region), FailureCode.INVALID_VALUE, "须是六位行政区划代码。")
        elif unserved is not None:
            yield unserved
    answers = {**kind.given, **_taken(kind.answers, data)}
    for problem in check_answers(definition, answers):
        member_of = kind.answers.get(problem.pointer.removeprefix("/answers/"))
        if member_of is not None and problem.code is FailureCode.INVALID_VALUE:
            yield FieldProblem(event.at(member_of), problem.code, problem.detail)


def _unknown(context: AppContext, event: CloudEvent, source_known: bool) -> FieldProblem:
    if source_known:
        known = "、".join(one.type for one in context.catalog.events.values() if one.source == event.source)
        return FieldProblem("/type", FailureCode.INVALID_VALUE, f"没有登记这一类事件，该来源已登记：{known}。")
    known = "、".join(sorted({one.source for one in context.catalog.events.values()})) or "无"
    return FieldProblem("/source", FailureCode.INVALID_VALUE, f"没有登记这个来源，已登记：{known}。")
