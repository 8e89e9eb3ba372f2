"""Verifying: what was done to the journal, to its anchors, or to both, is found and named."""

import json
from datetime import timedelta

import pytest

from onething.security.signing import AnchorSigner, AnchorVerifier
from onething.services.audit.anchoring import Anchored, Anchoring, AnchoringStopped
from onething.services.audit.verification import FaultKind, JournalVerifier
from onething.store.record import anchors
from onething.store.record.anchor_files import AnchorFolder
from tests.store.record.anchored import (
    PLAN,
    SAID_BY_ANOTHER,
    SIGNER,
    Found,
    as_owner,
    found,
    rewrite,
)
from tests.store.stage import Stage


async def test_a_changed_line_is_found(stage: Stage, anchoring: Anchoring, folder: AnchorFolder) -> None:
    case_no = (await stage.submit(PLAN)).case_no
    await stage.accept(case_no)
    await anchoring.anchor()
    await as_owner(stage, SAID_BY_ANOTHER)
    expected = [(FaultKind.CHAIN_BROKEN, case_no, 2, None), (FaultKind.LINE_REPLACED, case_no, 2, 1)]
    assert await found(stage, folder) == expected


async def test_what_was_rewritten_with_its_head_is_found_by_the_anchor_alone(
    stage: Stage, anchoring: Anchoring, folder: AnchorFolder
) -> None:
    cut, changed, untouched = [(await stage.submit(PLAN)).case_no for _ in range(3)]
    for case_no in (cut, changed, untouched):
        await stage.accept(case_no)
    await anchoring.anchor()
    await rewrite(stage, cut, up_to=1, subject="citizen")
    await rewrite(stage, changed, up_to=2)
    assert await found(stage, None) == []
    expected = [(FaultKind.LINE_GONE, cut, 2, 1), (FaultKind.LINE_REPLACED, changed, 2, 1)]
    assert await found(stage, folder) == expected
    # a later anchor does not make it right
    await anchoring.anchor()
    await stage.decide(untouched, "a")
    await anchoring.anchor()
    assert await found(stage, folder) == expected


async def test_a_case_that_is_gone_altogether_is_found(
    stage: Stage, anchoring: Anchoring, folder: AnchorFolder
) -> None:
    case_no = (await stage.submit(PLAN)).case_no
    await anchoring.anchor()
    await as_owner(stage, "delete from cases")
    assert await found(stage, folder) == [(FaultKind.LINE_GONE, case_no, 1, 1)]
    await as_owner(stage, "delete from journal")
    assert await found(stage, folder) == [(FaultKind.LINE_GONE, case_no, 1, 1)]


async def _three_anchors(stage: Stage, anchoring: Anchoring) -> None:
    for _ in range(3):
        await stage.submit(PLAN)
        await anchoring.anchor()


@pytest.mark.parametrize("number", [1, 2, 3])
async def test_a_missing_file_is_found_and_nothing_is_added(
    stage: Stage, anchoring: Anchoring, folder: AnchorFolder, number: int
) -> None:
    await _three_anchors(stage, anchoring)
    folder.file(number).unlink()
    assert await found(stage, folder) == [(FaultKind.ANCHOR_GONE, None, None, number)]
    await as_owner(stage, f"delete from anchors where number = {number}")
    gone = (FaultKind.ANCHOR_GONE, None, None, number)
    assert await found(stage, folder) == ([gone] if number < 3 else [])  # the last of both: as if never made


async def test_without_the_file_of_the_last_one_nothing_is_added(
    stage: Stage, anchoring: Anchoring, folder: AnchorFolder
) -> None:
    await _three_anchors(stage, anchoring)
    folder.file(3).rename(folder.path / "elsewhere")
    await stage.submit(PLAN)
    with pytest.raises(AnchoringStopped, match="第 3 号锚"):
        await anchoring.anchor()
    (folder.path / "elsewhere").rename(folder.file(3))
    assert await anchoring.anchor() == Anchored(4, 1, more=False)


async def test_forged_files_are_found(stage: Stage, anchoring: Anchoring, folder: AnchorFolder) -> None:
    await _three_anchors(stage, anchoring)
    original = folder.file(2).read_bytes()

    async def with_file_2(content: bytes) -> Found:
        folder.file(2).unlink()
        folder.file(2).write_bytes(content)
        return await found(stage, folder)

    def told(*kinds: FaultKind) -> Found:
        return [(kind, None, None, 2) for kind in kinds]

    said = json.loads(original)
    said["anchor"]["heads"][0][1] = 7
    assert await with_file_2(json.dumps(said).encode()) == told(FaultKind.ANCHOR_FORGED)
    assert await with_file_2(original[:100]) == told(FaultKind.ANCHOR_UNREADABLE)
    assert await with_file_2(folder.file(1).read_bytes()) == told(FaultKind.ANCHOR_UNREADABLE)
    said = json.loads(original)
    said["anchor"]["more"] = "than what is signed"
    assert await with_file_2(json.dumps(said).encode()) == told(FaultKind.ANCHOR_UNREADABLE)
    assert await with_file_2(original) == []
    # by somebody who has a key of their own
    assert [kind for kind, *_ in await found(stage, folder, AnchorSigner(b"b" * 32).public_key)] == [
        FaultKind.ANCHOR_FORGED
    ] * 3


async def test_one_signed_anew_shows_by_the_chain_and_by_the_row(
    stage: Stage, anchoring: Anchoring, folder: AnchorFolder
) -> None:
    await _three_anchors(stage, anchoring)
    signed = folder.read(2)
    assert signed is not None
    shorter = anchors.Anchor(2, signed.anchor.at + timedelta(hours=1), 1, signed.anchor.before, ())
    folder.file(2).unlink()
    folder.write(anchors.SignedAnchor(shorter, SIGNER.sign(shorter.content())))
    assert await found(stage, folder) == [
        (FaultKind.ANCHOR_UNKNOWN, None, None, 2),
        (FaultKind.ANCHOR_UNCHAINED, None, None, 3),
    ]


async def test_rows_that_are_gone_are_found(stage: Stage, anchoring: Anchoring, folder: AnchorFolder) -> None:
    await _three_anchors(stage, anchoring)
    await as_owner(stage, "delete from anchors where number >= 2")
    assert await found(stage, folder) == [(FaultKind.ANCHOR_UNKNOWN, None, None, 2)]


async def test_after_a_restore_it_goes_on_from_the_files(
    stage: Stage, anchoring: Anchoring, folder: AnchorFolder
) -> None:
    case_no = (await stage.submit(PLAN)).case_no
    await anchoring.anchor()
    await stage.accept(case_no)
    await anchoring.anchor()
    # as a restore to before the acceptance leaves it
    await rewrite(stage, case_no, up_to=1, subject="citizen")
    await as_owner(stage, "delete from anchors where number = 2", "update anchored_heads set seq = 1")
    await stage.look("update installation set epoch = epoch + 1")
    assert await anchoring.anchor() == Anchored(3, 1, more=False)
    walk = JournalVerifier(stage.worker, folder, AnchorVerifier([SIGNER.public_key])).anchors()
    faults = [fault for progress in [step async for step in walk] for fault in progress.faults]
    assert [(f.kind, f.seq, f.anchor, f.restored) for f in faults] == [(FaultKind.LINE_GONE, 2, 2, True)]
