"""Processor time of a group of processes."""

import resource
import subprocess
import sys

from bench.cpu import cpu_seconds

BURN = """
import time
while time.process_time() < 0.3: pass
print('done', flush=True)
input()
"""


def test_a_process_and_its_children_count() -> None:
    start = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {BURN!r}])"
    before = _of_ended_children()
    with subprocess.Popen(
        [sys.executable, "-c", start], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "done\n"
        used = cpu_seconds({"burning": parent.pid, "gone": 2**22 + 1})
        parent.communicate("\n")
    # the kernel rounds by its ticks, each of its books in its own way
    assert 0.28 <= used["burning"] <= _of_ended_children() - before + 0.1
    assert used["gone"] == 0


def _of_ended_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
