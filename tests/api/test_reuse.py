"""材料复用: a file of an earlier case serves a new one, with consent, linked and not copied."""

from datetime import timedelta
from typing import Any

from tests.api import acts
from tests.api.conftest import TownBy
from tests.api.forms import opening_with_papers
from tests.api.lawful import with_articles_that_serve_again
from tests.api.town import Town
from tests.support import files, people

PDF, NEWER = files.pdf("articles of association"), files.pdf("newer")
PAPERS = ("appointment-documents", "premises-lease")


async def _earlier_case(town: Town, who: str = "citizen", **changes: Any) -> str:
    """Submitted with the articles as a file."""
    draft = await town.post(who, "/api/cases", opening_with_papers(*PAPERS) | changes | {"submit": False})
    case_no = str(draft.json()["case_no"])
    kept = await town.client(who).put(
        f"/api/cases/{case_no}/materials/articles", files={"file": ("a.pdf", PDF, "application/pdf")}
    )
    assert kept.status_code == 201, kept.text
    done = await town.post(who, f"/api/cases/{case_no}/submit")
    assert done.status_code == 200, done.text
    return case_no


def _again(**changes: Any) -> dict[str, Any]:
    return opening_with_papers(*PAPERS) | {"reuse": ["articles"]} | changes


async def test_an_earlier_file_serves_again(town_by: TownBy) -> None:
    async with town_by(with_articles_that_serve_again) as town:
        first = await _earlier_case(town)
        town.clock.move(timedelta(days=30))
        opened = await town.post("citizen", "/api/cases", _again())
        assert opened.status_code == 201, opened.text
        case_no = opened.json()["case_no"]
        view = (await town.get("citizen", f"/api/cases/{case_no}")).json()
        articles = next(one for one in view["materials"] if one["code"] == "articles")
        assert (articles["state"], articles["kept"], articles["reused"], articles["version"]) == (
            "in_hand", "file", True, 0,
        )  # fmt: skip
        assert view["reuse"]["materials"] == [
            {"code": "articles", "name": articles["name"], "from_case": first, "supplied_on": "2026-03-02"}
        ]
        ((consent,),) = town.rows(
            "select body from sealed_values where case_no = %s and name = 'consent:reuse'", case_no
        )
        assert not [word for word in (first, "articles", "2026-03") if word.encode() in bytes(consent)]
        # linked, not copied
        assert town.rows("select case_no from material_files where code = 'articles'") == [(first,)]
        # the department whose item needs it reads it, though it has nothing to do with the earlier case's number
        await acts.hand_in(town, case_no, *PAPERS)
        assert (await town.post("counter", f"/api/cases/{case_no}/accept")).status_code == 200
        file = await town.get("officer.amr", f"/api/cases/{case_no}/materials/articles")
        assert (file.status_code, file.content) == (200, PDF)
        seen = (await town.get("officer.amr", f"/api/cases/{case_no}")).json()
        assert seen["duplicates"] == [first], "its own two cases of one person: it may see both"
        assert first not in str({name: value for name, value in seen.items() if name != "duplicates"})
        timeline = (await town.get("citizen", f"/api/cases/{case_no}/timeline")).json()["items"]
        assert timeline[0]["text"].startswith("提交申请，沿用以前办件的")
        line = town.rows("select event from journal where case_no = %s and seq = 1", case_no)[0][0]
        assert line["reused"] == ["articles"]
        logged = town.rows("select case_no, detail from access_log where act = 'reuse_material' order by id")
        assert logged == [(case_no, "articles"), (first, "articles")]


async def test_what_is_uploaded_to_the_case_itself_takes_its_place(town_by: TownBy) -> None:
    async with town_by(with_articles_that_serve_again) as town:
        await _earlier_case(town)
        case_no = (await town.post("citizen", "/api/cases", _again())).json()["case_no"]
        newer = await town.client("citizen").put(
            f"/api/cases/{case_no}/materials/articles", files={"file": ("a.pdf", NEWER, "application/pdf")}
        )
        assert newer.json()["version"] == 1
        assert (await town.get("citizen", f"/api/cases/{case_no}/materials/articles")).content == NEWER
        first = await town.get("citizen", f"/api/cases/{case_no}/materials/articles?version=0")
        assert first.content == PDF, "and what was used before stays to be read"


