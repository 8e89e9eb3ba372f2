"""The folder of anchors, on storage that whoever administers the database can't write to: one JSON file for each."""

import base64
import os
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

import orjson

from onething.security.signing import Signature
from onething.store.record.anchors import Anchor, SignedAnchor

_NAME = re.compile(r"(\d{10})\.json")


class AnchorUnreadable(Exception):
    """A file that is no anchor."""


class AnchorFolder:
    """Never made here: a folder that is not there is a storage that is not mounted."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def numbers(self) -> Sequence[int]:
        """Of the files that are there, ascending. Raises OSError if the folder is not there."""
        names = (_NAME.fullmatch(entry.name) for entry in os.scandir(self.path))
        return sorted(int(name[1]) for name in names if name)

    def file(self, number: int) -> Path:
        return self.path / f"{number:010d}.json"

    def read(self, number: int) -> SignedAnchor | None:
        """None if there is no such file. Raises AnchorUnreadable, or OSError. Genuine or not, it does not ask."""
        try:
            text = self.file(number).read_bytes()
        except FileNotFoundError:
            return None
        try:
            content = orjson.loads(text)
            anchor = Anchor.of_content(content["anchor"])
            value = base64.b64decode(content["signature"], validate=True)
            signature = Signature(str(content["digest"]), str(content["key_id"]), value)
        except (ValueError, KeyError, TypeError, AttributeError):
            raise AnchorUnreadable from None
        # what the fields don't carry would not be looked at when the signature is
        if anchor.number != number or anchor.content() != content["anchor"]:
            raise AnchorUnreadable
        return SignedAnchor(anchor, signature)

    def write(self, signed: SignedAnchor) -> None:
        """Whole and durable, or not at all. Raises FileExistsError, leaving what is there, or another OSError."""
        content = {
            "anchor": signed.anchor.content(),
            "digest": signed.signature.digest,
            "key_id": signed.signature.key_id,
            "signature": base64.b64encode(signed.signature.value).decode("ascii"),
        }
        descriptor, temporary = tempfile.mkstemp(dir=self.path, prefix=".", suffix=".tmp")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(orjson.dumps(content) + b"\n")
                file.flush()
                os.fchmod(file.fileno(), 0o444)
                os.fsync(file.fileno())
            os.link(temporary, self.file(signed.anchor.number))  # a rename would replace another process's file
        finally:
            Path(temporary).unlink()
        folder = os.open(self.path, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
