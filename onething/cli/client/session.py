"""Who calls which API: the address, the signed-in account, and the tokens kept between commands (mode 0600)."""

import json
import os
import time
from pathlib import Path
from typing import Annotated, Any

import typer

from onething.cli.client.client import Client
from onething.cli.client.this_machine import running_here, say_which, usual_folder
from onething.cli.terminal.failures import CommandFailed, ExitCode
from onething.security.demo_accounts import DEFAULT_PASSWORD

PATIENCE_S = 6.0  # somebody is waiting at the terminal
EARLY_S = 30  # a token about to expire is no longer used

Url = Annotated[
    str | None,
    typer.Option(
        "--url",
        envvar="ONETHING_URL",
        help="API 地址；不写则用本机正在运行的整套系统，并说明是哪一套。",
        show_default=False,
    ),
]
As = Annotated[
    str | None,
    typer.Option(
        "--as",
        metavar="账户",
        help="以哪个演示账户办理，如 citizen、counter、officer.amr；默认为 onething login 登录的账户。",
        show_default=False,
    ),
]


def base_url(url: str | None) -> str:
    """The address given, else that of the stack running on this machine, which is said; nothing is guessed. Raises
    `CommandFailed` where there is neither."""
    if url:
        return url.rstrip("/")
    stack = running_here()
    if stack is None or not stack.state.api_url:
        raise CommandFailed(
            "不知道找哪个服务：没有写 --url，也没有设置 ONETHING_URL，本机没有正在运行的整套系统"
            f"（数据目录 {usual_folder()}）。\n"
            "下一步：onething up 启动本机的；别处的用 --url 地址 指明，或设置环境变量 ONETHING_URL；"
            "本机的用了另一个数据目录的，设置 ONETHING_DATA_DIR。",
            ExitCode.UNREACHABLE,
        )
    say_which(stack, stack.state.api_url)
    return stack.state.api_url


def demo_password() -> str:
    return os.environ.get("ONETHING_DEMO_PASSWORD") or DEFAULT_PASSWORD


def connect(url: str | None, account: str | None) -> Client:
    """A client that speaks as the account (`--as`), as whose token ONETHING_TOKEN is, or as whoever signed in last.
    Raises `CommandFailed`."""
    base = base_url(url)
    if account is not None:
        return Client(base, token(base, account, demo_password()), patience_s=PATIENCE_S)
    kept = os.environ.get("ONETHING_TOKEN") or TokenFile().current(base)
    if kept is None:
        raise CommandFailed(
            f"还没有登录 {base}。\n"
            "下一步：onething login 用户名；本机整套系统的演示账户也可以直接加 --as，例如 --as counter。",
            ExitCode.REFUSED,
        )
    return Client(base, kept, patience_s=PATIENCE_S)


def anybody(base: str) -> Client:
    """For what needs no account."""
    return Client(base, patience_s=PATIENCE_S)


def token(base: str, account: str, password: str) -> str:
    """A valid token of the account: the kept one, or a new one."""
    file = TokenFile()
    return file.find(base, account) or sign_in(base, account, password, keep_as_current=False)


def sign_in(base: str, account: str, password: str, *, keep_as_current: bool = True) -> str:
    with Client(base, patience_s=PATIENCE_S) as client:
        answer = client.sign_in(account, password)
    fresh = str(answer["access_token"])
    TokenFile().keep(base, account, fresh, float(answer["expires_in"]), current=keep_as_current)
    return fresh


class TokenFile:
    """Tokens by address and account, in the user's configuration folder, readable by nobody else."""

    def __init__(self, file: Path | None = None) -> None:
        self.file = file or _default_file()

    def current(self, base: str) -> str | None:
        """The token of who signed in last at this address, while it is valid."""
        account = self._read().get(base, {}).get("current")
        return self.find(base, account) if account else None

    def find(self, base: str, account: str) -> str | None:
        kept = self._read().get(base, {}).get("tokens", {}).get(account)
        if kept is None or kept["expires_at"] < time.time() + EARLY_S:
            return None
        return str(kept["token"])

    def forget_current(self, base: str) -> None:
        """Whoever signed in last at this address."""
        everything = self._read()
        place = everything.get(base, {})
        place.get("tokens", {}).pop(place.pop("current", None), None)
        self._write(everything)

    def keep(self, base: str, account: str, value: str, expires_in: float, *, current: bool) -> None:
        everything = self._read()
        place = everything.setdefault(base, {"tokens": {}})
        place["tokens"][account] = {"token": value, "expires_at": time.time() + expires_in}
        if current:
            place["current"] = account
        self._write(everything)

    def _write(self, everything: dict[str, Any]) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        unfinished = self.file.with_suffix(f".{os.getpid()}")
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as output:
            json.dump(everything, output)
        unfinished.replace(self.file)

    def _read(self) -> dict[str, Any]:
        try:
            value = json.loads(self.file.read_text())
        except (FileNotFoundError, ValueError):
            return {}
        return value if isinstance(value, dict) else {}


def _default_file() -> Path:
    base = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return Path(base) / "onething" / "tokens.json"
