"""送达 over HTTP: chosen with the application, reached, known; called and posted where nobody reads it."""

from datetime import timedelta
from typing import Any

import httpx

from onething.domain.calendar.days import LOCAL
from tests.api import acts
from tests.api.forms import opening
from tests.api.test_letters import letter, listed, send_all
from tests.api.town import Town
from tests.support import people

TRACKING = "EX123456789CN"
POST = {"method": "post", "address": "浙江省杭州市西湖区文一西路1号"}


async def finished(town: Town, delivery: dict[str, str], *, told: bool = True) -> tuple[str, str]:
    """A closed case whose result has gone out that way, and the id of its letter."""
    case_no = await acts.accepted_case(town, delivery=delivery)
    for item in ("registration", "seal", "tax"):
        await acts.approve(town, case_no, item)
    await town.finish(case_no, until="delivered")
    if told:
        await send_all(town, case_no)
        assert town.rows("select status from cases where case_no = %s", case_no) == [("closed",)]
    [row] = [one for one in await listed(town, case_no, "counter") if one["kind"] == "result"]
    return case_no, row["id"]


async def done(town: Town, case_no: str, id_: str, who: str = "counter", **said: Any) -> httpx.Response:
    return await town.post(who, f"/api/cases/{case_no}/documents/{id_}/deliveries", said)


async def waiting(town: Town, case_no: str, who: str = "counter") -> list[dict[str, Any]]:
    found, after = [], ""
    while True:
        page = (await town.get(who, f"/api/deliveries?limit=2{after}")).json()
        found += [one for one in page["items"] if one["case_no"] == case_no]
        if not page["next"]:
            return found
        after = f"&after={page['next']}"


async def delivery_of(town: Town, case_no: str, kind: str = "result", who: str = "counter") -> dict[str, Any]:
    told: dict[str, Any] = (await letter(town, case_no, kind, who))["delivery"]
    return told


def clock(town: Town, case_no: str) -> list[str]:
    rows = town.rows("select what from clock_ledger where case_no = %s and clock = 'delivery' order by seq", case_no)
    return [what for (what,) in rows]


async def test_nobody_is_served_electronically_who_has_not_chosen_it(town: Town) -> None:
    """Neither at the counter nor by an agent, nor in a draft."""
    without = opening()
    del without["delivery"]
    for who in ("citizen", "counter"):
        answer = await town.post(who, "/api/cases", without)
        assert answer.status_code == 422, answer.text
        [error] = answer.json()["errors"]
        assert (error["pointer"], error["code"]) == ("/delivery/method", "missing_value")
        assert "窗口领取" in error["detail"]
    begun = (await town.post("citizen", "/api/cases", {**without, "submit": False})).json()
    path = f"/api/cases/{begun['case_no']}"
    assert "delivery" not in (await town.get("citizen", path)).json()
    refused = await town.post("citizen", f"{path}/submit")
    assert [one["pointer"] for one in refused.json()["errors"]] == ["/delivery/method"]
    changed = await town.client("citizen").patch(path, json={"delivery": POST}, headers={"If-Match": '"1"'})
    assert changed.status_code == 200, changed.text
    assert (await town.post("citizen", f"{path}/submit")).status_code == 200


async def test_electronically_it_is_reached_by_its_notice_and_known_by_reading(lawful: Town) -> None:
    """Unread after five working days: a call, then the post; both stand in the record, and nothing waits for them."""
    town = lawful
    case_no, id_ = await finished(town, {"method": "electronic"})
    told = await delivery_of(town, case_no)
    assert (told["state"], told["reached_by"], "known_at" in told) == ("reached", "notice", False)
    assert clock(town, case_no)[-1] == "met"
    assert await waiting(town, case_no) == []
    town.clock.move(timedelta(days=8))
    [one] = await waiting(town, case_no)
    assert (one["letter"], one["title"], one["channel"], one["step"]) == (id_, "办理结果通知书", "electronic", "call")
    assert (await done(town, case_no, id_, channel="call", outcome="no_answer", note="无人接听")).status_code == 200
    assert [one["step"] for one in await waiting(town, case_no)] == ["post"]
    unnumbered = await done(town, case_no, id_, channel="post", outcome="sent")
    assert unnumbered.json()["errors"][0]["pointer"] == "/tracking"
    assert (await done(town, case_no, id_, channel="post", outcome="sent", tracking=TRACKING)).status_code == 200
    assert [one["step"] for one in await waiting(town, case_no)] == ["confirm"]
    theirs = (await delivery_of(town, case_no))["attempts"]
    assert [(one["channel"], one["outcome"], one["recorded_by"]) for one in theirs] == [
        ("call", "no_answer", "counter"),
        ("post", "sent", "counter"),
    ]
    assert "tracking" not in str(await delivery_of(town, case_no, who="officer.amr"))
    read = await delivery_of(town, case_no, who="citizen")
    assert (read["state"], read["known_by"], read["attempts"][1]["tracking"]) == ("known", "reading", TRACKING)
    assert not {"note", "recorded_by"} & read["attempts"][0].keys()
    assert await waiting(town, case_no) == []
    assert town.rows("select count(*) from unread_letters where case_no = %s", case_no) == [(0,)]
    stored = town.rows("select event::text from journal where case_no = %s", case_no)
    assert not [text for (text,) in stored if TRACKING in text]
    texts = [one["text"] for one in (await town.get("citizen", f"/api/cases/{case_no}/timeline")).json()["items"]]
    assert texts[-2:] == [f"第 {id_} 号文书：电话无人接听", f"第 {id_} 号文书：已交邮寄"]


