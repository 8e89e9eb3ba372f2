"""Every lint rule by a definition that breaks it, with the line it is told at."""

# ruff: noqa: E501 - a table: one broken rule a line reads better than one word a line

from pathlib import Path

import pytest

from definitions.lint import lint, require_clean
from definitions.loader import load_catalog
from definitions.problems import DefinitionProblems
from tests.definitions.support import SMALL, changed, folder_with, line_of, problems_after

NUMBERED = ("号", "编号", "账号", "号码", "代码")
ROWS = "      - {id: rows, label: 行, type: list, fields: [{id: inner, label: 内, type: list}]}\n"
OPTIONLESS = "      - {id: pick, label: 选, type: choice}\n"
TEXT_AND_CARD = """type: text}
    outputs:
      - {id: card, name: 首证, kind: certificate, fields: [name, card_no]}"""
COMPARED = (
    "audience: person\ncompare:\n  - {code: who, name: 姓名, as: name, values: [form.name, data.identity.status]}\n"
)
SECOND = "      promised: {amount: 2, unit: working_day, for: office, basis: assumed} # second"
LAW_OF_SECOND = "statutory: {amount: 10, unit: working_day, for: office, basis: assumed} # second"
KIND = "    name: 后续事项\n"
OUTCOMES = "    outcomes: [{}]\n"
CONDITIONS = "    conditions: [{}]\n"
SILENT = "    overdue: {how: refuse, basis: {title: 《条例》, article: 第三条}}\n"
REASON = "      - {id: reason, label: 理由, type: long_text, when: answers.extra}\n"


# fmt: off
NO_PLACES = "parameters: [{id: places, name: 名额, type: number, value: 0, basis: assumed}]\n"


def shared(of: str, kind: str = "unique", full: str = "flag") -> str:
    return f"reservations: [{{code: one, name: 一件, kind: {kind}, {of}, taken: grant, full: {full}, says: 另有。, basis: assumed}}]\n"


