"""`definitions`: check, publish, draw and try out what the 一件事 are made of."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onething.cli.terminal.failures import CommandFailed, ExitCode
from onething.domain.definition.questions import AnswerValue

if TYPE_CHECKING:  # the commands load what they need
    from definitions.loader import Catalog
    from definitions.publishing import PlaceQuestions

app = typer.Typer(no_args_is_help=True, help="一件事的定义：检查、发布、画图、试算。")

DefinitionsFolderOption = Annotated[
    Path | None,
    typer.Option("--folder", exists=True, file_okay=False, help="定义目录；默认为软件自带的。", show_default=False),
]
_LOOK_AGAIN_S = 0.5
BundleCodeArgument = Annotated[
    str, typer.Argument(metavar="代码", help="如 enterprise-opening 或 enterprise-opening@1。")
]


@app.command()
def check(
    folder: DefinitionsFolderOption = None,
    verbose: Annotated[bool, typer.Option("--verbose", help="也说一件事与所引用的共用事项写得不同的地方。")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="一直看着，文件一改就再检查；按 Ctrl+C 结束。")] = False,
) -> None:
    """检查全部定义：一次列出所有问题，指明文件、行和怎么改；已发布的版本不许再改。

    日历在 60 天内到头的，另作提醒。

    \b
    例：
      onething definitions check
      onething definitions check --folder 我的定义
      onething definitions check --watch
    """
    from definitions import commands
    from definitions.loader import FOLDER
    from onething.cli.terminal.output import today

    seen = _changed_at(folder or FOLDER)  # before it is checked: what is saved meanwhile is checked again
    code = commands.check(folder or FOLDER, today=today(), verbose=verbose)
    while watch:
        time.sleep(_LOOK_AGAIN_S)  # files tell nobody that they were saved
        now = _changed_at(folder or FOLDER)
        if now != seen:
            seen = now
            typer.echo("—— 文件改了，再次检查")
            commands.check(folder or FOLDER, today=today(), verbose=verbose)
    raise typer.Exit(code)


def _changed_at(folder: Path) -> dict[Path, int]:
    return {file: file.stat().st_mtime_ns for file in folder.rglob("*.yaml")}


@app.command()
def new(
    code: Annotated[str, typer.Argument(metavar="代码", help="如 restaurant-opening。")],
    folder: DefinitionsFolderOption = None,
) -> None:
    """开始写一个一件事：写出一份没有问题的定义，照着改。

    \b
    例：
      onething definitions new restaurant-opening
    """
    from definitions import commands
    from definitions.loader import FOLDER

    raise typer.Exit(commands.new(code, folder or FOLDER))


@app.command()
def lock(folder: DefinitionsFolderOption = None) -> None:
    """发布新的版本：把它们的摘要记入 catalog.lock（日历记入各自的 versions.lock），此后不再改动。

    \b
    例：
      onething definitions lock
    """
    from definitions import commands
    from definitions.loader import FOLDER
    from onething.cli.terminal.output import today

    raise typer.Exit(commands.lock(folder or FOLDER, today=today()))


@app.command()
def graph(
    code: BundleCodeArgument,
    folder: DefinitionsFolderOption = None,
    plain: Annotated[bool, typer.Option("--plain", help="画成文字，而不是 Mermaid。")] = False,
) -> None:
    """画出一个一件事的事项图：谁先谁后，谁并联。

    \b
    例：
      onething definitions graph enterprise-opening --plain
    """
    from definitions import commands

    raise typer.Exit(commands.graph(code, folder, mermaid=not plain))


@app.command()
def plan(
    code: BundleCodeArgument,
    answer: Annotated[
        list[str] | None,
        typer.Option("--answer", "-a", metavar="问题=回答", help="情形的回答，可多次；多选用逗号隔开。"),
    ] = None,
    folder: DefinitionsFolderOption = None,
) -> None:
    """一次告知：按情形列出事项、材料、表单、费用、预计时间，以及省了多少。

    \b
    例：
      onething definitions plan transport-business
      onething definitions plan enterprise-opening -a company_type=llc -a premises=rented -a services=seal,tax
    """
    from datetime import UTC, datetime

    from definitions import commands

    answers = _answers(code, answer or [], folder)
    raise typer.Exit(commands.plan(code, answers, datetime.now(UTC), folder))


@app.command()
def difference(
    old: Annotated[str, typer.Argument(metavar="原来的", help="如 enterprise-opening@1。", show_default=False)],
    new: Annotated[str, typer.Argument(metavar="现在的", help="如 enterprise-opening@2；不写版本是最新的。")],
    folder: DefinitionsFolderOption = None,
) -> None:
    """两个版本有什么不同，逐句说明：期限、材料、事项、情形等。

    \b
    例：
      onething definitions difference enterprise-opening@1 enterprise-opening
      onething definitions difference enterprise-opening@1 enterprise-opening@2 --folder 我的定义
    """
    from definitions import commands

    raise typer.Exit(commands.difference(old, new, folder))


@app.command()
def effective(
    code: BundleCodeArgument,
    place: Annotated[str, typer.Option("--place", metavar="区划", help="行政区划代码，如 330100。")],
    folder: DefinitionsFolderOption = None,
) -> None:
    """一个一件事在某地实际是怎样的：先逐句说明与各地通行的有什么不同、依据是什么，再列出全文（YAML）。

    \b
    例：
      onething definitions effective enterprise-opening --place 330100
    """
    from definitions import commands

    raise typer.Exit(commands.effective(code, place, folder))


@app.command()
def questions(
    code: BundleCodeArgument,
    place: Annotated[
        str | None, typer.Option("--place", metavar="区划", help="行政区划代码，如 330100。", show_default=False)
    ] = None,
    sheet: Annotated[
        Path | None, typer.Option("--sheet", dir_okay=False, help="写成 .xlsx，供各部门填写。", show_default=False)
    ] = None,
    answers: Annotated[
        Path | None,
        typer.Option("--answers", exists=True, dir_okay=False, help="读入填好的 .xlsx，写成当地的文件。"),
    ] = None,
    folder: DefinitionsFolderOption = None,
) -> None:
    """还要各部门填写什么：没有依据、只是假定的期限、收费、材料等。填好的表读回来，就是当地的规定。

    \b
    例：
      onething definitions questions newborn
      onething definitions questions newborn --place 330100 --sheet 新生儿.xlsx
      onething definitions questions newborn --place 330100 --answers 新生儿.xlsx
    """
    from definitions import publishing
    from definitions.loader import FOLDER
    from onething.cli.operations import questions_sheet

    asked, catalog = _asked(code, place, folder)
    if answers is not None:
        if place is None:
            raise CommandFailed("读入填好的表，要写明是哪里的：--place 区划。", ExitCode.USAGE)
        filled = questions_sheet.read(answers, asked)
        raise typer.Exit(publishing.answer(asked, place, filled, folder or FOLDER, typer.echo))
    if sheet is not None:
        questions_sheet.write(sheet, asked, catalog.departments)
        typer.echo(f"已写入 {sheet}，{len(asked.figures)} 行。")
        return
    for line in (asked.head, *asked.lines):
        typer.echo(line)


@app.command()
def publish(
    code: BundleCodeArgument,
    place: Annotated[str, typer.Option("--place", metavar="区划", help="行政区划代码，如 330100。")],
    folder: DefinitionsFolderOption = None,
) -> None:
    """公布一个一件事在某地的规定；还有一处是假定的，就不能公布。

    \b
    例：
      onething definitions publish newborn --place 330100
    """
    from definitions import publishing
    from definitions.loader import FOLDER

    asked, _ = _asked(code, place, folder)
    raise typer.Exit(publishing.publish(asked, place, folder or FOLDER, typer.echo))


def _asked(code: str, place: str | None, folder: Path | None) -> "tuple[PlaceQuestions, Catalog]":
    from definitions import commands, publishing
    from definitions.digests import PUBLISHED
    from definitions.loader import FOLDER
    from definitions.regions import divisions_of

    catalog, problems = commands.problems_of(folder or FOLDER)
    if place is not None and not any(place in divisions_of(one) for one in catalog.regions):
        raise CommandFailed(f"没有行政区划“{place}”。现有：{'、'.join(sorted(catalog.regions))}。", ExitCode.USAGE)
    told = [one for one in problems if one.file != PUBLISHED]  # to publish anew mends those
    if told:
        listed = "\n".join(map(str, told))
        raise CommandFailed(f"定义有问题，改好再来（onething definitions check）：\n{listed}", ExitCode.USAGE)
    asked = publishing.questions_of(catalog, code, place)
    if asked is None:
        raise CommandFailed(f"没有“{code}”。现有：{'、'.join(catalog.latest)}。", ExitCode.USAGE)
    return asked, catalog


@app.command()
def source(
    code: Annotated[str, typer.Argument(metavar="代码", help="数据源的代码，如 business-licence。")],
    folder: DefinitionsFolderOption = None,
) -> None:
    """一个数据源的请求和答复应是什么样，写成 JSON Schema，供对接方校验。

    \b
    例：
      onething definitions source business-licence > business-licence.schema.json
    """
    from definitions import commands

    raise typer.Exit(commands.source(code, folder))


def _answers(code: str, given: list[str], folder: Path | None) -> dict[str, AnswerValue]:
    """What was typed, as the questions of the bundle want it; unknown questions stay, for `plan` to tell."""
    from definitions.loader import load_catalog
    from onething.domain.definition.questions import QuestionType

    definition = load_catalog(folder).bundle(code)
    types = {question.id: question.type for question in definition.questions} if definition else {}
    answers: dict[str, AnswerValue] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals:
            raise CommandFailed(f"--answer {text} 写得不对：须是 问题=回答。", ExitCode.USAGE)
        match types.get(name):
            case QuestionType.BOOLEAN if value in ("true", "false"):
                answers[name] = value == "true"
            case QuestionType.MULTI_CHOICE:
                answers[name] = value.split(",") if value else []
            case _:
                answers[name] = value
    return answers
