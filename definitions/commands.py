"""What `onething definitions …` does. Each function prints through `echo` and gives the exit code."""

import json
import re
import sys
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path

from definitions import graph as drawing
from definitions import time_words
from definitions.calendars.coverage import reminders
from definitions.difference import differences
from definitions.duties import off_duty
from definitions.guide import Guide, MaterialDemand, guide
from definitions.layers.telling import effective_text, place_differences
from definitions.lint import lint
from definitions.loader import FOLDER, Catalog, load_catalog, read_catalog
from definitions.lock import check_lock, publish, unpublished
from definitions.problems import DefinitionProblem, DefinitionProblems
from definitions.publishing import Echo, changed_since_published
from definitions.regions import divisions_of
from definitions.savings import Saving
from definitions.terms import answer_text, limit_text
from definitions.time_guide import time_guide
from onething.domain.base import CODE
from onething.domain.definition.bundle import BundleDefinition
from onething.domain.definition.questions import AnswerValue
from onething.domain.errors import InvalidInput
from onething.domain.lookups.source_schema import reply_schema, request_schema


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def problems_of(folder: Path = FOLDER) -> tuple[Catalog, list[DefinitionProblem]]:
    """Everything that can be found at once: what loads is linted, unless what it refers to did not load."""
    catalog, problems = read_catalog(folder)
    if all(problem.file.startswith(("catalog/", "items/", "places/")) for problem in problems):
        problems += lint(catalog)
    if not problems:
        problems += check_lock(catalog, folder)
        problems += changed_since_published(catalog, folder)
    return catalog, sorted(problems)


def new(code: str, folder: Path = FOLDER, echo: Echo = _print) -> int:
    """A bundle to begin with, which has no problem: 1, and nothing written, where the code is none or is taken."""
    file = folder / "catalog" / code / "v1.yaml"
    if not re.fullmatch(CODE, code):
        echo(f"“{code}”不能作代码。写成小写字母和数字，词与词之间用连字符，如 restaurant-opening。")
        return 1
    if file.parent.exists():
        echo(f"“{code}”已经有了：{file.parent.relative_to(folder)}。")
        return 1
    file.parent.mkdir(parents=True)
    file.write_text((FOLDER / "template.yaml").read_text(encoding="utf-8").format(code=code), encoding="utf-8")
    echo(f"已写入 {file}，没有问题，可以照着改。边改边查：onething definitions check --watch")
    return 0


def check(folder: Path = FOLDER, echo: Echo = _print, *, today: date | None = None, verbose: bool = False) -> int:
    """Report every problem with file, line and remedy: 1 if there is one. `today`: also how long calendars still reach,
    which is no problem. `verbose`: also what bundles write otherwise than the shared items that they use."""
    catalog, problems = problems_of(folder)
    for problem in problems:
        echo(str(problem))
    if problems:
        echo(f"共 {len(problems)} 处问题。")
        return 1
    count = len(catalog.bundles) - len(catalog.places)
    shared = f"{len(catalog.items)} 个共用事项、" if catalog.items else ""
    shared += f"{len(catalog.places)} 份地方改写、" if catalog.places else ""
    echo(f"{count} 个版本、{shared}{len(catalog.sources)} 个数据源、{len(catalog.calendars)} 个日历，没有问题。")
    for definition in (*catalog.latest.values(), *(catalog.bundles[ref] for ref in catalog.places)):
        echo(f"  {definition.ref} {definition.name}：{time_words.summary(time_guide(definition))}")
    for sentence in catalog.redefined if verbose else ():
        echo(sentence)
    new = unpublished(catalog, folder)
    if new:
        echo(f"尚未发布：{'、'.join(new)}。发布请运行 onething definitions lock。")
    for reminder in reminders(catalog.calendars.values(), today) if today else ():
        echo(reminder)
    for reminder in off_duty(catalog.duties, _named(catalog), today) if today else ():
        echo(reminder)
    return 0


