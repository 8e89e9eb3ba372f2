"""Drafts, files, corrections and supplements."""

import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest

from onething.domain.errors import FailureCode, OneThingError
from onething.services.materials.file_kinds import checked_kind
from tests.api import acts
from tests.api.forms import APPLICANT, REQUIRED_PAPERS, opening, opening_with_papers
from tests.api.town import Town
from tests.support import files, people

PDF, PNG, JPEG, OFD = files.pdf(), files.png(), files.jpeg(), files.ofd()
MB = 2**20


async def upload(town: Town, case_no: str, code: str, content: bytes = PDF, media_type: str = "application/pdf") -> Any:
    sent = {"file": ("张三的章程.pdf", content, media_type)}
    return await town.client("citizen").put(f"/api/cases/{case_no}/materials/{code}", files=sent)


async def company_draft(town: Town) -> str:
    answer = await town.post("citizen", "/api/cases", {**opening_with_papers(), "submit": False})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["case_no"])


async def test_a_draft_grows_until_it_can_be_submitted(town: Town) -> None:
    created = await town.post(
        "citizen", "/api/cases", {"bundle": "enterprise-opening", "applicant": APPLICANT, "submit": False}
    )
    assert created.status_code == 201, created.text
    assert (created.json()["status"], created.headers["etag"]) == ("draft", '"1"')
    path = f"/api/cases/{created.json()['case_no']}"
    refused = await town.post("citizen", f"{path}/submit")
    assert refused.status_code == 422
    assert {"/answers/company_type", "/answers/premises"} <= {one["pointer"] for one in refused.json()["errors"]}
    whole = opening()
    saved = await town.client("citizen").patch(path, json={"answers": whole["answers"]}, headers={"If-Match": '"1"'})
    assert (saved.status_code, saved.headers["etag"], saved.json()["version"]) == (200, '"2"', 2)
    lost = await town.client("citizen").patch(path, json={"form": {}}, headers={"If-Match": '"1"'})
    assert (lost.status_code, lost.json()["code"]) == (412, "stale_version")
    unsaid = await town.client("citizen").patch(path, json={"form": {}})
    assert (unsaid.status_code, unsaid.json()["code"]) == (428, "version_missing")
    shown = await town.get("citizen", path)
    assert (shown.headers["etag"], shown.json()["answers"]) == ('"2"', whole["answers"])
    rest = {"form": whole["form"], "delivery": whole["delivery"]}
    await town.client("citizen").patch(path, json=rest, headers={"If-Match": shown.headers["etag"]})
    submitted = await town.post("citizen", f"{path}/submit")
    assert (submitted.status_code, submitted.json()["status"]) == (200, "submitted"), submitted.text
    assert (await town.get("citizen", path)).json()["form"] == whole["form"]
    late = await town.client("citizen").patch(path, json={"form": {}}, headers={"If-Match": '"3"'})
    assert late.status_code == 409
    assert town.rows("select 1 from drafts where case_no = %s", created.json()["case_no"]) == []


async def test_a_draft_is_its_owners_only(town: Town) -> None:
    case_no = await acts.draft(town)
    assert (await town.get("citizen2", f"/api/cases/{case_no}")).status_code == 404
    assert (await town.get("officer.amr", f"/api/cases/{case_no}")).status_code == 404
    seen = await town.get("counter", f"/api/cases/{case_no}")
    assert "form" not in seen.json()


@pytest.mark.parametrize("change", [{"applicant": None}, {"surprise": 1}, {"form": None}, {"bundle": "newborn"}])
async def test_a_draft_change_is_strict(town: Town, change: dict[str, Any]) -> None:
    case_no = await acts.draft(town)
    answer = await town.client("citizen").patch(f"/api/cases/{case_no}", json=change, headers={"If-Match": '"1"'})
    assert answer.status_code == 422, answer.text
    assert town.rows("select version from drafts where case_no = %s", case_no) == [(1,)]


