"""Everybody at once: one request one fact, one winner, one order, and the truth told to all."""

import asyncio
from collections import Counter
from datetime import timedelta

from tests.api.acts import accepted_case, approve, draft, open_case
from tests.api.forms import AMR, approval, opening
from tests.api.town import Town
from tests.support.files import pdf


async def test_one_key_a_hundred_times_at_once_is_one_case(town: Town) -> None:
    before = town.counts()
    answers = await asyncio.gather(
        *(town.post("citizen", "/api/cases", opening(), key="a-hundred-times") for _ in range(100))
    )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    after = town.counts()
    assert after["cases"] == before["cases"] + 1
    assert after["journal"] == before["journal"] + 1
    assert after["idempotency"] == before["idempotency"] + 1


async def test_the_first_answer_again_and_another_body_refused(town: Town) -> None:
    first = await town.post("citizen", "/api/cases", opening(), key="again")
    again = await town.post("citizen", "/api/cases", opening(), key="again")
    assert (again.status_code, again.content) == (201, first.content)
    other = await town.post("citizen", "/api/cases", opening(channel="online"), key="again")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    # keys are each caller's own, and each route's
    assert (await town.post("citizen2", "/api/cases", opening(), key="again")).content != first.content
    case_no = first.json()["case_no"]
    assert (await town.post("citizen", f"/api/cases/{case_no}/withdraw", key="again")).status_code == 200


async def test_what_wrote_nothing_is_not_kept(town: Town) -> None:
    refused = await town.post("citizen", "/api/cases", opening(form={}), key="second-try")
    assert refused.status_code == 422
    assert (await town.post("citizen", "/api/cases", opening(), key="second-try")).status_code == 201


async def test_a_kept_answer_is_sealed(town: Town) -> None:
    code = (await town.post("citizen", "/api/cases", opening(), key="sealed")).json()["query_code"]
    (response,) = town.rows("select response from idempotency where key = 'sealed'")[0]
    assert code.encode() not in response
    assert town.rows("select count(*) from cases where query_hash = %s", code.encode())[0][0] == 0


async def test_two_officers_at_once(town: Town) -> None:
    """One wins; the other is told the decision that stands."""
    case_no = await accepted_case(town)
    path = f"/api/tasks/{case_no}-registration-1/decide"
    approve = {"outcome": "approve", "outputs": approval("registration", case_no)}
    refusal = {"outcome": "refuse", "opinion": "住所不实"}
    answers = await asyncio.gather(town.post("officer.amr", path, approve), town.post("leader.amr", path, refusal))
    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 1}
    won = next(answer.json() for answer in answers if answer.status_code == 200)
    lost = next(answer.json() for answer in answers if answer.status_code == 409)
    assert lost["code"] == "already_decided"
    assert lost["standing"] == {name: won[name] for name in ("outcome", "outcome_name", "at")} | AMR
    assert town.rows("select count(*) from journal where case_no = %s and kind = 'item_decided'", case_no) == [(1,)]


