"""Anchors of the journal, for the worker that makes them and the commands that make and verify them."""

import base64
import logging
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from onething.domain.calendar.time_source import TimeSource
from onething.security.keys import decode_key
from onething.security.signing import AnchorSigner, AnchorVerifier
from onething.services.audit.anchoring import Anchoring
from onething.services.audit.verification import JournalVerifier
from onething.settings import Settings
from onething.store.connection.database import Database
from onething.store.record.anchor_files import AnchorFolder
from onething.wiring.common import secret

log = logging.getLogger(__name__)


def anchoring_of(settings: Settings, database: Database, clock: TimeSource) -> Anchoring | None:
    """None without a folder. Raises `SettingMissing` if there is no key to sign with."""
    if not settings.anchor_dir:
        return None
    return Anchoring(database, clock, AnchorFolder(Path(settings.anchor_dir)), signer_of(settings))


def verification_of(
    settings: Settings, database: Database, folder: Path | None, public_keys: Sequence[str]
) -> JournalVerifier:
    """`public_keys` in base64; none: that of the key in the settings. Raises `SettingMissing`, or ValueError for a key
    that is none."""
    if folder is None:
        return JournalVerifier(database, None, AnchorVerifier([]))
    keys = [decode_key("public key", key) for key in public_keys] or [signer_of(settings).public_key]
    return JournalVerifier(database, AnchorFolder(folder), AnchorVerifier(keys))


def signer_of(settings: Settings) -> AnchorSigner:
    name = "anchor_key" if settings.anchor_key else "certificate_key"
    return AnchorSigner.from_setting(secret(settings, name))


def public_key_of(settings: Settings) -> str:
    """In base64, for whoever verifies elsewhere."""
    return base64.b64encode(signer_of(settings).public_key).decode("ascii")


def one_after_another(anchoring: Anchoring) -> Callable[[], Awaitable[bool]]:
    """As the reconciler wants it: make one, and tell whether there is more."""

    async def anchor() -> bool:
        made = await anchoring.anchor()
        if made is None:
            return False
        log.info("anchored", extra={"number": made.number, "heads": made.heads})
        return made.more

    return anchor