async def test_files_of_a_draft_count_as_materials(town: Town) -> None:
    case_no = await company_draft(town)
    for code in REQUIRED_PAPERS:
        kept = await upload(town, case_no, code)
        assert (kept.status_code, kept.json()["version"]) == (201, 1), kept.text
    again = await upload(town, case_no, "articles")
    assert (again.status_code, again.json()["version"]) == (200, 1)
    other = await upload(town, case_no, "articles", PNG, "image/png")
    assert (other.status_code, other.json()["version"]) == (201, 2)
    submitted = await town.post("citizen", f"/api/cases/{case_no}/submit")
    assert submitted.status_code == 200, submitted.text
    materials = (await town.get("citizen", f"/api/cases/{case_no}")).json()["materials"]
    assert {m["code"]: (m["state"], m.get("kept")) for m in materials if m["code"] in REQUIRED_PAPERS} == dict.fromkeys(
        REQUIRED_PAPERS, ("in_hand", "file")
    )
    # before acceptance a department opens nothing
    assert (await town.get("officer.amr", f"/api/cases/{case_no}/materials/articles")).status_code == 403
    # whom the paper never concerns is not told to wait for it
    assert (await town.get("officer.psb", f"/api/cases/{case_no}/materials/articles")).status_code == 404
    assert "materials" not in (await town.get("officer.amr", f"/api/cases/{case_no}")).json()
    assert (await town.post("counter", f"/api/cases/{case_no}/accept")).status_code == 200
    file = await town.get("officer.amr", f"/api/cases/{case_no}/materials/articles")
    assert (file.status_code, file.content, file.headers["content-type"]) == (200, PNG, "image/png")
    assert file.headers["content-disposition"] == f'attachment; filename="{case_no}-articles-2.png"'
    assert file.headers["x-content-type-options"] == "nosniff"
    # seal has no use for the articles
    assert (await town.get("officer.psb", f"/api/cases/{case_no}/materials/articles")).status_code == 404
    (sealed,) = town.rows("select body from material_files where case_no = %s and version = 2", case_no)[0]
    assert PNG not in sealed


WRONG_FILES: list[tuple[str, bytes, str, int, str]] = [
    ("another content", PNG, "application/pdf", 415, "wrong_file_type"),
    ("no known content", b"MZ\x90\0", "application/pdf", 415, "wrong_file_type"),
    ("HTML", b"<html>", "text/html", 415, "wrong_file_type"),
    ("not accepted for it", OFD, "application/ofd", 415, "wrong_file_type"),
    ("empty", b"", "application/pdf", 415, "wrong_file_type"),
    ("too large", files.pdf(size=20 * MB + 1), "application/pdf", 413, "too_large"),
    ("far too large", b"%PDF-" + bytes(21 * MB), "application/pdf", 413, "too_large"),
    ("a mere beginning", b"%PDF-1.7\n", "application/pdf", 415, "wrong_file_type"),
    ("half a PDF", PDF[: len(PDF) // 2], "application/pdf", 415, "wrong_file_type"),
    ("a PDF with a password", files.pdf(locked=True), "application/pdf", 415, "wrong_file_type"),
    ("half a PNG", PNG[:-6], "image/png", 415, "wrong_file_type"),
    ("a PNG with a flipped bit", PNG[:20] + bytes((PNG[20] ^ 1,)) + PNG[21:], "image/png", 415, "wrong_file_type"),
    ("half a JPEG", JPEG[:-4], "image/jpeg", 415, "wrong_file_type"),
    ("four bytes of a JPEG", JPEG[:4] + bytes(40), "image/jpeg", 415, "wrong_file_type"),
]


@pytest.mark.parametrize(
    ("content", "kind", "status", "code"), [w[1:] for w in WRONG_FILES], ids=[w[0] for w in WRONG_FILES]
)
async def test_wrong_files(town: Town, content: bytes, kind: str, status: int, code: str) -> None:
    case_no = await company_draft(town)
    before = town.counts()
    answer = await upload(town, case_no, "articles", content, kind)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert "公司章程" in answer.json()["detail"]
    assert "张三的章程.pdf" in answer.json()["detail"]
    assert town.counts() == before


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (files.ofd("other.xml"), "是压缩包而不是 OFD"),
        (OFD[:-8], "不完整或已损坏"),
        (files.pdf(locked=True), "设有打开密码"),
        (PDF[:-30], "不完整或已损坏"),
        (b"%PDF-1.7\nstartxref\n99999\n%%EOF\n", "不完整或已损坏"),
        (PNG.replace(b"IDAT", b"IDAX"), "不完整或已损坏"),
        (b"MZ\x90\0", "不是 PDF、JPEG、PNG、HEIC 或 OFD"),
    ],
)
def test_what_is_wrong_with_a_file_is_told(content: bytes, fault: str) -> None:
    with pytest.raises(OneThingError, match=fault) as refusal:
        checked_kind(content, "", "“公司章程”的文件“a”")
    assert refusal.value.code is FailureCode.WRONG_FILE_TYPE
    assert refusal.value.detail.startswith("“公司章程”的文件“a”")


