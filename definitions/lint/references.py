"""Everything that is named exists, and both sides of a relation say the same."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from definitions.conditions import ConditionError, conditions_of
from definitions.conditions.assignments import assignments
from definitions.lint.checked import LintContext
from definitions.reading import Trail
from onething.domain.definition.bundle import Reservation
from onething.domain.definition.form_fields import FormField, FormFieldType
from onething.domain.definition.items import Handling, Item, Nature, OnRefusal, node, outcome
from onething.domain.definition.materials import Material, MaterialSource
from onething.domain.definition.outcomes import OutcomeEffect
from onething.domain.definition.periods import OUTCOMES, InspectionKind, Period, PlannedInspection, WhenAbsent
from onething.domain.definition.questions import ParameterType
from onething.domain.lookups.disclosure import is_identity_number
from onething.domain.plan.plan import key_of

_COMPARED = {
    *(FormFieldType.TEXT, FormFieldType.PERSON_NAME, FormFieldType.ADDRESS, FormFieldType.DATE),
    *(FormFieldType.IDENTITY, FormFieldType.RESIDENT_ID, FormFieldType.USCC),
}
_COMPARABLE = "写一定要填的姓名、名称、地址、日期、证件号码字段。"
_FROM_DATA = {MaterialSource.DATA_SHARING, MaterialSource.E_LICENCE}


def check(checked: LintContext) -> None:
    definition = checked.definition
    if definition.calendar not in checked.catalog.calendars:
        checked.unknown(("calendar",), "日历", definition.calendar, checked.catalog.calendars)
    _departments(checked)
    _compared(checked)
    _reporter(checked)
    _told_apart(checked)
    for index, rule in enumerate(checked.definition.reservations):
        _reservation(checked, rule, ("reservations", index))
    for index, item in enumerate(definition.items):
        _item(checked, item, ("items", index))
    for index, period in enumerate(definition.periods):
        _period(checked, period, index)
    for index, inspection in enumerate(definition.inspections):
        _inspection(checked, inspection, index)
    _read_by_somebody(checked)
    _circles(checked)


def _departments(checked: LintContext) -> None:
    definition = checked.definition
    used = {item.department for item in definition.items}
    for index, code in enumerate(definition.departments):
        if code not in checked.catalog.departments:
            checked.unknown(("departments", index), "部门", code, checked.catalog.departments)
        elif code not in used:
            checked.say(("departments", index), f"部门“{code}”没有任何事项。", "删去该部门，或补上它的事项。")
    for index, item in enumerate(definition.items):
        if item.department not in definition.departments:
            trail: Trail = ("items", index, "department")
            what = f"事项“{item.code}”的部门“{item.department}”不在 departments 中。"
            if item.department in checked.catalog.departments and _is_elsewhere(checked, trail):
                trail = ("departments",)  # the shared item is right: who uses it forgot its department
            checked.say(trail, what, "把它加进 departments，或改正部门代码。")
    for index, period in enumerate(definition.periods):
        if period.department is not None and period.department not in used:
            what = f"期间“{period.code}”的部门“{period.department}”没有事项，看不到这一件。"
            checked.say(("periods", index, "department"), what, f"写有事项的部门：{'、'.join(sorted(used))}。")


def _is_elsewhere(checked: LintContext, trail: Trail) -> bool:
    """In the file of a shared item."""
    of_whole, there = (checked.document.problem(one, "", "") for one in (("code",), trail))
    return there.file != of_whole.file


def _told_apart(checked: LintContext) -> None:
    """By what always has one value, written in one way."""
    for index, name in enumerate(checked.definition.told_apart_by):
        field, trail = checked.form.get(name), ("told_apart_by", index)
        if field is None:
            checked.unknown(trail, "表单字段", name, checked.form)
        elif not _tells_apart(checked, field):
            what = f"按“{name}”认不出重复：它可能没有填写，或者一样的内容有多种写法。"
            checked.say(trail, what, _COMPARABLE)


def _tells_apart(checked: LintContext, field: FormField) -> bool:
    return field.type in _COMPARED and _always_there(checked, field)


def _reservation(checked: LintContext, rule: Reservation, trail: Trail) -> None:
    """It is for an item that there is; by what always has one value, or out of a number that the place sets."""
    if rule.item not in checked.items:
        checked.unknown((*trail, "item"), "事项", rule.item, checked.items)
    for number, part in enumerate(rule.key):
        field = checked.form.get(part.removeprefix("form."))
        if field is None:
            checked.unknown((*trail, "key", number), "表单字段", part.removeprefix("form."), checked.form)
        elif not _tells_apart(checked, field):
            what = f"按“{field.id}”分不出是不是同一个：它可能没有填写，或者一样的内容有多种写法。"
            checked.say((*trail, "key", number), what, _COMPARABLE)
    if rule.pool is None:
        return
    figures = {f"params.{one.id}": one for one in checked.definition.parameters}
    pool = figures.get(rule.pool)
    if pool is None:
        checked.unknown((*trail, "pool"), "当地标准", rule.pool, figures)
    elif pool.type is not ParameterType.NUMBER or pool.decimals or Decimal(str(pool.value)) < rule.amount:
        what = f"“{pool.name}”不是够用一次的整数，定不了一共有多少。"
        checked.say((*trail, "pool"), what, f"写 type: number、至少是 {rule.amount} 的整数。")


def _reporter(checked: LintContext) -> None:
    """Whom a report is about is always said, and kinship is shown by a paper that the applicant has."""
    rule = checked.definition.reporter
    if rule is None:
        return
    for name, value in (("name", rule.about.name), ("identity", rule.about.identity)):
        field, trail = checked.form.get(value), ("reporter", "about", name)
        if field is None:
            checked.unknown(trail, "表单字段", value, checked.form)
        elif not _always_there(checked, field):
            what = f"“{value}”有可能没有填写，证照就不知道发给谁。"
            checked.say(trail, what, f"字段 {value} 不写 when 和 required: false，并由一定要办的事项的 reads 看它。")
        elif (name == "identity") != is_identity_number(field):
            checked.say(trail, f"“{value}”的类型不对。", "name 写姓名，identity 写个人的证件号码。")
    if rule.until_shown is None:
        return
    shown = checked.materials.get(rule.until_shown)
    if shown is None:
        checked.unknown(("reporter", "until_shown"), "材料", rule.until_shown, checked.materials)
    elif not shown.brought:
        what = f"“{rule.until_shown}”不由申请人提供，窗口收不到。"
        checked.say(("reporter", "until_shown"), what, "写由申请人提交的材料：不写 lookup 和 output。")


def _ends_person(checked: LintContext, item: Item, trail: Trail) -> None:
    """Whoever applies for the item always says who that is."""
    if item.ends_person is None:
        return
    field = checked.form.get(item.ends_person)
    if field is None:
        checked.unknown(trail, "表单字段", item.ends_person, checked.form)
    elif not is_identity_number(field):
        what = f"“{field.id}”不是个人的证件号码，说不出谁的户口注销。"
        checked.say(trail, what, "写类型为 identity 或 resident_id 的字段。")
    elif field.when is not None or not field.required or item.code not in checked.definition.readers[field.id]:
        what = f"“{field.id}”有可能没有填写，办成“{item.code}”时就不知道是谁。"
        checked.say(trail, what, f"字段 {field.id} 不写 when 和 required: false，并写进 {item.code} 的 reads。")


def _compared(checked: LintContext) -> None:
    needs = {one.code: one for one in checked.definition.lookups}
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


def _compared_value(checked: LintContext, value: str, needs: Mapping[str, Material], trail: Trail) -> None:
    kind, _, name = value.partition(".")
    if kind == "form":
        if name not in checked.form:
            checked.unknown(trail, "表单字段", name, checked.form)
        elif checked.form[name].type not in _COMPARED:
            checked.say(
                trail, f"表单字段“{name}”不是一段文字，不能比对。", "改用文本、姓名、地址、证件号码或日期字段。"
            )
        return
    key = key_of(value)
    if key is None:
        return
    if key not in needs:
        checked.unknown(trail, "调取的材料", key, needs)
        return
    lookup = needs[key].lookup
    source = checked.catalog.sources.get(lookup.source) if lookup else None
    known = {field.id for field in source.fields} if source else set()
    field = value.rpartition(".")[2]
    if source is not None and field not in known:
        checked.unknown(trail, f"数据源“{source.code}”的字段", field, known)


def _always_there(checked: LintContext, field: FormField) -> bool:
    """Whether every application has it: one of the items that read it always applies, or one or another does."""
    reading = [checked.items[code].when for code in checked.definition.readers[field.id]]
    return (
        field.when is None and field.required and (None in reading or _one_holds(checked, tuple(filter(None, reading))))
    )


def _one_holds(checked: LintContext, conditions: tuple[str, ...]) -> bool:
    """Whatever is answered."""
    try:
        compiled = [conditions_of(checked.definition).condition(one) for one in conditions]
    except ConditionError:  # told where conditions are looked at
        return True
    asked = {name for one in compiled for name in one.questions}
    tried = assignments(checked.definition, asked).answers
    return bool(compiled) and all(any(one.holds(answers) for one in compiled) for answers in tried)


def _read_by_somebody(checked: LintContext) -> None:
    for name, reading in checked.definition.readers.items():
        if not reading:
            remedy = "在要看它的事项的 reads 里写上它，或它所在的部分；没有人看的，不向申请人要，删去。"
            checked.say(checked.place_of_field[name], f"没有事项看“{name}”。", remedy)


def _item(checked: LintContext, item: Item, trail: Trail) -> None:
    _ends_person(checked, item, (*trail, "ends_person"))
    dates = {field.id for field in item.decision_form if field.type is FormFieldType.DATE}
    for number, given in enumerate(item.outputs):
        if given.valid_until is not None and given.valid_until not in dates:
            checked.unknown((*trail, "outputs", number, "valid_until"), "决定表单的日期字段", given.valid_until, dates)
        if given.valid_until is not None and given.valid_years is not None:
            what = f"“{given.name}”的有效期写了两种。"
            checked.say((*trail, "outputs", number), what, "valid_until 和 valid_years 只留一个。")
    sections = {section.id for section in checked.definition.sections}
    for word, kind, names, known in (
        ("reads", "表单的部分或字段", item.reads, sections | checked.form.keys()),
        ("materials", "材料", item.materials, checked.materials.keys()),
    ):
        for number, name in enumerate(names):
            if name not in known:
                checked.unknown((*trail, word, number), kind, name, known)
            elif name in names[:number]:
                checked.say((*trail, word, number), f"“{name}”写了两次。", "删去其中一个。")
    _after(checked, item.after, (*trail, "after"))
    for number, name in enumerate(item.reads):
        section = next(
            (one.id for one in checked.definition.sections if name in {each.id for each in one.fields}), None
        )
        if section in item.reads and section != name:
            checked.say((*trail, "reads", number), f"“{name}”在“{section}”里，已经看得到。", "删去其中一个。")


def _after(checked: LintContext, after: tuple[str, ...], trail: Trail) -> None:
    """Items and periods, with how they have to end, if not well; and inspections."""
    periods, inspections = checked.definition.period_by_code, checked.definition.inspection_by_code
    for number, before in enumerate(after):
        code, ends = node(before), outcome(before)
        if code not in checked.items and code not in periods and code not in inspections:
            what = "事项、期间或联合查验" if inspections else "事项或期间"
            checked.unknown((*trail, number), what, code, checked.items.keys() | periods.keys() | inspections.keys())
        elif code in map(node, after[:number]):
            checked.say((*trail, number), f"“{code}”写了两次。", "删去其中一个。")
        elif ends is not None and code in inspections:
            what = f"“{code}”是联合查验，不能写“:{ends}”。"
            checked.say((*trail, number), what, f"写 {code}：查验结束了才开始。")
        elif ends is not None and code in checked.items:
            _ends_so(checked, checked.items[code], ends, (*trail, number))
        elif ends is not None and ends not in OUTCOMES[periods[code].kind]:
            checked.unknown((*trail, number), f"期间“{code}”的结果", ends, OUTCOMES[periods[code].kind])


def _ends_so(checked: LintContext, item: Item, ends: str, trail: Trail) -> None:
    """The item may end so, and the case goes on then."""
    found = next((one for one in item.ends_with if one.id == ends), None)
    if found is None:
        checked.unknown(trail, f"事项“{item.code}”的结果", ends, [one.id for one in item.ends_with])
    elif found.effect is OutcomeEffect.REFUSED and item.on_refusal is OnRefusal.STOP:
        what = f"“{item.code}”的结果是“{found.name}”时整件事终止，在它之后的不会开始。"
        checked.say(trail, what, f"把 {item.code} 的 on_refusal 改为 go_on 或 skip_dependants，或改等别的结果。")


def _period(checked: LintContext, period: Period, index: int) -> None:
    """An item waits for it, and nothing else is called so."""
    _after(checked, period.after, ("periods", index, "after"))
    if period.code in checked.items:
        what = f"期间和事项都叫“{period.code}”。"
        checked.say(("periods", index, "code"), what, "各用各的代码：after 里要分得清。")
    waiting: tuple[Item | Period, ...] = (*checked.definition.items, *checked.definition.periods)
    if not any(period.code in map(node, one.after) for one in waiting):
        what = f"没有事项在期间“{period.code}”之后。"
        checked.say(("periods", index), what, "在等它的事项的 after 里写上它，或删去。")


def _inspection(checked: LintContext, inspection: PlannedInspection, index: int) -> None:
    """Its lead and its items are there; an item takes part once, waits neither for it nor for another of its items,
    and nothing else is called so."""
    trail: Trail = ("inspections", index)
    definition = checked.definition
    _after(checked, inspection.after, (*trail, "after"))
    for number, before in enumerate(inspection.after):
        elsewhere = node(before) in definition.period_by_code or node(before) in definition.inspection_by_code
        if elsewhere or outcome(before) is not None:
            what = f"“{before}”不能写在这里：联合查验只能在办结的事项之后。"
            checked.say((*trail, "after", number), what, "写在它之前要办好的事项。")
    if inspection.code in checked.items or inspection.code in definition.period_by_code:
        what = f"联合查验和{'事项' if inspection.code in checked.items else '期间'}都叫“{inspection.code}”。"
        checked.say((*trail, "code"), what, "各用各的代码：after 里要分得清。")
    used = sorted({item.department for item in definition.items})
    if inspection.lead not in used:
        what = f"联合查验“{inspection.code}”的牵头部门“{inspection.lead}”没有事项，看不到这一件。"
        checked.say((*trail, "lead"), what, f"写有事项的部门：{'、'.join(used)}。")
    for number, code in enumerate(inspection.items):
        at = (*trail, "items", number)
        others = [each.code for each in definition.inspections[:index] if code in each.items]
        if code not in checked.items:
            checked.unknown(at, "事项", code, checked.items)
        elif code in inspection.items[:number]:
            checked.say(at, f"“{code}”写了两次。", "删去其中一个。")
        elif others:
            checked.say(at, f"“{code}”已经参加“{others[0]}”。", "一个事项只参加一次联合查验，删去其中一个。")
        elif inspection.code in map(node, checked.items[code].after):
            what = f"事项“{code}”参加联合查验“{inspection.code}”，不能又等它结束才开始。"
            checked.say(at, what, f"在 {code} 的 after 里删去 {inspection.code}，或不让它参加。")
        elif checked.items[code].handling is Handling.SYSTEM:
            what = f"事项“{code}”由部门的系统办理，系统不能到场。"
            checked.say(at, what, f"删去 {code} 的 handling: system，由部门人员登记查验结果；或不让它参加。")
    givers = {code: {*definition.givers(item)} & checked.items.keys() for code, item in checked.items.items()}
    for number, code in enumerate(inspection.items):
        if waiting := sorted(_reachable(givers, code) & {*inspection.items}) if code in givers else ():
            what = f"“{code}”要等“{waiting[0]}”办好才开始，不能和它一起参加“{inspection.code}”。"
            checked.say((*trail, "items", number), what, "删去其中一个，或改正 after、materials。")
    _absent(checked, inspection, trail)


def _absent(checked: LintContext, inspection: PlannedInspection, trail: Trail) -> None:
    """A department's own statutory check is not replaced by what others saw (行政许可法 Art. 34; 消防法 Art. 15)."""
    if inspection.absent is not WhenAbsent.FACTS_AGREED:
        return
    natures = {checked.items[code].nature for code in inspection.items if code in checked.items}
    if inspection.kind is not InspectionKind.SURVEY or Nature.LICENCE in natures:
        what = f"“{inspection.name}”不能写 facts_agreed：法定的查验要由本部门自己做。"
        remedy = "写 escalate；facts_agreed 只用于 kind: survey、没有行政许可事项的踏勘。"
        checked.say((*trail, "absent"), what, remedy)
    elif not any(each.is_cited for each in inspection.basis):
        what = "缺席视为认可事实，要有写明条款的规定，不能是假定的。"
        checked.say((*trail, "absent"), what, "在 basis 引用规定和条款（article），或写 escalate。")


