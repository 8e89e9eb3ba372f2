"""Published calendars never change: `versions.lock` in a calendar's folder holds the digest of each version."""

from definitions.calendars.assemble import CalendarFolder
from definitions.digests import LockFile
from definitions.problems import DefinitionProblem

NAME = "versions.lock"
HEAD = "# 已发布的各版日历的摘要，由 onething calendar 和 onething definitions lock 追加；已有的行不得改动。\n"


def check(folder: CalendarFolder) -> list[DefinitionProblem]:
    """Published versions that were changed or can't be put together any more. Needs a folder without problems."""
    lock = _lock(folder)
    problems = list(lock.problems)
    made = {calendar.ref: calendar.digest for calendar in folder.versions.values()}
    for entry in lock.entries:
        if entry.ref not in made:
            what = f"已发布的 {entry.ref} 拼不出来了，办理中的案件还要用到它。"
            remedy = "恢复被删的文件，或改回 since 与 until。"
            problems.append(DefinitionProblem(lock.name, entry.line, f"/{entry.ref}", what, remedy))
        elif made[entry.ref] != entry.digest:
            what = f"已发布的 {entry.ref} 被改动了。"
            remedy = f"恢复原文；要改，在旧文件写 until、另写 since: {max(folder.versions) + 1} 的新文件。"
            problems.append(DefinitionProblem(lock.name, entry.line, f"/{entry.ref}", what, remedy))
    return problems


def unpublished(folder: CalendarFolder) -> tuple[str, ...]:
    """Refs of versions that are not locked yet: they may change freely."""
    known = _lock(folder).refs
    return tuple(calendar.ref for _, calendar in sorted(folder.versions.items()) if calendar.ref not in known)


def publish(folder: CalendarFolder) -> tuple[str, ...]:
    """Lock the versions that are new; give their refs. `check` must have found nothing."""
    new = unpublished(folder)
    _lock(folder).append({one.ref: one.digest for one in folder.versions.values() if one.ref in new})
    return new


def _lock(folder: CalendarFolder) -> LockFile:
    return LockFile(folder.path / NAME, f"{folder.name}/{NAME}", HEAD)
