"""Published versions never change: `catalog.lock` holds the digest of each, one line a version."""

from pathlib import Path

from definitions.loader import FOLDER, Catalog
from definitions.problems import DefinitionProblems, Problem

NAME = "catalog.lock"
HEAD = "# 已发布版本的摘要，由 onething definitions lock 追加；已有的行不得改动。\n"


def check_lock(catalog: Catalog, folder: Path = FOLDER) -> list[Problem]:
    """Published versions that were changed or are gone. Versions not yet published may change freely."""
    problems = []
    for line, (ref, digest) in enumerate(_read(folder).items(), start=2):
        definition = catalog.bundles.get(ref)
        if definition is None:
            what = f"已发布的 {ref} 不见了，办理中的案件还要用到它。"
            problems.append(Problem(NAME, line, f"/{ref}", what, "恢复这个版本的文件。"))
        elif definition.digest != digest:
            remedy = f"恢复原文，把改动写进 v{definition.version + 1}.yaml。"
            document = catalog.documents[ref]
            problems.append(document.problem(("version",), f"已发布的 {ref} 被改动了。", remedy))
    return problems


def unpublished(catalog: Catalog, folder: Path = FOLDER) -> tuple[str, ...]:
    return tuple(ref for ref in sorted(catalog.bundles) if ref not in _read(folder))


def publish(catalog: Catalog, folder: Path = FOLDER) -> tuple[str, ...]:
    """Add the versions that are new; give their refs. Raise `DefinitionProblems` when a published one was changed."""
    problems = check_lock(catalog, folder)
    if problems:
        raise DefinitionProblems(problems)
    new = unpublished(catalog, folder)
    digests = _read(folder) | {ref: catalog.bundles[ref].digest for ref in new}
    lines = "".join(f"{ref} sha256:{digest}\n" for ref, digest in digests.items())
    (folder / NAME).write_text(HEAD + lines, encoding="utf-8")
    return new


def _read(folder: Path) -> dict[str, str]:
    """Ref → digest, in the order of the file; the first line is the head."""
    file = folder / NAME
    if not file.exists():
        return {}
    pairs = (line.split(" sha256:") for line in file.read_text(encoding="utf-8").splitlines()[1:])
    return {ref: digest for ref, digest, *_ in pairs}
