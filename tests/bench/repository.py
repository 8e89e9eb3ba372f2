"""Small Git repositories."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

_NOBODY = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    **{f"GIT_{role}_{what}": "nobody" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
}


def git(folder: Path, *arguments: str) -> str:
    """What Git prints, without the line's end."""
    ran = subprocess.run(
        ["git", *arguments], cwd=folder, env={**os.environ, **_NOBODY}, capture_output=True, text=True, check=True
    )
    return ran.stdout.strip()


def commit(folder: Path, files: Mapping[str, str]) -> str:
    """A new commit with these files besides those of before; its full id. The first one makes the repository."""
    if not (folder / ".git").exists():
        folder.mkdir(parents=True, exist_ok=True)
        git(folder, "init", "--quiet")
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", "a commit")
    return git(folder, "rev-parse", "HEAD")
