"""Anchors: what they hold, that nothing is passed over, who may touch them, and when they are made."""

import asyncio
import json
from datetime import timedelta
from operator import methodcaller
from pathlib import Path

import asyncpg
import pytest

from onething.domain.events.intake import Withdrawn
from onething.relay.reconciler import Reconciler
from onething.security.signing import AnchorVerifier, CertificateVerifier
from onething.services.audit.anchoring import Anchored, Anchoring
from onething.store.connection.leader_lock import only_reconciler
from onething.store.connection.sql_files import Query, load
from onething.store.record import anchors
from onething.store.record.anchor_files import AnchorFolder
from onething.wiring.anchors import one_after_another
from tests.store.record.anchored import PLAN, SIGNER, found
from tests.store.stage import CITIZEN, COUNTER, WORKER, Stage, as_role


async def test_an_anchor_is_chained_signed_and_holds_what_changed(
    stage: Stage, anchoring: Anchoring, folder: AnchorFolder
) -> None:
    first, second = (await stage.submit(PLAN)).case_no, (await stage.submit(PLAN)).case_no
    assert await anchoring.anchor() == Anchored(1, 2, more=False)
    await stage.accept(second)
    assert await anchoring.anchor() == Anchored(2, 1, more=False)

    one, two = folder.read(1), folder.read(2)
    assert one is not None
    assert two is not None
    assert [(head.case_no, head.seq) for head in one.anchor.heads] == [(first, 1), (second, 1)]
    assert [(head.case_no, head.seq) for head in two.anchor.heads] == [(second, 2)]
    # and nothing else: ids, numbers, digests, moments
    written = json.loads(folder.file(1).read_text())["anchor"]
    assert written.keys() == {"format", "number", "at", "epoch", "before", "heads"}
    assert written["heads"] == [[head.case_no, head.seq, head.hash.hex()] for head in one.anchor.heads]
    hashes = {row["case_no"]: row["head_hash"] for row in await stage.look("select case_no, head_hash from cases")}
    assert two.anchor.heads[0].hash == hashes[second]
    assert (one.anchor.before, two.anchor.before) == ("", one.signature.digest)
    assert two.anchor.at == stage.clock.now()
    assert AnchorVerifier([SIGNER.public_key]).is_genuine(two.anchor.content(), two.signature)
    assert not CertificateVerifier([SIGNER.public_key]).is_genuine(two.anchor.content(), two.signature)
    rows = await stage.look("select number, digest, signature, heads from anchors order by number")
    assert [tuple(row) for row in rows] == [
        (number, bytes.fromhex(signed.signature.digest), signed.signature.value, heads)
        for number, signed, heads in ((1, one, 2), (2, two, 1))
    ]
    assert await found(stage, folder) == []


async def test_nothing_changed_no_anchor(stage: Stage, anchoring: Anchoring, folder: AnchorFolder) -> None:
    assert await anchoring.anchor() is None
    await stage.submit(PLAN)
    await anchoring.anchor()
    assert await anchoring.anchor() is None
    assert folder.numbers() == [1]


async def test_many_changes_make_anchors_of_bounded_size(
    stage: Stage, anchoring: Anchoring, folder: AnchorFolder
) -> None:
    cases = {(await stage.submit(PLAN)).case_no for _ in range(7)}
    made = [await anchoring.anchor() for _ in range(4)]
    assert made == [Anchored(1, 3, more=True), Anchored(2, 3, more=True), Anchored(3, 1, more=False), None]
    read = [folder.read(number) for number in folder.numbers()]
    assert {head.case_no for signed in read if signed for head in signed.anchor.heads} == cases


async def _withdraw(stage: Stage, case_no: str) -> None:
    await stage.say(case_no, Withdrawn(), CITIZEN)


async def test_an_ending_and_what_comes_after_are_anchored(stage: Stage, anchoring: Anchoring) -> None:
    """Also of a case that began and ended between two anchors."""
    case_no = (await stage.submit(PLAN)).case_no
    await anchoring.anchor()
    brief = (await stage.submit(PLAN)).case_no
    for one in (case_no, brief):
        await _withdraw(stage, one)
    assert await anchoring.anchor() == Anchored(2, 2, more=False)
    assert await anchoring.anchor() is None
    assert await stage.look("select from anchored_heads union all select from ended_unanchored") == []
    # as an outcome that comes late
    await stage.look("update cases set head_seq = head_seq + 1 where case_no = $1", case_no)
    assert await anchoring.anchor() == Anchored(3, 1, more=False)


async def test_one_that_is_reopened_before_its_end_is_anchored_is_compared_again(
    stage: Stage, anchoring: Anchoring
) -> None:
    case_no = (await stage.submit(PLAN)).case_no
    await anchoring.anchor()
    await _withdraw(stage, case_no)
    await stage.look("update cases set ended_at = null, head_seq = head_seq + 1 where case_no = $1", case_no)
    assert await anchoring.anchor() == Anchored(2, 1, more=False)
    assert await stage.look("select from ended_unanchored") == []
    assert len(await stage.look("select from anchored_heads")) == 1
    assert await anchoring.anchor() is None


