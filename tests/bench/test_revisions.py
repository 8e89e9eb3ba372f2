"""Which commit a name means, and what helps when none does."""

import re
import tomllib
from pathlib import Path

import pytest

from bench.against.failure import ComparisonFailed
from bench.against.revisions import changed, resolve
from tests.bench.repository import commit, git

BASELINES = Path(__file__).parents[2] / "bench" / "baselines.toml"
NOWHERE = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Two commits; `old` is the name of the first, `gone` of none in it."""
    folder = tmp_path / "clone"
    first = commit(folder, {})
    commit(folder, {"bench/baselines.toml": f'old = "{first}"\ngone = "{NOWHERE}"\n'})
    return folder


def refused(name: str, repository: Path) -> str:
    with pytest.raises(ComparisonFailed) as failure:
        resolve(name, repository)
    return str(failure.value)


def test_baselines_are_whole_commit_ids() -> None:
    names = tomllib.loads(BASELINES.read_text("utf-8"))
    assert names["before-house"].startswith("5523fd9")
    assert all(re.fullmatch("[0-9a-f]{40}", each) for each in names.values())


def test_whatever_git_takes_for_a_commit(clone: Path) -> None:
    first, second = git(clone, "rev-parse", "HEAD~1"), git(clone, "rev-parse", "HEAD")
    git(clone, "tag", "--annotate", "--message", "a tag", "tagged", first)
    for name in ("HEAD~1", "tagged", first, first[:10]):
        assert resolve(name, clone) == first
    assert resolve("HEAD", clone) == second


def test_a_baseline_needs_no_tag_and_comes_before_one(clone: Path) -> None:
    first = git(clone, "rev-parse", "HEAD~1")
    assert resolve("old", clone) == first
    git(clone, "tag", "old", "HEAD")
    assert resolve("old", clone) == first


@pytest.mark.parametrize("name", ["nothing", "HEAD~7", NOWHERE, "HEAD:bench", "--all", ""])
def test_an_unknown_name_is_refused_with_those_that_are_known(clone: Path, name: str) -> None:
    said = refused(name, clone)
    assert f"没有“{name}”" in said
    assert "old" in said
    assert "git fetch --tags" in said


def test_a_baseline_that_is_not_in_the_clone_can_be_fetched(clone: Path) -> None:
    said = refused("gone", clone)
    assert NOWHERE[:12] in said
    assert f"git fetch origin {NOWHERE}" in said


@pytest.mark.parametrize("name", ["old", "HEAD~1"])
def test_a_shallow_clone_is_to_be_made_whole(clone: Path, tmp_path: Path, name: str) -> None:
    git(tmp_path, "clone", "--quiet", "--depth", "1", clone.as_uri(), "shallow")
    assert "git fetch --unshallow" in refused(name, tmp_path / "shallow")
    git(tmp_path / "shallow", "fetch", "--quiet", "--unshallow")
    assert resolve(name, tmp_path / "shallow") == git(clone, "rev-parse", "HEAD~1")


def test_without_a_history_there_is_nothing_to_compare_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bench").mkdir()
    (tmp_path / "bench" / "baselines.toml").touch()
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert "Git 打不开" in refused("HEAD", tmp_path)
    monkeypatch.setenv("PATH", "")
    assert "安装 Git" in refused("HEAD", tmp_path)


def test_changed_files_are_noticed(clone: Path) -> None:
    assert not changed(clone)
    (clone / "new").touch()
    assert changed(clone)
