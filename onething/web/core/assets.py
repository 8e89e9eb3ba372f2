"""Styles and scripts: joined per audience when the process starts, and named by their digest, so that browsers keep
them for good. No build: they are written as they are sent.

`vendor/` holds what `assets.lock` names and the set-up has fetched; where it is missing pages are plain HTML.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType

_ROOT = files("onething.web")
_COMMON_STYLES = ("tokens.css", "base.css", "components.css")
_STYLES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "public.css": (*_COMMON_STYLES, "large.css", "print.css"),
        "staff.css": (*_COMMON_STYLES, "workbench.css", "print.css"),
    }
)
_COMMON_SCRIPTS = ("errors.js", "htmx.js", "page.js", "session.js")
SCRIPTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "public.js": (*_COMMON_SCRIPTS, "autosave.js", "upload.js", "rate.js"),
        "staff.js": (*_COMMON_SCRIPTS, "keys.js", "counter.js", "upload.js", "devices.js"),
        "outbox.js": ("outbox_store.js", "outbox_send.js", "outbox_forms.js", "outbox_list.js"),
        "work.js": (*_COMMON_SCRIPTS, "keys.js", "live.js", "queue.js", "act.js"),
    }
)
_LIBRARY = "htmx.min.js"
_TYPES = MappingProxyType({"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8"})
_DIGEST_LENGTH = 12


@dataclass(frozen=True)
class Asset:
    name: str
    digest: str
    content: bytes
    media_type: str

    @property
    def path(self) -> str:
        return f"/static/{self.digest}/{self.name}"


@dataclass(frozen=True)
class Assets:
    by_name: Mapping[str, Asset]

    def path(self, name: str) -> str:
        return self.by_name[name].path

    def has(self, name: str) -> bool:
        return name in self.by_name

    @property
    def library(self) -> str | None:
        """Address of the library that puts parts of pages in place; none: they are plain."""
        return self.path(_LIBRARY) if self.has(_LIBRARY) else None


def load() -> Assets:
    """All of them. An own file that a list names and that is not there is a fault of ours: FileNotFoundError."""
    found = [_asset(name, _joined("style", parts)) for name, parts in _STYLES.items()]
    found += [_asset(name, _joined("browser", parts)) for name, parts in SCRIPTS.items()]
    library = _ROOT / "vendor" / _LIBRARY
    if library.is_file():
        found.append(_asset(_LIBRARY, library.read_bytes()))
    return Assets({one.name: one for one in found})


def _joined(folder: str, parts: Iterable[str]) -> bytes:
    def content(part: str) -> bytes:
        file: Traversable = _ROOT / folder / part
        return file.read_bytes()

    return b"\n".join(content(part) for part in parts)


def _asset(name: str, content: bytes) -> Asset:
    digest = hashlib.sha256(content).hexdigest()[:_DIGEST_LENGTH]
    return Asset(name, digest, content, _TYPES[name.rpartition(".")[2]])