@pytest.mark.parametrize(
    ("old", "new", "at", "what"),
    [
        # names
        ("{id: id_number, label: 公", "{id: name, label: 公", "{id: name, label: 公", "“name”在 form 中重复"),
        ("code: second", "code: first", "code: first\n", "“first”在 items 中重复"),
        ("{value: old, label", "{value: new, label", "{value: new, label: 已有}", "“new”在 options 中重复"),
        # fields and questions
        (REASON, REASON + ROWS, "{id: rows", "又是列表"),
        (REASON, REASON + OPTIONLESS, "{id: pick", "没有选项"),
        ("type: resident_id}", "type: resident_id, fields: [{id: a, label: a, type: text}]}", "resident_id", "不是列表"),
        ("type: resident_id}", "type: resident_id, options: [{value: a, label: a}]}", "resident_id", "不是选择字段"),
        ("type: resident_id}", "type: integer, minimum: 5, maximum: 3}", "type: integer", "minimum 大于 maximum"),
        ("type: resident_id}", "type: text, min_items: 5, max_items: 3}", "id: id_number", "min_items 大于"),
        ("default: new", "default: newer", "default: newer", "默认回答不在选项中"),
        ("    type: boolean\n", "    type: choice\n", "- id: extra", "类型与选项不符"),
        ("label: 证号, type: text}", "label: 证号, type: text, when: answers.extra}", "label: 证号", "不能有 when"),
        ("{by: system, what: 收回首证。}", "{how: release, what: 收回首证。}", "how: release", "已经作出的准予"),
        ("{by: system, what: 收回首证。}", "{how: on_application}", "how: on_application", "没有写明"),
        # where rules come from
        ("[{title: 当地做法, assumed: true}]", "[{title: 当地做法}]", "当地做法", "既没有引用法规"),
        ("basis: {title: 《收费条例》, article: 第二条}", "basis: {title: 收费标准}", "收费标准", "既没有引用法规"),
        ("basis: {title: 《收费条例》, article: 第二条}", "basis: assumed", "yuan: 5", "没有法律、行政法规的依据"),
        ("《收费条例》", "《收费办法》", "yuan: 5", "没有法律、行政法规的依据"),
        ("《收费条例》", "《舟山市收费条例》", "yuan: 5", "没有法律、行政法规的依据"),
        ("materials: [card]", "materials: [card, id-copy]", "materials: [card, id-copy]", "却不看它代替的“identity”"),
        # which material
        ("name: 申请书", "name: 其他材料", "其他材料", "没有说明是哪一份"),
        ("name: 申请书", "name: 申请书, one_of: [申请书, 有关证明]", "有关证明", "没有说明是哪一份"),
        ("name: 申请书", "name: 身份核验", "code: letter", "“身份核验”已由系统取得"),
        ("name: 申请书", "name: 申请书, not_older_than: {amount: 3, unit: month, basis: {title: 办法}}", "code: letter", "既没有引用法规"),
        (", basis: {title: 《条例》}, when", ", when", "code: letter", "没有依据"),
        # what tells two applications apart
        ("audience: person\n", "audience: person\ntold_apart_by: [moon]\n", "told_apart_by: [moon]", "没有表单字段“moon”"),
        ("audience: person\n", "audience: person\ntold_apart_by: [reason]\n", "told_apart_by: [reason]", "认不出重复"),
        # what several cases share
        ("audience: person\n", "audience: person\n" + shared("item: third, key: [form.name]"), "item: third", "没有事项“third”"),
        ("audience: person\n", "audience: person\n" + shared("item: first, key: [form.moon]"), "form.moon", "没有表单字段“moon”"),
        ("audience: person\n", "audience: person\n" + shared("item: first, key: [form.reason]"), "form.reason", "分不出是不是同一个"),
        ("audience: person\n", "audience: person\n" + shared("item: first, pool: params.moon", "quota", "queue"), "params.moon", "没有当地标准“params.moon”"),
        ("audience: person\n", "audience: person\n" + NO_PLACES + shared("item: first, pool: params.places", "quota", "queue"), "params.places", "定不了一共有多少"),
        # references
        ("audience: person", "audience: person\ncalendar: us", "calendar: us", "没有日历“us”"),
        ("departments: [psb, amr]", "departments: [psb, amr, tax]", "departments:", "部门“tax”没有任何事项"),
        ("departments: [psb, amr]", "departments: [psb, amr, moon]", "departments:", "没有部门“moon”"),
        ("    department: amr", "    department: tax", "department: tax", "不在 departments 中"),
        ("source: identity-check", "source: identity", "source: identity,", "没有数据源“identity”"),
        ("params: {name: name, id", "params: {nam: name, id", "params: {nam", "没有查询参数“nam”"),
        ("params: {name: name, id_number: id_number}", "params: {name: name}", "params: {name", "需要参数“id_number”"),
        ("id_number: id_number}", "id_number: id_nr}", "id_nr", "没有表单字段“id_nr”"),
        ("id_number: id_number}", "id_number: answers.who}", "answers.who", "没有问题“who”"),
        ("type: resident_id}", "type: list, fields: [{id: a, label: a, type: text}]}", "params:", "不能取自列表"),
        ("source: identity-check, params: {name: name, id_number: id_number}", "source: name-reservation, params: {company_name: id_number}", "params: {company_name", "没有写明它是个人信息"),
        ("fallback: id-copy", "fallback: id-copies", "fallback: id-copies", "没有材料“id-copies”"),
        ("fallback: id-copy", "fallback: card", "fallback: card", "不是由申请人提供的"),
        ("fallback: id-copy", "fallback: {kind: manual_check, days: 2, material: id-copies}", "fallback:", "没有材料“id-copies”"),
        ("fallback: id-copy", "fallback: {kind: commitment, material: id-copy}", "fallback:", "没有写明可以承诺"),
        ("identity-check, params: {name: name, id_number: id_number}}\n    fallback: id-copy", "name-reservation, params: {company_name: name}}\n    fallback: {kind: manual_check, days: 2, material: id-copy}", "fallback:", "人工核查代替不了"),
        ("[letter, identity, id-copy]", "[letter, id-copy]", "code: identity", "没有事项看材料“identity”"),
        ("[letter, identity, id-copy]", "[letter, identity]", "[letter, identity]", "却不看它的替代材料“id-copy”"),
        ("[letter, identity, id-copy]", "[letter, identity, id-copy, letter]", "id-copy, letter]", "“letter”写了两次"),
        ("《条例》}, when: answers.extra}", "《条例》}, when: answers.extra, due: {at: before_decision, within: {amount: 20, unit: working_day, for: person}, before_promise_days: 2, missed: go_on, basis: {title: 《办法》}}}", "code: letter", "来不及补交"),
        ("name: 身份证复印件}", "name: 身份证复印件, due: {at: before_decision, within: {amount: 20, unit: working_day, for: person}, before_promise_days: 1, missed: go_on, basis: {title: 《办法》}}}", "code: id-copy", "不能以后交"),
        ("《条例》}, when: answers.extra}", "《条例》}, when: answers.extra, due: {at: before_decision, within: {amount: 20, unit: working_day, for: person}, before_promise_days: 1, missed: go_on, basis: {title: 办法}}}", "code: letter", "既没有引用法规"),
        ("    fallback: id-copy", "    licence: small.first.cord\n    fallback: id-copy", "small.first.cord", "没有证照"),
        ("    fallback: id-copy", "    licence: small.second.done\n    fallback: id-copy", "small.second", "没有证照"),
        ("output: first.card", "output: first.cord", "first.cord", "没有事项结果“first.cord”"),
        ("fields: [name, card_no]}", "fields: [name, card_no], valid_until: card_no}", "id: card,", "没有决定表单的日期字段"),
        (TEXT_AND_CARD, TEXT_AND_CARD.replace("text", "date").replace("card_no]", "card_no], valid_until: card_no, valid_years: 5"), "id: card,", "写了两种"),
        ("[letter, identity", "[lettre, identity", "[lettre", "没有材料“lettre”"),
        ("materials: [card]", "materials: [card]\n    after: [fist]", "[fist]", "没有事项或期间“fist”"),
        ("reads: [person]", "reads: [persons]", "[persons]", "没有表单的部分或字段“persons”"),
        ("reads: [person]", "reads: [person, reason]", "[person, reason]", "已经看得到"),
        ("reads: [person]", "reads: [name, id_number]", "id: reason", "没有事项看“reason”"),
        ("id: person\n", "id: name\n", "{id: name, label", "“name”在 form 中重复"),
        ("    on_refusal: stop\n", "    on_refusal: stop\n    ends_person: id_no\n", "ends_person:", "没有表单字段“id_no”"),
        ("    on_refusal: stop\n", "    on_refusal: stop\n    ends_person: name\n", "ends_person:", "不是个人的证件号码"),
        # what is compared
        ("audience: person\n", COMPARED.replace("form.name", "form.nam"), "form.nam", "没有表单字段“nam”"),
        ("audience: person\n", COMPARED.replace("data.identity", "data.identities"), "data.identities", "没有调取的材料“identities”"),
        ("audience: person\n", COMPARED.replace("status", "state"), "y.state", "没有数据源“identity-check”的字段“state”"),
        ("audience: person\n", COMPARED.replace("data.identity.status", "applicant.name"), "form.name", "只比对申请人自己填写的"),
        ("audience: person\n", COMPARED.replace("status]", "status, form.name]"), "form.name", "已在前面比对过"),
        ("audience: person\n", COMPARED + "  - {code: who, name: 又, as: id, values: [form.id_number, data.identity.matches]}\n", "name: 又", "“who”在 compare 中重复"),
        ("audience: person\n", COMPARED.replace("form.name", "form.reason"), "form.reason", "不是一段文字"),
        # conditions
        (REASON, REASON.replace("answers.extra", "answers.extra =="), "id: reason", "列起看不懂"),
        (REASON, REASON.replace("answers.extra", "form.extra"), "id: reason", "不能使用 form.extra"),
        ("    when: answers.kind == \"new\"\n    limits", "    when: !answers.extra\n    limits", "when: !answers.extra", "以感叹号开头"),
        (REASON, REASON.replace("answers.extra", "size(answers) > 1"), "id: reason", "不能使用整个 answers"),
        (REASON, REASON.replace("answers.extra", "'answers[\"extra\"]'"), "id: reason", "不能使用整个 answers"),
        (REASON, REASON.replace("answers.extra", "answers.kind.matches(\"n\")"), "id: reason", "不能用 matches"),
        (REASON, REASON.replace("answers.extra", "duration(answers.kind)"), "id: reason", "不能用 duration"),
        (REASON, REASON.replace("answers.extra", "answers.more"), "id: reason", "问题“more”不存在"),
        (REASON, REASON.replace("answers.extra", 'answers.kind == "newest"'), "id: reason", "“newest”不是问题“kind”的选项"),
        (REASON, REASON.replace("answers.extra", "'answers.kind in [\"old\", \"odd\"]'"), "id: reason", "“odd”不是问题"),
        (REASON, REASON.replace("answers.extra", "answers.kind"), "id: reason", "得不出“是”或“否”"),
        ("    default: new\n", "    default: new\n    when: answers.extra\n", "when: answers.extra\n", "排在它之后的“extra”"),
        # order and certificates
        ("[letter, identity, id-copy]", "[letter, identity, id-copy]\n    after: [second]", "after: [second]", "事项互相等待"),
        ("fields: [name, card_no]", "fields: [name, card_nr]", "card_nr", "既没有看，也没有决定"),
        ("fields: [card_no]}", "fields: [card_no, reason]}", "reason]}", "既没有看，也没有决定"),
        ("materials: [card]", "after: [first]", "fields: [card_no]}", "既没有看，也没有决定"),
        # numbers that are given out
        ("label: 证号, type: text}", "label: 证号, type: date, issued: country}", "id: card_no", "“card_no”不是号码"),
        ("label: 证号, type: text}", "label: 证号, type: text, series: cards}", "id: card_no", "却不是决定发出的号码"),
        ("type: resident_id}", "type: resident_id, issued: country}", "resident_id", "由申请人填写"),
        # limits
        ("promised: {amount: 5, unit", "promised: {amount: 30, unit", "amount: 30", "承诺时限长于法定时限"),
        ("statutory: {amount: 10, unit: working_day, for: office, basis: assumed}\n      promised: {amount: 2, unit: working_day, for: office, basis: assumed}\n    basis: [{title: 《条例》", "statutory: {amount: 1, unit: working_day, for: office, basis: assumed}\n      promised: {amount: 3, unit: calendar_day, for: office, basis: assumed}\n    basis: [{title: 《条例》", "unit: calendar_day", "承诺时限长于法定时限"),
        ("promised: {amount: 5, unit", "promised: {amount: 3, unit", "promised: {amount: 3", "first→second 的承诺时限之和超过"),
        # kinds
        ("    department: amr\n", "    department: amr\n    kind: filing\n", "kind: filing", "须作出决定，不能是备案"),
        (KIND, KIND + OUTCOMES.format("{id: ok, name: 好, effect: well}"), "id: ok", "结果“ok”不是决定通常的结果，没有依据"),
        (KIND, KIND + OUTCOMES.format("{id: refuse, name: 否, effect: refused}"), "outcomes: [", "没有办成的结果"),
        (KIND, KIND + OUTCOMES.format("{id: approve, name: 可, effect: well}, {id: approve, name: 准, effect: well}"), "outcomes: [", "“approve”在 outcomes 中重复"),
        (KIND, KIND + OUTCOMES.format("{id: approve, name: 可, effect: well, document: 书}"), "outcomes: [", "不出告知书"),
        (KIND, KIND + OUTCOMES.format("{id: approve, name: 可, effect: well}") + SILENT, "overdue:", "却没有这样的结果"),
        (KIND, KIND + OUTCOMES.format("{id: approve, name: 可, effect: neutral, basis: {title: 办法}}, {id: ok, name: 好, effect: well, basis: assumed}"), "outcomes: [", "既没有引用法规"),
        (KIND, KIND + CONDITIONS.format("{id: safe, says: 安全。, basis: assumed}, {id: safe, says: 牢固。, basis: assumed}"), "conditions: [", "“safe”在 conditions 中重复"),
        (KIND, KIND + CONDITIONS.format("{id: safe, says: 安全。, basis: {title: 办法}}"), "conditions: [", "既没有引用法规"),
        (KIND, KIND + CONDITIONS.format("{id: safe, says: 安全。}"), "conditions: [", "缺少“basis”"),
        (KIND, KIND + CONDITIONS.format("{id: safe, says: 安全。, basis: assumed, when: answers.more}"), "conditions: [", "问题“more”不存在"),
        (KIND, KIND + CONDITIONS.format("{id: safe, says: 安全。, basis: assumed}") + OUTCOMES.format("{id: approve, name: 可, effect: well}"), "conditions: [", "却没有不符合时的结果"),
        # limits by situation
        (SECOND, SECOND.replace("promised: {", "promised: [{when: answers.extra, ").replace("assumed}", "assumed}]"), "promised: [{", "最后一条有 when"),
        (SECOND, SECOND.replace("promised: {", "promised: [{amount: 1, for: office, basis: assumed}, {").replace("} #", "}] #"), "promised: [{", "中间一条没有 when"),
        (SECOND, SECOND.replace("basis: assumed", "basis: assumed, extension: {amount: 3, approver: agency_head, basis: {title: 《条例》, article: 第三条}}"), "extension", "承诺时限不写延长"),
        (SECOND, SECOND.replace("promised: {", "promised: [{when: answers.more, amount: 1, for: office, basis: assumed}, {").replace("} #", "}] #"), "answers.more", "问题“more”不存在"),
        (SECOND, SECOND.replace("basis: assumed", "basis: {title: 《条例》, article: 第三条, says: 二日}"), "says: 二日", "这里按工作日计算"),
        (SECOND, SECOND.replace("basis: assumed", "basis: {title: 条例}"), "title: 条例", "既没有引用法规"),
        (SECOND, SECOND.replace(", basis: assumed", ""), "promised: {amount: 2, unit: working_day, for: office}", "缺少“basis”"),
        (LAW_OF_SECOND, "statutory: {amount: 10, unit: working_day, for: office, basis: assumed, extension: {amount: 5, approver: agency_head, basis: assumed}}", "extension", "须在 basis 里写明法律条款"),
        (LAW_OF_SECOND, "statutory: [{when: answers.extra, amount: 1, unit: working_day, for: office, basis: assumed}, {amount: 10, unit: working_day, for: office, basis: assumed}]", "promised: {amount: 2, unit: working_day, for: office, basis: assumed} # second", "承诺时限长于法定时限，如回答"),
        # every combination of answers
        (", type: resident_id}", ", type: resident_id, required: false}", "params:", "不一定填写，如回答"),
        (", type: resident_id}", ", type: resident_id, when: answers.extra}", "params:", "不一定填写，如回答"),
        ("name: 身份证复印件}", "name: 身份证复印件, when: answers.extra}", "fallback:", "不适用，如回答"),
        ("    when: answers.kind == \"new\"\n    limits", "    when: answers.kind == \"new\" && answers.kind == \"old\"\n    limits", "when: answers.kind == \"new\" && answers.kind == \"old\"\n", "无论怎样回答都不成立"),
        ("limits:\n      statutory: {amount: 10, unit: working_day, for: office, basis: assumed}\n      promised: {amount: 2, unit: working_day, for: office, basis: assumed}\n    basis: [{title: 《条例》", "when: answers.extra && answers.kind == \"new\"\n    limits:\n      statutory: {amount: 10, unit: working_day, for: office, basis: assumed}\n      promised: {amount: 2, unit: working_day, for: office, basis: assumed}\n    basis: [{title: 《条例》", "items:\n", "没有任何事项"),
        # examples
        ("expect: {items: [first, second]", "expect: {items: [first]", "expect:", "items 应是 [first]，实际是 [first, second]"),
        ("materials: [], lookups", "materials: [letter], lookups", "expect:", "materials 应是 [letter]，实际是 []"),
        ("    answers: {}", "    answers: {kind: odd}", "answers: {kind: odd}", "的回答不对"),
        ("questions:\n", "questions:\n  - {id: idle, question: 闲？, type: boolean, default: true}\n", "id: idle", "没有任何条件用到"),
    ],
)
def test_each_rule(tmp_path: Path, old: str, new: str, at: str, what: str) -> None:
    problems = problems_after(tmp_path, old, new)
    lines = [one.line for one in problems if what in one.what and one.remedy]
    assert lines, [str(one) for one in problems]
    text = changed(old, new)
    assert (text[: text.rindex(at)].count("\n") + 1 if at.endswith("\n") else line_of(text, at)) in lines
