"""Names used once; fields and questions complete in themselves; every rule with its source."""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from definitions.answers import wrong_answer
from definitions.lint.checked import LintContext
from definitions.reading import Trail
from definitions.words import value_word
from onething.domain.definition.basis import Basis
from onething.domain.definition.form_fields import FormField, FormFieldType
from onething.domain.definition.items import Fee, Item, Nature, OutputKind, UndoHow
from onething.domain.definition.outcomes import USUAL_OUTCOMES, ItemKind, OutcomeEffect
from onething.domain.definition.questions import AnswerValue, Question, QuestionType
from onething.domain.definition.time_rules import OverdueHow
from onething.domain.identity import IdType

ISSUED_TYPES = (FormFieldType.TEXT, FormFieldType.USCC, FormFieldType.RESIDENT_ID)
_WITH_OPTIONS = {FormFieldType.CHOICE, FormFieldType.MULTI_CHOICE}


def check(checked: LintContext) -> None:
    _names(checked)
    for asked in checked.definition.form:
        _field(checked, asked, checked.place_of_field[asked.id])
        for one, at in _with_columns(asked, checked.place_of_field[asked.id]):
            if one.issued is not None:
                what = f"“{one.id}”由申请人填写，不是决定发出的号码。"
                checked.say((*at, "issued"), what, "删去；issued 只写在 decision_form 里。")
    for number, item in enumerate(checked.definition.items):
        for index, field in enumerate(item.decision_form):
            trail: Trail = ("items", number, "decision_form", index)
            _field(checked, field, trail)
            if field.when or any(column.when for column in field.fields):
                checked.say(trail, "决定表单的字段不能有 when。", "删去；决定表单由本事项的部门整张填写。")
            for one, at in _with_columns(field, trail):
                if one.issued is not None and one.type not in ISSUED_TYPES:
                    what = f"“{one.id}”不是号码，不能写 issued。"
                    checked.say((*at, "issued"), what, f"类型改为 {'、'.join(ISSUED_TYPES)} 之一，或删去 issued。")
        _undo(checked, item, number)
        if item.nature is Nature.LICENCE and item.kind is not ItemKind.DECISION:
            what = f"事项“{item.code}”是行政许可，须作出决定，不能是{value_word(item.kind)}。"
            checked.say(("items", number, "kind"), what, "删去 kind，或核对 nature。")
        _outcomes(checked, item, number)
    _questions(checked)
    _bases(checked)


def _with_columns(field: FormField, trail: Trail) -> Iterable[tuple[FormField, Trail]]:
    yield field, trail
    yield from ((column, (*trail, "fields", row)) for row, column in enumerate(field.fields))


def _undo(checked: LintContext, item: Item, number: int) -> None:
    """行政许可法 Arts. 8, 69, 70: what was granted stands. Only what was reserved is released."""
    undo = item.undo
    granted = [output.name for output in item.outputs if output.kind is OutputKind.CERTIFICATE]
    if undo.how is UndoHow.RELEASE and granted:
        what = f"{'、'.join(granted)}是已经作出的准予，不能因为别的事项不予或者申请人撤回就收回。"
        remedy = (
            "删去 how，或写 on_application；法律规定随办件失效的写 by_law 并引用条款（许可法第八、六十九、七十条）。"
        )
        checked.say(("items", number, "undo", "how"), what, remedy)
    if undo.how is not UndoHow.STANDS and not undo.what:
        what = f"没有写明事项“{item.code}”如何收回。"
        checked.say(("items", number, "undo"), what, "在 what 里写一句给人看的话。")
    if undo.basis is not None:
        _source(checked, ("items", number, "undo", "basis"), undo.basis)


