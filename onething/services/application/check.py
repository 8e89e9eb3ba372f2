"""Judging a whole application against its bundle: everything that is wrong is told at once."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import TypeVar

import orjson
from cachetools import LRUCache

from definitions.answers import check_answers
from definitions.compile import applicable_form, compile_plan
from definitions.consistency import Filled, check_application
from definitions.loader import Catalog
from onething.domain import characters
from onething.domain.definition.bundle import BundleDefinition
from onething.domain.definition.form_fields import AskedField, FormField, FormFieldType
from onething.domain.definition.questions import Answers
from onething.domain.documents import CHANNEL_NAMES
from onething.domain.errors import FailureCode, FieldProblem, InvalidInput, require_valid
from onething.domain.form import field_values
from onething.domain.form.field_values import WrongValue
from onething.domain.form.form import check_form, normal_form
from onething.domain.identity import IdType, compact, lengthened
from onething.domain.items.rules import undeferrable_materials
from onething.domain.plan.plan import Plan
from onething.domain.principal import Principal, Role
from onething.services.application.base import choices
from onething.services.application.papers import paper_problems
from onething.services.application.schemas import Application, DeliveryChoice, Party

Sent = TypeVar("Sent", bound=Application)

_MISSING = frozenset({FailureCode.MISSING_VALUE, FailureCode.MISSING_MATERIAL})
_KEPT = 500  # compiled (bundle, answers) pairs; a plan is a few KB

_CHANNELS = {
    Role.CITIZEN: ("online", "phone"),
    Role.AGENT: ("agent", "online", "phone"),
    Role.COUNTER: ("counter", "online"),
}


@dataclass(frozen=True)
class Compiled:
    """What a bundle and answers come to. `form` are the fields that apply."""

    definition: BundleDefinition
    plan: Plan
    form: tuple[AskedField, ...]


class Applications:
    """Compiles and judges; keeps what it compiled, since most applicants answer alike."""

    def __init__(self, catalog: Catalog, *, trial: bool = True) -> None:
        """`trial`: what is not published may be tried out."""
        self._catalog = catalog
        self._trial = trial
        self._compiled: LRUCache[tuple[str, bytes], Compiled] = LRUCache(_KEPT)

    def definition(self, ref: str, region: str | None = None) -> BundleDefinition:
        """By `code` (latest version), `code@version` or `code@version.region`; in that division as it is there. Raises
        InvalidInput with the pointer `/bundle`."""
        definition = self._catalog.at(ref, region)
        if definition is None:
            offered = "、".join(self._catalog.latest)
            detail = f"没有这个一件事，现有：{offered}。"
            raise InvalidInput([FieldProblem("/bundle", FailureCode.UNKNOWN_BUNDLE, detail)])
        return definition

    def begun(self, application: Sent, region: str) -> Sent:
        """As `placed`, by who applies. Raises InvalidInput for what does not hold there."""
        placed = self.placed(application, region)
        self.require_published(self.definition(placed.bundle), region)
        return placed

    def is_published(self, definition: BundleDefinition) -> bool:
        return self._trial or definition.ref in self._catalog.published

    def require_published(self, definition: BundleDefinition, region: str) -> None:
        """Only what a place's departments have answered for holds for people (definitions/published.lock). What was
        applied for before goes on. Raises InvalidInput."""
        if not self.is_published(definition):
            command = f"onething definitions publish {definition.code} --place {definition.place or region}"
            detail = f"“{definition.name}”在 {region} 还没有公布，不能申请。公布：{command}"
            raise InvalidInput([FieldProblem("/bundle", FailureCode.UNKNOWN_BUNDLE, detail)])

    def compiled(self, definition: BundleDefinition, answers: Answers) -> Compiled:
        """Raises InvalidInput with everything wrong with the answers."""
        key = (definition.ref, orjson.dumps(answers, option=orjson.OPT_SORT_KEYS))
        found = self._compiled.get(key)
        if found is None:
            plan = compile_plan(definition, self._catalog.sources, answers)
            found = self._compiled[key] = Compiled(definition, plan, applicable_form(definition, answers))
        return found

    def placed(self, application: Sent, region: str) -> Sent:
        """By the rules of the division that handles it. Raises InvalidInput for an unknown bundle."""
        return application.model_copy(update={"bundle": self.definition(application.bundle, region).ref})

    def normal(self, application: Sent) -> Sent:
        """With every value in its one form, which is what is judged, compared, stored and signed. Raises InvalidInput
        for an unknown bundle."""
        fields = self.definition(application.bundle).form
        changes = {
            "form": normal_form(fields, application.form),
            "applicant": _normal_party(application.applicant),
            "agent": _normal_party(application.agent) if application.agent else None,
            "delivery": normal_delivery(application.delivery) if application.delivery else None,
        }
        return application.model_copy(update=changes)

    def judge(
        self,
        application: Application,
        in_hand: Collection[str],
        reusable: Collection[str] = frozenset(),
        *,
        complete: bool = True,
        today: date,
        incomplete: bool = False,
    ) -> Compiled:
        """The compiled application, or InvalidInput. `in_hand`: codes of materials that came, papers and files;
        `reusable`: of what is to be used again, that of which there is an earlier file. `complete` False: what is
        missing of materials may still come. `incomplete`: what is missing, of the form too, is no reason: nobody is
        kept from applying by a form, missing parts are told in writing (行政许可法 Art. 32)."""
        compiled, problems = self.examined(
            application, in_hand, reusable, complete=complete, today=today, incomplete=incomplete
        )
        if compiled is None:
            raise InvalidInput(problems)
        require_valid(problems)
        return compiled

    def examined(
        self,
        application: Application,
        in_hand: Collection[str],
        reusable: Collection[str] = frozenset(),
        *,
        complete: bool = True,
        today: date,
        incomplete: bool = False,
    ) -> tuple[Compiled | None, Iterator[FieldProblem]]:
        """As `judge`, with whatever is wrong, looked for as it is asked for. None for the compiled one: which fields
        and materials apply is not known while the answers are wrong. Raises InvalidInput for an unknown bundle."""
        definition = self.definition(application.bundle)
        problems = chain(
            _party_problems(application.applicant, "/applicant", today),
            _party_problems(application.agent, "/agent", today) if application.agent else (),
            delivery_problems(definition, application.delivery),
        )
        wrong_answers = check_answers(definition, application.answers)
        if wrong_answers:
            return None, chain(wrong_answers, problems)
        compiled = self.compiled(definition, application.answers)
        of_content = chain(
            check_form(compiled.form, application.form, today=today, others=_labels(definition)),
            check_application(definition, Filled(application.answers, compiled.form, application.form), today),
            _material_problems(compiled.plan, application, in_hand),
            _missing_problems(compiled.plan, application, in_hand) if complete else (),
        )
        wrong = (one for one in of_content if not (incomplete and one.code in _MISSING))
        return compiled, chain(problems, wrong, _reuse_problems(compiled, application, in_hand, reusable))


def channel_of(principal: Principal, requested: str | None) -> str:
    """The channel of a new case: by whom it comes in. Raises InvalidInput for one that the caller is not."""
    channels = _CHANNELS[principal.role]
    if requested is None:
        return channels[0]
    if requested not in channels:
        detail = f"您的身份只能使用：{'、'.join(channels)}。"
        raise InvalidInput([FieldProblem("/channel", FailureCode.INVALID_VALUE, detail)])
    return requested


def check_number(
    id_type: IdType, id_number: str, at: str = "/id_number", today: date | None = None
) -> Iterator[FieldProblem]:
    """What is wrong with a number that stands by itself; `today`: of somebody who has been born. The 15 digits of
    before stand for the 18 that took their place."""
    if characters.is_blank(id_number):
        yield FieldProblem(at, FailureCode.MISSING_VALUE, "请填写证件号码。")
        return
    longer = lengthened(compact(id_number)) if id_type is IdType.RESIDENT_ID else id_number
    try:
        field_values.number_of(id_type, longer, today)
    except WrongValue as wrong:
        other = "；其他证件请写明种类（id_type）" if id_type is IdType.RESIDENT_ID else ""
        detail = f"“证件号码”{wrong.detail.removesuffix('。')}{other}。"
        yield FieldProblem(at, FailureCode.INVALID_VALUE, detail)


def _labels(definition: BundleDefinition) -> dict[str, str]:
    return {field.id: field.label for field in definition.form}


_PHONE = FormField(id="phone", label="联系电话", type=FormFieldType.PHONE, required=False)
_ADDRESS = FormField(id="address", label="收件地址", type=FormFieldType.ADDRESS, required=False)


def name_field(party_type: str) -> FormField:
    """Of a person or an enterprise."""
    name = FormFieldType.PERSON_NAME if party_type == "person" else FormFieldType.TEXT
    return FormField(id="name", label="姓名或名称", type=name)


def _fields_of(party: Party) -> tuple[FormField, ...]:
    return name_field(party.type), _PHONE


def _normal_party(party: Party) -> Party:
    values = normal_form(_fields_of(party), {"name": party.name, "phone": party.phone})
    try:
        number = field_values.number_of(party.id_type, party.id_number)
    except WrongValue:
        number = party.id_number
    changes = {"name": values.get("name", ""), "phone": values.get("phone"), "id_number": number}
    return party.model_copy(update=changes)


def normal_delivery(delivery: DeliveryChoice) -> DeliveryChoice:
    address = normal_form((_ADDRESS,), {"address": delivery.address}).get("address")
    return delivery.model_copy(update={"address": address})


def _party_problems(party: Party, at: str, today: date) -> Iterator[FieldProblem]:
    yield from check_form(_fields_of(party), {"name": party.name, "phone": party.phone}, at, today=today)
    if characters.is_blank(party.id_number):
        yield FieldProblem(f"{at}/id_number", FailureCode.MISSING_VALUE, "请填写“证件号码”。")
        return
    try:
        field_values.number_of(party.id_type, party.id_number, today)
    except WrongValue as wrong:
        yield FieldProblem(f"{at}/id_number", FailureCode.INVALID_VALUE, f"“证件号码”{wrong.detail}")


def delivery_problems(
    definition: BundleDefinition, delivery: DeliveryChoice | None, at: str = "/delivery"
) -> Iterator[FieldProblem]:
    """The applicant chooses how letters reach them, and nobody is served electronically who has not chosen it."""
    ways = "、".join(f"{way}（{CHANNEL_NAMES[way]}）" for way in definition.delivery)
    if delivery is None:
        yield FieldProblem(f"{at}/method", FailureCode.MISSING_VALUE, f"请选择送达方式：{ways}。")
        return
    if delivery.method not in definition.delivery:
        yield FieldProblem(f"{at}/method", FailureCode.INVALID_VALUE, f"请从以下送达方式中选择：{ways}。")
    if delivery.method == "post" and delivery.address is None:
        yield FieldProblem(f"{at}/address", FailureCode.MISSING_VALUE, "邮寄送达请填写收件地址。")


def _material_problems(plan: Plan, application: Application, in_hand: Collection[str]) -> Iterator[FieldProblem]:
    seen: set[str] = set()
    for index, paper in enumerate(application.materials):
        yield from paper_problems(plan, paper.code, index)
        if paper.code in seen:
            yield FieldProblem(f"/materials/{index}/code", FailureCode.INVALID_VALUE, "同一材料只写一次。")
        seen.add(paper.code)
    seen.update(application.reuse)  # one that can't be used again is told as that, and not as missing too
    yield from _commitment_problems(plan, application, {*in_hand, *seen})


def _missing_problems(plan: Plan, application: Application, in_hand: Collection[str]) -> Iterator[FieldProblem]:
    brought = (paper.code for paper in application.materials)
    there = {*in_hand, *brought, *application.reuse, *application.commitments}
    for code in undeferrable_materials(plan):
        if code not in there:
            name = plan.material_by_code[code].name
            detail = f"缺少材料“{name}”（{code}），请交来纸质件或上传文件。"
            yield FieldProblem("/materials", FailureCode.MISSING_MATERIAL, detail)


def _commitment_problems(plan: Plan, application: Application, there: Collection[str]) -> Iterator[FieldProblem]:
    for index, code in enumerate(application.commitments):
        material = plan.material_by_code.get(code)
        if material is None or material.commitment is None:
            offered = {one.code: one.name for one in plan.materials if one.commitment is not None}
            detail = f"材料“{code}”不能以承诺代替，请交来材料或删去。{choices(offered)}"
            yield FieldProblem(f"/commitments/{index}", FailureCode.UNKNOWN_MATERIAL, detail)
        elif code in there:
            detail = f"“{material.name}”已经提交，不需要承诺，请删去。"
            yield FieldProblem(f"/commitments/{index}", FailureCode.INVALID_VALUE, detail)


def _reuse_problems(
    compiled: Compiled, application: Application, in_hand: Collection[str], reusable: Collection[str]
) -> Iterator[FieldProblem]:
    rules = {material.code: material.reusable_days for material in compiled.definition.materials}
    asked = {*in_hand, *(paper.code for paper in application.materials), *application.commitments}
    for index, code in enumerate(application.reuse):
        material = compiled.plan.material_by_code.get(code)
        pointer = f"/reuse/{index}"
        if material is None or rules[code] is None:
            offered = {one.code: one.name for one in compiled.plan.materials if rules[one.code] is not None}
            detail = f"材料“{code}”不能沿用以前办件的，请交来材料或删去。{choices(offered)}"
            yield FieldProblem(pointer, FailureCode.UNKNOWN_MATERIAL, detail)
        elif code in asked or code in application.reuse[:index]:
            detail = f"“{material.name}”已经提交、承诺或写过，不需要沿用，请删去。"
            yield FieldProblem(pointer, FailureCode.INVALID_VALUE, detail)
        elif code not in reusable:
            detail = f"没有找到您 {rules[code]} 天内在其他办件中提交的“{material.name}”，请上传文件或交来纸质件。"
            yield FieldProblem(pointer, FailureCode.MISSING_MATERIAL, detail)
