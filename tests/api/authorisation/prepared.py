"""The town of the table: its definitions, and one case for each state and for whatever an act needs beside it."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson

from definitions.loader import FOLDER
from onething.security.signed_calls import sign
from tests.api import acts
from tests.api.authorisation.callers import BY_HEAD, LOCKED_OUT
from tests.api.conftest import built
from tests.api.forms import approval, opening_with_papers
from tests.api.lawful import HEARING, PAUSES, task
from tests.api.outside import with_compared_premises
from tests.api.test_prefills import event, told
from tests.api.town import Town
from tests.support import people
from tests.support.files import pdf
from tests.support.servers import PostgresServer

COMPANY, ADDRESS, PHONE = "杭州䶮𠮷金丝雀有限公司", "浙江省杭州市西湖区金丝雀路８号", "13911122233"
CANARIES = (COMPANY, ADDRESS, PHONE, people.ZHANG.name, people.ZHANG.id_number, people.LI.id_number)
"""Stand in every case."""

PREMISES, REGISTER = "address-check", "standard-address"
LEASE, FILE, PAPER = "premises-lease", "articles", "appointment-documents"
PDF = pdf("articles of association")
SEEN = {FILE: 1, PAPER: 1}
"""What whoever decides the registration has looked at."""
PARTS = "multipart/form-data; boundary=b"
WITH_FILE = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n' + (
    b"Content-Type: application/pdf\r\n\r\n" + pdf("again") + b"\r\n--b--\r\n"
)
URGED, BAD, FOUND = {"text": "请尽快"}, {"grade": 1, "tags": ["slow"]}, {"kept": False, "finding": "租期已经届满"}
LOOKED_AT = {
    "materials": [
        {"code": FILE, "verdict": "fine", "digest": sha256(PDF).hexdigest()},
        {"code": PAPER, "verdict": "missing"},
    ],
    "on": "2026-03-09",
    "outlet": "330109115",
}
_RECORD = {"standard_address": ADDRESS, "address_code": "330106001", "usage": "商业", "disputed": False}
_OTHER = _RECORD | {"standard_address": "杭州市西湖区文一西路11号"}
_LATER = timedelta(days=1)  # by then the mandate of `ag-x` has expired
_PROMISE = "{check: all, check_days: 10, basis: {title: 当地告知承诺办法, assumed: true}}"

_OUTLETS = """outlets:
  "330109115":
    name: 镇便民服务中心
    region: "330100"
    kind: town
    address: 街 8 号
    hours: [{weekdays: [mon], times: ["08:30-11:30"]}]
"""


_ANNOUNCED = """\
periods:
  - code: public-notice
    name: 设立公告
    kind: notice
    department: amr
    after: [registration]
    length: {amount: 20, unit: calendar_day, for: person, basis: {title: 《测试条例》, article: 第四条}}
    when: '"bank" in answers.services'
"""


_INSPECTED = """\
inspections:
  - code: site
    name: 现场联合查验
    kind: check
    lead: amr
    items: [social-insurance, seal]
    slots: {offered: 1, within: {amount: 5, unit: working_day, for: office, basis: assumed}}
    officers: 1
    limit: {amount: 5, unit: working_day, for: office, basis: assumed}
    rectify:
      within: {amount: 10, unit: calendar_day, for: person, basis: assumed}
      rechecks: 1
    when: '"housing_fund" in answers.services'
    basis: [{title: 《测试办法》, article: 第五条}]
"""
INSPECTED, MOVED = date(2026, 3, 3), date(2026, 3, 4)  # the day on which cases are under way, and the next


def definitions(folder: Path) -> Path:
    """The plain opening with what acts need: its registration may be suspended, the premises are compared and may be
    looked up by hand, the lease may be promised, the tax office's own system decides, and a bank waits for a notice."""
    file = with_compared_premises(folder) / "catalog" / "enterprise-opening" / "v1.yaml"
    text = file.read_text(encoding="utf-8")
    for before, after in (
        ("\nquestions:\n", "\nclocks: {joint: true}\n\nquestions:\n"),
        ("    on_refusal: stop\n", f"    on_refusal: stop\n{PAUSES}"),
        (
            "fallback: premises-certificate\n",
            "fallback: {kind: manual_check, days: 2, material: premises-certificate}\n",
        ),
        ("    name: 房屋租赁合同\n", f"    name: 房屋租赁合同\n    commitment: {_PROMISE}\n"),
        (
            "    name: 税务信息确认与发票领用\n",
            "    name: 税务信息确认与发票领用\n    handling: system\n    patience_minutes: 120\n",
        ),
        ("\nitems:\n", f"\n{_ANNOUNCED}{_INSPECTED}items:\n"),
        ("    name: 银行预约开户\n", "    name: 银行预约开户\n    after: [public-notice]\n"),
    ):
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    file.write_text(text, encoding="utf-8")
    (folder / "outlets.yaml").write_text(_OUTLETS, encoding="utf-8")
    died = Path("catalog") / "death-deregistration"  # which an event prefills
    shutil.copytree(FOLDER / died, folder / died)
    (folder / "events").mkdir()
    shutil.copy(FOLDER / "events" / "death-certificate.yaml", folder / "events")
    return folder