# fmt: on


MANY = "  - {id: many, question: 哪些？, type: multi_choice, options: [{value: x, label: 甲}, {value: y, label: 乙}, {value: z, label: 丙}], default: []}\n"


@pytest.mark.parametrize(
    ("owner", "when", "what"),
    [
        # of three options, a pair: once never tried, so that what can hold was refused and what leaves nothing passed
        (
            "when: answers.extra}\nexamples",
            '\'"x" in answers.many && "y" in answers.many && !("z" in answers.many)\'',
            None,
        ),
        ("label: 理由, type: long_text, when: answers.extra}", "size(answers.many) > 3", "无论怎样回答都不成立"),
        ("label: 理由, type: long_text, when: answers.extra}", "size(answers.many) < 4", "无论怎样回答都成立"),
        # a question that applies to new ones only: what it says of others is nothing at all
        (
            "label: 理由, type: long_text, when: answers.extra}",
            "'answers.extra && answers.kind == \"old\"'",
            "无论怎样回答都不成立",
        ),
        (
            "label: 理由, type: long_text, when: answers.extra}",
            '\'answers.kind == "new" || answers.kind == "old"\'',
            "无论怎样回答都成立",
        ),
        # a fee's condition is one like any other
        ("when: answers.extra}\nexamples", "'answers.many == \"x\"'", "可以多选"),
        ("when: answers.extra}\nexamples", "'answers.extra == \"是\"'", "不能同文字比较"),
        ("when: answers.extra}\nexamples", "size(answers.many) > 3", "无论怎样回答都不成立"),
    ],
)
def test_what_conditions_can_and_cannot_hold(tmp_path: Path, owner: str, when: str, what: str | None) -> None:
    text = SMALL.replace("form:\n", f"{MANY}form:\n", 1)
    used = "      - {id: other, label: 其他, type: long_text, when: '\"x\" in answers.many'}\n"
    text = text.replace("materials:\n", f"{used}materials:\n", 1)
    assert owner in text
    text = text.replace(owner, owner.replace("answers.extra", when))
    problems = lint(load_catalog(folder_with(tmp_path, text)))
    assert [what is not None and what in one.what for one in problems] == ([True] if what else []), problems


