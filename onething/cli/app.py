"""The command `onething`: its groups put together, and the one way out of it."""

import gc
import sys
from collections.abc import Callable
from typing import Any

import typer
from typer import rich_utils

from onething.cli.client.command_words import speak
from onething.cli.commands import (
    acceptance,
    access,
    audit,
    bundles,
    commitments,
    consults,
    deadlines,
    deliveries,
    inspections,
    intake,
    items,
    licences,
    lookups,
    mandates,
    materials,
    outlets,
    periods,
    phrases,
    prechecks,
    prefills,
    ratings,
    reissue,
    saved_views,
    subscriptions,
    supervision,
    tasks,
    undo,
    urges,
)
from onething.cli.commands import cases as commands_cases
from onething.cli.commands.login import login, logout
from onething.cli.demo.command import demo
from onething.cli.operations import (
    agent,
    calendar,
    connector,
    definitions,
    departments,
    journal,
    processes,
    schema,
    stack,
)
from onething.cli.terminal.failures import CommandFailed, ExitCode
from onething.cli.terminal.output import console
from onething.cli.terminal.usage_text import in_chinese

_FORMAT_ERROR = rich_utils.rich_format_error

HELP = """一件事：一次申请、多个部门、一个结果。

\b
第一次用：
  onething demo        办四件事给您看，打印每一步和证照
  onething up          启动整套系统，自己来办
  onething case submit examples/enterprise-opening.yaml --as citizen
  onething task list --as officer.amr

\b
退出码：
  0   成功
  1   没有办成（演示与预期不符、定义有问题等）
  2   命令写错了
  3   连不上服务，或服务暂时不可用
  4   服务拒绝：内容需要修改、没有权限、当前状态不允许
  130 被 Ctrl-C 中断
"""


def build() -> typer.Typer:
    """The whole command tree."""
    _speak_chinese()
    app = typer.Typer(
        name="onething", help=HELP, no_args_is_help=True, rich_markup_mode="rich", pretty_exceptions_enable=False
    )
    panels: dict[str, tuple[Callable[..., None], ...]] = {
        "本机整套系统": (demo, stack.up, stack.down, stack.status),
        "办事": (login, logout),
        "部门一侧": (agent.agent,),
        "单个进程（自备 PostgreSQL 与 Temporal 时）": (processes.api, processes.worker),
    }
    for panel, commands in panels.items():
        for command in commands:
            app.command(rich_help_panel=panel)(command)
    _add_to_case(intake.app)
    app.add_typer(bundles.app, name="bundle", rich_help_panel="办事")
    app.add_typer(intake.app, name="case", rich_help_panel="办事")
    _add_to_task(tasks.app)
    app.add_typer(tasks.app, name="task", rich_help_panel="办事")
    app.add_typer(saved_views.app, name="view", rich_help_panel="办事")
    app.add_typer(phrases.app, name="phrase", rich_help_panel="办事")
    app.add_typer(materials.app, name="material", rich_help_panel="办事")
    app.add_typer(supervision.app, name="supervision", rich_help_panel="办事")
    app.add_typer(ratings.app, name="rating", rich_help_panel="办事")
    app.add_typer(licences.app, name="licence", rich_help_panel="办事")
    app.add_typer(mandates.app, name="mandate", rich_help_panel="办事")
    app.add_typer(prechecks.app, name="precheck", rich_help_panel="办事")
    app.add_typer(prefills.app, name="event", rich_help_panel="办事")
    app.add_typer(outlets.app, name="outlet", rich_help_panel="办事")
    app.add_typer(connector.app, name="connector", rich_help_panel="部门一侧")
    app.add_typer(definitions.app, name="definitions", rich_help_panel="定义")
    app.add_typer(departments.app, name="departments", rich_help_panel="定义")
    app.add_typer(calendar.app, name="calendar", rich_help_panel="定义")
    app.add_typer(schema.app, name="schema", rich_help_panel="运行维护")
    app.add_typer(subscriptions.app, name="subscription", rich_help_panel="运行维护")
    app.add_typer(access.app, name="access", rich_help_panel="运行维护")
    app.add_typer(journal.app, name="journal", rich_help_panel="运行维护")
    app.add_typer(audit.app, name="audit", rich_help_panel="运行维护")
    speak(app)
    return app


