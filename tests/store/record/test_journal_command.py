"""`onething journal` as an operator runs it, on a database of its own."""

import base64
import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.cli import in_process
from tests.domain.builders import item, make_plan
from tests.store.stage import Stage

PLAN = make_plan(item("a"))
KEY = base64.b64encode(b"k" * 32).decode()

Ended = subprocess.CompletedProcess[str]


class Operator:
    def __init__(self, stage: Stage, folder: Path) -> None:
        others = {name: value for name, value in os.environ.items() if not name.startswith("ONETHING_")}
        self.env = others | {
            "ONETHING_DATABASE_WORKER_URL": stage.worker_url,
            "ONETHING_ANCHOR_DIR": str(folder),
            "ONETHING_CERTIFICATE_KEY": KEY,
        }

    def run(self, *arguments: str, **env: str) -> Ended:
        return in_process.typed("journal", *arguments, env=self.env | env)


@pytest.fixture
def operator(stage: Stage, tmp_path: Path) -> Operator:
    return Operator(stage, tmp_path)


async def test_anchor_then_verify_with_the_key_that_was_told(stage: Stage, operator: Operator, tmp_path: Path) -> None:
    await stage.submit(PLAN)
    anchored = operator.run("anchor")
    assert (anchored.returncode, anchored.stderr) == (0, "")
    assert "第 1 号锚：1 件办件" in anchored.stdout
    told = re.search(r"公钥：(\S+)", anchored.stdout)
    assert told
    assert "没有变化" in operator.run("anchor").stdout

    elsewhere = operator.run(
        "verify", "--anchors", str(tmp_path), "--key", told[1], ONETHING_CERTIFICATE_KEY="", ONETHING_ANCHOR_DIR=""
    )
    assert elsewhere.returncode == 0, elsewhere.stderr
    assert "核对了 1 件办件、1 个锚，没有发现问题" in elsewhere.stdout
    assert operator.run("verify").returncode == 0
    other = operator.run("verify", ONETHING_ANCHOR_KEY=base64.b64encode(b"o" * 32).decode())
    assert other.returncode == 1
    assert "--key" in other.stdout


async def test_what_is_wrong_is_named_with_the_next_step(stage: Stage, operator: Operator) -> None:
    cases = [(await stage.submit(PLAN)).case_no for _ in range(22)]
    operator.run("anchor")
    await stage.look("alter table journal disable trigger all")
    await stage.look("""update journal set line = replace(line, '"subject":"', '"subject":"x')""")
    ended = operator.run("verify")
    assert ended.returncode == 1
    assert "发现 44 处问题" in ended.stdout
    assert f"办件 {cases[0]} 第 1 行：缺失，或与写入时不符" in ended.stdout
    assert "另有 24 处" in ended.stdout
    assert "接下来" in ended.stdout
    assert "Traceback" not in ended.stderr
    [line] = await stage.look("select role, found, outcome from access_log where act = 'verify_journal'")
    assert tuple(line) == ("worker", 44, "alarm")


async def test_without_anchors_it_says_what_it_cannot_see(stage: Stage, operator: Operator) -> None:
    await stage.submit(PLAN)
    ended = operator.run("verify", ONETHING_ANCHOR_DIR="")
    assert ended.returncode == 0
    assert "ONETHING_ANCHOR_DIR" in ended.stdout


@pytest.mark.parametrize(
    ("arguments", "env", "code", "said"),
    [
        (("anchor",), {"ONETHING_ANCHOR_DIR": ""}, 1, "ONETHING_ANCHOR_DIR"),
        (("anchor",), {"ONETHING_CERTIFICATE_KEY": ""}, 1, "ONETHING_CERTIFICATE_KEY"),
        (("anchor",), {"ONETHING_ANCHOR_KEY": "not a key"}, 2, "base64"),
        (("anchor",), {"ONETHING_ANCHOR_DIR": "/nowhere/anchors"}, 1, "挂上"),
        (("verify",), {"ONETHING_DATABASE_WORKER_URL": ""}, 1, "ONETHING_DATABASE_WORKER_URL"),
        (("verify",), {"ONETHING_DATABASE_WORKER_URL": "postgresql://x:s3cret@127.0.0.1:1/x"}, 3, "数据库"),
        (("verify", "--key", "abc"), {}, 2, "public key"),
    ],
)
async def test_what_keeps_it_from_working_is_a_line(
    stage: Stage, operator: Operator, arguments: tuple[str, ...], env: dict[str, str], code: int, said: str
) -> None:
    await stage.submit(PLAN)
    ended = operator.run(*arguments, **env)
    assert (ended.returncode, said in ended.stderr) == (code, True), ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr
    assert "s3cret" not in ended.stdout + ended.stderr