def test_no_answers_leave_a_case_without_an_item(tmp_path: Path) -> None:
    """A pair of options that took the only item away used to pass."""
    text = SMALL.replace("form:\n", f"{MANY}form:\n", 1).replace(
        "    nature: licence\n    limits:",
        "    nature: licence\n    when: size(answers.many) != 2\n    limits:",
        1,
    )
    text = text.replace('when: answers.kind == "new"\n    limits', "when: size(answers.many) != 2\n    limits")
    problems = lint(load_catalog(folder_with(tmp_path, text)))
    assert any("没有任何事项" in one.what for one in problems), problems


@pytest.mark.parametrize(
    ("says", "clean"),
    [
        ("自收到申请之日起20个工作日内办理完毕", True),  # working days, whatever day they begin on
        ("从2025年1月1日起施行", True),  # a day of the calendar is no length
        ("应当自受理之日起三日内作出决定", False),
        ("不得超过20日", False),
    ],
)
def test_only_a_length_in_days_has_to_be_explained(tmp_path: Path, says: str, clean: bool) -> None:
    basis = f"basis: {{title: 《条例》, article: 第三条, says: {says}}}"
    problems = lint(load_catalog(folder_with(tmp_path, changed(SECOND, SECOND.replace("basis: assumed", basis)))))
    assert [one.what for one in problems if "按工作日计算" in one.what] == (
        [] if clean else [one.what for one in problems]
    )
    assert bool(problems) is not clean


