"""What an applicant does with pages, step by step, for tests about what comes after."""

import re
from html import unescape
from typing import Any

import httpx

from tests.api.forms import opening
from tests.support.people import ZHANG
from tests.web.visitor import Visitor, hidden

ANSWERS = {
    "/answers/company_type": "sole_proprietorship",
    "/answers/premises": "owned",
    "/answers/prior_approval": "false",
    "/answers/services": ["seal", "tax"],
    "/answers/invoices": "none",
}
QUERY = "company_type=sole_proprietorship&premises=owned&services.seal=1&services.tax=1&invoices=none"
APPLICANT = {
    "/applicant/type": "person",
    "/applicant/name": ZHANG.name,
    "/applicant/id_type": "resident_id",
    "/applicant/id_number": ZHANG.id_number,
    "/applicant/phone": ZHANG.phone,
}


async def begin(visitor: Visitor, query: str = QUERY, bundle: str = "enterprise-opening") -> str:
    """A draft; its number."""
    page = await visitor.get(f"/apply/{bundle}?{query}")
    assert page.status_code == 200, page.text
    answer = await visitor.send(page, f"/apply/{bundle}", APPLICANT)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].rpartition("/")[2]


def sections(page: httpx.Response) -> list[str]:
    """Paths of the parts that a list names."""
    return re.findall(r'<a href="(/my/drafts/[0-9]+/sections/[a-z0-9-]+)"', page.text)


def fields_of(form: dict[str, Any], at: str = "/form") -> dict[str, Any]:
    """Form values as a browser sends them."""
    told: dict[str, Any] = {}
    for name, value in form.items():
        match value:
            case {"kind": kind, "number": number}:
                told |= {f"{at}/{name}/kind": kind, f"{at}/{name}/number": number}
            case list() if value and isinstance(value[0], dict):
                continue
            case _:
                told[f"{at}/{name}"] = value
    return told


async def fill(visitor: Visitor, case_no: str, form: dict[str, Any] | None = None) -> None:
    """Every section of the form, and delivery."""
    values = fields_of(form or opening()["form"])
    listed = await visitor.get(f"/my/drafts/{case_no}")
    for path in sections(listed):
        page = await visitor.get(path)
        names = set(map(unescape, re.findall(r'name="(/form/[^"]+)"', page.text)))
        typed: dict[str, Any] = {name: value for name, value in values.items() if name in names}
        if path.endswith("/delivery"):
            typed = {"/delivery/method": "electronic"}
        elif not typed:
            continue
        answer = await visitor.send(page, path, typed)
        assert answer.status_code == 303, answer.text


async def submit(visitor: Visitor, case_no: str, **fields: Any) -> httpx.Response:
    path = f"/my/drafts/{case_no}/check"
    return await visitor.send(await visitor.get(path), path, fields)


async def submitted(visitor: Visitor) -> str:
    """An application that was filled in and sent by pages alone."""
    case_no = await begin(visitor)
    await fill(visitor, case_no)
    answer = await submit(visitor, case_no)
    assert answer.status_code == 303, answer.text
    return case_no


def values(page: httpx.Response, action: str) -> dict[str, str]:
    """All that the form with that action holds as it was rendered, but for what is ticked or chosen."""
    found = re.search(rf'<form[^>]* action="{re.escape(action)}"[^>]*>(.*?)</form>', page.text, re.DOTALL)
    assert found is not None
    shown = {
        unescape(name): unescape(value)
        for name, value in re.findall(r'<input[^>]* name="([^"]+)" type="[a-z]+" value="([^"]*)"', found[1])
    }
    return hidden(page, action) | shown