def application(**changes: Any) -> dict[str, Any]:
    """By the applicant of all cases; names another person, and promises the lease."""
    whole = opening_with_papers(FILE, PAPER)
    officer = {"finance_officer_name": people.LI.name, "finance_officer_id": people.LI.id_number}
    said = {"company_name": COMPANY, "address": ADDRESS, "liaison_phone": PHONE}
    return whole | {"commitments": [LEASE], "form": whole["form"] | officer | said} | changes


@dataclass
class Prepared:
    """`cases`: what the cases are for → what paths, queries and bodies say of each. `known`: what they say of the rest,
    by the name of the parameter; `instead`: what they say of it to this operation."""

    town: Town
    cases: dict[str, dict[str, Any]] = field(default_factory=dict)
    known: dict[str, Any] = field(default_factory=dict)
    instead: dict[str, dict[str, Any]] = field(default_factory=dict)


@asynccontextmanager
async def prepared(server: PostgresServer, template: str, folder: Path) -> AsyncIterator[Prepared]:
    """A town of its own. Nothing in it changes any more, if rights are as they should be."""
    async with built(server, template, definitions(folder)) as town:
        made = Prepared(town)
        await _people(made)
        await _before_acceptance(made)
        await _under_way(made)
        await _ended(made)
        for name in ("draft", "submitted", "running", "closed"):
            await _told(made, name)
        made.known |= {
            "number": acts.certificate_no(town, _no(made, "closed")),
            "source_key": await _key(town, _no(made, "submitted"), PREMISES),
            "order_key": await _key(town, _no(made, "decided"), "tax"),
        }
        yield made


async def _people(made: Prepared) -> None:
    """Mandates, a lockout, a subscription, a view that an officer saved, an application that an event prefilled, and a
    visit that was badly rated."""
    town = made.town
    mandate = {"giver": people.ZHANG.named, "agent_name": "王帮办", "kind": "helper", "expires_on": "2026-06-30"}
    given: dict[str, str] = {}
    for head, changes in {"agnt": {}, "ag-r": {}, "ag-x": {"expires_on": "2026-03-02"}}.items():
        answer = await _post(town, "citizen", "/api/mandates", mandate | {"agent": BY_HEAD[head].subject} | changes)
        given[head] = answer["id"]
    await _post(town, "citizen", f"/api/mandates/{given['ag-r']}/revoke")
    town.clock.move(_LATER)
    await _post(town, "admin", "/api/lockouts", {"subject": BY_HEAD[LOCKED_OUT].subject, "reason": "调离"})
    subscription = {"url": "https://example.org/hook", "types": ["onething.case.*"]}
    told_of = await _post(town, "admin", "/api/subscriptions", subscription)
    view = await _post(town, "officer.amr", "/api/views", {"name": "今天", "filter": {"due": "today"}})
    phrase = await _post(town, "officer.amr", "/api/phrases", {"text": "同意"})
    codes, visits = await _visits(town)
    await _post(town, "supervisor", f"/api/supervision/visits/{visits[1]}/contact", {"text": "已核实"})
    made.instead["POST /api/supervision/visits/{visit}/rectify"] = {"visit": visits[1]}
    made.known |= {
        "visit": visits[0],
        "visit_code": codes[2],
        "mandate": given["agnt"],
        "phrase": str(phrase["id"]),
        "view": str(view["id"]),
        "subscription": told_of["id"],
        "prefill": await told(town, event("matrix")),
        "since": town.clock.now().isoformat().replace("+", "%2B"),
    }


async def _visits(town: Town) -> tuple[list[str], list[str]]:
    """Codes of three, and the first two of them as they were badly rated."""
    codes, visits = [], []
    for rated in (True, True, False):
        case_no = await acts.open_case(town, "counter")
        codes.append((await town.get("counter", f"/api/cases/{case_no}/visit-code")).json()["code"])
        if rated:
            await town.post(None, "/api/visits/rating", {"code": codes[-1], "grade": 1})
            rows = (await town.get("supervisor", "/api/supervision/ratings")).json()["items"]
            visits.append(str(next(row["visit"] for row in rows if row["case_no"] == case_no)))
    return codes, visits


