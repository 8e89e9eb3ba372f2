"""Everything that is named exists, and both sides of a relation say the same."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from definitions.lint.checked import LintContext
from definitions.reading import Trail
from onething.domain.calendar.limits import Limit
from onething.domain.definition.bundle import DataNeed, Defer, FormFieldType, Item, Material, MaterialSource, OutputKind
from onething.domain.definition.fallbacks import FallbackKind
from onething.domain.definition.source import SourceDefinition, SourceEffect
from onething.domain.form.look_up_params import field_of, is_kind
from onething.domain.lookups.disclosure import is_identity_number
from onething.domain.plan.plan import key_of

_COMPARED = {
    *(FormFieldType.TEXT, FormFieldType.PERSON_NAME, FormFieldType.ADDRESS, FormFieldType.DATE),
    *(FormFieldType.IDENTITY, FormFieldType.RESIDENT_ID, FormFieldType.USCC),
}
_FROM_DATA = {MaterialSource.DATA_SHARING, MaterialSource.E_LICENCE}


def check(checked: LintContext) -> None:
    definition = checked.definition
    if definition.calendar not in checked.catalog.calendars:
        _unknown(checked, ("calendar",), "日历", definition.calendar, checked.catalog.calendars)
    _departments(checked)
    for index, need in enumerate(definition.data):
        _data(checked, need, ("data", index))
    _compared(checked)
    for index, material in enumerate(definition.materials):
        _material(checked, material, ("materials", index))
    _reporter(checked)
    _told_apart(checked)
    for index, item in enumerate(definition.items):
        _item(checked, item, ("items", index))
    for index, field in enumerate(definition.form):
        for number, code in enumerate(field.used_by):
            if code not in checked.items:
                _unknown(checked, ("form", index, "used_by", number), "事项", code, checked.items)


def _departments(checked: LintContext) -> None:
    definition = checked.definition
    used = {item.department for item in definition.items}
    for index, code in enumerate(definition.departments):
        if code not in checked.catalog.departments:
            _unknown(checked, ("departments", index), "部门", code, checked.catalog.departments)
        elif code not in used:
            checked.say(("departments", index), f"部门“{code}”没有任何事项。", "删去该部门，或补上它的事项。")
    for index, item in enumerate(definition.items):
        if item.department not in definition.departments:
            what = f"事项“{item.code}”的部门“{item.department}”不在 departments 中。"
            checked.say(("items", index, "department"), what, "把它加进 departments，或改正部门代码。")


def _told_apart(checked: LintContext) -> None:
    """By what always has one value, written in one way."""
    for index, name in enumerate(checked.definition.told_apart_by):
        field, trail = checked.form.get(name), ("told_apart_by", index)
        if field is None:
            _unknown(checked, trail, "表单字段", name, checked.form)
        elif field.when is not None or not field.required or field.type not in _COMPARED:
            what = f"按“{name}”认不出重复：它可能没有填写，或者一样的内容有多种写法。"
            checked.say(trail, what, "写一定要填的姓名、名称、地址、日期、证件号码字段。")


def _reporter(checked: LintContext) -> None:
    """Whom a report is about is always said, and kinship is shown by a paper that the applicant has."""
    rule = checked.definition.reporter
    if rule is None:
        return
    for name, value in (("name", rule.about.name), ("identity", rule.about.identity)):
        field, trail = checked.form.get(value), ("reporter", "about", name)
        if field is None:
            _unknown(checked, trail, "表单字段", value, checked.form)
        elif field.when is not None or not field.required or field.used_by:
            what = f"“{value}”有可能没有填写，证照就不知道发给谁。"
            checked.say(trail, what, f"字段 {value} 不写 when、used_by 和 required: false。")
        elif (name == "identity") != is_identity_number(field):
            checked.say(trail, f"“{value}”的类型不对。", "name 写姓名，identity 写个人的证件号码。")
    if rule.until_shown is None:
        return
    shown = checked.materials.get(rule.until_shown)
    if shown is None:
        _unknown(checked, ("reporter", "until_shown"), "材料", rule.until_shown, checked.materials)
    elif shown.source is not MaterialSource.APPLICANT:
        what = f"“{rule.until_shown}”不由申请人提供，窗口收不到。"
        checked.say(("reporter", "until_shown"), what, "写 source 为 applicant 的材料。")


def _ends_person(checked: LintContext, item: Item, trail: Trail) -> None:
    """Whoever applies for the item always says who that is."""
    if item.ends_person is None:
        return
    field = checked.form.get(item.ends_person)
    if field is None:
        _unknown(checked, trail, "表单字段", item.ends_person, checked.form)
    elif not is_identity_number(field):
        what = f"“{field.id}”不是个人的证件号码，说不出谁的户口注销。"
        checked.say(trail, what, "写类型为 identity 或 resident_id 的字段。")
    elif field.when is not None or not field.required or (field.used_by and item.code not in field.used_by):
        what = f"“{field.id}”有可能没有填写，办成“{item.code}”时就不知道是谁。"
        checked.say(trail, what, f"字段 {field.id} 不写 when 和 required: false，used_by 不写或包括 {item.code}。")


def _data(checked: LintContext, need: DataNeed, trail: Trail) -> None:
    source = checked.catalog.sources.get(need.source)
    if source is None:
        _unknown(checked, (*trail, "source"), "数据源", need.source, checked.catalog.sources)
    else:
        known = {param.id: param for param in source.params}
        for name in need.params:
            if name not in known:
                _unknown(checked, (*trail, "params", name), "查询参数", name, known)
        for name, param in known.items():
            if param.required and name not in need.params:
                what = f"数据源“{source.code}”需要参数“{name}”。"
                checked.say((*trail, "params"), what, f"补上 {name}: <表单字段>。")
        for name, value in need.params.items():
            # by this it is told whose record it is: a look-up without personal parameters is anybody's to read
            if name in known and not known[name].personal and is_identity_number(checked.form.get(field_of(value))):
                what = f"参数“{name}”取自证件号码“{value}”，数据源“{source.code}”却没有写明它是个人信息。"
                checked.say((*trail, "params", name), what, f"在数据源的 params 中给 {name} 写 personal: true。")
    for name, value in need.params.items():
        _param(checked, value, (*trail, "params", name))
    _fallback(checked, need, source, (*trail, "fallback"))
    if not any(need.key in item.needs.data for item in checked.definition.items):
        checked.say(trail, f"没有事项使用数据“{need.key}”。", "在某个事项的 needs.data 中写上它，或删去。")


def _fallback(checked: LintContext, need: DataNeed, source: SourceDefinition | None, trail: Trail) -> None:
    code = need.fallback_material
    at = trail if isinstance(need.fallback, str) else (*trail, "material")
    if code is not None:
        material = checked.materials.get(code)
        if material is None:
            _unknown(checked, at, "材料", code, checked.materials)
        elif material.source is not MaterialSource.APPLICANT:
            what = f"替代材料“{code}”不是由申请人提供的。"
            checked.say(at, what, "替代材料的 source 须是 applicant。")
        elif need.fallback_kind is FallbackKind.COMMITMENT and material.commitment is None:
            what = f"材料“{code}”没有写明可以承诺。"
            checked.say(at, what, "给该材料补上 commitment，或直接写材料代码。")
    releasable = source is not None and source.effect is SourceEffect.RELEASABLE
    if need.fallback_kind is FallbackKind.MANUAL_CHECK and releasable:
        what = f"数据源“{need.source}”会占用（effect: releasable），人工核查代替不了。"
        checked.say(trail, what, "改用材料、commitment 或 wait：人工占用的，系统无法释放。")


def _compared(checked: LintContext) -> None:
    needs = {need.key: need for need in checked.definition.data}
    seen: set[str] = set()
    for index, comparison in enumerate(checked.definition.compare):
        trail: Trail = ("compare", index, "values")
        if not any(key_of(value) for value in comparison.values):
            what = f"“{comparison.code}”只比对申请人自己填写的内容。"
            checked.say(trail, what, "至少写一个调取的数据：data.<数据>.<字段>。")
        for number, value in enumerate(comparison.values):
            if value in seen:
                what = f"“{value}”已在前面比对过。"
                checked.say((*trail, number), what, "一个值只写在一处；要多方比对，把它们写在同一条里。")
            seen.add(value)
            _compared_value(checked, value, needs, (*trail, number))


def _compared_value(checked: LintContext, value: str, needs: Mapping[str, DataNeed], trail: Trail) -> None:
    kind, _, name = value.partition(".")
    if kind == "form":
        if name not in checked.form:
            _unknown(checked, trail, "表单字段", name, checked.form)
        elif checked.form[name].type not in _COMPARED:
            checked.say(
                trail, f"表单字段“{name}”不是一段文字，不能比对。", "改用文本、姓名、地址、证件号码或日期字段。"
            )
        return
    key = key_of(value)
    if key is None:
        return
    if key not in needs:
        _unknown(checked, trail, "数据", key, needs)
        return
    source = checked.catalog.sources.get(needs[key].source)
    known = {field.id for field in source.fields} if source else set()
    field = value.rpartition(".")[2]
    if source is not None and field not in known:
        _unknown(checked, trail, f"数据源“{source.code}”的字段", field, known)


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
        _unknown(checked, trail, "证照", str(material.licence), known)
    if any(key_of(value) == material.data for one in checked.definition.compare for value in one.values):
        what = f"“{material.name}”的数据要与其他来源比对。"
        checked.say(trail, what, "要比对的数据只从数据源调取：删去 licence，或不比对它。")


def _param(checked: LintContext, value: str, trail: Trail) -> None:
    kind, _, question = value.rpartition(".")
    if kind == "answers":
        questions = {one.id for one in checked.definition.questions}
        if question not in questions:
            _unknown(checked, trail, "问题", question, questions)
        return
    field = checked.form.get(field_of(value))
    if field is None:
        _unknown(checked, trail, "表单字段", value, checked.form)
    elif field.type is not FormFieldType.IDENTITY and is_kind(value):
        checked.say(trail, f"“{field.id}”不是证件字段，没有“{value}”。", f"写 {field.id}。")
    elif field.type is FormFieldType.LIST:
        checked.say(trail, f"查询参数不能取自列表“{value}”。", "改用单个字段。")


def _material(checked: LintContext, material: Material, trail: Trail) -> None:
    for number, code in enumerate(material.needed_by):
        item = checked.items.get(code)
        if item is None:
            _unknown(checked, (*trail, "needed_by", number), "事项", code, checked.items)
        elif material.data is not None and material.data not in item.needs.data:
            what = f"事项“{code}”要看“{material.code}”，却没有等待数据“{material.data}”。"
            checked.say((*trail, "needed_by", number), what, f"在该事项的 needs.data 中加上 {material.data}。")
        elif material.output is not None and material.output not in item.needs.outputs:
            what = f"事项“{code}”要看“{material.code}”，却没有等待“{material.output}”。"
            checked.say((*trail, "needed_by", number), what, f"在该事项的 needs.outputs 中加上 {material.output}。")
    for word in ("defer", "commitment"):
        if getattr(material, word) is not None:
            _waited_for(checked, material, (*trail, word))
    if material.defer is not None:
        _leaves_time(checked, material, material.defer, (*trail, "defer"))
    if (material.source in _FROM_DATA) != (material.data is not None):
        what = f"材料“{material.code}”的来源是 {material.source}，与 data 是否填写不符。"
        checked.say(trail, what, "data_sharing 和 e_licence 写 data，其他来源不写。")
    if (material.source is MaterialSource.ITEM_OUTPUT) != (material.output is not None):
        what = f"材料“{material.code}”的来源是 {material.source}，与 output 是否填写不符。"
        checked.say(trail, what, "item_output 写 output，其他来源不写。")
    keys = {need.key for need in checked.definition.data}
    if material.data is not None and material.data not in keys:
        _unknown(checked, (*trail, "data"), "数据", material.data, keys)
    if material.output is not None and material.output not in checked.outputs:
        _unknown(checked, (*trail, "output"), "事项结果", material.output, checked.outputs)
    if material.licence is not None:
        _licence(checked, material, (*trail, "licence"))


def _waited_for(checked: LintContext, material: Material, trail: Trail) -> None:
    """What may come later, or be promised instead, is otherwise asked for at once, and some item waits for it."""
    waited = any(material.code in item.needs.materials for item in checked.definition.items)
    asked = material.source is MaterialSource.APPLICANT and material.code not in checked.fallbacks
    promised = trail[-1] == "commitment" and material.code in checked.promised_instead
    if not (asked and material.required and waited) and not promised:
        what = f"材料“{material.code}”不是申请时必交、且有事项等待的材料，不能容缺或承诺。"
        checked.say(trail, what, f"删去 {trail[-1]}，或在需要它的事项的 needs.materials 中写上它。")


def _leaves_time(checked: LintContext, material: Material, rule: Defer, trail: Trail) -> None:
    """A promise that waits for it leaves the applicant a working day at least."""
    for item in checked.definition.items:
        too_short = item.promised.weight <= Limit(amount=rule.before_promise_days).weight
        if material.code in item.needs.materials and too_short:
            what = (
                f"事项“{item.code}”的承诺时限不长于 {rule.before_promise_days} 个工作日，"
                f"容缺的“{material.code}”来不及补交。"
            )
            checked.say(trail, what, "减小 before_promise_days，或删去 defer。")


def _item(checked: LintContext, item: Item, trail: Trail) -> None:
    _ends_person(checked, item, (*trail, "ends_person"))
    keys = {need.key for need in checked.definition.data}
    dates = {field.id for field in item.decision_form if field.type is FormFieldType.DATE}
    for number, given in enumerate(item.outputs):
        if given.valid_until is not None and given.valid_until not in dates:
            _unknown(
                checked, (*trail, "outputs", number, "valid_until"), "决定表单的日期字段", given.valid_until, dates
            )
        if given.valid_until is not None and given.valid_years is not None:
            what = f"“{given.name}”的有效期写了两种。"
            checked.say((*trail, "outputs", number), what, "valid_until 和 valid_years 只留一个。")
    for number, output in enumerate(item.needs.outputs):
        if output not in checked.outputs:
            _unknown(checked, (*trail, "needs", "outputs", number), "事项结果", output, checked.outputs)
    for number, key in enumerate(item.needs.data):
        if key not in keys:
            _unknown(checked, (*trail, "needs", "data", number), "数据", key, keys)
    for number, code in enumerate(item.needs.materials):
        path = (*trail, "needs", "materials", number)
        material = checked.materials.get(code)
        if material is None:
            _unknown(checked, path, "材料", code, checked.materials)
        elif material.source is not MaterialSource.APPLICANT:
            remedy = "共享数据写在 needs.data，其他事项的结果写在 needs.outputs。"
            checked.say(path, f"材料“{code}”不由申请人提供，不能写在 needs.materials。", remedy)
        elif item.code not in material.needed_by:
            what = f"事项“{item.code}”等待材料“{code}”，材料的 needed_by 却没有它。"
            checked.say(path, what, f"在材料的 needed_by 中加上 {item.code}。")


def _unknown(checked: LintContext, trail: Trail, kind: str, name: str, known: Iterable[str]) -> None:
    names = sorted(known)
    near = get_close_matches(name, names, n=1, cutoff=0.5)
    remedy = f"是否想写“{near[0]}”？" if near else f"可用的有：{'、'.join(names) or '（无）'}。"
    checked.say(trail, f"没有{kind}“{name}”。", remedy)
