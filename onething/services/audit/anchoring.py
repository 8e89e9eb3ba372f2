"""Anchoring the journal: what changed since the last anchor goes, signed, into a file outside the database.

The file comes first and the row is made from the file as it is read back. So a crash between the two, or two processes
at once, end alike: whoever comes next takes up the file that is there.
"""

import asyncio
from dataclasses import dataclass

from onething.domain.calendar.time_source import TimeSource
from onething.domain.errors import FailureCode, OneThingError
from onething.security.signing import AnchorSigner, AnchorVerifier
from onething.store.connection import installation
from onething.store.connection.actor import Actor
from onething.store.connection.database import Database
from onething.store.record import anchors
from onething.store.record.anchor_files import AnchorFolder, AnchorUnreadable
from onething.store.record.anchors import Anchor, LastAnchor, SignedAnchor

BATCH = 5_000
"""Heads in one anchor: half a megabyte."""


class AnchoringStopped(OneThingError):
    """The anchors are not as they were left: nothing is added before somebody has looked."""

    def __init__(self, detail: str) -> None:
        super().__init__(FailureCode.INTERNAL, detail)


@dataclass(frozen=True, slots=True)
class Anchored:
    """`more`: as many as one anchor holds, so there may be others."""

    number: int
    heads: int
    more: bool


class Anchoring:
    def __init__(
        self, database: Database, clock: TimeSource, folder: AnchorFolder, signer: AnchorSigner, *, batch: int = BATCH
    ) -> None:
        self._database = database
        self._clock = clock
        self._folder = folder
        self._signer = signer
        self._verifier = AnchorVerifier([signer.public_key])
        self._batch = batch

    async def anchor(self) -> Anchored | None:
        """One anchor; None if nothing changed since the last. Raises AnchoringStopped, OneThingError UNAVAILABLE, or
        OSError when the file can't be written."""
        last = await self._take_up_files()
        async with self._database.transaction(Actor.worker()) as tx:
            heads = await anchors.unanchored(tx, self._batch)
            epoch = await installation.epoch(tx)
        if not heads:
            return None
        anchor = Anchor(last.number + 1, self._clock.now(), epoch, last.digest, heads)
        signed = SignedAnchor(anchor, self._signer.sign(anchor.content()))
        try:
            await asyncio.to_thread(self._folder.write, signed)
        except FileExistsError:
            # another process was quicker: its file is the one, and what only ours held is still unanchored
            last = await self._take_up_files()
            return Anchored(last.number, 0, more=True)
        await self._take_up_files()
        return Anchored(anchor.number, len(heads), more=len(heads) == self._batch)

    async def _take_up_files(self) -> LastAnchor:
        """Note in the database whatever files go on where it stands, and tell the last one."""
        async with self._database.transaction(Actor.worker()) as tx:
            last = await anchors.last(tx)
        if last.number:
            await self._require_present(last)
        while (signed := await self._read(last.number + 1)) is not None:
            if signed.anchor.before != last.digest or not self._genuine(signed):
                raise AnchoringStopped(
                    f"第 {signed.anchor.number} 号锚的文件不是本系统接着第 {last.number} 号写的，不再追加。"
                    "请运行 onething journal verify 查明；文件夹是否与别的系统共用？"
                )
            async with self._database.transaction(Actor.worker()) as tx:
                await anchors.keep(tx, signed)
            last = LastAnchor(signed.anchor.number, signed.signature.digest)
        return last

    async def _require_present(self, last: LastAnchor) -> None:
        """An empty folder where there was a full one is a storage that is not mounted, or somebody's doing."""
        signed = await self._read(last.number)
        if signed is None or signed.signature.digest != last.digest:
            raise AnchoringStopped(
                f"{self._folder.path} 里没有第 {last.number} 号锚的原文件，不再追加。"
                "存储没有挂上就挂上；换了文件夹就把旧文件一并移来；都不是，请运行 onething journal verify 查明。"
            )

    async def _read(self, number: int) -> SignedAnchor | None:
        try:
            return await asyncio.to_thread(self._folder.read, number)
        except AnchorUnreadable:
            raise AnchoringStopped(
                f"第 {number} 号锚的文件读不懂，不再追加。请运行 onething journal verify 查明。"
            ) from None

    def _genuine(self, signed: SignedAnchor) -> bool:
        return self._verifier.is_genuine(signed.anchor.content(), signed.signature)