def lock(folder: Path = FOLDER, echo: Echo = _print, *, today: date | None = None) -> int:
    """Publish the versions that are new: 1 if something is wrong with any version, or a new one names a department that
    has no duties `today`."""
    catalog, problems = problems_of(folder)
    if problems:
        return check(folder, echo)
    new = unpublished(catalog, folder)
    named = {ref: codes for ref, codes in _named(catalog).items() if ref in new}
    if over := off_duty(catalog.duties, named, today) if today else []:
        for reminder in over:
            echo(reminder)
        return 1
    new = publish(catalog, folder)
    echo(f"已发布 {'、'.join(new)}，此后不再改动。" if new else "没有新的版本。")
    return 0


def _named(catalog: Catalog) -> dict[str, tuple[str, ...]]:
    """What is offered, and what it asks → departments."""
    offered = [*catalog.latest.values(), *(catalog.bundles[ref] for ref in catalog.places)]
    bundles = {one.ref: one.departments for one in offered}
    return bundles | {f"数据源 {code}": (one.department,) for code, one in catalog.sources.items()}


def graph(code: str, folder: Path | None = None, *, mermaid: bool = True, echo: Echo = _print) -> int:
    """Draw a bundle, by code or code@version: 1 if there is none."""
    found = _find(code, folder, echo)
    if found is None:
        return 1
    catalog, definition = found
    draw = drawing.mermaid if mermaid else drawing.plain
    echo(draw(definition, catalog.departments).rstrip("\n"))
    return 0


def difference(old: str, new: str, folder: Path | None = None, *, echo: Echo = _print) -> int:
    """Say in sentences what one bundle has that the other says otherwise: 1 if there is not one of them."""
    before, after = _find(old, folder, echo), _find(new, folder, echo)
    if before is None or after is None:
        return 1
    (catalog, older), (_, newer) = before, after
    found = differences(catalog, older, newer)
    echo(f"{older.ref} → {newer.ref}：{f'{len(found)} 处不同。' if found else '没有不同。'}")
    for one in found:
        echo(f"  {one.text}")
    return 0


def effective(code: str, place: str, folder: Path | None = None, *, echo: Echo = _print) -> int:
    """Print a bundle as it is in that division: what is otherwise there, in sentences, then the whole as YAML. 1 if
    there is no such bundle or division."""
    found = _find(code, folder, echo)
    if found is None:
        return 1
    catalog, _ = found
    here = catalog.at(code, place)
    if here is None or not any(place in divisions_of(one) for one in catalog.regions):
        echo(f"没有行政区划“{place}”。现有：{'、'.join(sorted(catalog.regions))}。")
        return 1
    told = place_differences(catalog, here.ref)
    whose = f"按 {here.place} 的规定" if here.place else "没有改写，各地一样"
    echo(f"# {here.name}（{here.ref}），{whose}：{f'{len(told)} 处不同。' if told else '没有不同。'}")
    for one in told:
        echo(f"#   {one.text}")
    echo(effective_text(catalog, here.ref).rstrip("\n"))
    return 0


def source(code: str, folder: Path | None = None, *, echo: Echo = _print) -> int:
    """Tell how a source is asked and answers, as JSON Schema: 1 if there is none."""
    known = load_catalog(folder).sources
    if code not in known:
        echo(f"没有数据源“{code}”。现有：{'、'.join(sorted(known))}。")
        return 1
    shapes = {"request": request_schema(known[code]), "reply": reply_schema(known[code])}
    echo(json.dumps(shapes, ensure_ascii=False, indent=2))
    return 0


def plan(
    code: str,
    answers: Mapping[str, AnswerValue],
    start: datetime | None = None,
    folder: Path | None = None,
    *,
    echo: Echo = _print,
) -> int:
    """Print what a case of these answers will take: 1 if there is no such bundle or an answer is wrong."""
    found = _find(code, folder, echo)
    if found is None:
        return 1
    catalog, definition = found
    try:
        told = guide(catalog, definition, answers, start)
    except InvalidInput as error:
        for problem in error.problems:
            echo(f"{problem.pointer}：{problem.detail}")
        echo("")
        for line in _how_to_answer(definition):
            echo(line)
        return 1
    for line in lines_of(told):
        echo(line)
    return 0


