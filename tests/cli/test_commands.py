"""The commands against a running system: apply, follow, decide, withdraw; then stop it."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from onething.cli.demo.command import EXAMPLES
from onething.domain.calendar.days import local_date
from onething.security.demo_accounts import DEFAULT_PASSWORD
from tests.cli import in_process
from tests.support.files import pdf
from tests.support.servers import public_temporary_folder

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]

Result = subprocess.CompletedProcess[str]


class Terminal:
    """Runs `onething` as somebody with a configuration and a data folder of their own would."""

    def __init__(self, folder: Path) -> None:
        self.env = {
            **os.environ,
            "XDG_CONFIG_HOME": str(folder / "config"),
            "ONETHING_DATA_DIR": str(folder / "data"),
            "PYTHONUNBUFFERED": "1",
        }

    def start(self, *arguments: str, errors_apart: bool = False) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "onething.cli", *arguments]
        errors = subprocess.PIPE if errors_apart else subprocess.STDOUT
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True, env=self.env)

    def run(self, *arguments: str) -> Result:
        return in_process.typed(*arguments, env=self.env)

    def run_alone(self, *arguments: str) -> Result:
        """In a process of its own."""
        running = self.start(*arguments, errors_apart=True)
        said, failed = running.communicate()
        return subprocess.CompletedProcess(arguments, running.returncode, said, failed)

    def good(self, *arguments: str) -> str:
        return _good(self.run(*arguments))

    def good_alone(self, *arguments: str) -> str:
        return _good(self.run_alone(*arguments))


def _good(ended: Result) -> str:
    assert ended.returncode == 0, f"{ended.args}\n{ended.stdout}\n{ended.stderr}"
    return ended.stdout


@pytest.fixture(scope="module")
def terminal() -> Iterator[Terminal]:
    """A terminal on whose machine the whole system runs; root's PostgreSQL account must get into its folder.

    No folder of pytest's: every session that begins meanwhile shuts the one that they all share.
    """
    with public_temporary_folder() as folder:
        yield from _running(Terminal(Path(folder)))


def _running(here: Terminal) -> Iterator[Terminal]:
    running = here.start("up")
    assert running.stdout is not None
    started = ""
    for line in running.stdout:
        started += line
        if "Ctrl-C" in line:
            break
    assert "按 Ctrl-C 停止" in started, started
    yield here
    assert "已停止" in here.good_alone("down")
    assert running.wait(60) == 0


def test_what_an_event_began_is_filled_in_from_a_file(terminal: Terminal) -> None:
    sent = terminal.good("event", "send", str(EXAMPLES / "events" / "birth-certificate.json"))
    confirm = re.search(r"event confirm (\S+)", sent)
    assert confirm is not None, sent
    confirmed = terminal.good("event", "confirm", confirm[1], "--as", "counter")
    found = re.search(r"--into (\d+)", confirmed)
    assert found is not None, confirmed
    case_no, by_counter = found[1], ("--as", "counter", "--seen", "resident_id")
    other = terminal.run("case", "submit", str(EXAMPLES / "transport-business.yaml"), "--into", case_no, *by_counter)
    assert "新生儿出生" in other.stderr, other.stderr
    told = terminal.good("case", "submit", str(EXAMPLES / "newborn.yaml"), "--into", case_no, "--accept", *by_counter)
    assert f"已提交并当场受理，办件编号 {case_no}" in told
    assert "查询码" not in told
    assert "出生户口登记" in terminal.good("case", "show", case_no, "--as", "counter")
    again = terminal.run("case", "submit", str(EXAMPLES / "newborn.yaml"), "--into", case_no, *by_counter)
    assert "不再是草稿" in again.stderr


def test_a_case_from_file_to_withdrawal(terminal: Terminal) -> None:
    submitted = terminal.good(
        "case", "submit", str(EXAMPLES / "transport-business.yaml"), "--as", "counter", "--seen", "resident_id"
    )
    found = re.search(r"办件编号 (\d+)", submitted)
    assert found is not None
    case_no = found[1]
    task = f"{case_no}-registration-1"
    watching = terminal.start("case", "watch", case_no, "--as", "counter")

    terminal.good_alone("login", "counter", "--password", DEFAULT_PASSWORD)
    assert case_no in terminal.good("case", "list")
    assert "办理中" in terminal.good("case", "accept", case_no)
    assert task in terminal.good("task", "list", "--as", "officer.amr")
    assert "统一社会信用代码" in terminal.good("task", "show", task, "--as", "officer.amr")
    terminal.good("task", "claim", task, "--as", "officer.amr")
    why = terminal.good("case", "clocks", case_no, "--explain")
    assert "起算当日，不计入" in why
    assert re.search(r"合计 (\d+) 个工作日，期限 \1 个工作日", why), why
    assert "正在计时" in terminal.good("case", "clocks", case_no)
    letters = terminal.good("case", "documents", case_no)
    accepted = re.search(rf"受理通知书\s+({case_no}-\d+)\s+综合窗口", letters)
    assert accepted is not None
    read = terminal.good("case", "documents", case_no, "--read", accepted[1])
    assert "自本通知书载明之日起受理" in read.replace("\n", "")
    reasoned = ("--days", "5", "--reason", "须听取意见")
    still = terminal.run_alone("task", "suspend", task, "--basis", "hearing", *reasoned, "--as", "officer.amr")
    assert still.returncode == 4
    assert "没有规定可以中止计时的程序" in still.stderr
    by_amr, by_fire = ("--as", "officer.amr"), ("--as", "officer.fire")
    asked = terminal.good(
        "task", "consult", task, "-d", "fire", "--countersign", "--question", "消防条件", "--days", "1", *by_amr
    )
    to_answer = f"{case_no}-registration.c1-1"
    assert to_answer in asked
    assert "会签" in terminal.good("task", "show", to_answer, *by_fire)
    assert "征求意见" in terminal.good("task", "list", *by_fire)
    assert "同意" in terminal.good("task", "answer", to_answer, "--agree", "--opinion", "符合", *by_fire)
    terminal.good("task", "inspect", task, "--on", str(local_date(datetime.now(UTC))), *by_amr)
    assert "全部结论" in terminal.good(
        "task", "conclude", task, "--passed", "--conclusion", "相符", "--as", "officer.amr"
    )
    shown = terminal.good("task", "show", task, *by_amr)
    assert "同意。符合" in shown
    assert "通过。相符" in shown
    outputs = ("-o", "uscc=91330106MA2HYR5L3J", "-o", f"established_on={local_date(datetime.now(UTC))}")
    unread = terminal.run("task", "decide", task, "approve", *outputs, *by_amr)
    assert unread.returncode == 4
    assert "没有写明的有：“公司章程”（articles）第 1 版" in unread.stderr
    assert "--seen articles=1" in shown
    seen = [word for one in re.findall(r"--seen (\S+=\d+)", shown) for word in ("--seen", one)]
    assert "准予" in terminal.good("task", "decide", task, "approve", *outputs, *seen, *by_amr)

    again = terminal.run("task", "decide", task, "refuse", "--opinion", "迟了", "--as", "leader.amr")
    assert again.returncode == 4
    assert "已有的决定：准予" in again.stderr

    assert "已撤回" in terminal.good("case", "withdraw", case_no, "--yes")
    told, _ = watching.communicate()
    assert watching.returncode == 0, told
    moments = r"提交申请|受理(?!通知书)|准予|撤回申请"
    assert re.findall(moments, told)[:4] == ["提交申请", "受理", "准予", "撤回申请"], told
    assert "已撤销" not in told
    ended = terminal.good("case", "show", case_no)
    assert "已办成，继续有效：企业设立登记" in ended
    assert "已撤销" not in ended


def test_an_outlet_is_found_and_takes_in(terminal: Terminal) -> None:
    town = "330109115"
    listed = terminal.good("outlet", "list", "--bundle", "newborn")
    assert ("示例镇便民服务中心" in listed, "浦东" in listed) == (True, False)
    clerk = ("--as", f"counter.{town}")
    file = str(EXAMPLES / "enterprise-opening.yaml")
    opened = terminal.good("case", "submit", file, *clerk, "--seen", "resident_id", "--outlet", town)
    case_no = re.search(r"办件编号 (\d+)", opened)
    assert case_no is not None, opened
    assert "示例镇便民服务中心收件" in terminal.good("case", "show", case_no[1], *clerk)
    assert case_no[1] in terminal.good("case", "list", "--outlet", town, "--as", "counter")
    refused = terminal.run("case", "submit", file, *clerk, "--seen", "resident_id", "--outlet", "330106000")
    assert (refused.returncode, "您只能在自己的网点收件" in refused.stderr.replace("\n", "")) == (4, True), refused


def test_a_wrong_application_is_told_by_line_and_writes_nothing(terminal: Terminal, tmp_path: Path) -> None:
    text = (EXAMPLES / "newborn.yaml").read_text(encoding="utf-8")
    wrong = tmp_path / "newborn.yaml"
    wrong.write_text(text.replace("child_sex: female", "child_sex: girl"), encoding="utf-8")
    line = next(n for n, row in enumerate(text.splitlines(), start=1) if "child_sex" in row)
    ended = terminal.run("case", "submit", str(wrong), "--as", "counter", "--seen", "resident_id")
    assert ended.returncode == 4
    assert f"/form/child_sex（newborn.yaml 第 {line} 行）" in ended.stderr
    assert "没有办件" in terminal.good("case", "list", "--as", "citizen2")


def test_a_file_is_uploaded_and_the_draft_submitted(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "票据.pdf").write_bytes(pdf())
    text = (EXAMPLES / "newborn.yaml").read_text(encoding="utf-8")
    file = tmp_path / "newborn.yaml"
    file.write_text(
        text.replace("code: delivery-expense-bill, form: paper", "code: delivery-expense-bill, file: 票据.pdf")
    )
    assert "已提交" in terminal.good("case", "submit", str(file), "--as", "counter", "--seen", "resident_id")


def test_operations_reach_the_stack_without_a_word_of_its_database(terminal: Terminal) -> None:
    ended = terminal.run_alone("journal", "verify")
    assert ended.returncode == 0, ended.stderr
    assert "没有发现问题" in ended.stdout
    assert "用本机正在运行的整套系统：PostgreSQL 127.0.0.1:" in ended.stderr


def test_the_demo_plays_on_a_system_that_runs(terminal: Terminal) -> None:
    status = terminal.good_alone("status")
    url = re.search(r"接口\s+(http://\S+)", status)
    assert url is not None
    assert "4 件办件的结果都与预期一致" in terminal.good_alone("demo", "--url", url[1])
