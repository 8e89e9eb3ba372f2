"""发件箱, without a browser: the key of an account on a computer, pages of nobody, steps that may be sent again."""

import logging
import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from onething.security.device_keys import device_keys
from onething.security.sealing import Sealer
from tests.api import acts
from tests.api.test_metrics import scraped
from tests.api.town import Town
from tests.support import people
from tests.support.files import pdf
from tests.web.counter_forms import birth_fields
from tests.web.visitor import SAME_ORIGIN, Visitor, hidden

AT = "/counter/outbox"
DEVICE = "0123456789abcdef0123456789abcdef"
NEW = "/counter/new/newborn"


@pytest.fixture
async def clerk(town: Town) -> AsyncIterator[Visitor]:
    async with Visitor(town) as visitor:
        await visitor.sign_in("counter")
        yield visitor


async def token(visitor: Visitor) -> str:
    return hidden(await visitor.get(AT), "/sign-out")["_token"]


async def key_of(visitor: Visitor, device: str = DEVICE) -> dict[str, Any]:
    answer = await visitor.post(f"{AT}/key", {"_token": await token(visitor), "device": device})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


class Outbox:
    """What a script sends of one form. `account`: whose it is; the one's who is signed in. `looks`: whoever is asked
    whether it is the same as another one says that they have looked, and that it is not."""

    def __init__(self, clerk: Visitor) -> None:
        self.clerk = clerk
        self.key = uuid4().hex
        self.account: str | None = None
        self.looks = True

    async def of_account(self) -> dict[str, str]:
        account = (await key_of(self.clerk))["account"] if self.account is None else self.account
        return {**SAME_ORIGIN, "X-OneThing-Account": account}

    async def draft(self, **changes: Any) -> httpx.Response:
        fields = {"_token": await token(self.clerk), "_key": self.key, **birth_fields(**changes)}
        return await self.clerk.post(f"{AT}/drafts/newborn", fields, headers=await self.of_account())

    async def file(self, case_no: str, code: str, content: bytes) -> httpx.Response:
        return await self.clerk.plain().post(
            f"{AT}/cases/{case_no}/materials/{code}",
            data={"_token": await token(self.clerk)},
            files={"file": ("scan.pdf", content, "application/pdf")},
            headers=await self.of_account(),
        )

    async def submission(self, case_no: str, at: datetime, **changes: Any) -> httpx.Response:
        fields = {
            "_token": await token(self.clerk),
            "_key": self.key,
            "/received/at": at.isoformat(),
            "/received/device_contact_at": (at - timedelta(hours=1)).isoformat(),
            **changes,
        }
        answer = await self.clerk.post(f"{AT}/cases/{case_no}/submission", fields, headers=await self.of_account())
        if self.looks and (others := answer.json().get("duplicates")):
            fields |= {"_not_duplicate": others["looked_at"]}
            answer = await self.clerk.post(f"{AT}/cases/{case_no}/submission", fields, headers=await self.of_account())
        return answer


@pytest.fixture
def outbox(clerk: Visitor) -> Outbox:
    return Outbox(clerk)


def journal(town: Town, case_no: str) -> list[tuple[str, Any]]:
    return [
        (kind, event)
        for kind, event in town.rows("select kind, event from journal where case_no = %s order by seq", case_no)
    ]


# -- the key --------------------------------------------------------------------------------------------------------


async def test_an_account_has_one_key_on_a_computer_and_another_on_another(clerk: Visitor) -> None:
    first, again, elsewhere = await key_of(clerk), await key_of(clerk), await key_of(clerk, "f" * 32)
    assert first["keys"] == again["keys"]
    assert len(first["keys"][0]["key"]) == 44, "32 bytes"
    for name in ("key", "owner"):
        assert first["keys"][0][name] != elsewhere["keys"][0][name]
    assert first["keys"][0]["key"] != first["keys"][0]["owner"]


async def test_another_account_has_another_key_on_the_same_computer(clerk: Visitor, town: Town) -> None:
    async with Visitor(town) as other:
        await other.sign_in("counter.330106000")
        theirs = await key_of(other)
    own = await key_of(clerk)
    assert theirs["account"] != own["account"]
    assert {one["key"] for one in theirs["keys"]}.isdisjoint(one["key"] for one in own["keys"])
    assert {one["owner"] for one in theirs["keys"]}.isdisjoint(one["owner"] for one in own["keys"])


