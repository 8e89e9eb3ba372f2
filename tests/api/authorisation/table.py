"""The table as text: read, written, compared."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.api.authorisation.callers import CALLERS

FILE = Path(__file__).with_name("matrix.txt")
STATES = ("draft", "submitted", "running", "closed")

DONE, EMPTY, NOT_NOW, NOT_SO, NOT_KNOWN, NOT_ENOUGH, FORBIDDEN, HIDDEN = "+eovuwx."
MEANINGS = {
    DONE: "done (2xx)",
    EMPTY: "may ask, and finds nothing (200 with an empty list)",
    NOT_NOW: "may do it, but not as the case stands (409, 412, 428, 429)",
    NOT_SO: "may do it, but not with what was sent (422): with what others send, it is done",
    NOT_KNOWN: "401, who are you?",
    NOT_ENOUGH: "401, sign in again by better means",
    FORBIDDEN: "403, this is not yours to do",
    HIDDEN: "404, not told that there is such a thing",
}
Table = Mapping[str, Mapping[str, str]]
"""Operation → head of a column → one letter, or one for each of the states."""

_UNDER_ONE_HEAD = 11  # lines, that the eye need not go far for a column

_HEADER = """\
# Who may do what, as the API answers it: the one table to review. `tests/api/test_authorisation_matrix.py` calls every
# operation of OpenAPI as everybody, in every state of a case, and compares; one without a line fails the build.
# It is recorded anew with `python -m tests.record authorisation`, which says what changed. Whether what stands here is
# right, people judge, who read each change of it.
#
# A cell has one letter, or four where it is not the same in all states of the case:
#   draft       written by `draf`, in the applicant's name
#   submitted   before acceptance
#   running     its registration (of `offi`) is open, that of `next` waits for it
#   closed      decided, delivered, certificates issued
# Where an act needs more than that (a consultation, corrections that were asked for, a broken promise …), the case has
# it: operations.py. Words after the path tell apart what is sent. What is sent is otherwise the same for all.
"""


def uniform(cell: str) -> str:
    return cell[0] if len(set(cell)) == 1 else cell


def letters(cell: str) -> str:
    """One for each of the states."""
    return cell * len(STATES) if len(cell) == 1 else cell


def render(table: Table) -> str:
    width = max(len(name) for name in table) + 1
    lines = [_HEADER + "#", *(f"#   {letter}  {what}" for letter, what in MEANINGS.items()), "#"]
    lines += [f"#   {caller.head}  {caller.who}" for caller in CALLERS]
    heads = "#".ljust(width) + " ".join(caller.head for caller in CALLERS)
    for number, (name, row) in enumerate(table.items()):
        if number % _UNDER_ONE_HEAD == 0:
            lines += ["", heads]
        lines.append(name.ljust(width) + " ".join(row[caller.head].ljust(4) for caller in CALLERS).rstrip())
    return "\n".join(lines) + "\n"


def read(text: str) -> dict[str, dict[str, str]]:
    """Raises ValueError for a line that is not one of the table."""
    found: dict[str, dict[str, str]] = {}
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        words = line.split()
        name, cells = " ".join(words[: -len(CALLERS)]), words[-len(CALLERS) :]
        if name in found or len(name.split(" ")) < 2 or not all(_is_cell(cell) for cell in cells):
            raise ValueError(f"{FILE.name}: not a line of the table, or twice: {line}")
        found[name] = {caller.head: cell for caller, cell in zip(CALLERS, cells, strict=True)}
    return found


def _is_cell(cell: str) -> bool:
    return len(cell) in (1, len(STATES)) and set(cell) <= set(MEANINGS)


def differences(old: Table, new: Table) -> list[str]:
    """In sentences, one for each operation and way in which its cells changed."""
    found = [f"{name} is new" for name in new if name not in old]
    found += [f"{name} is gone" for name in old if name not in new]
    for name in (name for name in new if name in old):
        changed: dict[tuple[str, str], list[str]] = {}
        for caller in CALLERS:
            before, after = old[name].get(caller.head, ""), new[name].get(caller.head, "")
            if before != after:
                changed.setdefault((before, after), []).append(caller.head)
        found += [f"{name} for {', '.join(heads)}: {_change(*cells)}" for cells, heads in changed.items()]
    return found


def _change(before: str, after: str) -> str:
    if len(before) == len(after) == 1:
        return f"{before} → {after}"
    pairs: Iterable[tuple[str, str, str]] = zip(STATES, letters(before), letters(after), strict=True)
    return ", ".join(f"{state} {old} → {new}" for state, old, new in pairs if old != new)
