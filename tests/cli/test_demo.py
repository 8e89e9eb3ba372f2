"""The demo as somebody runs it: the whole system, four cases, a verdict."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.servers import public_temporary_folder

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder for temporary files of its own: other demos on this machine leave theirs elsewhere."""
    with public_temporary_folder() as folder:
        yield Path(folder)


def demo_in(home: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONUNBUFFERED": "1", "TMPDIR": str(home)}


def leftovers(home: Path) -> list[Path]:
    return list(home.glob("onething-demo-*"))


def test_the_cases_end_as_they_should(home: Path) -> None:
    command = [sys.executable, "-m", "onething.cli", "demo"]
    ended = subprocess.run(command, env=demo_in(home), capture_output=True, text=True, check=False)
    account = ended.stdout
    assert ended.returncode == 0, f"{account}\n{ended.stderr}"
    assert "4 件办件的结果都与预期一致" in account
    assert len(re.findall(r"\d{14,}", account)) >= 4
    for told in (
        "企业开办",
        "身后事",
        "开办运输企业",
        "营业执照",
        "验真通过",
        "一次性告知",
        "许可被拒",
        "要过 5 秒才回调",
        "住所的各方数据不一致",
        "容缺受理，以后补交：火化证明",
        "商业银行业务系统",
        "继续有效，证照照常发放",
        "准予 1、不予 1、未作决定 2",
        "一张整改清单一次告知建设单位",
        "只复验清单上的问题：通过",
    ):
        assert told in account, account
    for undone in ("已撤销“", "已释放“", "撤回决定"):
        assert undone not in account, account
    assert "验真不通过" not in account
    assert "Traceback" not in ended.stderr
    assert leftovers(home) == []


def test_ctrl_c_stops_everything(home: Path) -> None:
    running = subprocess.Popen(
        [sys.executable, "-m", "onething.cli", "demo"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=demo_in(home),
    )
    assert running.stdout is not None
    for line in running.stdout:
        if "提交" in line:
            assert servers(home)
            break
    running.send_signal(signal.SIGINT)
    rest, _ = running.communicate()
    assert running.returncode == 130, rest
    assert "Traceback" not in rest
    assert servers(home) == []
    assert leftovers(home) == []


def servers(home: Path) -> list[str]:
    """Processes of the demo's system, by their command lines."""
    listed = subprocess.run(["ps", "-ww", "-eo", "pid=,args="], capture_output=True, text=True, check=True).stdout
    return [line.strip() for line in listed.splitlines() if f"{home}/onething-demo-" in line]