@pytest.mark.parametrize("kind", ["pdf", "png", "jpeg", "ofd"])
def test_whole_files_are_what_they_are(kind: str) -> None:
    content = {"pdf": PDF, "png": PNG, "jpeg": JPEG, "ofd": OFD}[kind]
    assert checked_kind(content, "", "") == kind
    cut = [end for end in range(12, len(content)) if not _is_refused(content[:end])]
    assert [end for end in cut if end < len(content) - 1] == [], "no part of it is taken for the whole"


def _is_refused(content: bytes) -> bool:
    try:
        checked_kind(content, "", "")
    except OneThingError:
        return True
    return False


def test_a_package_that_unpacks_too_far_is_refused() -> None:
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("OFD.xml", "<ofd:OFD/>")
        with opened.open("Doc_0/a", "w", force_zip64=True) as inner:
            for _ in range(201):
                inner.write(bytes(MB))
    assert len(package.getvalue()) < MB
    with pytest.raises(OneThingError, match="压缩内容过大"):
        checked_kind(package.getvalue(), "", "")


async def test_the_largest_file(town: Town) -> None:
    case_no = await company_draft(town)
    """20 MB, as whoever counts by 1024 has it; by 1000 it is more."""
    content = files.pdf(size=20 * MB)
    assert len(content) == 20 * MB
    assert (await upload(town, case_no, "articles", content)).status_code == 201
    assert (await town.get("citizen", f"/api/cases/{case_no}/materials/articles")).content == content


async def test_an_upload_is_cut_off_early(town: Town) -> None:
    case_no = await company_draft(town)
    sent = 0

    async def endless() -> Any:
        nonlocal sent
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n%PDF-'
        while True:
            sent += 1_000_000
            yield bytes(1_000_000)

    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    path = f"/api/cases/{case_no}/materials/articles"
    answer = await town.client("citizen").put(path, content=endless(), headers=headers)
    assert answer.status_code == 413
    assert sent <= 23_000_000


@pytest.mark.parametrize(
    ("raw", "content_type", "status"),
    [
        (b"%PDF-", "application/pdf", 415),
        (b"", "multipart/form-data", 415),
        (b"", "multipart/form-data; boundary=b", 422),
        (b"--b\r\n", "multipart/form-data; boundary=b", 422),
        (b'--b\r\nContent-Disposition: form-data; name="file"\r\n\r\n%PDF-', "multipart/form-data; boundary=b", 422),
        (
            b'--b\r\nContent-Disposition: form-data; name="other"\r\n\r\nx\r\n--b--',
            "multipart/form-data; boundary=b",
            422,
        ),
        (b"--b\r\n\r\nx\r\n--b--", "multipart/form-data; boundary=b", 422),
        (b"--b--\r\n", "multipart/form-data; boundary=b", 422),
    ],
)
async def test_broken_uploads(town: Town, raw: bytes, content_type: str, status: int) -> None:
    case_no = await company_draft(town)
    path = f"/api/cases/{case_no}/materials/articles"
    answer = await town.client("citizen").put(path, content=raw, headers={"Content-Type": content_type})
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


async def test_material_that_the_bundle_does_not_have(town: Town) -> None:
    case_no = await company_draft(town)
    assert (await upload(town, case_no, "moon")).status_code == 422
    assert (await upload(town, case_no, "business-licence")).status_code == 422  # another item gives it


