"""Commands run in this process, by one tree of commands for all: to build it takes longer than most of them."""

import io
import os
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stderr, redirect_stdout
from functools import cache, partial
from typing import Any
from unittest.mock import patch

import typer.main
from typer.testing import CliRunner, Result

from onething.cli import app
from onething.cli.app import build
from onething.settings import settings


@cache
def the_app() -> typer.Typer:
    return build()


@cache
def _tree() -> Any:
    return typer.main.get_command(the_app())


def run(*arguments: str, env: Mapping[str, str | None] | None = None) -> Result:
    with patch("typer.testing._get_command", lambda _: _tree()):
        return CliRunner(env=env).invoke(the_app(), arguments)


def typed(*arguments: str, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """What a process of its own would have said and ended with, in that environment: by the command's one way out, in a
    thread that has no event loop yet. Most of what such a process does is to read its sources.

    Nothing else of this process may print, or read the environment, meanwhile.
    """
    said, failed = io.StringIO(), io.StringIO()
    with (
        patch.object(sys, "argv", ["onething", *arguments]),
        patch.object(app, "build", lambda: partial(_tree(), prog_name="onething")),
        patch.dict(os.environ, env, clear=True),
        redirect_stdout(said),
        redirect_stderr(failed),
        ThreadPoolExecutor(1) as thread,
    ):
        settings.cache_clear()
        try:
            code = thread.submit(app._run).result()
        finally:
            settings.cache_clear()
    return subprocess.CompletedProcess(arguments, code, said.getvalue(), failed.getvalue())
