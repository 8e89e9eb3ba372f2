"""电子证照, as the database sees it: whose rows a search reaches, and that it comes from the index."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from onething.store.connection.actor import Actor
from onething.store.connection.sql_files import Query, load
from onething.store.tables import certificates, licences, mandates
from onething.store.tables.cases import LATEST
from onething.store.tables.certificates import Certificate
from onething.store.tables.mandates import Mandate
from tests.domain.builders import item, make_plan
from tests.store.stage import ADMIN, AGENT, CITIZEN, COUNTER, OTHER_CITIZEN, SUPERVISOR, WORKER, Stage, officer

HOLDER = b"the holder's....", b"somebody else's."
PLAN = make_plan(item("a"))
FAR = officer("dep-z", region="440100")


async def _issued(stage: Stage, holder: bytes, number: str) -> None:
    case_no = (await stage.submit(PLAN, actor=OTHER_CITIZEN, identity_index=holder)).case_no
    now = stage.clock.now()
    one = Certificate(number, case_no, "a", "out", 1, now, b"s", b"sealed")
    async with stage.worker.transaction(WORKER) as tx:
        certificates.issue(tx, one)


async def _consent(stage: Stage, id_: str, agent: str, **changes: Any) -> None:
    now = stage.clock.now()
    values: dict[str, Any] = {
        "id": id_, "giver_index": HOLDER[0], "agent": agent, "kind": "office", "bundles": (),
        "acts": ("licences",), "region": COUNTER.region, "recorded_by": "counter", "paper": True, "given_at": now,
        "expires_at": now + timedelta(days=1), "body": b"sealed", **changes,
    }  # fmt: skip
    async with stage.api.transaction(COUNTER) as tx:
        await mandates.add(tx, Mandate(**values))


async def _seen(stage: Stage, actor: Actor, proved: bytes = b"") -> list[str]:
    async with stage.api.transaction(replace(actor, identity=proved.hex())) as tx:
        rows = [
            row
            for holder in HOLDER
            for row in await licences.page(tx, holder, kinds=None, bundles=None, before=LATEST, limit=9)
        ]
    return [row.number for row in rows]


async def test_a_search_reaches_what_is_ones_own_or_consented_to(stage: Stage) -> None:
    await _issued(stage, HOLDER[0], "C-1")
    await _issued(stage, HOLDER[1], "C-2")
    row = (await stage.look("select kind, holder from certificates where number = 'C-1'"))[0]
    assert (row["kind"].endswith(".a.out"), row["holder"]) == (True, HOLDER[0])
    strangers = (CITIZEN, AGENT, FAR, SUPERVISOR, ADMIN, Actor.anybody())
    for actor in strangers:
        assert await _seen(stage, actor) == []
    assert await _seen(stage, CITIZEN, proved=HOLDER[0]) == ["C-1"]
    assert await _seen(stage, AGENT, proved=HOLDER[0]) == ["C-1"]  # who works as a helper has cases of their own too
    bundle = row["kind"].partition(".")[0]
    await _consent(stage, "m1", FAR.subject)
    await _consent(stage, "m2", "agent", kind="helper", bundles=(bundle,))
    await _consent(stage, "m3", "citizen", kind="family", bundles=("else",))
    assert await _seen(stage, FAR) == await _seen(stage, AGENT) == ["C-1"]
    assert await _seen(stage, CITIZEN) == []
    async with stage.api.transaction(COUNTER) as tx:
        assert await mandates.revoke(tx, "m1", stage.clock.now())
    assert await _seen(stage, FAR) == []


async def test_a_page_comes_from_the_index_in_order(stage: Stage) -> None:
    await stage.submit(PLAN)
    await stage.look(
        """
        insert into certificates (number, case_no, item, output, edition, issued_at, signature, body)
        select 'C-' || n, (select min(case_no) from cases), 'i' || n, 'out', 1,
               $1::timestamptz + n * interval '1 minute', '', ''
        from generate_series(1, 8000) n
        """,
        stage.clock.now(),
    )
    await stage.look(
        "update certificates set holder = substring(sha256((n % 40)::text::bytea) for 16)"
        " from (select number as c, row_number() over () as n from certificates) x where number = c"
    )
    await stage.look("analyze certificates")
    query = load("tables/licences").page
    values = {
        "holder": b"\0" * 16, "before_at": LATEST[0], "before_number": "", "kinds": None, "bundles": None, "limit": 20,
    }  # fmt: skip
    async with stage.api.transaction(AGENT) as tx:
        rows = await tx.rows(Query(query.name, "explain " + query.text, query.parameters), **values)
    plan = "\n".join(row[0] for row in rows)
    assert "certificates_holder" in plan, plan
    assert "Sort" not in plan, plan
    assert "Seq Scan on certificates" not in plan, plan