def _outcomes(checked: LintContext, item: Item, number: int) -> None:
    """What an item writes itself of how it may end: beside what is usual for its kind, each end rests on something."""
    trail: Trail = ("items", number, "outcomes")
    _unique(checked, trail, "id", (one.id for one in item.outcomes))
    effects = {one.effect for one in item.ends_with}
    if OutcomeEffect.WELL not in effects:
        checked.say(trail, f"事项“{item.code}”没有办成的结果。", "至少一个结果写 effect: well。")
    if item.overdue is not None and item.overdue.how is OverdueHow.REFUSE and OutcomeEffect.REFUSED not in effects:
        what = f"事项“{item.code}”逾期视为不予，却没有这样的结果。"
        checked.say(("items", number, "overdue", "how"), what, "补上 effect: refused 的结果，或改写 overdue。")
    _unique(checked, ("items", number, "conditions"), "id", (one.id for one in item.conditions))
    for index, condition in enumerate(item.conditions):
        _sources(checked, ("items", number, "conditions", index, "basis"), condition.basis)
    if item.conditions and OutcomeEffect.REFUSED not in effects:
        what = f"事项“{item.code}”写了条件，却没有不符合时的结果。"
        checked.say(("items", number, "conditions"), what, "补上 effect: refused 的结果，或删去 conditions。")
    usual = {(one.id, one.effect) for one in USUAL_OUTCOMES[item.kind]}
    for index, one in enumerate(item.outcomes):
        if one.document is not None and one.effect is not OutcomeEffect.REFUSED:
            what = f"结果“{one.id}”不是没有办成，不出告知书。"
            checked.say((*trail, index, "document"), what, "删去 document；办成的证照、文书写在 outputs 里。")
        if one.basis is not None:
            _source(checked, (*trail, index, "basis"), one.basis)
        elif (one.id, one.effect) not in usual:
            what = f"结果“{one.id}”不是{value_word(item.kind)}通常的结果，没有依据。"
            known = "、".join(f"{each.id}（{each.effect}）" for each in USUAL_OUTCOMES[item.kind])
            checked.say((*trail, index), what, f"补上 basis，没有查到的写 assumed；通常的有：{known}。")


def _names(checked: LintContext) -> None:
    definition = checked.definition
    _unique(checked, ("parameters",), "id", (one.id for one in definition.parameters))
    _unique(checked, ("questions",), "id", (one.id for one in definition.questions))
    _unique(checked, ("situations",), "id", (one.id for one in definition.situations))
    _form_names(checked)
    _unique(checked, ("compare",), "code", (one.code for one in definition.compare))
    _unique(checked, ("materials",), "code", (one.code for one in definition.materials))
    _unique(checked, ("items",), "code", (one.code for one in definition.items))
    _unique(checked, ("inspections",), "code", (one.code for one in definition.inspections))
    _unique(checked, ("periods",), "code", (one.code for one in definition.periods))
    _unique(checked, ("reservations",), "code", (one.code for one in definition.reservations))
    for index, item in enumerate(definition.items):
        _unique(checked, ("items", index, "outputs"), "id", (one.id for one in item.outputs))
        _unique(checked, ("items", index, "decision_form"), "id", (one.id for one in item.decision_form))


def _form_names(checked: LintContext) -> None:
    """Sections and fields share their names: `reads` tells them by nothing else."""
    seen: set[str] = set()
    for index, section in enumerate(checked.definition.sections):
        places: list[tuple[str, Trail]] = [(section.id, ("form", index, "id"))]
        places += [(one.id, ("form", index, "fields", n, "id")) for n, one in enumerate(section.fields)]
        for name, trail in places:
            if name in seen:
                checked.say(trail, f"“{name}”在 form 中重复。", "换一个名称，或删去其中一个；部分和字段也不能同名。")
            seen.add(name)


def _unique(checked: LintContext, trail: Trail, key: str, names: Iterable[str]) -> None:
    seen: set[str] = set()
    for index, name in enumerate(names):
        if name in seen:
            checked.say((*trail, index, key), f"“{name}”在 {trail[-1]} 中重复。", "换一个名称，或删去其中一个。")
        seen.add(name)


