"""Who may import whom inside a floor is written down for every room."""

import re
import tomllib
from typing import Any

import pytest

from tests.house.source import FLOORS, ROOT, packages, stems


def _contracts() -> list[dict[str, Any]]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts: list[dict[str, Any]] = settings["tool"]["importlinter"]["contracts"]
    return contracts


@pytest.mark.parametrize("floor", FLOORS)
def test_every_room_stands_in_an_import_contract(floor: str) -> None:
    layers = [
        contract
        for contract in _contracts()
        if contract["type"] == "layers" and f"onething.{floor}" in contract.get("containers", ())
    ]
    assert layers, f"pyproject.toml: no contract of type layers has `onething.{floor}` among its containers"
    listed = {
        room.strip(" ()") for contract in layers for layer in contract["layers"] for room in re.split("[|:]", layer)
    }
    there = {*stems(FLOORS[floor]), *(package.name for package in packages(FLOORS[floor]))}
    assert there <= listed, (
        f"pyproject.toml, {layers[0]['name']!r}: put {', '.join(sorted(there - listed))} on the layer below all that "
        "import it, and above all that it imports"
    )
    assert listed <= there, (
        f"pyproject.toml: onething.{floor} has no {', '.join(sorted(listed - there))}: strike it out"
    )
    assert all(contract.get("exhaustive") for contract in layers), "pyproject.toml: exhaustive = true, so that it fails"
