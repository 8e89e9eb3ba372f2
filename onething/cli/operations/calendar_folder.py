"""The folder of the calendar's tables, as its commands find it, and what stands in the way of writing there."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from onething.cli.terminal.failures import CommandFailed, ExitCode
from onething.cli.terminal.output import console

if TYPE_CHECKING:
    from definitions.calendars.assemble import CalendarFolder
    from definitions.calendars.editing import Edited
    from definitions.problems import DefinitionProblem

ENVIRONMENT = "ONETHING_DEFINITIONS_DIR"


@contextmanager
def nothing_half_done() -> Iterator[None]:
    """What stands in the way of writing, in words."""
    from definitions.problems import DefinitionProblems

    try:
        yield
    except DefinitionProblems as found:
        raise CommandFailed(f"{problems_text(found.problems)}\n日历没有改动。") from None
    except OSError as error:
        reason = f"{error.filename}（{error.strerror}）"
        raise CommandFailed(f"写不进定义目录：{reason}。请检查目录的权限和磁盘空间。") from None


def working_days(chosen: "CalendarFolder", days: tuple[date, ...]) -> tuple[date, ...]:
    from onething.domain.calendar.days import is_working_day

    calendar = chosen.latest
    beyond = [day for day in days if not calendar.covers(day)]
    if beyond:
        remedy = f"先用 onething calendar add-year 增加 {beyond[0].year} 年。"
        raise CommandFailed(f"{beyond[0]} 不在 {calendar.ref} 的年表之内。{remedy}")
    working = tuple(day for day in days if is_working_day(calendar, day))
    if not working:
        raise CommandFailed(f"这些日子按 {calendar.ref} 本来就休息，不必停办。用 onething calendar show 查看。")
    return working


def read(folder: Path | None) -> dict[str, "CalendarFolder"]:
    from definitions.calendars.place import read_calendars

    problems: list[DefinitionProblem] = []
    found = read_calendars(folder, problems)
    if problems:
        raise CommandFailed(problems_text(problems))
    return found


def choose(folders: dict[str, "CalendarFolder"], code: str) -> "CalendarFolder":
    if code not in folders:
        raise CommandFailed(f"没有日历“{code}”。现有：{'、'.join(folders) or '无'}。", ExitCode.USAGE)
    return folders[code]


def own_folder(folder: Path | None) -> Path:
    """Where to write. The package's own folder would be overwritten by its next version."""
    from definitions.loader import FOLDER

    if folder is None or folder.resolve() == FOLDER.resolve():
        raise CommandFailed(
            "软件自带的日历是只读的，升级时会被覆盖。请写到自己的定义目录：\n"
            f"  设置 {ENVIRONMENT}=目录，或加上 --folder 目录。\n"
            "目录里还没有日历的，会先把自带的复制进去。"
        )
    return folder


def to_edit(own: Path, code: str) -> "CalendarFolder":
    from definitions.calendars.editing import bring_own

    if bring_own(own):
        console().print(f"已把自带的日历复制到 {own / 'calendars'}。", soft_wrap=True)
    return choose(read(own), code)


def tell_edited(edited: "Edited", what: str) -> None:
    out = console()
    calendar = edited.calendar
    out.print(what, soft_wrap=True)
    out.print(f"写入：{'、'.join(edited.files)}", soft_wrap=True)
    out.print(f"新版本 {calendar.ref}，到 {calendar.covered_until}，摘要 {calendar.digest[:12]}…", soft_wrap=True)
    out.print(
        "接着：重启各 API 和办理进程，新的办件即按它计算；再用 onething calendar load 给办理中的办件换上。",
        soft_wrap=True,
    )


def problems_text(problems: "Iterable[DefinitionProblem]") -> str:
    lines = [str(problem) for problem in sorted(problems)]
    return "\n".join([*lines, f"共 {len(lines)} 处问题。"])