def _field(checked: LintContext, field: FormField, trail: Trail) -> None:
    if field.type in _WITH_OPTIONS and not field.options:
        checked.say(trail, f"选择字段“{field.id}”没有选项。", "补上 options。")
    if field.type not in _WITH_OPTIONS and field.options:
        checked.say((*trail, "options"), f"“{field.id}”不是选择字段，却有选项。", "删去 options，或把类型改为 choice。")
    _unique(checked, (*trail, "options"), "value", (option.value for option in field.options))
    if field.type is not FormFieldType.IDENTITY and field.accepts:
        checked.say((*trail, "accepts"), f"“{field.id}”不是证件字段，却有 accepts。", "删去，或把类型改为 identity。")
    if IdType.OTHER in field.accepts:
        what = f"“{field.id}”的 accepts 有 other，它没有可核对的号码。"
        checked.say((*trail, "accepts"), what, "写明接受的证件种类。")
    if field.type is FormFieldType.LIST and not field.fields:
        checked.say(trail, f"列表“{field.id}”没有列。", "补上 fields。")
    if field.type is not FormFieldType.LIST and field.fields:
        checked.say((*trail, "fields"), f"“{field.id}”不是列表，却有列。", "删去 fields，或把类型改为 list。")
    if field.series is not None and field.issued is None:
        what = f"“{field.id}”写了 series，却不是决定发出的号码。"
        checked.say((*trail, "series"), what, "补上 issued: country 或 region，或删去 series。")
    if field.min_items > field.max_items:
        checked.say(trail, f"“{field.id}”的 min_items 大于 max_items。", "把两者对调或改正。")
    if field.minimum is not None and field.maximum is not None and field.minimum > field.maximum:
        checked.say(trail, f"“{field.id}”的 minimum 大于 maximum。", "把两者对调或改正。")
    _unique(checked, (*trail, "fields"), "id", (column.id for column in field.fields))
    for row, column in enumerate(field.fields):
        path = (*trail, "fields", row)
        if column.type is FormFieldType.LIST:
            what = f"列表“{field.id}”的列“{column.id}”又是列表。"
            checked.say((*path, "type"), what, "列表只能有一层，请拆成两个列表。")
        else:
            _field(checked, column, path)


_CHOSEN = {QuestionType.CHOICE, QuestionType.MULTI_CHOICE}


def _questions(checked: LintContext) -> None:
    for index, question in enumerate(checked.definition.questions):
        trail: Trail = ("questions", index)
        values = [option.value for option in question.options]
        _unique(checked, (*trail, "options"), "value", values)
        if (question.type in _CHOSEN) != bool(values):
            checked.say(trail, f"问题“{question.id}”的类型与选项不符。", "选择题要有 options，其他问题不要。")
        _figures(checked, question, trail)
        if question.fixed is not None and (wrong := list(wrong_answer(question, question.fixed))):
            what = f"问题“{question.id}”的答案不合要求：{_shown(question.fixed)}。"
            checked.say((*trail, "fixed"), what, "；".join(wrong))
        if question.default is not None and list(wrong_answer(question, question.default)):
            what = (
                f"问题“{question.id}”的默认回答不在选项中。" if values else f"问题“{question.id}”的默认回答不合要求。"
            )
            expected = "、".join(values) or "；".join(wrong_answer(question, question.default))
            checked.say((*trail, "default"), what, f"可用的有：{expected}" if values else expected)


def _shown(answer: AnswerValue) -> str:
    return str(answer).lower() if isinstance(answer, bool) else str(answer)


def _figures(checked: LintContext, question: Question, trail: Trail) -> None:
    """What only numbers have stands only with them, and leaves something to answer."""
    allowed = {
        QuestionType.NUMBER: {"unit", "decimals", "minimum", "maximum"},
        QuestionType.AMOUNT: {"minimum", "maximum"},
    }.get(question.type, set())
    for word in ("unit", "decimals", "minimum", "maximum"):
        if word not in allowed and checked.document.has((*trail, word)):
            what = f"问题“{question.id}”不是数，不能写 {word}。"
            checked.say((*trail, word), what, "删去，或把类型改为 number。")
    if question.minimum and question.maximum and Decimal(question.minimum) > Decimal(question.maximum):
        checked.say(trail, f"“{question.id}”的 minimum 大于 maximum。", "把两者对调或改正。")
    for word in ("minimum", "maximum"):
        figure = getattr(question, word)
        if figure is not None and -int(Decimal(figure).as_tuple().exponent) > question.places:
            what = f"“{question.id}”的 {word} 比回答的小数位还多。"
            checked.say((*trail, word), what, f"至多 {question.places} 位小数，或增加 decimals。")


