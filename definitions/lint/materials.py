"""Each material is got in a way that there is, some item looks at it, and it comes later only where that makes
sense."""

import re

from definitions.lint.checked import LintContext
from definitions.reading import Trail
from onething.domain.calendar.limits import Limit
from onething.domain.definition.form_fields import FormFieldType
from onething.domain.definition.items import Item, ItemCommitment, Nature, OutputKind
from onething.domain.definition.materials import FallbackKind, LookUpRule, Material
from onething.domain.definition.source import SourceDefinition, SourceEffect
from onething.domain.definition.time_rules import DueAt
from onething.domain.form.look_up_params import field_of, is_kind
from onething.domain.lookups.disclosure import is_identity_number
from onething.domain.plan.plan import key_of


def check(checked: LintContext) -> None:
    for number, item in enumerate(checked.definition.items):
        _may_something_wait(checked, item, ("items", number))
        if item.commitment is not None:
            _decided_on_a_promise(checked, item, item.commitment, ("items", number, "commitment"))
    for material in checked.definition.materials:
        trail = checked.place_of_material[material.code]
        if not any(material.code in item.materials for item in checked.definition.items):
            checked.say(trail, f"没有事项看材料“{material.code}”。", "在要看它的事项的 materials 里写上它，或删去。")
        if material.brought:
            _says_which(checked, material, trail)
        if material.lookup is not None:
            _look_up(checked, material, material.lookup, trail)
        if material.output is not None and material.output not in checked.outputs:
            checked.unknown((*trail, "output"), "事项结果", material.output, checked.outputs)
        if material.licence is not None:
            _licence(checked, material, (*trail, "licence"))
        for word in ("due", "commitment"):
            if getattr(material, word) is not None:
                _waited_for(checked, material, (*trail, word))
        if material.due is not None and material.due.at is DueAt.ISSUE:
            _for_a_certificate(checked, material, (*trail, "due"))
        if material.due is not None and material.due.at in _LATER and material.commitment is not None:
            what = f"“{material.code}”作出决定以后才交，不能以承诺代替。"
            checked.say((*trail, "due"), what, "删去 commitment 或 due。")
        if material.due is not None and material.due.before_promise_days is not None:
            _leaves_time(checked, material, material.due.before_promise_days, (*trail, "due"))


_CATCH_ALL = re.compile("其他|其它|有关材料|相关材料|有关证明|相关证明|等材料|等证明|必要材料|需要的材料|要求的材料")
"""What asks for anything. 行政许可法 Art. 30: all that is to be brought stands in a list that is public."""


def _says_which(checked: LintContext, material: Material, trail: Trail) -> None:
    for at, name in (
        ((*trail, "name"), material.name),
        *(((*trail, "one_of", n), one) for n, one in enumerate(material.one_of)),
    ):
        if _CATCH_ALL.search(name):
            what = f"“{name}”没有说明是哪一份材料，申请人不知道交什么。"
            checked.say(at, what, "写出材料的名称；几种都可以的，逐一写在 one_of 里。")
    for other in checked.definition.materials:
        if not other.brought and other.name == material.name and other.fallback_material != material.code:
            what = f"“{material.name}”已由系统取得（{other.code}），不再向申请人要。"
            checked.say(trail, what, f"删去，或写作 {other.code} 的 fallback；不是同一份的，改名称。")


def _look_up(checked: LintContext, material: Material, lookup: LookUpRule, trail: Trail) -> None:
    source = checked.catalog.sources.get(lookup.source)
    if source is None:
        checked.unknown((*trail, "lookup", "source"), "数据源", lookup.source, checked.catalog.sources)
    else:
        known = {param.id: param for param in source.params}
        for name in lookup.params:
            if name not in known:
                checked.unknown((*trail, "lookup", "params", name), "查询参数", name, known)
        for name, param in known.items():
            if param.required and name not in lookup.params:
                what = f"数据源“{source.code}”需要参数“{name}”。"
                checked.say((*trail, "lookup", "params"), what, f"补上 {name}: <表单字段>。")
        for name, value in lookup.params.items():
            # by this it is told whose record it is: a look-up without personal parameters is anybody's to read
            if name in known and not known[name].personal and is_identity_number(checked.form.get(field_of(value))):
                what = f"参数“{name}”取自证件号码“{value}”，数据源“{source.code}”却没有写明它是个人信息。"
                checked.say(
                    (*trail, "lookup", "params", name), what, f"在数据源的 params 中给 {name} 写 personal: true。"
                )
    for name, value in lookup.params.items():
        _param(checked, value, (*trail, "lookup", "params", name))
    _fallback(checked, material, source, (*trail, "fallback"))