@pytest.mark.parametrize("ends", [False, True])
async def test_what_is_not_committed_yet_comes_with_the_next(stage: Stage, anchoring: Anchoring, ends: bool) -> None:
    case_no = (await stage.submit(PLAN)).case_no
    await _withdraw(stage, case_no) if ends else None
    slow = await asyncpg.connect(stage.superuser_url)
    try:
        running = slow.transaction()
        await running.start()
        await slow.execute("update cases set head_seq = head_seq + 1, last_at = '2000-01-01'")
        # the anchor waits for a row that the other holds, at most until that ends
        anchor = asyncio.create_task(anchoring.anchor())
        await asyncio.sleep(0.3)
        await running.commit()
        assert await anchor == Anchored(1, 1, more=False)
    finally:
        await slow.close()
    assert await anchoring.anchor() == Anchored(2, 1, more=False)
    assert await anchoring.anchor() is None


async def test_a_crash_between_file_and_row_is_mended(
    stage: Stage, anchoring: Anchoring, folder: AnchorFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_no = (await stage.submit(PLAN)).case_no

    async def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(anchors, "keep", crash)
        with pytest.raises(KeyboardInterrupt):
            await anchoring.anchor()
    assert folder.numbers() == [1]
    assert await stage.look("select from anchors") == []
    assert await found(stage, folder) == []

    await stage.accept(case_no)
    assert await anchoring.anchor() == Anchored(2, 1, more=False)
    assert [row["number"] for row in await stage.look("select number from anchors order by number")] == [1, 2]
    assert await found(stage, folder) == []
    assert not list(folder.path.glob(".*"))


async def test_two_at_once_make_one_chain(stage: Stage, folder: AnchorFolder) -> None:
    for _ in range(6):
        await stage.submit(PLAN)
    several = [Anchoring(stage.worker, stage.clock, folder, SIGNER, batch=2) for _ in range(3)]

    async def all_of(anchoring: Anchoring) -> None:
        while (made := await anchoring.anchor()) and made.more:
            pass

    await asyncio.gather(*map(all_of, several))
    assert await found(stage, folder) == []
    assert len(await stage.look("select from anchors")) == len(folder.numbers())
    assert await several[0].anchor() is None


async def test_who_may_do_what(stage: Stage, anchoring: Anchoring) -> None:
    case_no = (await stage.submit(PLAN)).case_no
    await anchoring.anchor()
    await _withdraw(stage, case_no)
    for statement in ("update anchors set heads = 0", "delete from anchors", "truncate anchors"):
        for database, actor in ((stage.api, COUNTER), (stage.worker, WORKER)):
            with pytest.raises(asyncpg.InsufficientPrivilegeError, match="permission denied"):
                await as_role(database, actor, methodcaller("execute", statement))
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="append-only"):
            await stage.look(statement)
    for table in ("anchors", "anchored_heads", "ended_unanchored"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await as_role(stage.api, COUNTER, methodcaller("fetch", f"select from {table}"))
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await as_role(stage.worker, WORKER, methodcaller("execute", "update ended_unanchored set seq = 0"))


async def test_the_reconciler_anchors_now_and_then(stage: Stage, anchoring: Anchoring, folder: AnchorFolder) -> None:
    reconciler = Reconciler(
        stage.worker,
        stage.clock,
        lambda: only_reconciler(stage.worker_url),
        anchor=one_after_another(anchoring),
        anchor_every=timedelta(hours=1),
    )
    for _ in range(4):
        await stage.submit(PLAN)
    await reconciler.anchor_now_and_then()
    assert folder.numbers() == [1]
    await reconciler.anchor_now_and_then()  # the first was full: the rest at once
    assert folder.numbers() == [1, 2]
    await stage.submit(PLAN)
    stage.clock.pass_time(minutes=59)
    await reconciler.anchor_now_and_then()
    assert folder.numbers() == [1, 2]
    stage.clock.pass_time(minutes=1)
    await reconciler.anchor_now_and_then()
    assert folder.numbers() == [1, 2, 3]


async def test_a_folder_that_is_away_does_not_stop_the_reconciler(
    stage: Stage, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    away = Anchoring(stage.worker, stage.clock, AnchorFolder(tmp_path / "away"), SIGNER)
    reconciler = Reconciler(
        stage.worker, stage.clock, lambda: only_reconciler(stage.worker_url), anchor=one_after_another(away)
    )
    await stage.submit(PLAN)
    await reconciler.anchor_now_and_then()
    assert "no anchor made" in caplog.text
    assert not (tmp_path / "away").exists()


async def test_what_changed_is_found_without_reading_what_has_ended(stage: Stage) -> None:
    await stage.look(
        """
        insert into cases (case_no, region, bundle, channel, status, created_by, created_at, departments, query_hash,
                           identity_index, head_seq, ended_at)
        select 'c' || n, '330100', 'b@1', 'online', 'closed', 'citizen', $1::timestamptz + n * interval '1 minute',
               '{}', '', '', 5, case when n % 100 > 0 then $1::timestamptz end
        from generate_series(1, 20000) n
        """,
        stage.clock.now(),
    )
    await stage.look("insert into ended_unanchored select case_no, head_seq from cases where case_no in ('c1', 'c2')")
    for table in ("cases", "ended_unanchored"):
        await stage.look(f"analyze {table}")
    unanchored = load("record/anchors").unanchored
    explain = Query("explain", "explain " + unanchored.text, unanchored.parameters)
    async with stage.worker.transaction(WORKER) as tx:
        plan = "\n".join(row[0] for row in await tx.rows(explain, limit=5000))
        assert len(await tx.rows(unanchored, limit=5000)) == 202
    # any index of those under way alone will do
    assert any(name in plan for name in ("cases_under_way", "cases_of_one_applicant")), plan
    assert "Seq Scan on cases" not in plan
