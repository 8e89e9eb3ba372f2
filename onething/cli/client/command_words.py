"""The command that runs, in the words of who typed it: which option gave a value that the API found wrong, and what
fills the placeholders of what to do next. The one place that knows where the names of options and of the API differ.
"""

import os
import re
from collections.abc import Iterator, Mapping
from typing import Any

import typer
from typer.core import TyperCommand

from onething.cli.client.problem import ApiRefused

_GIVEN_BY: Mapping[str, tuple[str, ...]] = {
    "materials": ("paper", "material", "fine", "replace", "missing"),
    "commitments": ("promise",),
    "form": ("field",),
    "answers": ("answer",),
    "applicant": ("name", "phone"),
    "items": ("item", "material", "field"),
    "deferred": ("defer",),
    "how": ("post",),
    "kept": ("fulfilled",),
    "revoke": ("taken_back",),
    "outputs": ("output",),
    "output": ("paper",),
    "days": ("on",),
    "points": ("point",),
    "departments": ("department",),
    "mode": ("countersign",),
    "numbers": ("number",),
    "on_day_off": ("day_off",),
    "found": ("not_found",),
    "tags": ("tag",),
    "kinds": ("kind",),
    "bundles": ("bundle",),
    "acts": ("act",),
    "expires_on": ("until",),
    "code": ("material",),
    "key": ("data",),
    "url": ("address",),
    "version": ("text",),
    "letter": ("read",),
    "channel": ("by",),
    "state": ("closed", "view"),
    "applicant_name": ("name",),
    "enterprise_name": ("enterprise",),
    "id_number": ("id_number", "number"),
    "filter": ("view",),
    "holder": ("view",),
    "due": ("due", "view"),
    "flags": ("flag", "view"),
}
"""What the API calls it → the parameters of commands that say it, where they are called otherwise. Several make up one
list in this order."""


_API_NAME = re.compile(r"(?<![\w./“-])[a-z][a-z_]+(?![\w./”:=-])", re.ASCII)


class CommandWords:
    """Of one run of one command."""

    def __init__(self, ctx: Any) -> None:
        self._values: Mapping[str, Any] = ctx.params
        self._parameters = {one.name or "": one for one in ctx.command.params}

    def place(self, place: str) -> str | None:
        """The option or argument behind a JSON pointer or a parameter's name; None if no one gave that."""
        name, *rest = place.removeprefix("/").split("/")
        said = list(self._givers(name))
        if not said:
            return None
        if rest and rest[0].isdecimal():
            return self._nth(said, int(rest[0]))
        pairs = [one for one in said if "=" in (self._parameters[one].metavar or "")]
        spoken = self._spoken(next(iter(pairs or said)))
        key = rest[0] if rest and pairs and self._is_list(pairs[0]) else ""
        return f"{spoken} {key}".rstrip()

    def sentence(self, text: str) -> str:
        """One of the server's, in which names of the API's are those of what was typed."""
        return _API_NAME.sub(lambda found: self.place(found[0]) or found[0], text)

    def fill(self, text: str) -> str:
        """What to do next, with the number of this very case or task."""
        task = str(self._values.get("task_id") or "")
        case = str(self._values.get("case_no") or task.partition("-")[0] or "办件编号")
        show = f"task show {task}" if task else f"case show {case}"
        return text.format(
            case=case, task=task or "待办编号", show=show, who=who(self._values.get("url"), self._values.get("account"))
        )

    def offers(self, option: str) -> bool:
        return any(option in one.opts for one in self._parameters.values())

    def _givers(self, name: str) -> Iterator[str]:
        known = [one for one in _GIVEN_BY.get(name, ()) if one in self._parameters]
        if known:
            yield from [one for one in known if self._values.get(one)] or known
            return
        option = f"--{name.replace('_', '-')}"
        for own, parameter in self._parameters.items():
            if own == name or option in parameter.opts:
                yield own

    def _nth(self, givers: list[str], index: int) -> str:
        """Which of the values, that several options may have given one after another."""
        for one in givers:
            given = self._values.get(one)
            values = given if isinstance(given, list | tuple) else [] if given is None else [given]
            if index < len(values):
                value, equals, _ = str(values[index]).partition("=")
                return f"{self._spoken(one)} {value}" if equals else f"{self._spoken(one)} 第 {index + 1} 个（{value}）"
            index -= len(values)
        return self._spoken(givers[0])

    def _is_list(self, name: str) -> bool:
        return isinstance(self._values.get(name), list | tuple)

    def _spoken(self, name: str) -> str:
        parameter = self._parameters[name]
        if parameter.param_type_name == "argument":
            return f"“{parameter.metavar or name}”"
        long = [one for one in (*parameter.opts, *parameter.secondary_opts) if one.startswith("--")]
        return "/".join(long)


class OneThingCommand(TyperCommand):
    """A command whose refusals are told in its own words."""

    def invoke(self, ctx: Any) -> Any:  # typer's own type of it is private
        try:
            return super().invoke(ctx)
        except ApiRefused as refused:
            raise refused.in_words(CommandWords(ctx)) from None


def speak(app: typer.Typer) -> None:
    """Every command of the tree."""
    for command in app.registered_commands:
        command.cls = OneThingCommand
    for group in app.registered_groups:
        if group.typer_instance is not None:
            speak(group.typer_instance)


def who(url: str | None, account: str | None) -> str:
    """The options by which a command said to whom it speaks and as whom, for the next one; what the environment says
    need not be repeated."""
    elsewhere = url and url != os.environ.get("ONETHING_URL")
    return (f" --as {account}" if account else "") + (f" --url {url}" if elsewhere else "")
