"""文书 in a terminal: what was told in writing, and how far its delivery is."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rich.markup import escape

from onething.cli.terminal.listing import Listing, listing
from onething.cli.terminal.output import moment

_STATES = {"to_deliver": "待送达", "reached": "已送达", "known": "已知悉"}


def table(letters: Iterable[dict[str, Any]], departments: Mapping[str, str]) -> Listing:
    found = listing("文书", "编号", "事项", "出具", "时间", "送达")
    for one in letters:
        issuer = departments.get(one.get("department", ""), "综合窗口")
        told = one["delivery"]
        when = moment(told.get("known_at") or told.get("reached_at"))
        state = f"{_STATES.get(told['state'], told['state'])} {when}".strip()
        item = escape(one.get("item_name", ""))
        found.add_row(escape(one["title"]), one["number"], item, escape(issuer), moment(one["at"]), state)
    return found


def text(letter: Mapping[str, Any]) -> str:
    """One letter whole, as it stands on paper."""
    return "\n".join(_lines(letter))


def _lines(letter: Mapping[str, Any]) -> Iterator[str]:
    yield from (letter["title"], f"编号：{letter['number']}", "")
    if addressee := letter.get("addressee"):
        yield f"{addressee}："
    yield from (f"　　{paragraph}" for paragraph in letter["paragraphs"])
    for one in letter["dates"]:
        before, after = (moment(one[part]) if one.get(part) else None for part in ("before", "after"))
        yield f"　　{one['title']}：原到期 {before or '—'}，现到期 {after or '中止计时'}"
    if basis := letter.get("legal_basis"):
        yield f"法律依据：{basis}"
    if remedies := letter.get("remedies"):
        yield f"　　{remedies}"
    if note := letter.get("remedies_note"):
        yield f"　　{note}"
    yield from ("", letter["issuer"], moment(letter["at"]))
