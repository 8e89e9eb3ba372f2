"""What tests of anchors share: the key, what verifying finds, and somebody for whom no right holds."""

import json

import asyncpg

from onething.security.signing import AnchorSigner, AnchorVerifier
from onething.services.audit.verification import FaultKind, JournalVerifier
from onething.store.connection.sql_files import literal
from onething.store.record.anchor_files import AnchorFolder
from onething.store.record.hash_chain import BEGINNING, line_hash, line_text
from tests.domain.builders import item, make_plan
from tests.store.stage import Stage

PLAN = make_plan(item("a"), item("b", needs=["a"]))
SIGNER = AnchorSigner(b"a" * 32)

SAID_BY_ANOTHER = """update journal set line = replace(line, '"subject":"', '"subject":"x') where seq = 2"""

Found = list[tuple[FaultKind, str | None, int | None, int | None]]


async def found(stage: Stage, folder: AnchorFolder | None, key: bytes = SIGNER.public_key) -> Found:
    verification = JournalVerifier(stage.worker, folder, AnchorVerifier([key]))
    walked = [progress for walk in (verification.chains(), verification.anchors()) async for progress in walk]
    return [(f.kind, f.case_no, f.seq, f.anchor) for progress in walked for f in progress.faults]


async def as_owner(stage: Stage, *statements: str) -> None:
    """By somebody for whom no right and no trigger holds."""
    connection = await asyncpg.connect(stage.superuser_url)
    try:
        await connection.execute("; ".join(("set session_replication_role = replica", *statements)))
    finally:
        await connection.close()


async def rewrite(stage: Stage, case_no: str, *, up_to: int, subject: str = "somebody else") -> None:
    """Lines after `up_to` cut off, the first line said by another, hashes and head made to fit: the chain holds."""
    await as_owner(stage, f"delete from journal where case_no = '{case_no}' and seq > {up_to}")
    before = BEGINNING
    for row in await stage.look("select * from journal where case_no = $1 order by seq", case_no):
        event, actor = json.loads(row["event"]), row["actor"] and json.loads(row["actor"])
        if row["seq"] == 1:
            actor["subject"] = subject
        line = line_text(before, case_no, row["seq"], row["at"], event, actor)
        await as_owner(
            stage, f"update journal set line = {literal(line)} where case_no = '{case_no}' and seq = {row['seq']}"
        )
        before = line_hash(line)
    await as_owner(
        stage, f"update cases set head_seq = {up_to}, head_hash = '\\x{before.hex()}' where case_no = '{case_no}'"
    )