@pytest.mark.parametrize("account", [None, "citizen", "officer.amr", "supervisor", "admin"])
async def test_nobody_but_the_counter_is_given_a_key(town: Town, account: str | None) -> None:
    async with Visitor(town) as visitor:
        if account is not None:
            await visitor.sign_in(account)
        answer = await visitor.post(f"{AT}/key", {"device": DEVICE})
    assert answer.status_code == (401 if account is None else 404)
    assert "keys" not in answer.json()


async def test_who_has_signed_out_gets_none(clerk: Visitor) -> None:
    shown = await token(clerk)
    await clerk.post("/sign-out", {"_token": shown})
    answer = await clerk.post(f"{AT}/key", {"_token": shown, "device": DEVICE})
    assert (answer.status_code, list(answer.json())) == (401, ["detail"])


@pytest.mark.parametrize("wrong", ["", "00" * 32])
async def test_a_key_is_given_to_no_other_site(clerk: Visitor, wrong: str) -> None:
    answer = await clerk.post(f"{AT}/key", {"_token": wrong, "device": DEVICE})
    assert answer.status_code == 403
    assert "keys" not in answer.json()


@pytest.mark.parametrize("device", ["", "x", "A" * 32, "../" * 10])
async def test_what_is_no_computer_has_no_key(clerk: Visitor, device: str) -> None:
    answer = await clerk.post(f"{AT}/key", {"_token": await token(clerk), "device": device})
    assert answer.status_code == 422
    assert "keys" not in answer.json()


