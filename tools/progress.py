"""Shows long steps while they run: one live line on a terminal, plain lines elsewhere (CI, a pipe)."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

PLAIN_LINE_EVERY_S = 15


class StepFailed(Exception):
    """A command failed or took too long; the message ends with the last lines that it printed."""


class Progress:
    """Numbered steps, each with its elapsed seconds."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._number = 0
        self._live = sys.stdout.isatty()

    @contextlib.contextmanager
    def step(self, what: str) -> Iterator[None]:
        self._number += 1
        title = f"[{self._number}/{self._total}] {what}"
        begun = time.monotonic()
        over = threading.Event()
        ticker = threading.Thread(target=self._tick, args=(title, begun, over), daemon=True)
        ticker.start()
        outcome = "失败"
        try:
            yield
            outcome = "完成"
        finally:
            over.set()
            ticker.join()
            clear = "\r\033[K" if self._live else ""
            print(f"{clear}{title} … {outcome}（{time.monotonic() - begun:.1f} 秒）", flush=True)

    def _tick(self, title: str, begun: float, over: threading.Event) -> None:
        if not self._live:
            print(f"{title} …", flush=True)
        while not over.wait(1 if self._live else PLAIN_LINE_EVERY_S):
            elapsed = f"{title} … 已用 {time.monotonic() - begun:.0f} 秒"
            print(f"\r\033[K{elapsed}" if self._live else elapsed, end="" if self._live else "\n", flush=True)


def run(
    command: Sequence[str | Path],
    *,
    log: Path,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    timeout_s: float = 900,
) -> None:
    """Runs a command with its output in a log file; `StepFailed` with the log's end unless it succeeds in time."""
    log.parent.mkdir(parents=True, exist_ok=True)
    words = [str(word) for word in command]
    try:
        with log.open("w") as output:
            ended = subprocess.run(
                words, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=output, timeout=timeout_s
            )
        complaint = f"退出码 {ended.returncode}" if ended.returncode else ""
    except subprocess.TimeoutExpired:
        complaint = f"{timeout_s:.0f} 秒内没有完成"
    except OSError as error:
        complaint = str(error)
    if complaint:
        last = log.read_text(errors="replace").strip().splitlines()[-8:]
        raise StepFailed("\n".join([f"{words[0]}：{complaint}", *(f"    {line}" for line in last)]))
