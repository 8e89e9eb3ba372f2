"""`python -m onething.connectors.simulator --port N [--state FILE]`: run the simulated outside world."""

import argparse
import os
import sys
from pathlib import Path

import uvicorn

from onething.connectors.simulator.app import create_app
from onething.security.signed_calls import SharedSecrets

_SECRETS = "ONETHING_CALLBACK_SECRETS"
_YES = frozenset({"1", "true", "t", "yes", "y", "on"})


def main() -> None:
    if os.environ.get("ONETHING_TRIAL", "").strip().lower() not in _YES:
        # whoever reaches /control says what every data source answers
        sys.exit(
            "模拟的外部世界只供试用：试用请设 ONETHING_TRIAL=true；正式环境请把 ONETHING_OUTSIDE_URL 指向真实的网关。"
        )
    parser = argparse.ArgumentParser(prog="onething.connectors.simulator", description="the simulated outside world")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8099, help="0: any free one, printed")
    parser.add_argument("--state", type=Path, help="file that effects and behaviours outlive the process in")
    options = parser.parse_args()
    # Broken connections are this program's business: the server's own errors about them would only fill the log.
    config = uvicorn.Config(
        create_app(options.state, secrets=SharedSecrets.from_setting(os.environ.get(_SECRETS, ""))),
        host=options.host,
        port=options.port,
        log_level="critical",
        access_log=False,
        timeout_graceful_shutdown=2,
    )
    listening = config.bind_socket()
    listening.listen(config.backlog)  # callers may come as soon as they are told where to
    print(f"http://{options.host}:{listening.getsockname()[1]}", flush=True)  # noqa: T201 (the caller of port 0 reads it)
    uvicorn.Server(config).run([listening])


if __name__ == "__main__":
    main()
