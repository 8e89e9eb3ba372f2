"""Keys and passwords of the embedded stack: made once, kept in a file that only its owner may read."""

import base64
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from onething.embedded.processes import ServiceFailed


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


# Names with ONETHING_ are settings, handed to the processes; the others are the stack's own.
MAKERS: dict[str, Callable[[], str]] = {
    "ONETHING_SEALING_KEYS": lambda: f"k1:{_key()}",
    "ONETHING_INDEX_KEY": _key,
    "ONETHING_TRIAL_TOKEN_KEY": _key,
    "ONETHING_CERTIFICATE_KEY": _key,
    "ONETHING_CALLBACK_SECRETS": lambda: f"*:{_key()}",
    "POSTGRES_PASSWORD": lambda: secrets.token_urlsafe(24),
    "API_PASSWORD": lambda: secrets.token_urlsafe(24),
    "WORKER_PASSWORD": lambda: secrets.token_urlsafe(24),
    # no secret, but made once too: with it no worker ever takes up work of another stack on this machine
    "TASK_QUEUE": lambda: f"onething-{secrets.token_hex(4)}",
}


def load_or_make(file: Path, *, data_exists: bool) -> dict[str, str]:
    """The secrets by name; missing ones are made and written.

    Refuses (`ServiceFailed`) to invent new keys for data that were sealed with lost ones.
    """
    secrets_made: dict[str, str] = {}
    if file.exists():
        secrets_made = read_secrets(file)
    elif data_exists:
        raise ServiceFailed(
            f"数据还在，密钥文件 {file} 却不见了，没有它密封的数据打不开：请从备份恢复它；"
            f"确定不要旧数据的，请删除整个目录 {file.parent} 后重新启动。"
        )
    missing = {name: make() for name, make in MAKERS.items() if name not in secrets_made}
    if missing:
        secrets_made |= missing
        _write(file, secrets_made)
    return secrets_made


def read_secrets(file: Path) -> dict[str, str]:
    """What the file holds, by name. Raises OSError where it can't be read."""
    lines = (line.partition("=") for line in file.read_text().splitlines() if line and not line.startswith("#"))
    return {name: value for name, _, value in lines}


def _write(file: Path, values: dict[str, str]) -> None:
    """Whole or not at all, and readable by nobody else at any moment."""
    unfinished = file.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as output:
        output.write("# 本机整套系统的密钥：请备份，勿外传；丢失后密封的数据无法打开。\n")
        output.writelines(f"{name}={value}\n" for name, value in values.items())
        output.flush()
        os.fsync(output.fileno())
    unfinished.rename(file)
