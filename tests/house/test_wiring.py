"""What the composition root promises to the processes that it makes."""

import base64
import logging
import os
import re
import subprocess
from collections.abc import Iterator

import pytest
from typer.testing import CliRunner

from onething.cli.app import build
from onething.cli.terminal.failures import CommandFailed
from onething.embedded import ports
from onething.settings import Settings
from onething.settings import settings as settings_of_process
from onething.wiring.common import SettingUnusable, devices_origin
from onething.wiring.secure import NotSecure, require_secure
from onething.wiring.worker import connect
from tests.cli import in_process


async def test_metrics_do_not_keep_a_worker_from_connecting_again() -> None:
    """Temporal is often there only after the worker: every try must fail for its absence, not for our own port."""
    settings = Settings(metrics_port=ports.any_free(), temporal_address=f"127.0.0.1:{ports.any_free()}")
    for _ in range(3):
        with pytest.raises(RuntimeError, match="connect"):
            await connect(settings)


TRIAL = {"TRIAL": "true", "TRIAL_TOKEN_KEY": base64.b64encode(b"t" * 32).decode()}


def key(letter: str) -> str:
    return base64.b64encode(letter.encode() * 32).decode()


GOOD = {
    "DATABASE_API_URL": "postgresql://onething_api:s3cret@127.0.0.1:1/x",
    "DATABASE_WORKER_URL": "postgresql://onething_worker:s3cret@127.0.0.1:1/x",
    "TEMPORAL_ADDRESS": "127.0.0.1:1",
    "SEALING_KEYS": f"k1:{key('s')}",
    "INDEX_KEY": key("i"),
    "CERTIFICATE_KEY": key("c"),
    "ANCHOR_KEY": key("a"),
    "ANCHOR_DIR": "/anchors",
    "PUBLIC_URL": "https://onething.example",
    "ISSUERS_FILE": "/nowhere/issuers.yaml",
    "CALLBACK_SECRETS": f"sources/a:{key('b')}",
}


def _environment(settings: dict[str, str]) -> dict[str, str]:
    return {f"ONETHING_{name}": value for name, value in settings.items()}


def started(process: str, settings: dict[str, str]) -> subprocess.CompletedProcess[str]:
    others = {name: value for name, value in os.environ.items() if not name.startswith("ONETHING_")}
    return in_process.typed(process, env=others | _environment(settings))


