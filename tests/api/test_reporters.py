"""Who reports a death is no heir by that: a receipt and how far it is, until a counter has a paper of kinship."""

import json
import shutil
from pathlib import Path
from typing import Any

from definitions.loader import FOLDER
from tests.api import acts
from tests.api.conftest import TownBy
from tests.api.deaths import by_neighbour, registered
from tests.api.town import Town
from tests.support import people

RECORD = {"name": "金丝雀", "address": "金丝雀路 1 号", "status": "金丝雀状态"}


async def everything(town: Town, case_no: str, code: str, who: str = "citizen2") -> dict[str, Any]:
    """All that the applying side can ask of a case, by path."""
    path = f"/api/cases/{case_no}"
    told: dict[str, Any] = {}
    for one in (path, f"{path}/timeline", f"{path}/documents"):
        answer = await town.get(who, one)
        assert answer.status_code == 200, answer.text
        told[one] = answer.json()
    for letter in told[f"{path}/documents"]["letters"]:
        told[letter["id"]] = (await town.get(who, f"{path}/documents/{letter['id']}")).json()
    told["progress"] = (await town.get(None, f"/api/progress/{case_no}", params={"code": code})).json()
    return told


async def test_a_neighbour_reports_and_sees_a_receipt_until_kinship_is_shown(fresh_town: Town) -> None:
    town = fresh_town
    opened = (await town.post("citizen2", "/api/cases", by_neighbour(people.WANG))).json()
    case_no, code = opened["case_no"], opened["query_code"]
    await acts.hand_in(town, case_no, "death-certificate-paper")
    await town.record(case_no, "household-record", {"record": RECORD, "as_of": "2026-03-01T00:00:00Z"})
    assert (await town.post("counter", f"/api/cases/{case_no}/accept")).status_code == 200
    path = f"/api/cases/{case_no}"
    running = (await town.get("citizen2", f"{path}/clocks")).json()
    assert ([one["name"] for one in running["items"]], running.get("forecast")) == (["case", "case:statutory"], None)
    await registered(town, case_no)
    await town.finish(case_no)
    told = await everything(town, case_no, code)
    shown = json.dumps(told, ensure_ascii=False)
    for hidden in ("金丝雀", "注销证明", "matches", "differs", "found", "准予", "取得"):
        assert hidden not in shown, hidden
    assert (told[path]["status"], told[path]["items"], told["progress"]["text"]) == ("closed", [], "已归档")
    documents = told[f"{path}/documents"]
    assert ([one["kind"] for one in documents["letters"]], documents["items"]) == (["accepted"], [])
    hidden_letters = [one["id"] for one in (await town.get("counter", f"{path}/documents")).json()["letters"]]
    for letter in set(hidden_letters) - {documents["letters"][0]["id"]}:
        assert (await town.get("citizen2", f"{path}/documents/{letter}")).status_code == 404
    assert {one["kind"] for one in told[f"{path}/timeline"]["items"]} == {"submitted", "papers_received", "accepted"}
    # the certificate is the dead person's, and no licence of who reported
    number = town.rows("select number from certificates where case_no = %s", case_no)[0][0]
    bearer = (await town.get("counter", f"{path}/documents")).json()["items"][0]["content"]["bearer"]
    assert bearer == people.WANG.name == "王五"
    own = {"id_type": "resident_id", "id_number": people.LI.id_number}
    licences = (await town.post("citizen2", "/api/licences/search", own)).json()["items"]
    assert number not in [one["number"] for one in licences]
    # nobody is to call or write to them about what they may not read
    followed = "select count(*) from unread_letters where case_no = %s"
    assert town.rows(followed, case_no) == [(0,)]