@pytest.mark.parametrize(
    ("first", "clean"),
    [('answers.kind == "old"', True), ("answers.extra", False)],
)
def test_what_one_item_or_another_always_reads_tells_applications_apart(
    tmp_path: Path, first: str, clean: bool
) -> None:
    """Between them the items apply to everybody, or they do not."""
    text = changed("audience: person\n", "audience: person\ntold_apart_by: [name]\n")
    text = text.replace("    nature: licence\n", f"    nature: licence\n    when: '{first}'\n", 1)
    problems = lint(load_catalog(folder_with(tmp_path, text)))
    assert any("认不出重复" in one.what for one in problems) is not clean, problems


def test_the_small_definition_is_clean(tmp_path: Path) -> None:
    catalog = load_catalog(folder_with(tmp_path, SMALL))
    assert require_clean(catalog) is catalog


def test_the_packaged_catalogue_is_clean() -> None:
    assert lint(load_catalog()) == []


def test_a_program_refuses_to_start_with_problems(tmp_path: Path) -> None:
    catalog = load_catalog(folder_with(tmp_path, changed("department: amr", "department: tax")))
    with pytest.raises(DefinitionProblems, match="tax"):
        require_clean(catalog)


def test_what_is_compared_comes_from_its_source(tmp_path: Path) -> None:
    licensed = changed("    fallback: id-copy", "    licence: small.first.card\n    fallback: id-copy")
    assert not lint(load_catalog(folder_with(tmp_path, licensed)))
    compared = licensed.replace("audience: person\n", COMPARED, 1)
    (problem,) = lint(load_catalog(folder_with(tmp_path, compared)))
    assert "要与其他来源比对" in problem.what


