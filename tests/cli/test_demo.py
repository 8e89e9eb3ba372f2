"""The demo as somebody runs it: the whole system, three cases, a verdict."""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]


def leftovers() -> set[Path]:
    return set(Path(tempfile.gettempdir()).glob("onething-demo-*"))


def test_three_cases_end_as_they_should() -> None:
    before = leftovers()
    ended = subprocess.run(
        [sys.executable, "-m", "onething.cli", "demo"], capture_output=True, text=True, check=False, timeout=230
    )
    account = ended.stdout
    assert ended.returncode == 0, f"{account}\n{ended.stderr}"
    assert "3 件办件的结果都与预期一致" in account
    assert len(re.findall(r"\d{14,}", account)) >= 3
    for told in (
        "企业开办",
        "身后事",
        "开办运输企业",
        "营业执照",
        "验真通过",
        "一次性告知",
        "许可被拒",
        "已撤销“营业执照（设立登记）”",
        "已释放“企业名称保留信息”",
        "撤回决定 1",
    ):
        assert told in account, account
    assert "验真不通过" not in account
    assert "Traceback" not in ended.stderr
    assert leftovers() <= before


def test_ctrl_c_stops_everything() -> None:
    before, folders = servers(), leftovers()
    running = subprocess.Popen(
        [sys.executable, "-m", "onething.cli", "demo"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert running.stdout is not None
    for line in running.stdout:
        if "提交" in line:
            assert servers() > before
            break
    running.send_signal(signal.SIGINT)
    started = time.monotonic()
    rest, _ = running.communicate(timeout=100)
    assert running.returncode == 130, rest
    assert "Traceback" not in rest
    assert time.monotonic() - started < 90
    assert servers() <= before
    assert leftovers() <= folders


def servers() -> set[str]:
    """Processes of any demo's system, by their command lines."""
    listed = subprocess.run(["ps", "-ww", "-eo", "pid=,args="], capture_output=True, text=True, check=True).stdout
    return {line.strip() for line in listed.splitlines() if "onething-demo-" in line}
