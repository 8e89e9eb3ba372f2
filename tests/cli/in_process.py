"""Commands run in this process, by one tree of commands for all: to build it takes longer than most of them."""

from collections.abc import Mapping
from functools import cache
from typing import Any
from unittest.mock import patch

import typer.main
from typer.testing import CliRunner, Result

from onething.cli.app import build


@cache
def the_app() -> typer.Typer:
    return build()


@cache
def _tree() -> Any:
    return typer.main.get_command(the_app())


def run(*arguments: str, env: Mapping[str, str | None] | None = None) -> Result:
    with patch("typer.testing._get_command", lambda _: _tree()):
        return CliRunner(env=env).invoke(the_app(), arguments)
