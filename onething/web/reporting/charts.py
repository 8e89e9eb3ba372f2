"""Charts as plain SVG: no script and no style in them, so that pages may hold them; each has its table beside it."""

from collections.abc import Sequence
from html import escape

import leather
from leather import theme
from markupsafe import Markup

_FONT = "system-ui, sans-serif"
_TEXT, _LINE, _BAR = "#1b1f24", "#d5dae0", "#0b4f9c"
_WIDTH, _BAR_HEIGHT, _AROUND = 720, 34, 110

theme.background_color = "#ffffff"
theme.tick_font_char_width = 14  # of a Chinese sign
theme.title_color = theme.label_color = theme.tick_color = _TEXT
theme.title_font_family = theme.tick_font_family = theme.axis_title_font_family = _FONT
theme.label_color = _TEXT


def bars(title: str, values: Sequence[tuple[str, float]], *, rate: bool) -> Markup | None:
    """A bar for each name. None where there is nothing to show."""
    if not values:
        return None
    chart = leather.Chart()
    chart.add_bars([(value * 100 if rate else value, name) for name, value in values], fill_color=_BAR)
    chart.add_x_scale(0, 100 if rate else max(1, *(value for _, value in values)))
    height = _AROUND + _BAR_HEIGHT * len(values)
    drawn = chart.to_svg(width=_WIDTH, height=height)
    name = f"{title}，单位：{'%' if rate else '件'}；数值见旁边的表。"
    head = f'<svg width="{_WIDTH}" height="{height}"'
    shown = f'<svg class="chart" viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{escape(name)}"'
    return Markup(drawn.replace(head, shown, 1))  # noqa: S704  the library escapes texts; names are ours