def _fallback(checked: LintContext, record: Material, source: SourceDefinition | None, trail: Trail) -> None:
    code = record.fallback_material
    at = trail if isinstance(record.fallback, str) else (*trail, "material")
    if code is not None:
        material = checked.materials.get(code)
        if material is None:
            checked.unknown(at, "材料", code, checked.materials)
        elif not material.brought:
            what = f"替代材料“{code}”不是由申请人提供的。"
            checked.say(at, what, "替代材料须由申请人提交：不写 lookup 和 output。")
        elif record.fallback_kind is FallbackKind.COMMITMENT and material.commitment is None:
            what = f"材料“{code}”没有写明可以承诺。"
            checked.say(at, what, "给该材料补上 commitment，或直接写材料代码。")
        for index, item in enumerate(checked.definition.items):
            if record.code in item.materials and code not in item.materials:
                what = f"事项“{item.code}”看“{record.code}”，却不看它的替代材料“{code}”。"
                checked.say(("items", index, "materials"), what, f"写上 {code}：调取不到时，它代替记录。")
        _read_with_its_record(checked, record, code)
    if source is None:
        return
    if record.fallback_kind is FallbackKind.MANUAL_CHECK and source.effect is SourceEffect.RELEASABLE:
        what = f"数据源“{source.code}”会占用（effect: releasable），人工核查代替不了。"
        checked.say(trail, what, "改用材料、commitment 或 wait：人工占用的，系统无法释放。")


def _read_with_its_record(checked: LintContext, record: Material, code: str) -> None:
    """Who looks at the paper alone would never wait for it, nor see the record that makes it needless."""
    standing_for = {one.code for one in checked.definition.lookups if one.fallback_material == code}
    for index, item in enumerate(checked.definition.items):
        if code in item.materials and not standing_for.intersection(item.materials):
            what = f"事项“{item.code}”看替代材料“{code}”，却不看它代替的“{record.code}”。"
            checked.say(("items", index, "materials"), what, f"写上 {record.code}，或不看 {code}。")


def _licence(checked: LintContext, material: Material, trail: Trail) -> None:
    """The kind of licence is issued by some version of that 一件事; and what is compared comes from its source."""
    bundle, item, output = str(material.licence).split(".")
    known = {
        f"{one.code}.{step.code}.{made.id}"
        for one in (*checked.catalog.bundles.values(), checked.definition)
        for step in one.items
        for made in step.outputs
        if made.kind is OutputKind.CERTIFICATE
    }
    if f"{bundle}.{item}.{output}" not in known:
        checked.unknown(trail, "证照", str(material.licence), known)
    if any(key_of(value) == material.code for one in checked.definition.compare for value in one.values):
        what = f"“{material.name}”的数据要与其他来源比对。"
        checked.say(trail, what, "要比对的数据只从数据源调取：删去 licence，或不比对它。")


def _param(checked: LintContext, value: str, trail: Trail) -> None:
    kind, _, question = value.rpartition(".")
    if kind == "answers":
        questions = {one.id for one in checked.definition.questions}
        if question not in questions:
            checked.unknown(trail, "问题", question, questions)
        return
    field = checked.form.get(field_of(value))
    if field is None:
        checked.unknown(trail, "表单字段", value, checked.form)
    elif field.type is not FormFieldType.IDENTITY and is_kind(value):
        checked.say(trail, f"“{field.id}”不是证件字段，没有“{value}”。", f"写 {field.id}。")
    elif field.type is FormFieldType.LIST:
        checked.say(trail, f"查询参数不能取自列表“{value}”。", "改用单个字段。")