async def test_eight_whole_decisions_at_once_are_one(town: Town) -> None:
    """Each complete and with a key of its own, by two people: what follows from a decision follows once."""
    for _ in range(4):
        case_no = await accepted_case(town)
        path = f"/api/tasks/{case_no}-registration-1/decide"
        bodies = [
            {"outcome": "approve", "opinion": "符合条件", "outputs": approval("registration", case_no)},
            {"outcome": "refuse", "opinion": "住所不实"},
        ]
        answers = await asyncio.gather(
            *(town.post(("officer.amr", "leader.amr")[n % 2], path, bodies[n % 4 // 2]) for n in range(8))
        )
        assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 7}
        (won,) = [answer.json() for answer in answers if answer.status_code == 200]
        lost = [answer.json() for answer in answers if answer.status_code == 409]
        assert [one["standing"] for one in lost] == [
            {name: won[name] for name in ("outcome", "outcome_name", "at")} | AMR
        ] * 7
        of_case = "where case_no = %s"
        assert town.rows(f"select count(*) from journal {of_case} and kind = 'item_decided'", case_no) == [(1,)]
        assert town.rows(f"select count(*) from sealed_values {of_case} and name like 'opinion%%'", case_no) == [(1,)]
        ended = f"select state, result from tasks {of_case} and item = 'registration'"
        assert town.rows(ended, case_no) == [("done", won["outcome"])]
        opened = [item for (item,) in town.rows(f"select item from tasks {of_case} and state = 'open'", case_no)]
        assert sorted(opened) == (["seal", "tax"] if won["outcome"] == "approve" else [])


async def test_a_task_that_somebody_works_on(town: Town) -> None:
    case_no = await accepted_case(town)
    path = f"/api/tasks/{case_no}-registration-1"
    assert (await town.post("officer.amr", f"{path}/claim")).json()["claimed_by"] == "officer.amr"
    assert (await town.post("officer.amr", f"{path}/claim")).status_code == 200
    for act, body in (("claim", None), ("decide", {"outcome": "refuse", "opinion": "x"})):
        answer = await town.post("leader.amr", f"{path}/{act}", body)
        assert (answer.status_code, answer.json()["code"]) == (409, "claimed_by_another")
        assert "standing" not in answer.json()
    assert (await town.post("leader.amr", f"{path}/release")).status_code == 200
    assert (await town.post("leader.amr", f"{path}/claim")).json()["claimed_by"] == "leader.amr"
    assert (await town.get("officer.amr", path)).json()["claimed_by"] == "leader.amr"


async def test_withdrawal_and_decision_at_once(town: Town) -> None:
    """One order: whoever came second is told so, and the journal shows the same."""
    for turn in range(4):
        case_no = await accepted_case(town)
        calls = [
            town.post("citizen", f"/api/cases/{case_no}/withdraw"),
            town.post(
                "officer.amr",
                f"/api/tasks/{case_no}-registration-1/decide",
                {"outcome": "approve", "outputs": approval("registration", case_no)},
            ),
        ]
        if turn % 2:
            withdrawn, decided = await asyncio.gather(*calls)
        else:
            decided, withdrawn = await asyncio.gather(*reversed(calls))
        kinds = [kind for (kind,) in town.rows("select kind from journal where case_no = %s order by seq", case_no)]
        assert withdrawn.status_code == 200
        assert withdrawn.json()["status"] == "withdrawn"
        if decided.status_code == 200:
            assert kinds.index("item_decided") < kinds.index("withdrawn")
        else:
            assert (decided.status_code, decided.json()["code"]) == (409, "not_allowed_now")
            assert "item_decided" not in kinds


async def test_two_supplements_at_once_lose_nothing(town: Town) -> None:
    case_no = await open_case(town)
    answers = await asyncio.gather(
        town.post("citizen", f"/api/cases/{case_no}/supplement", {"form": {"liaison_name": "甲"}}),
        town.post("citizen", f"/api/cases/{case_no}/supplement", {"form": {"finance_officer_name": "乙"}}),
    )
    assert [answer.status_code for answer in answers] == [200, 200]
    form = (await town.get("citizen", f"/api/cases/{case_no}")).json()["form"]
    assert (form["liaison_name"], form["finance_officer_name"]) == ("甲", "乙")


async def test_moments_that_had_come_stay_although_the_fact_is_refused(fresh_town: Town) -> None:
    case_no = await accepted_case(fresh_town)
    await approve(fresh_town, case_no, "registration")
    fresh_town.clock.move(timedelta(days=10))
    late = await fresh_town.post(
        "officer.amr", f"/api/tasks/{case_no}-registration-1/decide", {"outcome": "refuse", "opinion": "x"}
    )
    assert late.status_code == 409
    overdue = fresh_town.rows("select count(*) from journal where case_no = %s and kind = 'clock_overdue'", case_no)
    assert overdue[0][0] >= 1


async def test_a_draft_submitted_changed_and_added_to_at_once(town: Town) -> None:
    """Whatever was acknowledged before the submission is in it; the rest is told that it came too late."""
    for _ in range(5):
        case_no = await draft(town)
        client, path = town.client("citizen"), f"/api/cases/{case_no}"
        form = {**opening()["form"], "liaison_name": "新联络员"}
        paper = {"file": ("x", pdf(), "application/pdf")}
        changed, submitted, kept = await asyncio.gather(
            client.patch(path, json={"form": form}, headers={"If-Match": '"1"'}),
            town.post("citizen", f"{path}/submit"),
            client.put(f"{path}/materials/name-notice", files=paper),
        )
        assert submitted.status_code == 200
        case = (await town.get("citizen", path)).json()
        assert (case["form"]["liaison_name"] == "新联络员") == (changed.status_code == 200)
        assert changed.status_code in (200, 409, 412, 503)
        in_hand = {one["code"] for one in case["materials"] if one["state"] == "in_hand"}
        assert ("name-notice" in in_hand) == (kept.status_code == 201), kept.text


async def test_a_decision_and_an_acceptance_take_three_messages(fresh_town: Town) -> None:
    """BEGIN, all that is asked first, and all that is written with the COMMIT; a fourth for numbers given out."""
    names = ("杭州甲有限公司", "杭州乙有限公司", "杭州丙有限公司")  # of one name the later are asked about once more
    cases = [await open_case(fresh_town, form=opening()["form"] | {"company_name": name}) for name in names]
    first, second, third = cases
    for case_no in (first, second, third):
        await fresh_town.fetch_all(case_no)
    said: list[str] = []
    # what a connection's first use prepares is not counted
    await fresh_town.post("counter", f"/api/cases/{first}/accept")
    await approve(fresh_town, first, "registration")
    await approve(fresh_town, first, "tax")
    await fresh_town.post("counter", f"/api/cases/{second}/accept")
    pool = fresh_town.context.database._pool
    held = [await pool.acquire() for _ in range(pool.get_size())]
    for connection in held:
        connection.add_query_logger(lambda record: said.append(record.query.split()[0]))
        await pool.release(connection)
    for item, who in (("registration", "officer.amr"), ("tax", "officer.tax")):
        numbered, said[:] = list(said), []
        decision = {"outcome": "approve", "outputs": approval(item, second)}
        await fresh_town.post(who, f"/api/tasks/{second}-{item}-1/decide", decision)
    decided, said[:] = list(said), []
    await fresh_town.post("counter", f"/api/cases/{third}/accept")
    assert numbered == ["begin;", "select", "with", "set"]
    assert decided == ["begin;", "select", "set"]
    assert said == ["begin;", "select", "set"]
