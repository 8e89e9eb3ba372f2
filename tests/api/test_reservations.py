"""A death that is reported twice, and a name that two want to register, as people meet them."""

from tests.api import acts
from tests.api.deaths import by_neighbour, death, registered, reported
from tests.api.town import Town
from tests.support import people

SAYS = "这名逝者的身后事已经有一件在办。"


async def test_a_second_case_of_one_death_is_sent_to_the_first_whoever_may_see_it(fresh_town: Town) -> None:
    town = fresh_town
    first = await reported(town)
    for who, body in (("citizen2", death()), ("counter", death(applicant=people.ZHAO.applicant, seen=people.SEEN))):
        answer = await town.post(who, "/api/cases", body)
        assert answer.status_code == 409, answer.text
        assert first in answer.json()["detail"]
    assert (await town.post("citizen2", f"/api/cases/{first}/withdraw")).status_code == 200
    assert (await town.post("citizen2", "/api/cases", death())).status_code == 201


async def test_nobody_else_learns_of_a_death_by_trying(fresh_town: Town) -> None:
    """A stranger's application is received like any other; the counter sees it, and does not accept it."""
    town = fresh_town
    await reported(town)
    body = by_neighbour() | {"applicant": people.ZHAO.applicant | {"phone": "13800000008"}}
    answer = await town.post("citizen", "/api/cases", body)
    nobody = await town.post("citizen", "/api/cases", by_neighbour(people.WANG) | {"applicant": body["applicant"]})
    assert (answer.status_code, nobody.status_code) == (201, 201), answer.text
    assert answer.json().keys() == nobody.json().keys()
    second = answer.json()["case_no"]
    for path in ("", "/timeline"):
        told = (await town.get("citizen", f"/api/cases/{second}{path}")).text
        assert SAYS not in told
        assert "reservations" not in told
    [shown] = (await town.get("counter", f"/api/cases/{second}")).json()["reservations"]
    assert (shown["code"], shown["standing"], shown["says"]) == ("one-death", "full", SAYS)
    await acts.hand_in(town, second, "death-certificate-paper")
    refused = await town.post("counter", f"/api/cases/{second}/accept")
    assert (refused.status_code, SAYS in refused.json()["detail"]) == (409, True)
    said = {"reason": "同一名逝者的身后事已由其亲属申请。", "basis": "《中华人民共和国户口登记条例》第八条"}
    rejected = await town.post("counter", f"/api/cases/{second}/reject", said)
    assert rejected.status_code == 200, rejected.text


async def test_when_the_first_is_over_the_next_is_accepted(fresh_town: Town) -> None:
    town = fresh_town
    first = await reported(town)
    answer = await town.post("citizen", "/api/cases", by_neighbour() | {"applicant": people.ZHAO.applicant})
    second = answer.json()["case_no"]
    assert answer.status_code == 201, answer.text
    await acts.hand_in(town, second, "death-certificate-paper")
    await town.post("citizen2", f"/api/cases/{first}/withdraw")
    accepted = await town.post("counter", f"/api/cases/{second}/accept")
    assert accepted.status_code == 200, accepted.text
    [shown] = (await town.get("counter", f"/api/cases/{second}")).json()["reservations"]
    assert (shown["standing"], "says" in shown) == ("held", False)
    await town.fetch_all(second)
    await registered(town, second)


async def test_a_name_that_two_want_is_told_to_who_registers_it(fresh_town: Town) -> None:
    town = fresh_town
    first = await acts.open_case(town)
    second = await acts.open_case(town, "counter", applicant=people.LI.applicant, seen=people.SEEN)
    assert (await town.post("counter", f"/api/cases/{second}/accept")).status_code == 200
    await town.fetch_all(first)
    await town.fetch_all(second)
    task = (await town.get("officer.amr", f"/api/tasks/{second}-registration-1")).json()
    assert task["warnings"] == ["企业名称：本地区另有一件在办的企业开办用同一名称。"]
    elsewhere = await acts.open_case(town, "counter.330109115", applicant=people.LI.applicant, seen=people.SEEN)
    there = (await town.get("counter", f"/api/cases/{elsewhere}")).json()
    assert [one["standing"] for one in there["reservations"]] == ["full"], "its region's cases go to the same authority"
