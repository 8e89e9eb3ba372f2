"""What the composition root promises to the processes that it makes."""

import base64
import os
import subprocess
import sys

import pytest

from onething.embedded import ports
from onething.settings import Settings
from onething.wiring.worker import connect


async def test_metrics_do_not_keep_a_worker_from_connecting_again() -> None:
    """Temporal is often there only after the worker: every try must fail for its absence, not for our own port."""
    settings = Settings(metrics_port=ports.any_free(), temporal_address=f"127.0.0.1:{ports.any_free()}")
    for _ in range(3):
        with pytest.raises(RuntimeError, match="connect"):
            await connect(settings)


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"PRODUCTION": "true", "DEMO_ACCOUNTS": "true"}, "ONETHING_DEMO_ACCOUNTS"),
        ({"DEMO_ACCOUNTS": "true", "DEMO_PASSWORD": ""}, "ONETHING_DEMO_PASSWORD"),
        ({"TOKEN_KEY": ""}, "ONETHING_TOKEN_KEY"),
        ({"CALLBACK_SECRETS": "sources/a:c2hvcnQ="}, "ONETHING_CALLBACK_SECRETS"),
        ({"TRUSTED_PROXIES": "10.0.0.1/8"}, "ONETHING_TRUSTED_PROXIES"),
        ({"RATE_LIMITS": "search:often"}, "ONETHING_RATE_LIMITS"),
        ({"PRODUCTION": "true", "CALLBACK_SECRETS": f"*:{base64.b64encode(b'k' * 32).decode()}"}, "CALLBACK_SECRETS"),
    ],
)
def test_an_api_that_must_not_start_says_why_in_a_line(settings: dict[str, str], named: str) -> None:
    key = base64.b64encode(b"k" * 32).decode()
    every = {"DATABASE_API_URL": "postgresql://onething_api:s3cret@127.0.0.1:1/x", "SEALING_KEYS": f"k1:{key}",
             "INDEX_KEY": key, "TOKEN_KEY": key, "CERTIFICATE_KEY": key, **settings}  # fmt: skip
    others = {name: value for name, value in os.environ.items() if not name.startswith("ONETHING_")}
    environment = others | {f"ONETHING_{name}": value for name, value in every.items()}
    command = [sys.executable, "-m", "onething.cli", "api"]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    said = ended.stdout + ended.stderr
    assert ended.returncode == 1
    assert named in said
    assert "Traceback" not in said
    assert not [secret for secret in (key, "s3cret") if secret in said]
