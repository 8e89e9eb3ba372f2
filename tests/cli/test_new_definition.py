"""Somebody new begins with a bundle that has no problem, and is told with every saved change what it has now."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from definitions.commands import problems_of
from definitions.loader import load_catalog
from tests.cli import in_process


def new(folder: Path, code: str) -> tuple[int, str]:
    done = in_process.run("definitions", "new", code, "--folder", str(folder))
    return done.exit_code, done.output


def test_what_one_begins_with_has_no_problem(tmp_path: Path) -> None:
    code, said = new(tmp_path, "restaurant-opening")
    assert (code, "没有问题" in said) == (0, True)
    catalog, problems = problems_of(tmp_path)
    assert problems == []
    assert catalog.latest["restaurant-opening"].ref == "restaurant-opening@1"
    assert load_catalog(tmp_path).latest.keys() == {"restaurant-opening"}


@pytest.mark.parametrize("code", ["开小店", "Shop", "../shop", "a_b"])
def test_what_is_no_code_is_told_and_nothing_is_written(tmp_path: Path, code: str) -> None:
    done, said = new(tmp_path, code)
    assert (done, "不能作代码" in said) == (1, True)
    assert not list(tmp_path.iterdir())


def test_nobody_s_work_is_overwritten(tmp_path: Path) -> None:
    new(tmp_path, "shop")
    file = tmp_path / "catalog/shop/v1.yaml"
    file.write_text("mine", encoding="utf-8")
    assert new(tmp_path, "shop")[0] == 1
    assert file.read_text(encoding="utf-8") == "mine"


def test_every_saved_change_is_checked(tmp_path: Path) -> None:
    new(tmp_path, "shop")
    file = tmp_path / "catalog/shop/v1.yaml"
    command = [sys.executable, "-u", "-m", "onething.cli", "definitions", "check", "--watch", "--folder", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as watching:
        assert watching.stdout is not None
        threading.Timer(120, watching.kill).start()  # then it never tells: the lines end
        try:
            lines = iter(watching.stdout.readline, "")
            assert any("没有问题" in line for line in lines)
            assert any("尚未发布" in line for line in lines)
            file.write_text(file.read_text(encoding="utf-8").replace("department: psb", "department: moon"), "utf-8")
            assert any("没有部门" in line or "不在 departments 中" in line for line in lines)
        finally:
            watching.terminate()
