"""Versions of materials: which one counts now, and that a decision names those that it was made on.

Which versions came is told by the lines by which they came; their content is kept beside the record, every version.
"""

from collections.abc import Iterable

from onething.domain.errors import FailureCode, Refusal
from onething.domain.events.intake import (
    CorrectionsAsked,
    ItemCorrectionsAsked,
    PapersReceived,
    Supplemented,
    VersionReceived,
)
from onething.domain.events.tasks import ItemDecided
from onething.domain.kernel.state import CaseState
from onething.domain.plan.plan import Plan


def shows_kin(plan: Plan, received: Iterable[VersionReceived]) -> bool:
    """Whether who only reported shows by a paper that they are kin; a file that anybody can send shows nothing."""
    shown = plan.reporter.until_shown if plan.reporter else None
    return any(one.code == shown and one.digest is None for one in received)


def with_versions(known: dict[str, int], received: Iterable[VersionReceived]) -> dict[str, int]:
    """Material → number of its newest version, once these have come."""
    return known | {one.code: one.version for one in received}


def next_version(state: CaseState, code: str) -> int:
    """The number that the next version of the material gets. 0 is the file of an earlier case, used again."""
    return state.versions.get(code, 0) + 1


def decides_on(plan: Plan, state: CaseState, item: str) -> dict[str, int]:
    """What a decision on the item is made on: materials in hand that it looks at → number of the newest version."""
    return {
        one.code: state.versions.get(one.code, 0)
        for one in plan.materials
        if one.code in state.materials and item in one.needed_by
    }


def named(event: CorrectionsAsked | ItemCorrectionsAsked | Supplemented | PapersReceived) -> tuple[str, ...]:
    """Materials that it is about."""
    return (*event.materials, *event.announced) if isinstance(event, Supplemented) else event.materials


def replaced(state: CaseState, codes: Iterable[str]) -> tuple[str, ...]:
    """Of these, what is in hand: what a notice asks for is not, so nobody has asked for it."""
    return tuple(code for code in dict.fromkeys(codes) if code in state.materials)


def guard_seen(plan: Plan, state: CaseState, event: ItemDecided) -> Refusal | None:
    """Why not: a version came that whoever decides has not named. A department's system has been ordered anew with
    every version that came since, so that its answer is to the newest."""
    if event.command is not None:
        return None
    newest = decides_on(plan, state, event.item)
    unsaid = [code for code in newest if code not in event.seen]
    if unsaid:
        told = "、".join(f"“{plan.material_by_code[code].name}”（{code}）第 {newest[code]} 版" for code in unsaid)
        detail = f"请在 seen 里写明决定依据的材料版本；没有写明的有：{told}。请先查看材料。"
        return Refusal(FailureCode.MISSING_VALUE, detail)
    for code, version in event.seen.items():
        if code not in newest:
            return Refusal(FailureCode.UNKNOWN_MATERIAL, f"本事项没有已收到的材料“{code}”，请从 seen 里删去。")
        if version != newest[code]:
            name = plan.material_by_code[code].name
            detail = f"“{name}”（{code}）现在是第 {newest[code]} 版，您看的是第 {version} 版：请重新查看后再决定。"
            return Refusal(FailureCode.NEWER_MATERIAL, detail)
    return None
