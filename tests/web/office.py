"""What tests of departments' pages do on the way: tasks' addresses, forms opened and sent, rows looked at."""

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

import httpx

from tests.api.forms import WELL, approval
from tests.web.visitor import Visitor


def task_of(case_no: str, item: str = "registration", round_no: int = 1) -> str:
    return f"/work/tasks/{case_no}-{item}-{round_no}"


def decision(case_no: str, item: str = "registration", **changes: str) -> dict[str, str]:
    outputs = {f"/outputs/{name}": str(value) for name, value in approval(item, case_no).items()}
    return {"/outcome": WELL.get(item, "approve"), "/opinion": "符合条件", **outputs, **changes}


async def press(visitor: Visitor, address: str, path: str, fields: Mapping[str, Any]) -> httpx.Response:
    """The form of that act, opened and sent."""
    page = await visitor.get(f"{address}/{path}")
    assert page.status_code == 200, page.text
    return await visitor.send(page, f"{address}/{path}", dict(fields))


async def done(visitor: Visitor, address: str, path: str, fields: Mapping[str, Any]) -> str:
    """The page after the act, which was recorded."""
    answer = await press(visitor, address, path, fields)
    assert answer.status_code == 303, answer.text
    return (await visitor.get(answer.headers["location"])).text


def row_of(page: httpx.Response, case_no: str) -> str:
    found = re.search(rf'<tr id="task-{case_no}[^"]*".*?</tr>', page.text, re.DOTALL)
    assert found is not None, f"{case_no} is not in the queue"
    return found[0]


def ticking(page: httpx.Response) -> dict[str, list[str]]:
    """The hidden fields of the queue's form."""
    found = re.search(r'<form method="post" id="ticking">(.*?)</form>', page.text, re.DOTALL)
    assert found is not None
    fields: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', found[1]):
        fields.setdefault(name, []).append(unescape(value))
    return fields


def link(page: httpx.Response, beginning: str) -> str:
    """The first link of the page whose address begins so."""
    found = re.search(rf'href="({re.escape(beginning)}[^"]*)"', page.text)
    assert found is not None, f"no link to {beginning}"
    return unescape(found[1])