def _waited_for(checked: LintContext, material: Material, trail: Trail) -> None:
    """What may come later, or be promised instead, is otherwise asked for at once."""
    asked = material.brought and material.code not in checked.fallbacks
    promised = trail[-1] == "commitment" and material.code in checked.promised_instead
    if not (asked and material.required) and not promised:
        what = f"材料“{material.code}”不是申请时必交的材料，不能以后交或承诺。"
        checked.say(trail, what, f"删去 {trail[-1]}。")


def _decided_on_a_promise(checked: LintContext, item: Item, promise: ItemCommitment, trail: Trail) -> None:
    """The item looks at the statement, which the applicant makes before it is accepted; and who looks afterwards."""
    statement, at = checked.materials.get(promise.statement), (*trail, "statement")
    if promise.check.how == "draw":
        what = "抽查（draw）须从名录中随机抽取检查对象和人员，系统还不能抽取。"
        checked.say((*trail, "check", "how"), what, "写 all：对作出承诺的逐一核查。")
    if statement is None:
        checked.unknown(at, "材料", promise.statement, checked.materials)
        return
    code = statement.code
    if code not in item.materials:
        checked.say(at, f"事项“{item.code}”不看承诺书“{code}”。", f"在它的 materials 里写上 {code}。")
    if not (statement.brought and statement.required) or code in checked.fallbacks or statement.due is not None:
        what = f"承诺书“{code}”不是申请时必交的材料，没有承诺就会作出决定。"
        checked.say(at, what, "承诺书由申请人提交：不写 lookup、output、due 和 required: false，也不作替代材料。")
    if statement.commitment is not None:
        what = f"“{code}”是承诺书，怎样核查写在事项“{item.code}”的 commitment 里。"
        checked.say((*checked.place_of_material[code], "commitment"), what, "删去材料的 commitment。")
    others = [one.code for one in checked.definition.items if one.commitment and one.commitment.statement == code]
    if others[0] != item.code:
        what = f"“{code}”已经是事项“{others[0]}”的承诺书。"
        checked.say(at, what, "一个事项一份承诺书：另写一份材料。")


_BY_THEN = frozenset({DueAt.ACCEPTANCE, DueAt.BEFORE_DECISION})
_LATER = frozenset(DueAt) - _BY_THEN


def _may_something_wait(checked: LintContext, item: Item, trail: Trail) -> None:
    """容缺: of what a licence takes, something may come later, or it is said why nothing may."""
    asked = [one for one in checked.definition.materials if one.code in item.materials and one.brought and one.required]
    asked = [one for one in asked if one.code not in checked.fallbacks and (one.due is None or one.due.at in _BY_THEN)]
    waits = [one for one in asked if one.due is not None and one.due.at is DueAt.BEFORE_DECISION]
    if waits and item.deferral is not None:
        what = f"“{waits[0].code}”可以容缺，事项“{item.code}”却写了不能容缺的理由。"
        checked.say((*trail, "deferral"), what, "删去 deferral，或这份材料的 due。")
    elif item.nature is Nature.LICENCE and asked and not waits and item.deferral is None:
        what = f"事项“{item.code}”是行政许可，没有一份材料可以容缺，也没有说明为什么。"
        remedy = "在次要的一份材料上写 due: {at: before_decision, …}，或在事项里写 deferral: {none: 理由}。"
        checked.say(trail, what, remedy)


def _for_a_certificate(checked: LintContext, material: Material, trail: Trail) -> None:
    """What is handed in as a certificate is collected: there is one, and nothing takes its place."""
    for item in checked.definition.items:
        if material.code in item.materials and not any(one.kind is OutputKind.CERTIFICATE for one in item.outputs):
            what = f"事项“{item.code}”不颁发证照，“{material.code}”没有领取的时候可交。"
            checked.say(trail, what, "改写别的时候（due.at），或不由该事项看它。")


def _leaves_time(checked: LintContext, material: Material, days: int, trail: Trail) -> None:
    """A promise that waits for it leaves the applicant a working day at least."""
    for item in checked.definition.items:
        too_short = item.promised.weight <= Limit(amount=days).weight
        if material.code in item.materials and too_short:
            what = f"事项“{item.code}”的承诺时限不长于 {days} 个工作日，容缺的“{material.code}”来不及补交。"
            checked.say(trail, what, "减小 before_promise_days，或删去 due。")