def lines_of(guide: Guide) -> list[str]:
    """The guide for people, line by line."""
    names = {item.code: item.name for item in guide.items}
    lines = [
        f"{guide.name}（{guide.bundle}），承诺{guide.within}",
        *((guide.expected.text,) if guide.expected else ()),
        guide.summary,
        "",
        "情形",
        *(f"  {question.question}{answer_text(question, guide.answers[question.id])}" for question in guide.questions),
        "",
        "事项",
    ]
    for item in guide.items:
        after = f"，在{'、'.join(names[code] for code in item.after)}之后" if item.after else ""
        limits = f"承诺{item.within}，法定{limit_text(item.statutory)}"
        lines.append(f"  {item.name}〔{item.department_name}〕{limits}{after}")
        lines.append(f"    依据：{'；'.join(item.basis)}。结果：{'、'.join(item.outputs)}")
    lines += ["", "时限", f"  {time_words.summary(guide.time)}", *time_words.lines(guide.time)]
    for title, asked in (
        ("请提供的材料", MaterialDemand.NOW),
        ("调取不到时才需提供", MaterialDemand.IF_SOURCE_FAILS),
        ("办成后提供", MaterialDemand.LATER),
        ("无需提供", MaterialDemand.NEVER),
    ):
        chosen = [material for material in guide.materials if material.asked is asked]
        lines += ["", f"{title}（{len(chosen)}）"]
        for material in chosen:
            optional = "" if material.required else "（可选）"
            users = "".join(f"“{names[code]}”" for code in material.needed_by)
            how = "".join(f"{line}。" for line in material.how)
            told_of = f"  {material.name}{optional}：{material.from_where}，供{users}用。{how}{material.why}"
            lines.append(told_of.rstrip("。") + "。")
    lines += ["", f"表单（{len(guide.form)} 项）：{'、'.join(field.label for field in guide.form)}"]
    lines.append(f"费用：{guide.total_fen / 100:.2f} 元")
    lines += [f"  {fee.name} {fee.amount_fen / 100:.2f}" for fee in guide.fees]
    lines += _saved(guide.saved)
    if guide.expected and guide.expected.provisional:
        lines.append("日期为暂定：那一年的调休安排还没有公布。")
    return lines


def _saved(saved: Saving) -> Iterator[str]:
    yield (
        f"与逐项办理相比：材料 {saved.materials_alone}→{saved.materials_here} 份，"
        f"复印 {saved.copies_alone}→{saved.copies_here} 份，"
        f"填报 {saved.fields_alone}→{saved.fields_here} 项，表格 {saved.forms_alone}→{saved.forms_here} 张，"
        f"跑动 {saved.trips_alone}→{saved.trips_here} 次。"
    )
    yield (
        f"  少交的材料：事项产生 {saved.materials_produced} 份，数据共享 {saved.materials_shared} 份，"
        f"电子证照 {saved.materials_licensed} 份，重复 {saved.materials_duplicate} 份。"
    )


def _how_to_answer(definition: BundleDefinition) -> Iterator[str]:
    """Every question with what can be answered, in the words of the command line."""
    yield "情形（用 -a 问题=回答 回答，没有默认的必须回答）"
    for question in definition.questions:
        default = "" if question.default is None else f"（默认：{answer_text(question, question.default)}）"
        yield f"  {question.id}  {question.question}{default}"
        if question.options:
            yield f"    {'、'.join(f'{option.value}（{option.label}）' for option in question.options)}"
        else:
            yield "    true（是）、false（否）"


def _find(code: str, folder: Path | None, echo: Echo) -> tuple[Catalog, BundleDefinition] | None:
    try:
        catalog = load_catalog(folder)
    except DefinitionProblems as error:
        echo(str(error))
        return None
    definition = catalog.bundle(code)
    if definition is None:
        echo(f"没有“{code}”。现有：{'、'.join(catalog.latest)}。")
        return None
    return catalog, definition