def _bases(checked: LintContext) -> None:
    definition = checked.definition
    named = set(_named_bases(checked.document.value))
    for key, one in definition.bases.items():
        _source(checked, ("bases", key), one)
        if key not in named:
            checked.say(("bases", key), f"没有任何一处用到依据“{key}”。", "删去，或在 basis 里写上它。")
    _sources(checked, ("basis",), definition.basis)
    _sources(checked, ("promised", "basis"), definition.promised.basis)
    _sources(checked, ("statutory", "basis"), definition.statutory.basis)
    for index, parameter in enumerate(definition.parameters):
        _sources(checked, ("parameters", index, "basis"), parameter.basis)
    for index, period in enumerate(definition.periods):
        _sources(checked, ("periods", index, "length", "basis"), period.length.basis)
    for index, reservation in enumerate(definition.reservations):
        _sources(checked, ("reservations", index, "basis"), reservation.basis)
    for index, inspection in enumerate(definition.inspections):
        _sources(checked, ("inspections", index, "basis"), inspection.basis)
        _sources(checked, ("inspections", index, "limit", "basis"), inspection.limit.basis)
        _sources(checked, ("inspections", index, "slots", "within", "basis"), inspection.slots.within.basis)
        _sources(checked, ("inspections", index, "rectify", "within", "basis"), inspection.rectify.within.basis)
    for index, situation in enumerate(definition.situations):
        _sources(checked, ("situations", index, "basis"), situation.basis or ())
    for index, rule in enumerate(definition.checks):
        _sources(checked, ("checks", index, "basis"), rule.basis or ())
    for index, item in enumerate(definition.items):
        _sources(checked, ("items", index, "basis"), item.basis)
        if (promise := item.commitment) is not None:
            _sources(checked, ("items", index, "commitment", "basis"), promise.basis)
            _sources(checked, ("items", index, "commitment", "check", "within", "basis"), promise.check.within.basis)
            if promise.rectify is not None:
                at = ("items", index, "commitment", "rectify", "within", "basis")
                _sources(checked, at, promise.rectify.within.basis)
        for word, limits in item.limits.lists.items():
            for number, limit in enumerate(limits):
                _sources(checked, ("items", index, "limits", word, number, "basis"), limit.basis)
        for number, rule in enumerate(item.checks):
            _sources(checked, ("items", index, "checks", number, "basis"), rule.basis or ())
        for number, fee in enumerate(item.fees):
            _fee(checked, item, fee, ("items", index, "fees", number))
    for index, material in enumerate(definition.materials):
        if material.due is not None:
            _source(checked, ("materials", index, "due", "basis"), material.due.basis)
        if material.commitment is not None:
            _source(checked, ("materials", index, "commitment", "basis"), material.commitment.basis)
        if material.not_older_than is not None:
            _sources(checked, ("materials", index, "not_older_than", "basis"), material.not_older_than.basis)
        if material.basis is not None:
            _source(checked, ("materials", index, "basis"), material.basis)
        elif material.brought and material.code not in checked.fallbacks:
            what = f"向申请人要的材料“{material.code}”没有依据。"
            checked.say(("materials", index), what, "补上 basis，或改由数据共享取得。")


_LOCAL = re.compile(r"《[^》]{1,10}?(省|(?<!城)市|自治区|自治州|自治县)")
"""A text of a province or city, by its title: 《舟山市…条例》, and not 《城市道路管理条例》."""


def _fee(checked: LintContext, item: Item, fee: Fee, trail: Trail) -> None:
    """行政许可法 Art. 58: no fee for a licence, unless a law or a regulation of the State Council has one."""
    _source(checked, (*trail, "basis"), fee.basis)
    lawful = (
        fee.basis.is_cited and re.search(r"(?<!办)法》|条例》", fee.basis.title) and not _LOCAL.match(fee.basis.title)
    )
    if item.nature is Nature.LICENCE and not lawful:
        what = f"“{item.name}”是行政许可，收“{fee.name}”没有法律、行政法规的依据（行政许可法第五十八条）。"
        checked.say((*trail, "basis"), what, "引用规定收费的法律、行政法规和条款（article）；没有的不收，删去。")


def _named_bases(value: Any) -> Iterator[str]:
    """The keys that stand as a `basis` anywhere in a file."""
    if isinstance(value, dict):
        for key, part in value.items():
            if key == "basis":
                yield from (one for one in (part if isinstance(part, list) else [part]) if isinstance(one, str))
            yield from _named_bases(part)
    elif isinstance(value, list):
        for part in value:
            yield from _named_bases(part)


def _sources(checked: LintContext, trail: Trail, bases: tuple[Basis, ...]) -> None:
    for index, basis in enumerate(bases):
        _source(checked, (*trail, index), basis)


def _source(checked: LintContext, trail: Trail, basis: Basis) -> None:
    if not basis.assumed and not ("《" in basis.title and "》" in basis.title):
        remedy = "写出法规全称（带书名号）；没有确切出处的写 assumed: true。"
        checked.say(trail, f"依据“{basis.title}”既没有引用法规，也没有标明是假定。", remedy)
