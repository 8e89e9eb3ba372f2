"""Who sees which page: every page that can be looked at, as each role and relation, of one case under way and one
draft. The reviewed table is `who_sees.txt`; `python -m tests.record pages` records it anew."""

import re
from pathlib import Path

from onething.web.app import ROUTERS
from tests.api import acts
from tests.api.town import Town
from tests.web.visitor import Visitor

FILE = Path(__file__).with_name("who_sees.txt")
ACTORS: tuple[str | None, ...] = (
    None,
    "citizen",
    "citizen2",
    "agent",
    "counter",
    "officer.amr",
    "officer.psb",
    "leader.amr",
    "supervisor",
    "admin",
    "auditor",
)
"""The applicant is `citizen`; the item at hand is amr's; psb has items of the case, too."""
_PROCESSES = ("/static/", "/sign-in/callback", "/counter/worker.js")  # no pages
Table = dict[str, tuple[int, ...]]


def pages() -> list[str]:
    """Addresses of all that can be looked at, with the names of what stands in them."""
    found = {
        str(route.path)  # type: ignore[attr-defined]
        for router in ROUTERS
        for route in router.routes
        if "GET" in (getattr(route, "methods", None) or ())
    }
    return sorted(one for one in found if not one.startswith(_PROCESSES))


def forms() -> list[str]:
    """Addresses that forms go to, of who is signed in."""
    found = {
        str(route.path)  # type: ignore[attr-defined]
        for router in ROUTERS
        for route in router.routes
        if "POST" in (getattr(route, "methods", None) or ()) and getattr(type(route), "signed_in_only", False)
    }
    return sorted(found)


async def prepared(town: Town) -> dict[str, str]:
    """What stands in addresses, beside what no case has."""
    case_no, draft = await acts.accepted_case(town), await acts.draft(town)
    letters = (await town.get("citizen", f"/api/cases/{case_no}/documents")).json()["letters"]
    return {
        "case_no": case_no,
        "draft": draft,
        "task_id": f"{case_no}-registration-1",
        "code": "enterprise-opening",
        "letter": str(letters[0]["id"]),
        "section": await _first_section(town, draft),
    }


async def _first_section(town: Town, draft: str) -> str:
    async with Visitor(town) as visitor:
        await visitor.sign_in("citizen")
        found = re.search(r"/sections/([a-z0-9_-]+)", (await visitor.get(f"/my/drafts/{draft}")).text)
    assert found is not None
    return found[1]


def address(path: str, names: dict[str, str]) -> str:
    """The page of what was prepared; what nobody has is called `none` or 1."""
    own = {**names, "case_no": names["draft"]} if path.startswith("/my/drafts/") else names
    if "/materials/{code}" in path or "/sections/{code}" in path:
        own = {**own, "code": "articles" if "/materials/" in path else own["section"]}
    nobodys = {"mandate": "1", "prefill": "1", "field": "none", "number": "1", "subscription": "0" * 16}
    for name, value in {**own, **nobodys, "department": "amr"}.items():
        path = path.replace(f"{{{name}}}", value)
    return path


async def answered(town: Town) -> Table:
    names, found = await prepared(town), dict.fromkeys(pages(), ())
    for actor in ACTORS:
        async with Visitor(town) as visitor:
            if actor is not None:
                assert (await visitor.sign_in(actor)).status_code == 303
            for path in found:
                answer = await visitor.get(address(path, names))
                found[path] = (*found[path], answer.status_code)
    return found


def render(table: Table) -> str:
    width = max(map(len, table))
    heads = [actor or "nobody" for actor in ACTORS]
    lines = [f"{'':{width}}  " + " ".join(heads)]
    for path, statuses in sorted(table.items()):
        cells = [f"{status:<{len(head)}}" for status, head in zip(statuses, heads, strict=True)]
        lines.append(f"{path:{width}}  {' '.join(cells)}".rstrip())
    return "\n".join(lines) + "\n"


def read(text: str) -> Table:
    return {row[0]: tuple(map(int, row[1:])) for row in (line.split() for line in text.splitlines()[1:])}


def differences(old: Table, new: Table) -> list[str]:
    """In sentences."""
    found = [f"{path} is no page any more" for path in sorted(old.keys() - new.keys())]
    for path in sorted(new):
        if path not in old:
            found.append(f"{path} is new: {', '.join(map(str, new[path]))}")
        else:
            found += [
                f"{actor or 'nobody'} gets {now} instead of {before} at {path}"
                for actor, before, now in zip(ACTORS, old[path], new[path], strict=True)
                if before != now
            ]
    return found