def test_every_number_that_a_shipped_decision_gives_out_is_given_out_once() -> None:
    unmarked = [
        f"{bundle.code}.{item.code}.{field.id}"
        for bundle in load_catalog().bundles.values()
        for item in bundle.items
        for field in item.decision_form
        if field.label.endswith(NUMBERED) and field.issued is None
    ]
    assert unmarked == []


def test_whoever_ends_a_person_always_says_who_that_is(tmp_path: Path) -> None:
    asked_sometimes = "      - {id: other, label: 别人证件, type: identity, when: answers.extra}\n" + REASON
    text = changed(REASON, asked_sometimes).replace(
        "    on_refusal: stop\n", "    on_refusal: stop\n    ends_person: other\n", 1
    )
    problems = lint(load_catalog(folder_with(tmp_path, text)))
    assert [one.line for one in problems if "有可能没有填写" in str(one)] == [line_of(text, "ends_person:")]


@pytest.mark.parametrize(
    ("rule", "what"),
    [
        ("until_shown: letter, about: {name: name, identity: id_nr}", "没有表单字段“id_nr”"),
        ("until_shown: letter, about: {name: id_number, identity: id_number}", "类型不对"),
        ("until_shown: letter, about: {name: reason, identity: id_number}", "不知道发给谁"),
        ("until_shown: lettre, about: {name: name, identity: id_number}", "没有材料“lettre”"),
        ("until_shown: card, about: {name: name, identity: id_number}", "窗口收不到"),
    ],
)
def test_who_only_reports_says_about_whom_and_what_shows_kinship(tmp_path: Path, rule: str, what: str) -> None:
    reporter = f"reporter: {{when: answers.extra, {rule}, basis: {{title: 《条例》}}}}\n"
    text = changed("audience: person\n", "audience: person\n" + reporter)
    assert [what in str(one) for one in lint(load_catalog(folder_with(tmp_path, text)))] == [True]