async def _before_acceptance(made: Prepared) -> None:
    town, writer = made.town, BY_HEAD["draf"]
    as_writer = people.bearer(writer.token(town.context) or "")
    draft = await _post(town, writer.account or "", "/api/cases", application(submit=False), headers=as_writer)
    made.cases["draft"] = {"case_no": draft["case_no"]}
    await _upload(town, draft["case_no"], as_writer)
    await _looked_at(made)
    await _opened(made, "submitted")
    await _opened(made, "announced", received=False)
    another = {"representative_name": people.LI.name, "representative_id": people.LI.paper}
    await _opened(made, "of a party", received=False, form=application()["form"] | another)
    case = await _opened(made, "correcting")
    items = [{"pointer": "/form/liaison_phone", "what": "电话打不通"}]
    await _post(town, "counter", f"/api/cases/{case}/corrections", {"items": items})


async def _looked_at(made: Prepared) -> None:
    """Drafts as that one, which a counter is asked to look at: one waits, of one the counter has said what to bring."""
    town, writer = made.town, BY_HEAD["draf"]
    as_writer = people.bearer(writer.token(town.context) or "")
    for name in ("asked", "looked at"):
        account = writer.account or ""
        case = str((await _post(town, account, "/api/cases", application(submit=False), headers=as_writer))["case_no"])
        await _upload(town, case, as_writer)
        await _post(town, "citizen", f"/api/cases/{case}/precheck")
        made.cases[name] = {"case_no": case}
    await _post(town, "counter", f"/api/prechecks/{case}/answer", LOOKED_AT)
    made.cases["looked at"]["code"] = (await town.get("citizen", f"/api/cases/{case}/precheck")).json()["code"]


async def _under_way(made: Prepared) -> None:
    town = made.town
    await _accepted(made, "running")
    case = await _accepted(made, "busy")
    for who, where, body in (
        ("officer.amr", f"{task(case)}/claim", None),
        ("officer.amr", f"{task(case)}/consult", {"departments": ["psb"], "question": "问题", "days": 1}),
        ("officer.amr", f"{task(case)}/inspect", {"on": f"{town.clock.now():%Y-%m-%d}"}),
        ("citizen", f"/api/cases/{case}/urge", URGED),
        ("supervisor", f"/api/cases/{case}/supervise", {"text": "请说明进展"}),
    ):
        await _post(town, who, where, body)
    await _post(town, "officer.amr", f"{task(await _accepted(made, 'suspended'))}/suspend", HEARING)
    demand = {"materials": [FILE], "what": "不清晰"}
    await _post(town, "officer.amr", f"{task(await _accepted(made, 'demanding'))}/correction", demand)
    await acts.approve(town, await _accepted(made, "decided"), "registration")
    whole = application()
    with_bank = {
        "answers": whole["answers"] | {"services": ["seal", "tax", "bank"]},
        "form": whole["form"] | {"bank_outlet": "示例银行西湖支行", "account_purpose": "basic"},
    }
    await acts.approve(town, await _accepted(made, "noticed", **with_bank), "registration")
    await _inspected(made)
    case = await _opened(made, "by hand")
    await town.refuse_fetch(case, PREMISES)
    await _all_fetched(town, case)
    case = await _opened(made, "differing")
    body = {"key": await _key(town, case, PREMISES), "record": _OTHER, "as_of": "2026-03-02T00:00:00+08:00"}
    await _signed(town, f"/api/callbacks/sources/{REGISTER}", body)
    await _all_fetched(town, case)


async def _inspected(made: Prepared) -> None:
    """Cases whose departments look together, each a step further."""
    town, whole = made.town, application()
    said = {
        "answers": whole["answers"] | {"services": ["seal", "tax", "social_insurance", "housing_fund"]},
        "form": whole["form"] | {"employees": 3, "insured_from": "2026-03-02", "housing_fund_ratio": 8},
    }
    day = f"{INSPECTED:%Y-%m-%d}"
    steps: tuple[tuple[str, tuple[tuple[str, str, Any], ...]], ...] = (
        ("inspected", ()),
        ("days offered", (("officer.amr", "inspections/site/days", {"days": [day]}),)),
        ("day chosen", (("citizen", "inspections/site/choice", {"on": day}),)),
        (
            "inspected on a day",
            (
                ("officer.hrss", "items/social-insurance/inspection", {"officers": 1, "points": ["缺名册"]}),
                ("officer.psb", "items/seal/inspection", {"officers": 1}),
            ),
        ),
        ("listed", (("officer.amr", "inspections/site/list", None),)),
    )
    for n, (name, _) in enumerate(steps, start=1):
        case = await _accepted(made, name, **said)
        await acts.approve(town, case, "registration")
        for who, where, body in (one for _, all_ in steps[:n] for one in all_):
            await _post(town, who, f"/api/cases/{case}/{where}", body)


