"""Who may do what, for every operation of OpenAPI, everybody who might call, and the states of a case: as the reviewed
table `authorisation/matrix.txt` says, and what is refused moves nothing and tells nothing."""

import json
from collections.abc import AsyncIterator

import pytest

from tests.api.authorisation import site as sites
from tests.api.authorisation.callers import BY_HEAD, CALLERS, TOLD_OF_NOBODY, Caller
from tests.api.authorisation.operations import OPERATIONS
from tests.api.authorisation.prepared import CANARIES
from tests.api.authorisation.site import Site
from tests.api.authorisation.table import DONE, EMPTY, FILE, differences, read, render
from tests.record.documents import OPENAPI
from tests.support.servers import PostgresServer
from tests.support.whole import sampled

pytestmark = pytest.mark.slow

TABLE = read(FILE.read_text(encoding="utf-8"))
REMEDY = "If that is meant: `python -m tests.record authorisation`, and review what changed."


@pytest.fixture(scope="module")
async def site(
    postgres_server: PostgresServer, migrated: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Site]:
    folder = tmp_path_factory.mktemp("matrix") / "definitions"
    async with sites.opened(postgres_server, migrated, folder) as opened:
        yield opened


def test_every_operation_has_its_line() -> None:
    paths = json.loads(OPENAPI.read_text(encoding="utf-8"))["paths"]
    served = {f"{method.upper()} {path}" for path, calls in paths.items() for method in calls}
    asked = {operation.route for operation in OPERATIONS}
    missing, gone = sorted(served - asked), sorted(asked - served)
    assert not missing, f"tests/api/authorisation/operations.py: say what is sent to {missing}, then record the table"
    assert not gone, f"tests/api/authorisation/operations.py: there is no such operation any more: {gone}"
    named = [operation.name for operation in OPERATIONS]
    assert list(TABLE) == named, f"{FILE.name} has other lines than operations.py. {REMEDY}"


def test_every_operation_is_done_by_somebody() -> None:
    """So what is sent is right in itself, and whoever is refused is refused for who they are."""
    never = [name for name, row in TABLE.items() if not any({DONE, EMPTY} & set(cell) for cell in row.values())]
    assert never == []


def test_the_table_is_written_as_it_is_read() -> None:
    assert render(TABLE) == FILE.read_text(encoding="utf-8")
    changed = {name: dict(row) for name, row in TABLE.items()}
    changed["GET /api/cases/{case_no}"]["strg"] = "..+."
    assert differences(TABLE, changed) == ["GET /api/cases/{case_no} for strg: running . → +"]


@pytest.mark.parametrize("caller", sampled(CALLERS, 4), ids=lambda caller: caller.head)
async def test_it_is_as_the_table_says(site: Site, caller: Caller) -> None:
    """Refused calls are made in earnest, allowed ones are rolled back at their end: after all of them the record is
    what it was, in every table but the access log."""
    before, wrong, told = site.record(), [], []
    for operation in OPERATIONS:
        letters = sites.expected(TABLE, operation, caller)
        for state in sites.states_of(operation):
            if letters[state] in (DONE, EMPTY):
                with sites.rehearsal():
                    answer = await site.ask(operation, caller, state)
            else:
                answer = await site.ask(operation, caller, state)
            if answer.letter != letters[state]:
                wrong.append(f"{operation.name}, {state}: {letters[state]} → {answer.letter} {answer.body[:300]!r}")
            if answer.letter != DONE or caller.head in TOLD_OF_NOBODY:
                told += [f"{operation.name}, {state}: {word}" for word in answer.tells(CANARIES)]
    assert not wrong, f"{caller.head} ({caller.who}):\n" + "\n".join([*wrong, REMEDY])
    assert not told, f"{caller.head} ({caller.who}) is told:\n" + "\n".join(told)
    moved = [name for name, digest in site.record().items() if digest != before[name]]
    assert not moved, f"{caller.head} ({caller.who}) moved what stands in {moved}"


async def test_a_rehearsal_keeps_nothing_and_without_one_it_is_kept(site: Site) -> None:
    """Or the test above would notice nothing."""
    [urge] = [operation for operation in OPERATIONS if operation.name == "POST /api/cases/{case_no}/urge"]
    before = site.record()
    for _ in range(2):
        with sites.rehearsal():
            assert (await site.ask(urge, BY_HEAD["appl"], "running")).letter == DONE
    assert site.record() == before
    assert (await site.ask(urge, BY_HEAD["appl"], "running")).letter == DONE
    after = site.record()
    assert {name for name in after if after[name] != before[name]} >= {"journal", "cases", "idempotency"}
