"""Following one case live: events as they come, the timeline as the truth, polling when the stream can't be had."""

import time
from collections.abc import Iterator
from typing import Any

from rich.console import Console, RenderableType
from rich.live import Live

from onething.cli.client.client import Client
from onething.cli.client.problem import ApiRefused, Unreachable
from onething.cli.terminal import labels
from onething.cli.terminal.output import moment
from onething.cli.views import case

POLL_S = 1.0
SEE_OUT_S = 10.0  # undoing may take longer, when a department's system is slow: then a later look tells
STREAM_IS_NOT_OFFERED = frozenset({404, 405, 406})


def watch_case(client: Client, case_no: str, out: Console) -> str:
    """Shows what happens to the case until it has ended; returns the final status.

    On a terminal the case's standing is kept up to date below the lines; elsewhere there are only the lines.
    """
    watched = Watched(client, case_no, out)
    if not out.is_terminal:
        watched.follow(None)
        out.print(watched.overview())
    else:
        with Live(watched.overview(), console=out, refresh_per_second=8) as live:
            watched.follow(live)
    return str(watched.case["status"])


class Watched:
    """A case, and how much of its timeline has been printed."""

    def __init__(self, client: Client, case_no: str, out: Console) -> None:
        self._client = client
        self._case_no = case_no
        self._out = out
        self._seen = 0
        self._last_kind = ""
        self.case: dict[str, Any] = client.get(f"/api/cases/{case_no}")
        self._vocabulary = client.vocabulary(self.case["bundle"])

    def overview(self) -> RenderableType:
        return case.overview(self.case, self._vocabulary)

    def follow(self, live: Live | None) -> None:
        self._print_new()
        changes = _changes(self._client, self._case_no, self._seen)
        while self.case["status"] not in labels.ENDED:
            next(changes)
            self._print_new()
            self.case = self._client.get(f"/api/cases/{self._case_no}")
            if live is not None:
                live.update(self.overview())
        self._see_out(live)

    def _see_out(self, live: Live | None) -> None:
        """A case that ended early is still being undone; the notice to the applicant comes last."""
        until = time.monotonic() + SEE_OUT_S
        while self._last_kind != "notices_sent" and time.monotonic() < until:
            time.sleep(POLL_S)  # a terminal has nothing else to do
            self._print_new()
        self.case = self._client.get(f"/api/cases/{self._case_no}")
        if live is not None:
            live.update(self.overview())

    def _print_new(self) -> None:
        for entry in self._client.get(f"/api/cases/{self._case_no}/timeline", after=self._seen)["items"]:
            who = labels.who(entry, self._vocabulary.departments)
            self._out.print(f"{moment(entry['at'])}  {who}  {entry['text']}", markup=False)
            self._seen, self._last_kind = entry["seq"], entry["kind"]


def _changes(client: Client, case_no: str, seen: int) -> Iterator[None]:
    """Wakes the caller whenever something may be new: by events, or each second where there are none."""
    while True:
        try:
            for event in client.events(case_no, seen):
                seen = event.seq
                yield None
        except Unreachable:
            pass
        except ApiRefused as refused:
            if refused.problem.status not in STREAM_IS_NOT_OFFERED:
                raise
        time.sleep(POLL_S)  # without a stream it is asked again and again
        yield None
