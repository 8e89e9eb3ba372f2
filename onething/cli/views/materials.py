"""材料 in a terminal: what is there, and in which versions."""

from collections.abc import Iterable, Mapping
from typing import Any

from rich.markup import escape

from onething.cli.terminal.labels import MATERIAL_FORMS
from onething.cli.terminal.listing import Listing, listing
from onething.cli.terminal.output import moment
from onething.domain.names import MATERIAL_STATE_NAMES


def table(rows: Iterable[Mapping[str, Any]]) -> Listing:
    shown = listing("材料", "代码", "状态", "版本")
    for one in rows:
        shown.add_row(escape(one["name"]), one["code"], state(one), _versions(one))
    return shown


def state(material: Mapping[str, Any]) -> str:
    kept = MATERIAL_FORMS.get(material.get("kept") or "", "")
    known = str(MATERIAL_STATE_NAMES.get(material["state"], material["state"]))
    return f"{known}（{kept}）" if kept else known


def _versions(material: Mapping[str, Any]) -> str:
    """Oldest first; of more than one, with when each came."""
    came = material.get("versions") or ()
    told = (
        f"第 {row['version']} 版 {MATERIAL_FORMS.get(row['kept'], row['kept'])} {moment(row['at'])}" for row in came
    )
    return "；".join(told)
