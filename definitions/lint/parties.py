"""Whose records are looked up, and by what right: who only types a number has none."""

from definitions.lint.checked import LintContext
from definitions.reading import Trail
from onething.domain.definition.materials import FallbackKind, LookUpRule, Material
from onething.domain.definition.parties import FROM_PARTY, Authority, DefinedParty, Duty
from onething.domain.lookups.disclosure import LookupSubject, is_identity_number, subject_of


def check(checked: LintContext) -> None:
    by_number = {one.identity: one for one in checked.definition.parties}
    _parties(checked)
    wanted: set[str] = set()
    for material in checked.definition.lookups:
        trail = (*checked.place_of_material[material.code], "lookup")
        lookup, source = material.lookup, None
        if lookup is not None and (source := checked.catalog.sources.get(lookup.source)) is not None:
            subject = subject_of(lookup.params, source, checked.form)
            wanted.update(subject.numbers)
            _look_up(checked, material, lookup, subject, by_number, trail)
    for index, party in enumerate(checked.definition.parties):
        if is_identity_number(checked.form.get(party.identity)) and party.identity not in wanted:
            what = f"没有按“{party.name}”的证件号码调取的材料。"
            checked.say(("parties", index), what, "删去这个当事人，或写上调取它的信息的材料。")


def _parties(checked: LintContext) -> None:
    for index, party in enumerate(checked.definition.parties):
        trail: Trail = ("parties", index)
        before = checked.definition.parties[:index]
        field = checked.form.get(party.identity)
        if party.id in {one.id for one in before}:
            checked.say((*trail, "id"), f"当事人“{party.id}”写了两次。", "各用各的代码。")
        if party.id == "applicant":
            checked.say((*trail, "id"), "“applicant”指申请人本人，不能作当事人的代码。", "写是谁，如 mother。")
        if field is None:
            checked.unknown((*trail, "identity"), "表单字段", party.identity, checked.form)
        elif not is_identity_number(field):
            what = f"“{party.identity}”不是个人的证件号码。"
            checked.say((*trail, "identity"), what, "写类型为 identity 或 resident_id 的字段。")
        elif party.identity in {one.identity for one in before}:
            what = f"“{party.identity}”已经是另一个当事人的号码。"
            checked.say((*trail, "identity"), what, "一个号码只是一个当事人的：删去其中一个。")
        for number, code in enumerate(party.related_by):
            shown = checked.materials.get(code)
            if shown is None:
                checked.unknown((*trail, "related_by", number), "材料", code, checked.materials)
            elif not shown.brought:
                what = f"“{code}”不由申请人提供，窗口收不到。"
                checked.say((*trail, "related_by", number), what, "写由申请人提交的材料：不写 lookup 和 output。")


def _look_up(
    checked: LintContext,
    material: Material,
    lookup: LookUpRule,
    subject: LookupSubject,
    by_number: dict[str, DefinedParty],
    trail: Trail,
) -> None:
    if not subject.personal:
        if lookup.duty is not None or lookup.by != FROM_PARTY:
            what = f"“{material.name}”查的不是个人的信息，不用谁同意。"
            checked.say(trail, what, "删去 by 和 duty；查的是个人的，在数据源的 params 里写 personal: true。")
        return
    for name in subject.numbers:
        if name not in by_number:
            field = checked.form[name]
            what = f"“{material.name}”按“{field.label}”（{name}）调取，没有写明这是哪个当事人的号码。"
            checked.say((*trail, "params"), what, f"在 parties 里写一个当事人：identity: {name}。")
    about = [by_number[name] for name in subject.numbers if name in by_number]
    if lookup.duty is not None:
        _duty(checked, material, lookup.duty, (*trail, "duty"))
    for party in about:
        for one in lookup.by:
            if lookup.by != FROM_PARTY and one not in _may_give(party):
                what = f"“{party.name}”不能这样：{one}。"
                checked.say((*trail, "by"), what, f"可以写的有：{'、'.join(_may_give(party))}。")
    nobody = len(about) < len(subject.numbers) or not about
    nobody = nobody or any(not set(lookup.by).intersection(_may_give(party)) for party in about)
    alone = material.fallback_material is None or material.fallback_kind is FallbackKind.WAIT
    if lookup.duty is None and (alone or nobody) and not set(subject.numbers) - by_number.keys():
        what = f"“{material.name}”没有谁能同意调取，也没有部门依职责调取，永远查不了。"
        if not nobody:
            what = f"“{material.name}”没有替代的材料，本人不同意的就没有办法了。"
        remedy = f"写明哪个部门依法要查：duty: {{item: {_reader(checked, material)}, basis: …}}，basis 引用条款。"
        checked.say(trail, what, remedy)


def _may_give(party: DefinedParty) -> tuple[Authority, ...]:
    own = {Authority.OWN, Authority.MANDATE, Authority.CONFIRMED}
    return tuple(
        one
        for one in FROM_PARTY
        if (party.speaks or one not in own) and (party.related_by or one is not Authority.RELATED)
    )


def _duty(checked: LintContext, material: Material, duty: Duty, trail: Trail) -> None:
    item = checked.items.get(duty.item)
    if item is None:
        checked.unknown((*trail, "item"), "事项", duty.item, checked.items)
    elif material.code not in item.materials:
        what = f"事项“{duty.item}”不看“{material.code}”，说不上依职责要查。"
        checked.say((*trail, "item"), what, f"写看它的事项，或在 {duty.item} 的 materials 里写上它。")
    if not any(one.is_cited for one in duty.basis):
        what = "依职责查个人的信息，须有法律、法规的条款，不能是假定的。"
        checked.say((*trail, "basis"), what, "basis 写明名称（title）和条款（article）；没有的，删去 duty。")


def _reader(checked: LintContext, material: Material) -> str:
    return next((item.code for item in checked.definition.items if material.code in item.materials), "…")