async def test_a_correction_round_with_papers_and_files(town: Town) -> None:
    case_no = await acts.open_case(town, **opening_with_papers(*REQUIRED_PAPERS))
    items = [
        {"material": "articles", "what": "第三页没有签字 ✍"},
        {"material": "premises-lease", "what": "租期已满"},
        {"pointer": "/form/address", "what": "写到门牌号"},
    ]
    asked = await town.post("counter", f"/api/cases/{case_no}/corrections", {"items": items})
    assert (asked.status_code, asked.json()["status"]) == (200, "correction"), asked.text
    assert set(asked.json()["missing"]) == {"articles", "premises-lease"}
    view = (await town.get("citizen", f"/api/cases/{case_no}")).json()
    assert view["notices"][0]["content"] == {"items": items}
    assert "notices" not in (await town.get("officer.amr", f"/api/cases/{case_no}")).json()

    assert (await town.post("counter", f"/api/cases/{case_no}/accept")).status_code == 409
    assert (await acts.hand_in(town, case_no, "articles"))["status"] == "correction"
    file = await upload(town, case_no, "premises-lease")
    assert (file.status_code, file.json()["status"]) == (201, "correction")
    done = await town.post(
        "citizen", f"/api/cases/{case_no}/supplement", {"form": {"address": "西湖区文一西路1号101室"}}
    )
    assert (done.status_code, done.json()["status"], done.json()["missing"]) == (200, "submitted", []), done.text
    assert (await town.post("counter", f"/api/cases/{case_no}/accept")).status_code == 200


@pytest.mark.parametrize(
    ("items", "pointer"),
    [
        ([], "/items"),
        ([{"what": "x"}], "/items/0"),
        ([{"what": "x", "material": "articles", "pointer": "/form/address"}], "/items/0"),
        ([{"what": "x", "material": "moon"}], "/items/0/material"),
        ([{"what": "x", "pointer": "/moon"}], "/items/0/pointer"),
        ([{"what": "x", "pointer": "/form/moon"}], "/items/0/pointer"),
        ([{"what": "", "pointer": "/form/address"}], "/items/0/what"),
    ],
)
async def test_wrong_corrections(town: Town, items: Any, pointer: str) -> None:
    case_no = await acts.open_case(town)
    answer = await town.post("counter", f"/api/cases/{case_no}/corrections", {"items": items})
    assert answer.status_code == 422, answer.text
    assert pointer in {one["pointer"] for one in answer.json()["errors"]}


async def test_other_answers_bring_another_plan(town: Town) -> None:
    case_no = await acts.open_case(town)
    before = (await town.get("citizen", f"/api/cases/{case_no}")).json()
    assert [item["code"] for item in before["items"]] == ["registration", "seal", "tax"]
    path = f"/api/cases/{case_no}/supplement"
    changed = await town.post("citizen", path, {"answers": {"services": ["seal"]}})
    assert changed.status_code == 422  # the tax fields do not apply any more
    fields = ("finance_officer_name", "finance_officer_id", "finance_officer_phone", "accounting_system")
    without = dict.fromkeys(fields)
    changed = await town.post("citizen", path, {"answers": {"services": ["seal"], "invoices": None}, "form": without})
    assert changed.status_code == 200, changed.text
    assert [item["code"] for item in changed.json()["items"]] == ["registration", "seal"]
    view = (await town.get("citizen", f"/api/cases/{case_no}")).json()
    assert view["departments"] == ["amr", "psb"]
    assert (await town.get("officer.tax", f"/api/cases/{case_no}")).status_code == 404


async def test_a_changed_field_is_looked_up_anew(town: Town) -> None:
    case_no = await acts.open_case(town)
    await town.fetch_all(case_no)
    answer = await town.post("citizen", f"/api/cases/{case_no}/supplement", {"form": {"address": "上城区延安路2号"}})
    assert answer.status_code == 200, answer.text
    targets = {command.target for command in (await town.commands(case_no)).values() if command.kind == "fetch_record"}
    assert targets == {"address-check"}


async def test_after_acceptance_only_materials(town: Town) -> None:
    case_no = await acts.accepted_without_records(town)
    path = f"/api/cases/{case_no}/supplement"
    fixed = await town.post("citizen", path, {"form": {"address": "上城区延安路2号"}})
    assert (fixed.status_code, fixed.json()["code"]) == (422, "plan_fixed")
    await town.refuse_fetch(case_no, "address-check")
    view = (await town.get("citizen", f"/api/cases/{case_no}")).json()
    assert view["missing"] == ["premises-certificate"]
    assert (await upload(town, case_no, "premises-certificate")).status_code == 201
    await town.fetch_all(case_no)
    states = {
        item["code"]: item["state"] for item in (await town.get("citizen", f"/api/cases/{case_no}")).json()["items"]
    }
    assert states["registration"] == "open"