async def test_on_paper_the_offices_time_runs_until_it_is_in_their_hands(lawful: Town) -> None:
    town = lawful
    case_no, id_ = await finished(town, {"method": "counter"})
    assert clock(town, case_no) == ["started"]
    assert (await delivery_of(town, case_no))["state"] == "to_deliver"
    assert (await done(town, case_no, id_, "citizen", channel="counter", outcome="handed_over")).status_code == 403
    yesterday = (town.clock.now() - timedelta(days=1)).isoformat()
    early = await done(town, case_no, id_, channel="counter", outcome="handed_over", at=yesterday)
    assert [one["pointer"] for one in early.json()["errors"]] == ["/at"]
    later = (town.clock.now() + timedelta(minutes=1)).isoformat()
    to_come = await done(town, case_no, id_, channel="counter", outcome="handed_over", at=later)
    assert [one["pointer"] for one in to_come.json()["errors"]] == ["/at"]
    wrong = await done(town, case_no, id_, channel="counter", outcome="answered")
    assert [one["pointer"] for one in wrong.json()["errors"]] == ["/outcome"]
    assert (await done(town, case_no, "1", channel="counter", outcome="handed_over")).status_code == 404
    town.clock.move(timedelta(days=1))
    assert (await done(town, case_no, id_, channel="counter", outcome="handed_over")).status_code == 200
    told = await delivery_of(town, case_no)
    assert (told["state"], told["channel"]) == ("known", "counter")
    assert told["reached_at"] == told["known_at"]
    assert clock(town, case_no) == ["started", "met"]


async def test_what_is_to_be_posted_is_on_the_list_at_once_and_off_it_when_it_is_signed_for(town: Town) -> None:
    case_no, id_ = await finished(town, POST)
    [one] = await waiting(town, case_no)
    assert (one["step"], one["name"]) == ("post", "企业开办")
    assert (await done(town, case_no, id_, channel="post", outcome="sent", tracking=TRACKING)).status_code == 200
    assert (await done(town, case_no, id_, channel="post", outcome="delivered")).status_code == 200
    assert await waiting(town, case_no) == []
    assert (await delivery_of(town, case_no))["known_by"] == "post"


async def test_who_wants_it_by_post_gets_it_though_they_read_it_online(town: Town) -> None:
    case_no, id_ = await finished(town, POST)
    read = await delivery_of(town, case_no, who="citizen")
    assert (read["state"], read["known_by"], "reached_at" in read) == ("known", "reading", False)
    assert [one["step"] for one in await waiting(town, case_no)] == ["post"]
    assert (await done(town, case_no, id_, channel="post", outcome="sent", tracking=TRACKING)).status_code == 200
    assert [one["step"] for one in await waiting(town, case_no)] == ["confirm"]
    assert (await done(town, case_no, id_, channel="post", outcome="delivered")).status_code == 200
    told = await delivery_of(town, case_no)
    assert (told["known_by"], told["known_at"], told["reached_by"]) == ("reading", read["known_at"], "post")


async def test_read_before_its_notice_gets_through_it_is_still_to_come_on_paper(town: Town) -> None:
    """Who is served electronically is not: that has reached them, and ends the office's time."""
    for delivery, what, steps in (({"method": "electronic"}, "met", []), (POST, "started", ["post"])):
        case_no, _ = await finished(town, delivery, told=False)
        await delivery_of(town, case_no, who="citizen")
        assert clock(town, case_no)[-1] == what
        await send_all(town, case_no)
        assert [one["step"] for one in await waiting(town, case_no)] == steps


