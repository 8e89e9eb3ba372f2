"""The table of who may do what (tests/api/authorisation/matrix.txt), as today's code answers it."""

import asyncio
import tempfile
from contextlib import contextmanager
from pathlib import Path

from onething.store.schema.install import install
from tests.api.authorisation import site, table
from tests.api.conftest import PASSWORD
from tests.record.book import Book
from tests.support.servers import run_postgres

KIND = "authorisation"


def record_authorisation(book: Book) -> None:
    old = table.FILE.read_text(encoding="utf-8") if table.FILE.exists() else ""
    if old and book.missing_only:
        return
    found = asyncio.run(_answered())
    new = table.render(found)
    if new != old:
        book.note(KIND, table.differences(table.read(old), found) or ["only the layout of the file changed"])
        book.write(table.FILE, new)


async def _answered() -> table.Table:
    with contextmanager(run_postgres)() as server, tempfile.TemporaryDirectory() as folder:
        template = server.template("store", lambda url: install(url, api_password=PASSWORD, worker_password=PASSWORD))
        async with site.opened(server, template, Path(folder) / "definitions") as opened:
            return await site.recorded(opened)