@pytest.mark.parametrize("body", [{}, {"materials": []}, {"materials": [{"code": "moon", "form": "paper"}]}])
async def test_empty_or_unknown_supplements(town: Town, body: Any) -> None:
    case_no = await acts.open_case(town)
    before = town.counts()
    assert (await town.post("citizen", f"/api/cases/{case_no}/supplement", body)).status_code == 422
    assert town.counts() == before


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({"outcome": "approve"}, {"/outputs/uscc", "/outputs/established_on"}),
        (
            {"outcome": "approve", "outputs": {"uscc": "1", "established_on": "昨天"}},
            {"/outputs/uscc", "/outputs/established_on"},
        ),
        ({"outcome": "refuse"}, {"/opinion"}),
        ({"outcome": "refuse", "opinion": "  "}, {"/opinion"}),
        ({"outcome": "refuse", "opinion": "x", "outputs": {"uscc": "1"}}, {"/outputs"}),
        ({"outcome": "undone"}, {"/outcome"}),
        ({"outcome": "maybe"}, {"/outcome"}),
        ({}, {"/outcome"}),
    ],
)  # fmt: skip
async def test_wrong_decisions(town: Town, body: Any, pointers: set[str]) -> None:
    case_no = await acts.accepted_case(town)
    before = town.counts()
    answer = await town.post("officer.amr", f"/api/tasks/{case_no}-registration-1/decide", body)
    assert answer.status_code == 422, answer.text
    assert {one["pointer"] for one in answer.json()["errors"]} == pointers
    assert town.counts() == before


async def test_a_counter_applies_for_somebody(town: Town) -> None:
    opened = await town.post("counter", "/api/cases", opening(channel="counter"))
    assert opened.status_code == 201, opened.text
    elsewhere = await town.post("counter", "/api/cases", opening(region="110100"))
    assert elsewhere.status_code == 422
    assert (await town.post("officer.amr", "/api/cases", opening())).status_code == 403
    agent = {"type": "person", "name": "王代办", "id_type": "passport", "id_number": "E12345678"}
    mandate = {"giver": people.ZHANG.named, "agent": "agent", "agent_name": "王代办", "kind": "helper",
               "expires_on": f"{town.clock.now() + timedelta(days=30):%Y-%m-%d}"}  # fmt: skip
    given = await town.post("citizen", "/api/mandates", mandate)
    assert given.status_code == 201
    by_agent = await town.post("agent", "/api/cases", opening(agent=agent, channel="agent"))
    assert by_agent.status_code == 201, by_agent.text
    case_no = by_agent.json()["case_no"]
    assert (await town.get("agent", f"/api/cases/{case_no}")).json()["agent"] == agent
    assert (await town.post("counter", f"/api/cases/{case_no}/accept")).status_code == 200
    seen = (await town.get("officer.amr", f"/api/cases/{case_no}")).json()
    assert ("applicant" in seen, "agent" in seen) == (True, False)
    assert case_no in {row["case_no"] for row in (await town.get("agent", "/api/cases")).json()["items"]}
    assert (await town.post("citizen", f"/api/mandates/{given.json()['id']}/revoke")).status_code == 200


async def test_a_record_of_what_the_form_said_before_is_not_shown(town: Town) -> None:
    case_no = await acts.open_case(town)
    await town.fetch_all(case_no)
    answer = await town.post("citizen", f"/api/cases/{case_no}/supplement", {"form": {"address": "上城区延安路2号"}})
    assert answer.status_code == 200, answer.text
    for fetched in (False, True):
        view = (await town.get("counter", f"/api/cases/{case_no}")).json()
        (checked,) = [record for record in view["records"] if record["key"] == "address-check"]
        assert checked["state"] == ("in_hand" if fetched else "pending")
        assert (checked.get("result") is not None) is fetched
        await town.fetch_all(case_no)
