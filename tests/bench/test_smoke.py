"""A whole bench of very few cases: everything starts, all cases end, everything is put away again."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.servers import public_temporary_folder

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
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
    for said in ("办件速度", "每件至多 2 个活动", "下一部门"):
        assert said in ran.stdout
