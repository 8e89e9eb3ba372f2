"""Which items wait for which, drawn from left to right as plain SVG: no script and no style in it. The page has the
same as a list beside it."""

from collections.abc import Iterator
from html import escape

from markupsafe import Markup

from definitions.graph import steps
from definitions.sheet import DefinitionSheet, ItemSheet
from onething.domain.definition.bundle import BundleDefinition

_BOX_WIDTH, _BOX_HEIGHT, _AROUND = 216, 66, 12
_BETWEEN_STEPS, _BETWEEN_ITEMS = 64, 18
_LONGEST_NAME, _LONGEST_NOTE = 13, 17
_TEXT, _MUTED, _LINE, _ON_THE_LONGEST_WAY = "#1b1f24", "#4b5563", "#767f8a", "#0b4f9c"
_FONT = "system-ui, sans-serif"

Place = tuple[int, int]
"""The left upper corner of a box."""


def drawn(definition: BundleDefinition, sheet: DefinitionSheet) -> Markup:
    columns = steps(definition)
    items = {one.code: one for one in sheet.items}
    places = {
        item.code: (
            _AROUND + column * (_BOX_WIDTH + _BETWEEN_STEPS),
            _AROUND + row * (_BOX_HEIGHT + _BETWEEN_ITEMS),
        )
        for column, step in enumerate(columns)
        for row, item in enumerate(step)
    }
    width = 2 * _AROUND + len(columns) * _BOX_WIDTH + (len(columns) - 1) * _BETWEEN_STEPS
    most = max(len(step) for step in columns)
    height = 2 * _AROUND + most * _BOX_HEIGHT + (most - 1) * _BETWEEN_ITEMS
    name = f"{definition.name}各事项的先后次序；同样的内容见下面的列表。"
    arrows = [
        _arrow(places[giver], places[item.code]) for item in definition.items for giver in definition.givers(item)
    ]
    boxes = [part for code, place in places.items() for part in _box(items[code], place)]
    return Markup(  # noqa: S704  names are escaped below
        f'<svg class="graph" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="{escape(name)}">{"".join((*arrows, *boxes))}</svg>'
    )


def _box(item: ItemSheet, place: Place) -> Iterator[str]:
    x, y = place
    colour, thick = (_ON_THE_LONGEST_WAY, 3) if item.critical else (_LINE, 1)
    dashes = ' stroke-dasharray="6 4"' if item.condition else ""
    yield (
        f'<rect x="{x}" y="{y}" width="{_BOX_WIDTH}" height="{_BOX_HEIGHT}" rx="6" fill="#ffffff" '
        f'stroke="{colour}" stroke-width="{thick}"{dashes}/>'
    )
    yield _text(x + 10, y + 28, 15, _TEXT, _cut(item.name, _LONGEST_NAME))
    yield _text(x + 10, y + 50, 12, _MUTED, _cut(f"{item.department_name} 承诺{item.promised}", _LONGEST_NOTE))


def _text(x: int, y: int, size: int, colour: str, words: str) -> str:
    return f'<text x="{x}" y="{y}" font-size="{size}" font-family="{_FONT}" fill="{colour}">{escape(words)}</text>'


def _arrow(giver: Place, taker: Place) -> str:
    """From the right of one to the left of the other."""
    x, y = giver[0] + _BOX_WIDTH, giver[1] + _BOX_HEIGHT // 2
    to_x, to_y = taker[0] - 2, taker[1] + _BOX_HEIGHT // 2
    bend = _BETWEEN_STEPS // 2
    return (
        f'<path d="M {x} {y} C {x + bend} {y}, {to_x - bend} {to_y}, {to_x - 6} {to_y}" fill="none" stroke="{_MUTED}"/>'
        f'<path d="M {to_x - 8} {to_y - 4} L {to_x} {to_y} L {to_x - 8} {to_y + 4} Z" fill="{_MUTED}"/>'
    )


def _cut(words: str, most: int) -> str:
    return words if len(words) <= most else f"{words[: most - 1]}…"
