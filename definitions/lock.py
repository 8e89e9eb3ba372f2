"""Published versions never change: `catalog.lock` holds the digest of each bundle's, one line a version; calendars have
a lock each (`calendars/lock.py`)."""

from pathlib import Path

from definitions.calendars import lock as calendars
from definitions.digests import LockFile
from definitions.loader import FOLDER, Catalog
from definitions.problems import DefinitionProblem, DefinitionProblems

NAME = "catalog.lock"
HEAD = "# 已发布版本的摘要，由 onething definitions lock 追加；已有的行不得改动。\n"


def check_lock(catalog: Catalog, folder: Path = FOLDER) -> list[DefinitionProblem]:
    """Published versions that were changed or are gone. Versions not yet published may change freely."""
    lock = _lock(folder)
    problems = list(lock.problems)
    for entry in lock.entries:
        definition = catalog.bundles.get(entry.ref)
        if definition is None:
            what = f"已发布的 {entry.ref} 不见了，办理中的案件还要用到它。"
            problems.append(DefinitionProblem(NAME, entry.line, f"/{entry.ref}", what, "恢复这个版本的文件。"))
        elif definition.digest != entry.digest and (rules := catalog.places.get(entry.ref)) is not None:
            what = f"已发布的 {entry.ref} 被改动了。"
            remedy = f"恢复原文；还没有办件按它办的，删去 {NAME} 里的这一行，再运行 onething definitions lock。"
            problems.append(DefinitionProblem(rules.overlay.name, 1, "", what, remedy))
        elif definition.digest != entry.digest:
            remedy = f"恢复原文，把改动写进 v{definition.version + 1}.yaml。"
            document = catalog.documents[entry.ref]
            problems.append(document.problem(("version",), f"已发布的 {entry.ref} 被改动了。", remedy))
    return problems + [problem for one in catalog.calendar_folders.values() for problem in calendars.check(one)]


def unpublished(catalog: Catalog, folder: Path = FOLDER) -> tuple[str, ...]:
    """Bundles, then calendars."""
    known = _lock(folder).refs
    bundles = [ref for ref in sorted(catalog.bundles) if ref not in known]
    return (*bundles, *(ref for one in catalog.calendar_folders.values() for ref in calendars.unpublished(one)))


def publish(catalog: Catalog, folder: Path = FOLDER) -> tuple[str, ...]:
    """Add the versions that are new; give their refs. Raise `DefinitionProblems` when a published one was changed."""
    problems = check_lock(catalog, folder)
    if problems:
        raise DefinitionProblems(problems)
    new = unpublished(catalog, folder)
    _lock(folder).append({ref: catalog.bundles[ref].digest for ref in new if ref in catalog.bundles})
    for one in catalog.calendar_folders.values():
        calendars.publish(one)
    return new


def _lock(folder: Path) -> LockFile:
    return LockFile(folder / NAME, NAME, HEAD)
