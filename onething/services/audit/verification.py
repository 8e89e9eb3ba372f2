"""Verifying the journal: every chain by itself, and what was anchored outside against what the database holds now.

The chains show what was changed without their heads; the anchors show what was changed along with them.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from onething.security.signing import AnchorVerifier
from onething.services.core.refusals import ALARM
from onething.store.connection import installation
from onething.store.connection.actor import Actor
from onething.store.connection.database import Database
from onething.store.record import access_log, anchors, journal
from onething.store.record.anchor_files import AnchorFolder, AnchorUnreadable
from onething.store.record.anchors import AnchoredHead, SignedAnchor

CASES_AT_ONCE = 200
VERIFIED = "verify_journal"
"""The act of a line of the access log that tells what came of it."""


class FaultKind(StrEnum):
    CHAIN_BROKEN = "chain_broken"  # a line is missing or not as it was written
    LINE_GONE = "line_gone"  # an anchored line is no longer there
    LINE_REPLACED = "line_replaced"  # an anchored line is another one now
    ANCHOR_GONE = "anchor_gone"
    ANCHOR_UNREADABLE = "anchor_unreadable"
    ANCHOR_FORGED = "anchor_forged"  # no known key signed this content
    ANCHOR_UNCHAINED = "anchor_unchained"  # does not follow the one before
    ANCHOR_UNKNOWN = "anchor_unknown"  # the database's row is gone, or tells another digest


@dataclass(frozen=True, slots=True)
class Fault:
    """`seq` of `case_no`, as far as a case is concerned; `anchor` by number. `restored`: the database has been restored
    since that anchor was made, which may explain what is missing."""

    kind: FaultKind
    case_no: str | None = None
    seq: int | None = None
    anchor: int | None = None
    restored: bool = False


@dataclass(frozen=True, slots=True)
class VerificationProgress:
    """How many cases or anchors were gone through since the last one, and what was found at them."""

    done: int
    faults: tuple[Fault, ...]


class JournalVerifier:
    def __init__(self, database: Database, folder: AnchorFolder | None, verifier: AnchorVerifier) -> None:
        """Without a folder only the chains can be verified."""
        self._database = database
        self._folder = folder
        self._verifier = verifier

    async def note(self, at: datetime, faults: int) -> None:
        """That it was verified and how much was found, for auditors: a line of the access log, an alarm if anything."""
        async with self._database.transaction(Actor.worker()) as tx:
            access_log.add(tx, VERIFIED, at, found=faults, outcome=ALARM if faults else access_log.DONE)

    async def how_many_cases(self) -> int:
        async with self._database.transaction(Actor.worker()) as tx:
            return await journal.how_many_cases(tx)

    async def chains(self) -> AsyncIterator[VerificationProgress]:
        """Walks all cases, some hundred at a time."""
        after = ""
        while True:
            async with self._database.transaction(Actor.worker()) as tx:
                checked = await journal.check_chains(tx, after=after, limit=CASES_AT_ONCE)
            if not checked:
                return
            broken = [Fault(FaultKind.CHAIN_BROKEN, one.case_no, one.fault) for one in checked if one.fault]
            yield VerificationProgress(len(checked), tuple(broken))
            after = checked[-1].case_no

    async def how_many_anchors(self) -> int:
        return len(await self._known())

    async def anchors(self) -> AsyncIterator[VerificationProgress]:
        """Walks all anchors, oldest first. Raises OSError if the folder is not there."""
        if self._folder is None:
            return
        known = await self._known()
        newest = max(known, default=0)
        before: str | None = ""
        expected = 1
        told: set[str] = set()
        for number in sorted(known):
            gap = () if number == expected else (Fault(FaultKind.ANCHOR_GONE, anchor=expected),)
            signed, faults = await self._look_at(self._folder, number, None if gap else before)
            noted = known[number]
            # the newest may have been written by a process that died before it could note it
            missing = noted is None and number != newest
            if missing or (signed and noted and noted != signed.signature.digest):
                faults = (*faults, Fault(FaultKind.ANCHOR_UNKNOWN, anchor=number))
            lines = await self._lines(signed, told) if signed else ()
            yield VerificationProgress(1, (*gap, *faults, *lines))
            before = signed.signature.digest if signed else noted
            expected = number + 1

    async def _known(self) -> Mapping[int, str | None]:
        """Every anchor that there is a file or a row of, with the digest that the row tells."""
        if self._folder is None:
            return {}
        files = await asyncio.to_thread(self._folder.numbers)
        async with self._database.transaction(Actor.worker()) as tx:
            noted = await anchors.digests(tx)
        return {number: noted.get(number) for number in {*files, *noted}}

    async def _look_at(
        self, folder: AnchorFolder, number: int, before: str | None
    ) -> tuple[SignedAnchor | None, tuple[Fault, ...]]:
        """The anchor if it is genuine, and what is wrong with it. `before`: the digest that it follows, if known."""
        try:
            signed = await asyncio.to_thread(folder.read, number)
        except AnchorUnreadable:
            return None, (Fault(FaultKind.ANCHOR_UNREADABLE, anchor=number),)
        if signed is None:
            return None, (Fault(FaultKind.ANCHOR_GONE, anchor=number),)
        if not self._verifier.is_genuine(signed.anchor.content(), signed.signature):
            return None, (Fault(FaultKind.ANCHOR_FORGED, anchor=number),)
        if before is not None and signed.anchor.before != before:
            return signed, (Fault(FaultKind.ANCHOR_UNCHAINED, anchor=number),)
        return signed, ()

    async def _lines(self, signed: SignedAnchor, reported: set[str]) -> tuple[Fault, ...]:
        """Anchored lines that the database does not hold as they were; of each case the first."""
        heads: Mapping[str, AnchoredHead] = {
            head.case_no: head for head in signed.anchor.heads if head.case_no not in reported
        }
        async with self._database.transaction(Actor.worker()) as tx:
            present = await anchors.present(tx, list(heads.values()))
            restored = signed.anchor.epoch < await installation.epoch(tx)
        faults = []
        for line in present:
            if line.hash is None or not line.reached:
                kind = FaultKind.LINE_GONE
            elif line.hash != heads[line.case_no].hash:
                kind = FaultKind.LINE_REPLACED
            else:
                continue
            faults.append(Fault(kind, line.case_no, line.seq, signed.anchor.number, restored))
            reported.add(line.case_no)
        return tuple(faults)
