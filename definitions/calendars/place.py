"""Where calendars lie, and all of them read: those of one's own folder, or else the package's."""

from pathlib import Path

from definitions.calendars.assemble import CalendarFolder, read_folder
from definitions.problems import DefinitionProblem, DefinitionProblems
from onething.domain.calendar.days import Calendar

FOLDER = Path(__file__).parent
PART = "calendars"


def place_of(definitions: Path | None) -> Path:
    """The folder of calendars that hold for a definitions folder."""
    own = None if definitions is None else definitions / PART
    return own if own is not None and own.is_dir() else FOLDER


def read_calendars(definitions: Path | None, problems: list[DefinitionProblem]) -> dict[str, CalendarFolder]:
    """Every calendar by code; what is wrong is added to `problems`."""
    place = place_of(definitions)
    found: dict[str, CalendarFolder] = {}
    for path in sorted(place.iterdir()):
        name = f"{PART}/{path.name}"
        if path.is_dir() and not path.name.startswith(("_", ".")):
            found[path.name], wrong = read_folder(path, name)
            problems += wrong
        elif path.suffix in (".yaml", ".yml"):
            remedy = f"建文件夹 {path.stem}/：名称和办公时间写进 calendar.yaml，放假与调休按年写进 2026.yaml 等。"
            problems.append(DefinitionProblem(name, 1, "", "日历是一个文件夹，不再是一个文件。", remedy))
    return found


def load_calendars(definitions: Path | None = None) -> dict[str, Calendar]:
    """The latest version of each calendar, by code, without the rest. Raise `DefinitionProblems`."""
    problems: list[DefinitionProblem] = []
    folders = read_calendars(definitions, problems)
    if problems:
        raise DefinitionProblems(problems)
    return {code: folder.latest for code, folder in folders.items()}