def _circles(checked: LintContext) -> None:
    definition, periods = checked.definition, checked.definition.period_by_code
    taking_part = {code: one.code for one in definition.inspections for code in one.items}
    before = {
        **{code: {*definition.givers(item), *map(node, item.after)} for code, item in checked.items.items()},
        **{code: set(map(node, period.after)) for code, period in periods.items()},
    }
    # what waits for the decision on an item waits for the inspection in which it takes part
    before = {code: ones | {taking_part[one] for one in ones if one in taking_part} for code, ones in before.items()}
    for each in definition.inspections:
        of_items = {giver for code in each.items if code in checked.items for giver in before[code]}
        before[each.code] = {*map(node, each.after), *of_items}
    given = {code: {one for one in ones if one in before} for code, ones in before.items()}
    reached = {code: _reachable(given, code) for code in given}
    for part, kind, owners in _owners(checked):
        for index, one in enumerate(owners):
            if one.code in reached[one.code]:
                around = {code for code in reached[one.code] if one.code in reached[code]}
                circle = "、".join(sorted(around))
                closing = next((("after", n) for n, text in enumerate(one.after) if node(text) in around), ())
                remedy = "删去其中一个 after，或不看对方产生的材料。"
                checked.say((part, index, *closing), f"{kind}互相等待，永远无法开始：{circle}。", remedy)


def _owners(checked: LintContext) -> tuple[tuple[str, str, Sequence[Item | Period | PlannedInspection]], ...]:
    """Where they stand, what they are called, and what comes after something."""
    return (
        ("items", "事项", checked.definition.items),
        ("periods", "期间", checked.definition.periods),
        ("inspections", "联合查验", checked.definition.inspections),
    )


def _reachable(givers: dict[str, set[str]], start: str) -> set[str]:
    """Everything that must be settled before, in any number of steps."""
    reached: set[str] = set()
    waiting = [*givers[start]]
    while waiting:
        code = waiting.pop()
        if code not in reached:
            reached.add(code)
            waiting += givers[code]
    return reached
