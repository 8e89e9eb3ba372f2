"""What tasks are called: within a case by their kind and what they are about, everywhere by case, name and round."""

import re
from enum import StrEnum
from functools import lru_cache

from onething.domain.base import CODE, NUMBER, Identifier
from onething.domain.kernel.case_no import DIGITS, CaseNo


class TaskKind(StrEnum):
    DECIDE = "decide"
    UNDO = "undo"
    CONSULT = "consult"
    CHECK = "check"
    DISCREPANCY = "discrepancy"
    REVOKE = "revoke"
    MANUAL_CHECK = "manual_check"


_ENDS = {
    TaskKind.DECIDE: "",
    TaskKind.CONSULT: ".c",
    TaskKind.CHECK: ".check",
    TaskKind.DISCREPANCY: ".differs",
    TaskKind.REVOKE: ".revoke",
    TaskKind.MANUAL_CHECK: ".by-hand",
}
"""How names end, behind the code: none has a full stop, and none begins with a digit, as the id of an effect does."""

_EFFECT = rf"{NUMBER}\.[a-z_]+(\.(0|{NUMBER}))?"
_PATTERNS = {
    kind: re.compile(f"(?P<subject>{CODE}){re.escape(end)}" + f"(?P<number>{NUMBER})" * (kind is TaskKind.CONSULT))
    for kind, end in _ENDS.items()
} | {TaskKind.UNDO: re.compile(f"(?P<subject>{_EFFECT})")}


class TaskName(Identifier):
    """`subject`: the code of the item, material, comparison or data; of an undo task, the id of the effect. `number`:
    of the consultation; 0 of other kinds."""

    __slots__ = ("kind", "number", "subject")
    kind: TaskKind
    subject: str
    number: int

    @classmethod
    def of(cls, kind: TaskKind, subject: str, number: int = 0) -> "TaskName":
        """Raise `ValueError` when tasks of the kind are about something else."""
        name = cls.parse(f"{subject}{_ENDS.get(kind, '')}{number or ''}")
        if (name.kind, name.subject, name.number) != (kind, subject, number):
            raise ValueError("a task of another kind is called so")
        return name

    @classmethod
    def parse(cls, text: str) -> "TaskName":
        """Raise `ValueError` when no task is called so."""
        return _name(text)


class TaskRef(Identifier):
    """`round`: how often its case has had a task of that name, this one counted."""

    __slots__ = ("case_no", "name", "round")
    case_no: CaseNo
    name: TaskName
    round: int

    @classmethod
    def of(cls, case_no: str, name: TaskName, round_no: int) -> "TaskRef":
        """Raise `ValueError` when no case has that number."""
        return cls.parse(f"{case_no}-{name}-{round_no}")

    @classmethod
    def parse(cls, text: str) -> "TaskRef":
        """Raise `ValueError` when no task is called so."""
        found = _REF.fullmatch(text)
        if found is None:
            raise ValueError("no task is called so")
        ref = str.__new__(cls, text)
        object.__setattr__(ref, "case_no", CaseNo.parse(found["case_no"]))
        object.__setattr__(ref, "name", TaskName.parse(found["name"]))
        object.__setattr__(ref, "round", int(found["round"]))
        return ref


_REF = re.compile(f"(?P<case_no>{DIGITS})-(?P<name>.+)-(?P<round>{NUMBER})")


@lru_cache(maxsize=4096)
def _name(text: str) -> TaskName:
    for kind, pattern in _PATTERNS.items():
        found = pattern.fullmatch(text)
        if found is not None:
            name, number = str.__new__(TaskName, text), found.groupdict().get("number") or 0
            for part, value in {"kind": kind, "subject": found["subject"], "number": int(number)}.items():
                object.__setattr__(name, part, value)
            return name
    raise ValueError("no task is called so")


@lru_cache(maxsize=4096)
def item_task(code: str) -> TaskName:
    return TaskName.of(TaskKind.DECIDE, code)


def undo_task(effect: str) -> TaskName:
    return TaskName.of(TaskKind.UNDO, effect)


def consult_task(item: str, n: int) -> TaskName:
    """Of the department that was asked."""
    return TaskName.of(TaskKind.CONSULT, item, n)


def check_task(material: str) -> TaskName:
    """Of the department that relied on what was promised in place of the material."""
    return TaskName.of(TaskKind.CHECK, material)


def discrepancy_task(comparison: str) -> TaskName:
    """Of the owner of data that disagree in the comparison."""
    return TaskName.of(TaskKind.DISCREPANCY, comparison)


def revoke_task(item: str) -> TaskName:
    """To decide whether the approval of the item is taken back."""
    return TaskName.of(TaskKind.REVOKE, item)


def manual_task(data: str) -> TaskName:
    """Of the owner of data, to look for a record that its source did not give."""
    return TaskName.of(TaskKind.MANUAL_CHECK, data)