async def test_a_key_is_kept_by_nobody_and_stands_in_no_log(
    clerk: Visitor, town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    before = town.counts()
    answer = await clerk.post(f"{AT}/key", {"_token": await token(clerk), "device": DEVICE})
    assert answer.headers["cache-control"] == "no-store"
    [own] = answer.json()["keys"]
    logged = "\n".join([caplog.text, *(str(vars(record)) for record in caplog.records)])
    assert own["key"] not in logged
    assert DEVICE not in logged
    assert town.counts() == before


def test_a_key_is_of_each_sealing_key_the_active_one_first() -> None:
    old, new = bytes(range(32)), bytes(range(1, 33))
    before = device_keys(Sealer({"k1": old}, "k1"), "counter", DEVICE)
    after = device_keys(Sealer({"k1": old, "k2": new}, "k2"), "counter", DEVICE)
    assert [one.key_id for one in after] == ["k2", "k1"]
    assert after[1] == before[0], "what was put aside before the change opens after it"
    assert after[0].key != before[0].key
    assert old not in (before[0].key, bytes.fromhex(before[0].owner))


# -- pages of nobody ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [f"{AT}/blank", f"{AT}/forms/newborn", f"{AT}/forms/enterprise-opening"])
async def test_what_browsers_keep_is_of_nobody(clerk: Visitor, path: str) -> None:
    page = await clerk.get(path)
    assert page.status_code == 200
    own = await clerk.get(AT)
    name = re.search(r'<a class="name"[^>]*>(?:<span[^>]*>[^<]*</span>)?([^<]+)</a>', own.text)
    assert name is not None
    for told in (name[1], "_token", "data-account", "data-seconds-left"):
        assert told in own.text
        assert told not in page.text


async def test_a_blank_form_has_all_that_may_be_asked(clerk: Visitor, town: Town) -> None:
    page = (await clerk.get(f"{AT}/forms/newborn")).text
    bundle = (await town.get(None, "/api/bundles/newborn")).json()
    for one in bundle["questions"]:
        assert f'name="/answers/{one["id"]}"' in page
    for one in bundle["form"]:
        assert f'name="/form/{one["id"]}' in page
    for one in bundle["materials"]:
        assert (f'name="_material/{one["code"]}"' in page) == (one["source"] == "applicant")
    assert "联网后核对" in page
    assert "出示原件，核对后退还" in page, "in what form the household booklet is wanted"
    assert "原件已核验，退还本人" in page
    assert "下列材料任选其一：父母共同签名的非婚生育说明、" in page


async def test_the_script_between_pages_and_line_is_the_same_for_all_and_of_the_counter_alone(town: Town) -> None:
    async with Visitor(town) as anybody:
        answer = await anybody.get("/counter/worker.js")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["service-worker-allowed"] == "/counter"


async def test_without_scripts_the_outbox_says_what_it_is(clerk: Visitor) -> None:
    page = (await clerk.get(AT)).text
    assert "由收件的同事本人登录发出" in page
    assert "这个浏览器现在不能离线收件" in page


async def test_signing_out_leaves_what_a_counter_has_put_aside(clerk: Visitor, town: Town) -> None:
    answer = await clerk.post("/sign-out", {"_token": await token(clerk)})
    assert answer.headers["clear-site-data"] == '"cache"'
    async with Visitor(town) as citizen:
        await citizen.sign_in("citizen")
        page = await citizen.get("/my")
        answer = await citizen.post("/sign-out", hidden(page, "/sign-out"))
    assert answer.headers["clear-site-data"] == '"cache", "storage"'


# -- the steps ------------------------------------------------------------------------------------------------------


async def test_each_step_sent_twice_is_done_once(outbox: Outbox, town: Town) -> None:
    drafts = [await outbox.draft() for _ in range(2)]
    assert [one.status_code for one in drafts] == [200, 200], drafts[0].text
    assert drafts[0].json() == drafts[1].json()
    case_no = drafts[0].json()["case_no"]
    for code in ("birth-certificate-paper", "marriage-certificate"):
        files = [await outbox.file(case_no, code, pdf()) for _ in range(2)]
        assert [one.status_code for one in files] == [200, 200], files[0].text
    assert town.rows("select count(*) from material_files where case_no = %s", case_no) == [(2,)]
    slip = town.clock.now() - timedelta(hours=3)
    submissions = [await outbox.submission(case_no, slip) for _ in range(2)]
    assert [(one.status_code, one.json()) for one in submissions] == [(200, {"case_no": case_no})] * 2
    [(kind, event)] = journal(town, case_no)
    assert kind == "submitted"
    assert datetime.fromisoformat(event["received"]["at"]) == slip
    assert town.rows("select count(*) from cases where case_no = %s", case_no) == [(1,)]


async def test_what_may_be_the_same_as_another_one_is_asked_about_before_it_is_sent(outbox: Outbox, town: Town) -> None:
    first = (await outbox.draft()).json()["case_no"]
    assert (await outbox.submission(first, town.clock.now())).status_code == 200
    other = Outbox(outbox.clerk)
    other.looks = False
    case_no = (await other.draft()).json()["case_no"]
    refused = await other.submission(case_no, town.clock.now())
    told = refused.json()
    assert (refused.status_code, first in told["duplicates"]["case_nos"]) == (409, True), refused.text
    assert "可能重复" in told["detail"]
    assert town.rows("select status from cases where case_no = %s", case_no) == [("draft",)]
    not_all = await other.submission(case_no, town.clock.now(), _not_duplicate="330100202601010000001")
    assert not_all.status_code == 409, "what they have not looked at is asked about still"
    looked_at = told["duplicates"]["looked_at"]
    for _ in range(2):
        sent = await other.submission(case_no, town.clock.now(), _not_duplicate=looked_at)
        assert sent.status_code == 200, sent.text
    repeated = await other.submission(case_no, town.clock.now())
    assert repeated.json().get("duplicates") is None, "what is sent is asked about no more"


async def test_the_clock_of_acceptance_starts_with_the_slip(outbox: Outbox, town: Town) -> None:
    """行政许可法 Art. 32: five days from receipt."""
    due = []
    for number, ago in enumerate((timedelta(0), timedelta(days=20))):
        draft = await outbox.draft(_key=f"{number}" * 32)
        case_no = draft.json()["case_no"]
        answer = await outbox.submission(case_no, town.clock.now() - ago, _key=f"{number}" * 32)
        assert answer.status_code == 200, answer.text
        due.append([kind for kind, _ in journal(town, case_no)])
    assert due[0] == ["submitted"]
    assert due[1][:2] == ["submitted", "deemed_accepted"], "the five days had passed (Art. 32)"


@pytest.mark.parametrize("ago", [timedelta(days=32), -timedelta(hours=2)])
async def test_a_slip_of_more_than_31_days_ago_or_of_tomorrow_is_sent_back(
    outbox: Outbox, town: Town, ago: timedelta
) -> None:
    case_no = (await outbox.draft()).json()["case_no"]
    answer = await outbox.submission(case_no, town.clock.now() - ago)
    assert answer.status_code == 422
    assert "设备" in answer.json()["fields"][0]["detail"] or "收件时间" in answer.json()["fields"][0]["detail"]
    assert journal(town, case_no) == []


async def test_a_draft_whose_number_never_came_back_is_gone_on_with(outbox: Outbox, town: Town) -> None:
    """The form had begun to save itself; more was typed after the line was cut."""
    first = await outbox.draft(**{"/applicant/phone": "13900000000"})
    second = await outbox.draft()
    assert second.status_code == 200, second.text
    assert second.json() == {"case_no": first.json()["case_no"], "version": 2}
    view = (await town.get("counter", f"/api/cases/{second.json()['case_no']}")).json()
    assert view["applicant"]["phone"].endswith(people.ZHANG.phone[-4:])


async def test_the_form_itself_goes_on_with_it_too(clerk: Visitor) -> None:
    """As a page that saves itself sends it."""
    fields = hidden(await clerk.get(NEW), NEW) | birth_fields()
    numbers = []
    for phone in ("13900000000", "13900000001"):
        answer = await clerk.post(NEW, fields | {"/applicant/phone": phone})
        assert answer.status_code == 303, answer.text
        numbers.append(answer.headers["location"].partition("draft=")[2])
    assert numbers[0] == numbers[1]


async def test_a_change_whose_answer_was_lost_may_be_sent_again(outbox: Outbox) -> None:
    case_no = (await outbox.draft()).json()["case_no"]
    change = {"_draft": case_no, "_version": "1", "/applicant/phone": "13900000000", "_key": "1" * 32}
    answers = [await outbox.draft(**change) for _ in range(2)]
    assert [(one.status_code, one.json().get("version")) for one in answers] == [(200, 2), (200, 2)]


async def test_a_draft_that_was_changed_elsewhere_is_not_overwritten(outbox: Outbox) -> None:
    case_no = (await outbox.draft()).json()["case_no"]
    change = {"_draft": case_no, "_version": "1"}
    assert (await outbox.draft(**change, **{"/form/child_name": "张大满"}, _key="1" * 32)).status_code == 200
    refused = await outbox.draft(**change, **{"/form/child_name": "张中满"}, _key="2" * 32)
    assert refused.status_code == 412
    stands = refused.json()["stands"]
    assert (stands["case_no"], stands["status"], stands["version"]) == (case_no, "draft", 2)
    assert len(stands["differs"]) == 1
    assert "张" not in str(stands), "what differs is named, not quoted"
    again = await outbox.draft(_draft=case_no, _version="2", **{"/form/child_name": "张中满"}, _key="2" * 32)
    assert again.status_code == 200


async def test_case_13_what_was_submitted_elsewhere_meanwhile_says_what_stands(outbox: Outbox, town: Town) -> None:
    case_no = (await outbox.draft()).json()["case_no"]
    submitted = await town.post("counter", f"/api/cases/{case_no}/submit")
    assert submitted.status_code == 200, submitted.text
    before = journal(town, case_no)
    slip = town.clock.now()
    for refused in (
        await outbox.draft(_draft=case_no, _version="1", _key="1" * 32),
        await outbox.submission(case_no, slip, _key="1" * 32),
    ):
        assert refused.status_code == 409, refused.text
        assert refused.json()["stands"]["case_no"] == case_no
        assert refused.json()["stands"]["name"] == "已提交"
    assert journal(town, case_no) == before


async def posted(clerk: Visitor, fields: dict[str, Any]) -> httpx.Response:
    """By a clerk who has looked at those of other tests that may be the same."""
    answer = await clerk.post(NEW, fields)
    looked_at = re.search(r'name="_not_duplicate" value="([^"]+)"', answer.text)
    return await clerk.post(NEW, {**fields, "_not_duplicate": looked_at[1]}) if looked_at else answer


async def test_what_the_forms_button_has_submitted_is_not_submitted_again(
    clerk: Visitor, outbox: Outbox, town: Town
) -> None:
    """Only its answer was lost: the outbox sends it with the same key, and the time of its slip."""
    fields = {
        **hidden(await clerk.get(NEW), NEW),
        **birth_fields(),
        "_key": outbox.key,
        "_do": "submit",
        "_put_aside": "1",
    }
    pressed = await posted(clerk, fields)
    assert pressed.status_code == 303, pressed.text
    path, _, mark = pressed.headers["location"].partition("#")
    assert mark == f"arrived-{outbox.key}"
    case_no = path.rpartition("/")[2]
    before = journal(town, case_no)
    draft = await outbox.draft()
    assert (draft.status_code, draft.json()["case_no"]) == (200, case_no), draft.text
    sent = await outbox.submission(case_no, town.clock.now() - timedelta(minutes=5))
    assert (sent.status_code, sent.json()) == (200, {"case_no": case_no}), sent.text
    assert journal(town, case_no) == before


async def test_a_form_that_was_not_put_aside_leaves_no_mark(clerk: Visitor) -> None:
    answer = await posted(clerk, {**hidden(await clerk.get(NEW), NEW), **birth_fields(), "_do": "submit"})
    assert "#" not in answer.headers["location"]


async def test_a_form_that_is_refused_names_the_key_under_which_it_was_put_aside(
    clerk: Visitor, outbox: Outbox
) -> None:
    page = await clerk.get(NEW)
    fields = hidden(page, NEW) | birth_fields(**{"/form/born_on": "昨天"}) | {"_key": outbox.key, "_do": "submit"}
    refused = await clerk.post(NEW, fields)
    assert refused.status_code == 422
    assert f'data-refused="{outbox.key}"' in refused.text
    assert "data-refused" not in page.text


async def test_a_step_of_somebody_elses_is_refused(town: Town, outbox: Outbox) -> None:
    case_no = await acts.draft(town)
    slip = town.clock.now()
    file = await outbox.file(case_no, "birth-certificate-paper", pdf())
    assert file.status_code in (403, 404)
    assert (await outbox.submission(case_no, slip)).status_code in (403, 404)
    assert (await outbox.draft(_draft=case_no, _version="1")).status_code in (403, 404)


async def test_what_was_submitted_under_its_key_and_typed_on_meanwhile_says_what_stands(
    outbox: Outbox, town: Town
) -> None:
    """Its number never reached the form, which was gone back to: without it the entry would stay for ever."""
    case_no = (await outbox.draft()).json()["case_no"]
    assert (await outbox.submission(case_no, town.clock.now())).status_code == 200
    refused = await outbox.draft(**{"/form/child_name": "张后来"})
    assert refused.status_code == 409, refused.text
    assert (refused.json()["stands"] or {}).get("case_no") == case_no


@pytest.mark.parametrize("account", ["counter.330106000", ""])
async def test_what_one_clerk_put_aside_is_not_sent_by_who_is_signed_in_by_now(
    town: Town, outbox: Outbox, account: str
) -> None:
    """The page of the one is still open, and sends with the session of the other."""
    case_no = (await outbox.draft()).json()["case_no"]
    before = town.counts()
    async with Visitor(town) as other:
        await other.sign_in(account or "counter")
        outbox.account = (await key_of(other))["account"] if account else ""
    for answer in (
        await outbox.draft(),
        await outbox.file(case_no, "birth-certificate-paper", pdf()),
        await outbox.submission(case_no, town.clock.now()),
    ):
        assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")
    after = town.counts()
    assert {table for table in after if after[table] != before[table]} <= {"page_sessions", "access_log"}


async def test_a_form_that_can_not_be_read_is_sent_back_with_what_is_wrong(outbox: Outbox, town: Town) -> None:
    before = town.counts()
    answer = await outbox.draft(**{"/applicant/id_number": ""})
    assert answer.status_code == 422
    assert answer.json()["fields"][0]["pointer"] == "/applicant/id_number"
    assert town.counts() == before


async def test_the_query_code_reaches_the_receipt(clerk: Visitor, outbox: Outbox, town: Town) -> None:
    case_no = (await outbox.draft()).json()["case_no"]
    await outbox.submission(case_no, town.clock.now())
    page = await clerk.get(f"/counter/receipt/{case_no}")
    assert "收件时已经告知" not in page.text


async def test_what_waits_in_browsers_is_told_by_age_and_number(clerk: Visitor, town: Town) -> None:
    before = await scraped(town)
    own = {"_token": await token(clerk)}
    for entries, oldest_s in (("3", "7200"), ("1", "20")):
        answer = await clerk.post(f"{AT}/waiting", own | {"entries": entries, "oldest_s": oldest_s})
        assert (answer.status_code, answer.json()) == (200, {})
    now = await scraped(town)

    def more(name: str) -> float:
        return now[name] - before.get(name, 0)

    assert [more(f"onething_outbox_{name}") for name in ("entries_count", "entries_sum", "age_seconds_sum")] == [
        2, 4, 7220,
    ]  # fmt: skip
    assert more('onething_outbox_age_seconds_bucket{le="3600.0"}') == 1
    assert more('onething_outbox_age_seconds_bucket{le="14400.0"}') == 2


@pytest.mark.parametrize("said", [{}, {"entries": "1", "oldest_s": "-1"}, {"entries": "许多", "oldest_s": "1" * 9}])
async def test_what_is_no_number_is_not_counted(clerk: Visitor, town: Town, said: dict[str, str]) -> None:
    before = await scraped(town)
    answer = await clerk.post(f"{AT}/waiting", {"_token": await token(clerk), **said})
    assert answer.status_code == 422
    assert (await clerk.post(f"{AT}/waiting", {"entries": "1", "oldest_s": "1"})).status_code == 403
    name = "onething_outbox_entries_count"
    assert (await scraped(town)).get(name) == before.get(name)
