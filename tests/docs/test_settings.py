"""docs/operating.md names every setting with its default, and nothing that isn't one."""

import re

from onething.security.limits import USUAL
from onething.settings import Settings
from tests.docs.reading import ROOT

PAGE = (ROOT / "docs" / "operating.md").read_text()
ROWS = re.findall(r"^\| `(ONETHING_\w+)` \| ([^|]+) \|", PAGE, re.MULTILINE)
CODE = ("activities", "api", "definitions", "onething", "tools", "workflows")


def test_the_table_names_every_setting() -> None:
    assert {name for name, _ in ROWS} == {f"ONETHING_{field.upper()}" for field in Settings.model_fields}


def test_defaults_are_the_codes() -> None:
    for name, told in ROWS:
        default = Settings.model_fields[name.removeprefix("ONETHING_").lower()].default
        if default is None:
            assert told.startswith(("无", "同上")), name
        else:
            text = default.get_secret_value() if hasattr(default, "get_secret_value") else str(default)
            assert told == f"`{text.lower() if isinstance(default, bool) else text}`", name


def test_the_limits_are_the_codes() -> None:
    """So that an operator can see every number there is, and by which name to change it."""
    assert re.findall(r"^\| `([a-z.-]+)` \| ([0-9a-z/+]+) \|", PAGE, re.MULTILINE) == list(USUAL.items())


def test_every_variable_that_the_code_reads_is_told() -> None:
    sources = (path.read_text() for room in CODE for path in (ROOT / room).rglob("*.py"))
    read = {name for text in sources for name in re.findall(r"\bONETHING_[A-Z]+(?:_[A-Z]+)*\b", text)}
    assert read - set(re.findall(r"ONETHING_[A-Z_]+[A-Z]", PAGE)) == set()


def test_every_variable_that_is_told_is_read() -> None:
    sources = "\n".join(path.read_text() for room in CODE for path in (ROOT / room).rglob("*.py"))
    known = {f"ONETHING_{field.upper()}" for field in Settings.model_fields}
    told = set(re.findall(r"ONETHING_[A-Z_]+[A-Z]", PAGE))
    assert [name for name in told - known if name not in sources] == []
