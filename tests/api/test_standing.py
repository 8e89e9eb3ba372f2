"""What was granted stands, is handed over and told, however the rest of the case ended (行政许可法 Arts. 8, 69, 70)."""

from tests.api import acts
from tests.api.test_letters import letter
from tests.api.town import Town

_STANDS = (
    "已经办成的“企业设立登记”（市场监督管理局）继续有效，证照照常发放，"
    "不因本办件结束而收回（《中华人民共和国行政许可法》第八条）。"
)


async def test_the_licence_is_handed_over_and_the_letter_says_so(promises_only: Town) -> None:
    town = promises_only
    case_no = await acts.withdrawn(town)
    # a law of the tests lets the seal fall: its people see to it
    ((task_id,),) = town.rows("select task_id from tasks where case_no = %s and kind = 'undo'", case_no)
    undone = await town.post("officer.psb", f"/api/tasks/{task_id}/decide", {"outcome": "undone"})
    assert undone.status_code == 200, undone.text
    await town.finish(case_no)
    case = (await town.get("citizen", f"/api/cases/{case_no}")).json()
    assert (case["status"], case["standing"]) == ("withdrawn", ["registration"])
    states = {one["code"]: one["state"] for one in case["items"]}
    assert states["registration"] == "approved"
    documents = (await town.get("citizen", f"/api/cases/{case_no}/documents")).json()["items"]
    assert [one["item"] for one in documents] == ["registration"]
    verified = (await town.get(None, f"/api/certificates/{documents[0]['number']}/verify")).json()
    assert (verified["genuine"], verified.get("revoked_at")) == (True, None)
    told = await letter(town, case_no, "withdrawn")
    assert _STANDS in told["paragraphs"]
    assert told["paragraphs"][-2].startswith("不再需要“企业设立登记”的")
    assert told["paragraphs"][-1] == "“公章刻制备案”依法随本办件结束而失效。"
    undoing = "select count(*) from commands where case_no = %s and kind = 'undo_effect' and target like %s"
    assert town.rows(undoing, case_no, "%.approval") == [(0,)], "nobody was asked to take it back"
    times = town.rows("select kind from journal where case_no = %s order by seq", case_no)
    kinds = [kind for (kind,) in times]
    assert kinds.index("certificates_issued") < kinds.index("notices_sent")