@pytest.fixture
def logging_as_before() -> Iterator[None]:
    """A process that starts here logs into what its test captured, and would after it, into a stream that is closed."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        (TRIAL | {"DEMO_PASSWORD": ""}, "ONETHING_DEMO_PASSWORD"),
        ({"TRIAL": "true"}, "ONETHING_TRIAL_TOKEN_KEY"),
        (TRIAL | {"CALLBACK_SECRETS": "sources/a:c2hvcnQ="}, "ONETHING_CALLBACK_SECRETS"),
        (TRIAL | {"TRUSTED_PROXIES": "10.0.0.1/8"}, "ONETHING_TRUSTED_PROXIES"),
        (TRIAL | {"RATE_LIMITS": "search:often"}, "ONETHING_RATE_LIMITS"),
        ({}, "/nowhere/issuers.yaml"),
    ],
)
@pytest.mark.usefixtures("logging_as_before")
def test_an_api_that_must_not_start_says_why_in_a_line(
    settings: dict[str, str], named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_issuers = {
        name: value for name, value in GOOD.items() if name != "ISSUERS_FILE" or not settings.get("TRIAL")
    }
    for name in [name for name in os.environ if name.startswith("ONETHING_")]:
        monkeypatch.delenv(name)
    settings_of_process.cache_clear()  # read once in a process
    ended = CliRunner().invoke(build(), ["api"], env=_environment(without_issuers | settings))
    settings_of_process.cache_clear()
    said = ended.output + str(ended.exception)
    assert isinstance(ended.exception, CommandFailed)  # told in a line, as below
    assert named in said
    assert not [secret for secret in (*GOOD.values(), "s3cret") if secret in said and secret.endswith("=")]


@pytest.mark.parametrize("process", ["api", "worker"])
@pytest.mark.usefixtures("logging_as_before")
def test_a_process_without_settings_lists_all_that_it_lacks(process: str) -> None:
    ended = started(process, {})
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    own = {"api": ("DATABASE_API_URL", "ISSUERS_FILE"), "worker": ("DATABASE_WORKER_URL", "ANCHOR_DIR", "ANCHOR_KEY")}
    for name in (*own[process], "SEALING_KEYS", "INDEX_KEY", "CERTIFICATE_KEY", "PUBLIC_URL"):
        assert f"ONETHING_{name}" in ended.stderr, name


def settings_of(**changes: str | None) -> Settings:
    given = {name: value for name, value in (GOOD | changes).items() if value is not None}
    return Settings.model_validate({name.lower(): value for name, value in given.items()})


@pytest.mark.parametrize("process", ["api", "worker"])
def test_what_has_all_is_secure(process: str) -> None:
    require_secure(settings_of(), process, "0.0.0.0")


@pytest.mark.parametrize(
    ("process", "changes", "named"),
    [
        ("api", {"ISSUERS_FILE": None}, "ONETHING_ISSUERS_FILE"),
        ("api", {"PUBLIC_URL": "http://onething.example"}, "https"),
        ("worker", {"PUBLIC_URL": "http://onething.example"}, "https"),
        ("api", {"TRIAL_TOKEN_KEY": key("t")}, "ONETHING_TRIAL_TOKEN_KEY"),
        ("api", {"CALLBACK_SECRETS": f"*:{key('b')}"}, "ONETHING_CALLBACK_SECRETS"),
        ("worker", {"ANCHOR_DIR": None}, "ONETHING_ANCHOR_DIR"),
        ("worker", {"ANCHOR_KEY": None}, "ONETHING_ANCHOR_KEY"),
        ("worker", {"ANCHOR_KEY": key("c")}, "ONETHING_CERTIFICATE_KEY、ONETHING_ANCHOR_KEY"),
        ("api", {"INDEX_KEY": key("s")}, "ONETHING_INDEX_KEY、ONETHING_SEALING_KEYS"),
        ("api", {"TRIAL": "true"}, "ONETHING_ISSUERS_FILE"),
        ("api", {"TRIAL": "true", "ISSUERS_FILE": None}, "0.0.0.0"),
    ],
)
def test_what_is_not_secure_is_refused_by_name(process: str, changes: dict[str, str | None], named: str) -> None:
    with pytest.raises(NotSecure, match=re.escape(named)) as refused:
        require_secure(settings_of(**changes), process, "0.0.0.0")
    assert key("c") not in str(refused.value)


def test_a_trial_listens_on_this_machine_or_is_published_there() -> None:
    trial = settings_of(TRIAL="true", ISSUERS_FILE=None)
    require_secure(trial, "api", "127.0.0.1")
    require_secure(trial.model_copy(update={"trial_published_on_loopback": True}), "api", "0.0.0.0")


@pytest.mark.parametrize("origin", ["http://127.0.0.1:9123", "https://localhost:9123/", "http://localhost"])
def test_devices_are_those_of_the_computer_itself(origin: str) -> None:
    assert devices_origin(settings_of(DEVICES_ORIGIN=origin)) == origin.rstrip("/")
    assert devices_origin(settings_of()) is None
    for wrong in (
        "http://10.0.0.8:9123",
        "http://127.0.0.1.example",
        "http://localhost:9123/x",
        "*",
        "127.0.0.1:9123; x",
    ):
        with pytest.raises(SettingUnusable, match="ONETHING_DEVICES_ORIGIN"):
            devices_origin(settings_of(DEVICES_ORIGIN=wrong))
