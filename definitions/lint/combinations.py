"""What holds for every combination of answers (a fixed sample when there are too many), and what examples promise."""

from collections.abc import Iterator

from definitions.answers import check_answers
from definitions.compile import applicable_form, compile_plan
from definitions.conditions import conditions_of
from definitions.lint.assignments import assignments
from definitions.lint.checked import LintContext
from definitions.lint.limits import longest_promises, nominal_days
from definitions.reading import Trail
from onething.domain.definition.bundle import BundleDefinition
from onething.domain.definition.questions import Answers
from onething.domain.errors import InvalidInput
from onething.domain.form.look_up_params import field_of
from onething.domain.plan.plan import Plan

MOST = 1600


def check(checked: LintContext) -> None:
    seen: set[str] = set()
    for answers in combinations(checked.definition):
        try:
            plan = compile_plan(checked.definition, checked.catalog.sources, answers)
        except InvalidInput:  # they are valid: no item applies
            _once(checked, ("items",), f"回答 {_shown(answers)} 时没有任何事项。", "至少让一个事项适用。")
            continue
        _plan(checked, plan, answers)
        seen.update(item.code for item in plan.items)
        seen.update(material.code for material in plan.materials)
        seen.update(period.code for period in plan.periods)
        seen.update(inspection.code for inspection in plan.inspections)
    for part, names in (
        ("items", {item.code: item.when for item in checked.definition.items}),
        ("materials", {material.code: material.when for material in checked.definition.materials}),
        ("periods", {period.code: period.when for period in checked.definition.periods}),
        ("inspections", {one.code: one.when for one in checked.definition.inspections}),
    ):
        for index, (name, when) in enumerate(names.items()):
            if name not in seen and not _settled(checked, when):
                checked.say((part, index), f"“{name}”在任何情形下都不会用到。", "检查它的 when，或删去。")
    _examples(checked)


def _settled(checked: LintContext, when: str | None) -> bool:
    """Whether it depends on what this bundle answers itself, or on a figure that places set."""
    if when is None:
        return False
    condition = conditions_of(checked.definition).condition(when)
    return checked.is_settled(condition) or bool(condition.figures)


def combinations(definition: BundleDefinition) -> Iterator[Answers]:
    """Valid answers to all questions: every combination, or a fixed sample with every pair; and those of examples."""
    for answers in assignments(definition, [question.id for question in definition.questions], MOST).answers:
        yield pruned(definition, answers)
    yield from (one.answers for one in definition.examples if not check_answers(definition, one.answers))


def pruned(definition: BundleDefinition, answers: Answers) -> Answers:
    """Without the answers to questions that do not apply."""
    wrong = {problem.pointer for problem in check_answers(definition, answers)}
    return {name: value for name, value in answers.items() if f"/answers/{name}" not in wrong}


def _plan(checked: LintContext, plan: Plan, answers: Answers) -> None:
    shown = _shown(answers)
    _within_the_law(checked, plan, answers)
    fields = {field.id: field for field in applicable_form(checked.definition, answers)}
    materials = {material.code for material in plan.materials}
    for need in plan.data:
        trail = checked.place_of_material[need.key]
        for value in need.params.values():
            field = fields.get(field_of(value))
            if not value.startswith("answers.") and (field is None or not field.required):
                what = f"查询“{need.key}”要用的字段“{value}”不一定填写，如回答 {shown} 时。"
                _once(checked, (*trail, "lookup", "params"), what, "让字段必填，并使两者的 when 一致。")
        if need.fallback is not None and need.fallback not in materials:
            what = f"“{need.key}”的替代材料“{need.fallback}”不适用，如回答 {shown} 时。"
            _once(
                checked, (*trail, "fallback"), what, "使它的 when 覆盖调取适用的情形，并把它写进同一事项的 materials。"
            )
    _promise(checked, plan)


def _promise(checked: LintContext, plan: Plan) -> None:
    outside = {item.code for item in checked.definition.items if item.limits.outside_promise}
    path, days = longest_promises(plan, outside)
    if days > nominal_days(plan.promised):
        what = f"先后办理 {'→'.join(path)} 的承诺时限之和超过整件事的承诺时限。"
        _once(checked, ("promised",), what, "放宽 promised，或缩短事项的承诺时限。")


def _once(checked: LintContext, trail: Trail, what: str, remedy: str) -> None:
    """Many combinations show the same problem: the first is enough."""
    at = checked.document.problem(trail, "", "")
    if not any((one.file, one.pointer) == (at.file, at.pointer) for one in checked.problems):
        checked.say(trail, what, remedy)


def _examples(checked: LintContext) -> None:
    for index, example in enumerate(checked.definition.examples):
        trail: Trail = ("examples", index)
        try:
            plan = compile_plan(checked.definition, checked.catalog.sources, example.answers)
        except InvalidInput as error:
            for problem in error.problems:
                path = (*trail, "answers", problem.pointer.rpartition("/")[2])
                checked.say(path, f"范例“{example.name}”的回答不对：{problem.detail}", "改正回答。")
            continue
        _promise(checked, plan)
        compiled = {
            "items": tuple(item.code for item in plan.items),
            "materials": tuple(material.code for material in plan.asked_materials),
            "lookups": tuple(need.key for need in plan.data),
        }
        for part, codes in compiled.items():
            wanted: tuple[str, ...] | None = getattr(example.expect, part)
            if wanted is not None and set(wanted) != set(codes):
                what = f"范例“{example.name}”的 {part} 应是 {_list(wanted)}，实际是 {_list(codes)}。"
                checked.say((*trail, "expect", part), what, "改正范例，或改正 when。")


def _within_the_law(checked: LintContext, plan: Plan, answers: Answers) -> None:
    """Of what has several limits; single ones are told without answers."""
    for index, item in enumerate(checked.definition.items):
        planned = plan.item_by_code.get(item.code)
        several = len(item.limits.promised) > 1 or len(item.limits.of_law) > 1
        if planned is None or planned.statutory is None or not several:
            continue
        if nominal_days(planned.promised) > nominal_days(planned.statutory):
            what = f"承诺时限长于法定时限，如回答 {_shown(answers)} 时。"
            _once(checked, ("items", index, "limits", "promised"), what, "缩短 promised，或核对 statutory。")


def _shown(answers: Answers) -> str:
    return ", ".join(f"{name}={value}" for name, value in answers.items())


def _list(codes: tuple[str, ...]) -> str:
    return f"[{', '.join(codes)}]"