async def test_a_draft_may_use_it_too(town_by: TownBy) -> None:
    async with town_by(with_articles_that_serve_again) as town:
        await _earlier_case(town)
        draft = (await town.post("citizen", "/api/cases", _again(submit=False))).json()["case_no"]
        done = await town.post("citizen", f"/api/cases/{draft}/submit")
        assert done.status_code == 200, done.text
        assert (await town.get("citizen", f"/api/cases/{draft}/materials/articles")).content == PDF


async def test_it_is_refused_where_there_is_none(town_by: TownBy) -> None:
    async with town_by(with_articles_that_serve_again) as town:
        await _earlier_case(town, "citizen2", applicant=people.LI.applicant)
        await _earlier_case(town)
        cases: list[tuple[str, dict[str, Any], str, str]] = [
            ("citizen", _again(reuse=["articles", "nonsense"]), "/reuse/1", "unknown_material"),
            ("citizen", _again(reuse=["premises-lease"]), "/reuse/0", "unknown_material"),  # not reusable
            ("citizen", _again(reuse=["articles", "articles"]), "/reuse/1", "invalid_value"),
        ]
        for who, body, pointer, code in cases:
            refused = await town.post(who, "/api/cases", body)
            assert refused.status_code == 422, refused.text
            assert (pointer, code) in [(e["pointer"], e["code"]) for e in refused.json()["errors"]]
        other = {**_again()["applicant"], "id_number": people.WANG.id_number}
        for who, body in (("citizen", _again(applicant=other)), ("agent", _again())):
            assert (await town.post(who, "/api/cases", body)).status_code == 403  # not in their name at all
        town.clock.move(timedelta(days=91))
        late = await town.post("citizen", "/api/cases", _again())
        assert [(e["pointer"], e["code"]) for e in late.json()["errors"]] == [("/reuse/0", "missing_material")]
        assert "90 天" in late.json()["errors"][0]["detail"]
        assert town.rows("select count(*) from material_reuses") == [(0,)]


async def test_one_that_was_asked_for_anew_is_not_used_again(town_by: TownBy) -> None:
    async with town_by(with_articles_that_serve_again) as town:
        first = await _earlier_case(town)
        body = {"items": [{"material": "articles", "what": "缺页"}]}
        assert (await town.post("counter", f"/api/cases/{first}/corrections", body)).status_code == 200
        refused = await town.post("citizen", "/api/cases", _again())
        assert [e["pointer"] for e in refused.json()["errors"]] == ["/reuse/0"]


async def test_the_plan_tells_it_to_the_applicant_alone(town_by: TownBy) -> None:
    async with town_by(with_articles_that_serve_again) as town:
        await _earlier_case(town)
        body = {"answers": _again()["answers"], "id_number": _again()["applicant"]["id_number"]}
        path = "/api/bundles/enterprise-opening/plan"
        told = (await town.client("citizen").post(path, json=body)).json()
        assert [(one["code"], one["supplied_on"]) for one in told["reusable"]] == [("articles", "2026-03-02")]
        assert told["saved"]["materials_reusable"] == 1
        for who in ("citizen2", "agent"):
            assert (await town.client(who).post(path, json=body)).json()["reusable"] == []
        assert (await town.client("supervisor").post(path, json=body)).status_code == 403
        assert (await town.client().post(path, json=body)).status_code == 401
        plain = await town.client().post(path, json={"answers": body["answers"]})
        assert plain.status_code == 200
        assert "reusable" not in plain.json()
        logged = town.rows("select subject, found from access_log where act = 'reuse_material' order by id limit 3")
        assert logged == [("citizen", 1), ("citizen2", 0), ("agent", 0)]