async def test_whose_death_it_was_is_no_typing_error_and_a_name_is_corrected_throughout(fresh_town: Town) -> None:
    town = fresh_town
    case_no = (await town.post("citizen2", "/api/cases", by_neighbour(people.WANG))).json()["case_no"]
    await acts.hand_in(town, case_no, "death-certificate-paper")
    await town.fetch_all(case_no)
    assert (await town.post("counter", f"/api/cases/{case_no}/accept")).status_code == 200
    await registered(town, case_no)
    await town.finish(case_no)
    path, why = f"/api/cases/{case_no}/items/household/reissue", {"why": "typing_error", "reason": "录入错误"}
    another = await town.post("officer.psb", path, why | {"form": {"deceased_id": people.ZHAO.id_number}})
    assert (another.status_code, another.json()["errors"][0]["pointer"]) == (422, "/form/deceased_id")
    assert "另一个人" in another.json()["errors"][0]["detail"]
    corrected = await town.post("officer.psb", path, why | {"form": {"deceased_name": "王伍"}})
    assert corrected.status_code == 200, corrected.text
    await town.finish(case_no)
    documents = (await town.get("counter", f"/api/cases/{case_no}/documents")).json()["items"]
    last = max((one["content"] for one in documents), key=lambda one: int(one["edition"]))
    fields = [one["value"] for one in last["fields"]]
    assert (last["bearer"], "王伍" in fields, people.WANG.name in fields) == ("王伍", True, False)


async def test_kinship_shown_by_a_paper_at_a_counter_lets_them_see_what_kin_see(town: Town) -> None:
    """Of others' records the result, and what was decided; what they only say of themselves shows nothing."""
    said = by_neighbour(people.WANG)
    said["materials"] += [{"code": "kinship-paper", "form": "paper"}]
    case_no = (await town.post("citizen2", "/api/cases", said)).json()["case_no"]
    path = f"/api/cases/{case_no}"
    await acts.hand_in(town, case_no, "death-certificate-paper")
    await town.record(case_no, "household-record", {"record": RECORD, "as_of": "2026-03-01T00:00:00Z"})
    assert (await town.post("counter", f"{path}/accept")).status_code == 200
    assert (await town.get("citizen2", path)).json()["items"] == []
    received = await town.post("counter", f"{path}/papers", {"materials": ["kinship-paper"]})
    assert received.status_code == 200, received.text
    kin = (await town.get("citizen2", path)).json()
    assert [(one["name"], one["result"], "record" in one) for one in kin["records"]] == [
        ("逝者户籍信息", "found", False)
    ]
    assert [one["state"] for one in kin["items"]] == ["open"]
    await registered(town, case_no)
    await town.finish(case_no)
    documents = (await town.get("citizen2", f"{path}/documents")).json()
    assert documents["items"][0]["content"]["bearer"] == people.WANG.name


def with_a_notice(folder: Path) -> Path:
    """The death is announced after it was registered, and the funeral's subsidy waits for that."""
    place = folder / "catalog" / "death-deregistration"
    shutil.copytree(FOLDER / "catalog" / "death-deregistration", place)
    file = place / "v1.yaml"
    text = file.read_text(encoding="utf-8")
    notice = (
        "periods:\n  - {code: public-notice, name: 公告, kind: notice, department: psb, after: [household],\n"
        "     length: {amount: 5, unit: calendar_day, for: person, basis: assumed}}\nitems:\n"
    )
    text = text.replace("\nitems:\n", f"\n{notice}", 1)
    subsidy = text.index("  - code: funeral-subsidy\n")
    waiting = text[subsidy:].replace("    name: ", "    after: [public-notice]\n    name: ", 1)
    file.write_text(text[:subsidy] + waiting, encoding="utf-8")
    return folder


async def test_what_is_announced_is_none_of_theirs(town_by: TownBy) -> None:
    async with town_by(with_a_notice) as town:
        said = by_neighbour(people.WANG)
        opened = (await town.post("citizen2", "/api/cases", said)).json()
        path = f"/api/cases/{opened['case_no']}"
        [period] = (await town.get("counter", path)).json()["periods"]
        assert period["state"] == "not_begun"
        for answer in (await town.get("citizen2", path), await town.get("citizen2", f"{path}/clocks")):
            assert answer.status_code == 200
            assert "公告" not in answer.text
