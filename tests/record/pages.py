"""The table of who sees which page (tests/web/who_sees.txt), as today's code answers it."""

import asyncio
from contextlib import contextmanager

from onething.store.schema.install import install
from tests.api.conftest import PASSWORD, built
from tests.record.book import Book
from tests.support.servers import run_postgres
from tests.web import who_sees

KIND = "pages"


def record_pages(book: Book) -> None:
    old = who_sees.FILE.read_text(encoding="utf-8") if who_sees.FILE.exists() else ""
    if old and book.missing_only:
        return
    found = asyncio.run(_answered())
    new = who_sees.render(found)
    if new != old:
        told = who_sees.differences(who_sees.read(old), found)
        book.note(KIND, told or ["only the layout of the file changed"])
        book.write(who_sees.FILE, new)


async def _answered() -> who_sees.Table:
    with contextmanager(run_postgres)() as server:
        template = server.template("store", lambda url: install(url, api_password=PASSWORD, worker_password=PASSWORD))
        async with built(server, template) as town:
            return await who_sees.answered(town)
