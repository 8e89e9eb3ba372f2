"""Very few cases, for real: everything starts, all cases end, everything is put away again."""

import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from bench.against.checkout import Checkout
from bench.against.pairing import LegRequest
from bench.against.side import side
from tests.support.servers import public_temporary_folder

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
@pytest.mark.sampled(1, family="bench")
@pytest.mark.timeout(1200)
def test_a_quick_run() -> None:
    with public_temporary_folder() as folder:
        ran = subprocess.run(
            [sys.executable, "-m", "bench", "--quick", "--cases", "5"],
            cwd=ROOT,
            env={**os.environ, "TMPDIR": folder},
            capture_output=True,
            text=True,
            check=False,
        )
        assert list(Path(folder).glob("onething-bench-*")) == []
    assert ran.returncode == 0, ran.stdout + ran.stderr
    for said in ("办件速度", "每件至多", "下一部门"):  # how many is a bound of its own
        assert said in ran.stdout


@pytest.mark.slow
@pytest.mark.sampled(1, family="bench")
@pytest.mark.timeout(300)
async def test_the_driver_of_a_comparison(tmp_path: Path) -> None:
    started: list[str] = []
    ended: list[str] = []
    async with side("本目录", Checkout(ROOT, Path(sys.executable)), tmp_path) as ours:
        await ours.ready(started.append)
        for leg, rate in (("services", None), ("http", None), ("http", 2.0)):
            figures = await ours.leg(LegRequest(leg, 3, 2, rate), partial(ended.append, leg))
            assert figures.per_second > 0
            assert figures.decision_p50_s > 0
    assert {"PostgreSQL", "Temporal", "API"} <= set(started)
    assert ended == ["services"] * 3 + ["http"] * 6
