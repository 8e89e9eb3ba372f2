"""Gets a browser for the tests into the user's cache folder: npm's `@sparticuz/chromium`, by its lock file, unpacked.

It needs neither root nor a package manager of the system, and brings the libraries that a bare machine lacks.
"""

from __future__ import annotations

import shutil
import tarfile
import tempfile
from pathlib import Path

from onething.embedded import programs
from tools import node_packages
from tools.progress import StepFailed, run

FOLDER = Path(__file__).parent.parent / "tests" / "web" / "chromium"
"""What is to be installed, for npm."""

_UNPACK = """
const [from, to] = process.argv.slice(1), fs = require("fs")
require("stream").pipeline(
  fs.createReadStream(from), require("zlib").createBrotliDecompress(), fs.createWriteStream(to),
  error => { if (error) { console.error(String(error)); process.exit(1) } })
"""

_WRAPPER = """#!/bin/sh
here="$(cd "${0%/*}/.." && pwd)"
LD_LIBRARY_PATH="$here/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}" exec "$here/chromium" "$@"
"""


def install(folder: Path = FOLDER) -> None:
    """Unless there is a browser. `StepFailed` tells what is missing, or what npm or the browser itself said."""
    if programs.installed_chromium() is not None:
        return
    cache = programs.cache_dir()
    cache.mkdir(parents=True, exist_ok=True)
    # Inside the cache, so that publishing is a rename within one file system.
    with tempfile.TemporaryDirectory(dir=cache, prefix="unfinished-") as temporary:
        packages, unpacked = Path(temporary) / "packages", Path(temporary) / "unpacked"
        shutil.copytree(folder, packages, ignore=shutil.ignore_patterns("node_modules"))
        node_packages.install(packages)
        _unpack(packages / "node_modules" / "@sparticuz" / "chromium" / "bin", unpacked)
        run([unpacked / "bin" / "chromium", "--version"], log=_log("chromium"), timeout_s=60)
        target = programs.cached_chromium().parent.parent
        shutil.rmtree(target, ignore_errors=True)
        unpacked.rename(target)


def _unpack(packed: Path, target: Path) -> None:
    """`bin/chromium` is what is started: it sets where the libraries in `lib` are."""
    target.mkdir()
    _decompress(packed / "chromium.br", target / "chromium")
    (target / "chromium").chmod(0o755)
    libraries = target / "libraries.tar"
    _decompress(packed / "al2023.tar.br", libraries)
    try:
        shutil.unpack_archive(libraries, target, "tar")
    except (shutil.ReadError, tarfile.TarError) as error:
        raise StepFailed(f"浏览器的库解不开：{error}") from None
    libraries.unlink()
    wrapper = target / "bin" / "chromium"
    wrapper.parent.mkdir()
    wrapper.write_text(_WRAPPER)
    wrapper.chmod(0o755)


def _decompress(packed: Path, target: Path) -> None:
    """By Node.js, which is there for npm: Python has no Brotli of its own."""
    run(["node", "-e", _UNPACK, packed, target], log=_log("chromium-unpack"), timeout_s=300)


def _log(name: str) -> Path:
    return programs.cache_dir() / "logs" / f"{name}.log"
