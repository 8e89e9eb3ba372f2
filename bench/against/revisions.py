"""Which commit a name means: one of `bench/baselines.toml`, or whatever Git takes for one."""

import subprocess
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench.against.failure import ComparisonFailed

_BASELINES = Path("bench/baselines.toml")


def resolve(name: str, repository: Path) -> str:
    """The full id of the commit; names of `bench/baselines.toml` come before Git's own. Raises `ComparisonFailed`."""
    known = tomllib.loads((repository / _BASELINES).read_text("utf-8"))
    shallow = _git(repository, "rev-parse", "--is-shallow-repository") == "true"
    named = known.get(name, name)
    try:
        return _git(repository, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{named}^{{commit}}")
    except ComparisonFailed:
        raise ComparisonFailed(_missing(name, known, shallow)) from None


def changed(repository: Path) -> bool:
    """Whether files differ from the commit that is checked out. Raises `ComparisonFailed`."""
    return _git(repository, "status", "--porcelain") != ""


def _missing(name: str, known: Mapping[str, Any], shallow: bool) -> str:
    if name in known:
        what = f"“{name}”是提交 {known[name][:12]}，它不在这个克隆里。"
        remedy = f"取来之后重试：git fetch origin {known[name]}"
    else:
        what = f"这个克隆里没有“{name}”这样的提交、标签或分支。"
        names = "、".join(known)
        remedy = (
            f"可以用 {names}，或任何 Git 认得的写法（HEAD~1、分支、标签、提交号）；在远端的先取来：git fetch --tags"
        )
    if shallow:
        remedy = "这个克隆只取了最近的历史，取全之后重试：git fetch --unshallow --tags"
    return f"{what}\n{remedy}"


def _git(repository: Path, *arguments: str) -> str:
    """What Git prints, without the line's end. Raises `ComparisonFailed` when it fails or isn't there."""
    try:
        ran = subprocess.run(["git", *arguments], cwd=repository, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise ComparisonFailed("没有找到 git 命令：与别的提交比较要用它取出那个提交，请先安装 Git。") from None
    if ran.returncode:
        raise ComparisonFailed(
            f"Git 打不开这里的历史（要在克隆里运行，下载的压缩包里没有历史）：\n{ran.stderr.strip()}"
        )
    return ran.stdout.strip()