def _add_to_case(group: typer.Typer) -> None:
    """Of other concerns, what is done about a whole case."""
    group.command("list")(commands_cases.list_cases)
    for reading in (commands_cases.search, commands_cases.show, commands_cases.watch):
        group.command()(reading)
    for delivering in (deliveries.deliver, deliveries.delivery, deliveries.unread):
        group.command()(delivering)
    for reading in (commands_cases.clocks, commands_cases.documents):
        group.command()(reading)
    group.command("query-code")(commands_cases.query_code)
    for saying in (materials.receive, acceptance.correct, acceptance.accept, acceptance.reject):
        group.command()(saying)
    group.command()(commitments.check)
    group.command("extend")(deadlines.extend_case)
    group.command()(undo.review)
    group.command("period")(periods.record)
    for name, act in (
        ("days", inspections.days),
        ("choose", inspections.choose),
        ("day", inspections.day),
        ("record", inspections.record),
        ("list", inspections.close),
        ("rectified", inspections.rectified),
    ):
        group.command(f"inspection-{name}")(act)
    group.command()(reissue.reissue)
    group.command()(items.reopen)
    group.command()(urges.urge)
    group.command("answer-urge")(urges.answer_urge)
    group.command()(lookups.retry)


def _add_to_task(group: typer.Typer) -> None:
    """Of other concerns, what is done about a task."""
    group.command()(undo.revoke)
    for pausing in (deadlines.suspend, deadlines.resume):
        group.command()(pausing)
    group.command("extend")(deadlines.extend_item)
    inspecting = (consults.inspect, consults.reinspect, consults.conclude)
    for between_departments in (consults.consult, consults.unconsult, consults.answer, *inspecting):
        group.command()(between_departments)
    group.command("look-up")(lookups.look_up)


def main() -> None:
    """Run the command line and exit."""
    try:
        code = _run()
    finally:
        # A Temporal client that is still referenced at interpreter exit can abort the process (sdk-python issue 300).
        gc.collect()
    sys.exit(code)


def _run() -> int:
    try:
        build()(standalone_mode=True)
    except CommandFailed as failure:
        console(stderr=True).print(failure.message, style="red", markup=False, soft_wrap=True)
        return failure.exit_code
    except SystemExit as ended:
        if isinstance(ended.code, str):
            console(stderr=True).print(ended.code, style="red", markup=False, soft_wrap=True)
        return ended.code if isinstance(ended.code, int) else ExitCode.FAILED
    return ExitCode.OK


def _speak_chinese() -> None:
    """Typer offers no other way to set the words that it frames help and errors with."""
    rich_utils.ARGUMENTS_PANEL_TITLE = "参数"
    rich_utils.OPTIONS_PANEL_TITLE = "选项"
    rich_utils.COMMANDS_PANEL_TITLE = "命令"
    rich_utils.ERRORS_PANEL_TITLE = "命令写错了"
    rich_utils.RICH_HELP = "看说明和例子：[blue]{command_path} {help_option}[/]"
    rich_utils.DEFAULT_STRING = "[默认 {}]"
    rich_utils.ENVVAR_STRING = "[环境变量 {}]"
    rich_utils.REQUIRED_LONG_STRING = "[必填]"
    rich_utils.ABORTED_TEXT = "已取消。"
    rich_utils.rich_format_error = _format_error  # typer has no setting for the words of a usage error


def _format_error(self: Any) -> None:
    """In the place of typer's own, whose parameter is called so."""
    self.format_message = lambda: in_chinese(type(self).format_message(self))
    _FORMAT_ERROR(self)
