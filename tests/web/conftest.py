"""For tests of what is sent the towns of the API; for tests of what is seen one browser and one server for all, and a
fresh person for each of them."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import uvicorn
from playwright.async_api import Browser, Page

from onething.cli.operations.processes import SERVER_OPTIONS
from tests.api.conftest import Live, fresh_town, lawful, limited, migrated, serving, town, town_by
from tests.api.town import Town
from tests.support import whole
from tests.support.servers import PostgresServer
from tests.web.browsing import DESK, Window, accessibility_findings, let_in, new_context, running_chromium

__all__ = ["fresh_town", "lawful", "limited", "migrated", "town", "town_by"]

SCREENSHOTS = Path(__file__).parent / ".screenshots"

OpenPage = Callable[[Window], Awaitable[Page]]
SignedIn = Callable[[str], Awaitable[Page]]
Look = Callable[[Page], Awaitable[None]]
Screenshot = Callable[[Page, str], Awaitable[None]]

_screenshots: list[Path] = []


@pytest.hookimpl(tryfirst=True)  # before pytest chooses by markers
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if _screenshots:
        terminalreporter.write_line(f"{len(_screenshots)} screenshots in {SCREENSHOTS}")


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with running_chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def site(postgres_server: PostgresServer, migrated: str) -> Iterator[Live]:
    """The pages and the API as in production, on a database of their own; `.url`. Its clock is the real one, moved."""
    with serving(postgres_server, migrated) as site:
        yield site


@pytest.fixture
async def site_of(fresh_town: Town) -> AsyncIterator[str]:
    async with pages_of(fresh_town) as address:
        yield address


@asynccontextmanager
async def pages_of(town: Town) -> AsyncIterator[str]:
    """Where a browser finds the pages of a town whose clock stands still."""
    listening = socket.create_server(("127.0.0.1", 0))
    options = {**SERVER_OPTIONS, "lifespan": "off", "log_level": "warning"}
    server = uvicorn.Server(uvicorn.Config(town.app, **options))
    running = asyncio.create_task(server.serve(sockets=[listening]))
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    server.force_exit = True
    await running


@pytest.fixture
async def open_page(browser: Browser) -> AsyncIterator[OpenPage]:
    """Pages of as many people as a test needs. An error that a page's script doesn't catch fails the test."""
    contexts, errors = [], list[str]()

    async def opened(window: Window) -> Page:
        context = await new_context(browser, window)
        context.on("weberror", lambda error: errors.append(str(error.error)))
        contexts.append(context)
        return await context.new_page()

    yield opened
    for context in contexts:
        await context.close()
    assert errors == []


@pytest.fixture
def window(request: pytest.FixtureRequest) -> Window:
    """What `page` and `signed_in` look through: DESK, unless a test says others by `indirect=True`."""
    return getattr(request, "param", DESK)


@pytest.fixture
async def page(open_page: OpenPage, window: Window) -> Page:
    """Of a person whom nobody knows yet."""
    return await open_page(window)


@pytest.fixture
def signed_in(open_page: OpenPage, site: Live, window: Window) -> SignedIn:
    """`await signed_in("citizen")`: a page of somebody who has signed in; each call is another browser."""

    async def page_of(account: str) -> Page:
        page = await open_page(window)
        await let_in(page, site.url, account)
        return page

    return page_of


@pytest.fixture
def axe() -> Look:
    """`await axe(page)` asserts that nobody is shut out, as far as a machine can judge."""

    async def look(page: Page) -> None:
        findings = await accessibility_findings(page)
        assert not findings, "\n".join([page.url, *findings])

    return look


@pytest.fixture
def screenshot(request: pytest.FixtureRequest) -> Screenshot:
    """`await screenshot(page, "queue")` keeps the whole page as a picture, for people to look at: in `make test-all`,
    and of what they asked for by name."""
    wanted = whole.WHOLE or any("::" in argument for argument in request.config.args)

    async def taken(page: Page, name: str) -> None:
        if wanted:
            file = SCREENSHOTS / f"{name}.png"
            await page.screenshot(path=file, full_page=True)
            _screenshots.append(file)

    return taken