async def test_slips_say_the_minute_and_those_of_the_post_the_day(town: Town) -> None:
    case_no, id_ = await finished(town, POST)
    day = town.clock.now().astimezone(LOCAL).replace(hour=0, minute=0, second=0, microsecond=0)
    sent = {"channel": "post", "outcome": "sent", "tracking": TRACKING}
    for at, status in ((day - timedelta(minutes=1), 422), (day, 200)):
        assert (await done(town, case_no, id_, **sent, at=at.isoformat())).status_code == status


async def test_it_is_not_signed_for_before_it_was_posted_but_again_after_it_came_back(fresh_town: Town) -> None:
    town = fresh_town
    case_no, id_ = await finished(town, POST)
    written = town.clock.now()
    town.clock.move(timedelta(days=2))
    for outcome, more in (("sent", {"tracking": TRACKING}), ("not_possible", {}), ("sent", {"tracking": TRACKING})):
        assert (await done(town, case_no, id_, channel="post", outcome=outcome, **more)).status_code == 200
        town.clock.move(timedelta(days=1))
    back = (written + timedelta(days=2)).isoformat()
    early = await done(town, case_no, id_, channel="post", outcome="delivered", at=back)
    assert [one["pointer"] for one in early.json()["errors"]] == ["/at"]
    assert "签收不能早于交邮寄" in early.json()["errors"][0]["detail"]
    assert (await done(town, case_no, id_, channel="post", outcome="delivered")).status_code == 200


async def test_what_is_known_first_stands(fresh_town: Town) -> None:
    """By reading, though a slip of before is told later; what was signed for is delivered no more."""
    town = fresh_town
    case_no = await acts.terminated(town)
    written = town.clock.now()
    town.clock.move(timedelta(days=3))
    read = await letter(town, case_no, "refused")
    slip = {"channel": "counter", "outcome": "handed_over", "at": written.isoformat()}
    assert (await done(town, case_no, read["id"], **slip)).status_code == 200
    told = await letter(town, case_no, "refused")
    assert (told["remedies_from"], told["delivery"]["known_by"]) == (read["remedies_from"], "reading")
    assert told["delivery"]["reached_at"] < told["remedies_from"]
    for again in (slip, {"channel": "post", "outcome": "sent", "tracking": TRACKING}):
        refused = await done(town, case_no, read["id"], **again)
        assert (refused.status_code, refused.json()["code"]) == (409, "not_allowed_now")
        assert "已在窗口当面送交并签收，不能再登记送达" in refused.json()["detail"]


async def test_whoever_looks_at_the_list_is_in_the_access_log(town: Town) -> None:
    count = "select count(*) from access_log where act = 'view_deliveries' and subject = 'counter'"
    [(before,)] = town.rows(count)
    shown = (await town.get("counter", "/api/deliveries?limit=200")).json()["items"]
    [(after,)] = town.rows(count)
    assert after == before + 1
    last = "select found from access_log where act = 'view_deliveries' order by id desc limit 1"
    assert town.rows(last) == [(len(shown),)]


async def test_from_knowing_of_it_remedies_count(town: Town) -> None:
    case_no = await acts.terminated(town)
    before = await letter(town, case_no, "refused", "counter")
    assert "remedies_from" not in before
    assert before["remedies_note"].endswith("自您知道本决定之日（首次阅读或者签收）起算。")
    told = await letter(town, case_no, "refused")
    assert told["remedies_from"] == told["delivery"]["known_at"]
    assert told["remedies_note"].endswith("自 2026 年 03 月 02 日（首次阅读）起算，当日不计入。")
    assert "remedies_note" not in await letter(town, await acts.accepted_case(town), "accepted")


async def test_the_way_is_changed_after_acceptance_by_who_may_receive_letters(town: Town) -> None:
    case_no = await acts.accepted_case(town)
    path = f"/api/cases/{case_no}/delivery"
    without = await town.post("citizen", path, {"method": "post"})
    assert [one["pointer"] for one in without.json()["errors"]] == ["/address"]
    assert (await town.post("citizen2", path, POST)).status_code == 404
    assert (await town.post("citizen", path, POST)).status_code == 200
    view = (await town.get("citizen", f"/api/cases/{case_no}")).json()
    assert view["delivery"] == POST
    assert POST["address"] not in str(town.rows("select event::text from journal where case_no = %s", case_no))
    assert (await delivery_of(town, case_no, "accepted"))["channel"] == "post"
    assert people.ZHANG.id_number not in str(view["delivery"])