async def _ended(made: Prepared) -> None:
    town = made.town
    for name in ("closed", "rated", "answered", "broken", "refused"):
        case = await _accepted(made, name)
        await acts.approve(town, case, "registration")
        if name == "refused":
            task = f"/api/tasks/{case}-seal-1"
            await _post(town, "officer.psb", f"{task}/decide", {"outcome": "out_of_scope", "opinion": "印模不符"})
        else:
            await acts.approve(town, case, "seal")
        decision = {"outcome": "approve", "opinion": "符合条件", "outputs": approval("tax", case)}
        await _signed(town, "/api/callbacks/tax", {"key": await _key(town, case, "tax"), **decision})
        await town.finish(case)
    for name in ("rated", "answered"):
        await _post(town, "citizen", f"/api/cases/{_no(made, name)}/rating", BAD)
    await _post(town, "counter", f"/api/cases/{_no(made, 'answered')}/rating/contact", {"text": "已电话致歉"})
    await _post(town, "officer.amr", f"/api/cases/{_no(made, 'broken')}/commitments/{LEASE}/check", FOUND)


async def _opened(made: Prepared, name: str, *, received: bool = True, **changes: Any) -> str:
    """Submitted by the applicant, with a file, and a paper that the counter has received."""
    town = made.town
    case = str((await _post(town, "citizen", "/api/cases", application(submit=False, **changes)))["case_no"])
    await _upload(town, case, people.bearer(town.token("citizen")))
    await _post(town, "citizen", f"/api/cases/{case}/submit")
    if received:
        await acts.hand_in(town, case, PAPER)
    made.cases[name] = {"case_no": case}
    return case


async def _accepted(made: Prepared, name: str, **changes: Any) -> str:
    case = await _opened(made, name, **changes)
    await made.town.record(case, PREMISES, {"record": _RECORD, "as_of": "2026-03-02T00:00:00Z"})
    await _all_fetched(made.town, case)
    await _post(made.town, "counter", f"/api/cases/{case}/accept")
    return case


async def _all_fetched(town: Town, case: str) -> None:
    for command in (await town.commands(case, "fetch_record")).values():
        if command.target != PREMISES:
            await town.record(case, command.target, {"record": {"found": "x"}, "as_of": "2026-03-02T00:00:00Z"})


async def _told(made: Prepared, name: str) -> None:
    """What the applicant is told: query code, version of the draft, number of a letter."""
    town, case = made.town, made.cases[name]
    path = f"/api/cases/{case['case_no']}"
    case["code"] = (await _post(town, "citizen", f"{path}/query-code"))["query_code"]
    case["version"] = (await town.get("citizen", path)).headers.get("etag", '"1"')
    found = (await town.get("citizen", f"{path}/documents")).json()["letters"]
    case["letter"] = found[0]["id"] if found else 1


async def _key(town: Town, case: str, target: str) -> str:
    """By which a source or system calls back about its open command."""
    [command] = [name for name, one in (await town.commands(case)).items() if one.target == target]
    return f"{case}/1/{command}"


async def _upload(town: Town, case: str, headers: dict[str, str]) -> None:
    files = {"file": ("a.pdf", PDF, "application/pdf")}
    answer = await town.client().put(f"/api/cases/{case}/materials/{FILE}", files=files, headers=headers)
    assert answer.status_code == 201, answer.text


async def _signed(town: Town, path: str, body: Any) -> None:
    raw = orjson.dumps(body)
    headers = sign(b"b" * 32, "call", int(town.clock.now().timestamp()), raw)
    answer = await town.client().post(path, content=raw, headers={"Content-Type": "application/json", **headers})
    assert answer.status_code == 200, answer.text


async def _post(town: Town, who: str, path: str, body: Any = None, **how: Any) -> dict[str, Any]:
    answer = await town.post(who, path, body, **how)
    assert answer.status_code in (200, 201), (who, path, answer.text)
    done: dict[str, Any] = answer.json()
    return done


def _no(made: Prepared, name: str) -> str:
    return str(made.cases[name]["case_no"])
