"""The fields of a page's form, as a browser would send them."""

from html.parser import HTMLParser

import httpx

Fields = list[tuple[str, str]]


def filled(page: httpx.Response | str, action: str | None = None) -> Fields:
    """Of the form with that action, or of the first; without buttons."""
    text = page if isinstance(page, str) else page.text
    parser = _Parser(action)
    parser.feed(text)
    assert parser.seen, f"no form {action}"
    return parser.fields


def values(fields: Fields) -> dict[str, list[str]]:
    """Name → its values, as httpx sends them."""
    found: dict[str, list[str]] = {}
    for name, value in fields:
        found.setdefault(name, []).append(value)
    return found


class _Parser(HTMLParser):
    def __init__(self, action: str | None) -> None:
        super().__init__()
        self._action = action
        self._inside = False
        self._select: str | None = None
        self._options: list[tuple[str, bool]] = []
        self._area: str | None = None
        self.fields: Fields = []
        self.seen = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and not self.seen and self._action in (None, given.get("action")):
            self._inside = self.seen = True
        elif self._inside and tag == "input" and "name" in given:
            if given.get("type") not in ("radio", "checkbox", "submit") or "checked" in given:
                self.fields.append((given["name"], given.get("value", "")))
        elif self._inside and tag == "select":
            self._select, self._options = given["name"], []
        elif self._select is not None and tag == "option":
            self._options.append((given.get("value", ""), "selected" in given))
        elif self._inside and tag == "textarea":
            self._area = given["name"]
            self.fields.append((self._area, ""))

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            name, before = self.fields[-1]
            self.fields[-1] = (name, before + data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "textarea":
            self._area = None
        elif tag == "select" and self._select is not None:
            chosen = [value for value, selected in self._options if selected] or [v for v, _ in self._options[:1]]
            self.fields += [(self._select, value) for value in chosen]
            self._select = None
