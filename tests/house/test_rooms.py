"""One concern, one name, a room on every floor: compared both ways with concerns.toml."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.house.source import FLOORS, ROOT, concerns, packages, stems

_MOST, _LEAST = 12, 2
_PLACES = {
    **FLOORS,
    "api": ROOT / "api",
    "cli": ROOT / "onething" / "cli" / "commands",
    "activities": ROOT / "activities",
    "tables": ROOT / "onething" / "store" / "tables",
    "web": ROOT / "onething" / "web",
}
_LIST = "tests/house/concerns.toml"
_BY_CONCERN = {"domain", "services", "api", "activities"}


def _built() -> Iterator[tuple[str, dict[str, Any]]]:
    """Concerns that have rooms."""
    return ((name, rooms) for name, rooms in concerns()["concerns"].items() if "none" not in rooms)


def _listed(floor: str) -> list[str]:
    of_concerns = [room for _, rooms in _built() if isinstance(rooms.get(floor), list) for room in rooms[floor]]
    return [*of_concerns, *concerns()["floors"][floor]]


def _there(floor: str) -> set[str]:
    place = _PLACES[floor]
    return {*stems(place), *(package.name for package in packages(place))}


def test_every_concern_says_for_every_floor_where_its_room_is_or_why_it_has_none() -> None:
    for name, rooms in _built():
        floors = rooms.keys() - {"otherwise"}
        assert floors == _PLACES.keys(), f"{_LIST}: {name} has to name {', '.join(_PLACES)}, and nothing else"
        for floor in floors:
            room = rooms[floor]
            has_reason = isinstance(room, dict) and room.keys() == {"none"} and room["none"]
            assert has_reason or (isinstance(room, list) and room), (
                f"{_LIST}: {name}, {floor}: give a list of rooms, or {{ none = 'why there is nothing' }}"
            )


@pytest.mark.parametrize("floor", _PLACES)
def test_rooms_are_those_of_the_list(floor: str) -> None:
    listed, there = _listed(floor), _there(floor)
    twice = sorted({room for room in listed if listed.count(room) > 1})
    assert not twice, f"{_LIST}: {', '.join(twice)} on floor {floor} belongs to two; a room has one concern"
    place = _PLACES[floor].relative_to(ROOT).as_posix()
    gone = sorted(set(listed) - there)
    assert not gone, f"{_LIST} lists {', '.join(gone)}, which {place}/ does not have: strike it out, or say why none"
    unknown = sorted(there - set(listed))
    assert not unknown, (
        f"{place}/ has {', '.join(unknown)}, which {_LIST} does not list: put the file into the room of its concern; "
        "if it is a concern of its own, or none, add it there with the reason"
    )


@pytest.mark.parametrize("floor", sorted(_BY_CONCERN))
def test_a_room_bears_the_name_of_its_concern(floor: str) -> None:
    """So that whoever knows the name has found the room, on every floor."""
    for name, rooms in _built():
        room = rooms[floor]
        assert not isinstance(room, list) or room[0] == name or rooms.get("otherwise"), (
            f"{_LIST}: the room of {name} on floor {floor} is called {room[0]}: call it {name}, "
            "or say with `otherwise` why not"
        )


def _folders() -> list[Path]:
    return [folder for floor in FLOORS.values() for folder in (floor, *packages(floor))]


@pytest.mark.parametrize("folder", _folders(), ids=lambda folder: folder.relative_to(ROOT).as_posix())
def test_a_room_is_neither_a_hall_nor_a_cupboard(folder: Path) -> None:
    path, held = folder.relative_to(ROOT).as_posix(), len(stems(folder))
    assert held <= _MOST, (
        f"{path}/ holds {held} modules, {_MOST} are the most: split off a sub-topic as a room of its own, "
        f"and list it in {_LIST}"
    )
    assert held >= _LEAST or folder in FLOORS.values(), (
        f"{path}/ holds {held} module: make it one file {path}.py, or move what belongs to it here "
        "(rules, guards, schemas, views)"
    )


def test_rooms_hold_no_rooms() -> None:
    """Two levels are enough to find anything."""
    nested = [inner.relative_to(ROOT).as_posix() for room in _folders() if room not in FLOORS.values()
              for inner in packages(room)]  # fmt: skip
    assert not nested, f"{', '.join(nested)}: a room of a concern holds files, not folders; name a room of its own"
