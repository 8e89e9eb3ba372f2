"""Installs Python packages by what the machine has: uv where it works, else the pip of the environment."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path


def uv() -> str | None:
    """The uv on PATH, if it works."""
    found = shutil.which("uv")
    return found if found and works(found) else None


def works(program: Path | str) -> bool:
    try:
        return subprocess.run([program, "--version"], capture_output=True, timeout=60).returncode == 0
    except OSError:
        return False


def installing(python: Path) -> list[str | Path]:
    """How a command begins that installs for this Python."""
    if found := uv():
        return [found, "pip", "install", "--python", python]
    return [python, "-m", "pip", "install", "--disable-pip-version-check"]
