"""Following one case live: events as they come, the timeline as the truth, polling when the stream can't be had."""

import time
from collections.abc import Iterator
from typing import Any

from rich.console import Console
from rich.live import Live

from onething.cli import case_view, words
from onething.cli.client import Client
from onething.cli.output import moment
from onething.cli.problem import Refused, Unreachable

POLL_S = 1.0
STREAM_IS_NOT_OFFERED = frozenset({404, 405, 406})


def watch_case(client: Client, case_no: str, out: Console) -> str:
    """Shows what happens to the case until it has ended; returns the final status.

    On a terminal the case's standing is kept up to date below the lines; elsewhere there are only the lines.
    """
    case = client.get(f"/api/cases/{case_no}")
    if not out.is_terminal:
        return _follow(client, case, out, None)
    with Live(case_view.overview(case), console=out, refresh_per_second=8, transient=False) as live:
        return _follow(client, case, out, live)


def _follow(client: Client, case: dict[str, Any], out: Console, live: Live | None) -> str:
    case_no = case["case_no"]
    seen = _print_new(client, case_no, 0, out)
    changes = _changes(client, case_no, seen)
    while case["status"] not in words.ENDED:
        next(changes)
        seen = _print_new(client, case_no, seen, out)
        case = client.get(f"/api/cases/{case_no}")
        if live is not None:
            live.update(case_view.overview(case))
    _print_new(client, case_no, seen, out)
    if live is None:
        out.print(case_view.overview(case))
    return str(case["status"])


def _changes(client: Client, case_no: str, seen: int) -> Iterator[None]:
    """Wakes the caller whenever something may be new: by events, or each second where there are none."""
    while True:
        try:
            for event in client.events(case_no, seen):
                seen = event.seq
                yield None
        except Unreachable:
            pass
        except Refused as refused:
            if refused.problem.status not in STREAM_IS_NOT_OFFERED:
                raise
        time.sleep(POLL_S)
        yield None


def _print_new(client: Client, case_no: str, seen: int, out: Console) -> int:
    for entry in client.get(f"/api/cases/{case_no}/timeline", after=seen)["items"]:
        who = words.who(entry.get("role"), entry.get("department"))
        out.print(f"{moment(entry['at'])}  {who}  {entry['text']}", markup=False)
        seen = entry["seq"]
    return seen
