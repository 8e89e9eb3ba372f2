"""What is sent to each operation: right in itself, so that whoever may do it does it in one of the states."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from tests.api.authorisation import prepared
from tests.api.authorisation.callers import Caller
from tests.api.authorisation.prepared import BAD, FILE, FOUND, LEASE, PREMISES, REGISTER, URGED
from tests.api.forms import approval, opening
from tests.api.lawful import HEARING
from tests.api.test_prefills import event
from tests.support import people

JSON, EVENT, FORM = "application/json", "application/cloudevents+json", "application/x-www-form-urlencoded"

Body = Callable[[Caller, Mapping[str, Any]], Any]
"""Of the caller, and of what is known of the case and the rest, what is sent."""


@dataclass(frozen=True)
class Operation:
    """`name`: as OpenAPI has it, and a word more where it is asked for in several ways. `where`: state → another case
    than the usual one of that state; `known`: what its path says otherwise. `secret`: of who signs it."""

    name: str
    body: Any = None
    query: str = ""
    where: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    known: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    task: str = "registration-1"
    media_type: str = JSON
    secret: bytes | None = None

    @property
    def route(self) -> str:
        return " ".join(self.name.split(" ")[:2])

    @property
    def method(self) -> str:
        return self.name.split(" ")[0]

    @property
    def path(self) -> str:
        return self.name.split(" ")[1]

    @property
    def is_about_a_case(self) -> bool:
        return "{case_no}" in self.path or "{task_id}" in self.path

    def sent(self, caller: Caller, told: Mapping[str, Any]) -> Any:
        return self.body(caller, told) if callable(self.body) else self.body


def _operation(name: str, body: Any = None, **how: Any) -> Operation:
    return Operation(name, body, **how)


def _inspection(end: str, body: Any, running: str) -> Operation:
    name = f"POST /api/cases/{{case_no}}/inspections/{{inspection}}/{end}"
    return _operation(name, body, known={"inspection": "site"}, where={"running": running})


_NUMBER = people.ZHANG.id_number
_APPROVES = {"outcome": "approve", "opinion": "符合条件"}
_TIME = {"days": 3, "reason": "案情复杂"}
_ON = "2026-03-03"
_MANDATE = {
    "giver": people.ZHANG.named,
    "agent": "agent",
    "agent_name": "王帮办",
    "kind": "helper",
    "expires_on": "2026-04-30",
}
_CALLED = {"text": "已电话致歉，说明原因"}
_BUSY, _BY_HAND = {"running": "busy"}, {"running": "by hand"}
_ASKED, _LOOKED_AT = {"draft": "asked"}, {"draft": "looked at"}


def _application(submit: bool) -> Body:
    """A counter has seen whom it takes it from."""
    return lambda caller, _: prepared.application(submit=submit, **({"seen": people.SEEN} if caller.is_counter else {}))


def _search(**more: Any) -> Body:
    """By the applicant's number; who works for an office says why."""
    return lambda caller, _: (
        {"id_number": _NUMBER, **more} | ({"reason": "本人到窗口查询进度"} if caller.works_for_an_office else {})
    )


OPERATIONS = (
    # what anybody may know
    _operation("GET /api/bundles"),
    _operation("GET /api/outlets"),
    _operation("GET /api/bundles/{code}", known={"code": "enterprise-opening"}),
    _operation(
        "GET /api/bundles/{code}/places/{region}", known={"code": "enterprise-opening", "region": people.REGION}
    ),
    _operation(
        "POST /api/bundles/{code}/plan", {"answers": opening()["answers"]}, known={"code": "enterprise-opening"}
    ),
    _operation(
        "POST /api/bundles/{code}/plan number",
        lambda caller, told: {"answers": opening()["answers"]} | _search()(caller, told),
        known={"code": "enterprise-opening"},
    ),
    _operation("GET /api/progress/{case_no}", query="code={code}"),
    _operation("GET /api/certificates/{number}/verify"),
    _operation("POST /api/visits/rating", lambda _, told: {"code": told["visit_code"], "grade": 5}),
    _operation("GET /healthz"),
    _operation("GET /readyz"),
    _operation("GET /metrics"),
    # signing in and out
    _operation(f"POST {people.SIGN_IN_PATH}", urlencode(people.credentials("citizen")).encode(), media_type=FORM),
    _operation("POST /api/auth/sign-out"),
    _operation("GET /api/lockouts"),
    _operation("GET /api/me/notices"),
    _operation("GET /api/me/asked"),
    _operation("GET /api/me/access"),
    _operation("GET /api/bundles/{code}/begun", known={"code": "enterprise-opening"}),
    _operation("POST /api/lockouts", {"subject": "somebody", "reason": "调离"}),
    _operation("POST /api/lockouts/lift", {"subject": "locked-out"}),
    # cases: applying and reading
    _operation("POST /api/cases", _application(submit=True)),
    _operation("POST /api/cases draft", _application(submit=False)),
    _operation("GET /api/cases"),
    _operation("GET /api/cases to-confirm", query="to_confirm=true"),
    _operation("POST /api/cases/search", _search()),
    _operation("GET /api/cases/{case_no}"),
    _operation("GET /api/cases/{case_no}/timeline"),
    _operation("GET /api/cases/{case_no}/clocks"),
    _operation("GET /api/cases/{case_no}/events"),
    *(
        _operation(f"GET /api/stream {topic.partition(':')[0]}", query=f"topics={topic}")
        for topic in ("inbox", "board", "mine", "queue:amr")
    ),
    _operation("GET /api/cases/{case_no}/documents"),
    _operation("GET /api/cases/{case_no}/documents/{letter}"),
    _operation("GET /api/cases/{case_no}/documents/{letter}.pdf"),
    _operation("GET /api/deliveries"),
    _operation(
        "POST /api/cases/{case_no}/documents/{letter}/deliveries", {"channel": "counter", "outcome": "handed_over"}
    ),
    _operation("POST /api/cases/{case_no}/delivery", {"method": "counter"}),
    _operation("GET /api/cases/{case_no}/materials/{code}", known={"code": FILE}),
    _operation("GET /api/cases/{case_no}/materials/{code}/pages/{page}", known={"code": FILE, "page": "1"}),
    _operation(
        "PUT /api/cases/{case_no}/materials/{code}", prepared.WITH_FILE, known={"code": FILE}, media_type=prepared.PARTS
    ),
    _operation("PATCH /api/cases/{case_no}", lambda *_: {"form": prepared.application()["form"]}),
    _operation("DELETE /api/cases/{case_no}"),
    _operation("POST /api/cases/{case_no}/submit"),
    _operation("POST /api/cases/{case_no}/query-code"),
    _operation(
        "POST /api/cases/{case_no}/supplement",
        {"form": {"liaison_phone": "13900000001"}},
        where={"submitted": "correcting"},
    ),
    _operation("POST /api/cases/{case_no}/withdraw"),
    # cases: at the counter, and whose items they are
    _operation("POST /api/cases/{case_no}/papers", {"materials": [prepared.PAPER]}, where={"submitted": "announced"}),
    _operation("POST /api/cases/{case_no}/accept"),
    _operation("POST /api/cases/{case_no}/take-in", where={"submitted": "announced"}),
    *(
        _operation(
            f"POST /api/cases/{{case_no}}/parties/{{party}}/{answer}",
            where={"submitted": "of a party"},
            known={"party": "representative"},
        )
        for answer in ("confirm", "decline")
    ),
    _operation("POST /api/cases/{case_no}/reject", {"reason": "不属于本机关职权范围", "basis": "行政许可法第三十二条"}),
    _operation(
        "POST /api/cases/{case_no}/corrections", {"items": [{"pointer": "/form/liaison_phone", "what": "电话打不通"}]}
    ),
    _operation("POST /api/cases/{case_no}/data/{data}/retry", known={"data": PREMISES}),
    _operation(
        "POST /api/cases/{case_no}/commitments/{code}/check", FOUND, known={"code": LEASE}, where={"running": "decided"}
    ),
    _operation(
        "POST /api/cases/{case_no}/items/{item}/review",
        {"reason": "核验有误"},
        known={"item": "registration"},
        where={"running": "decided"},
    ),
    _operation(
        "POST /api/cases/{case_no}/periods/{period}",
        {"what": "有异议"},
        known={"period": "public-notice"},
        where={"running": "noticed"},
    ),
    _inspection("days", {"days": [f"{prepared.INSPECTED:%Y-%m-%d}"]}, "inspected"),
    _inspection("choice", {"none_fits": True}, "days offered"),
    _inspection("day", {"on": f"{prepared.MOVED:%Y-%m-%d}"}, "days offered"),
    _inspection("list", None, "inspected on a day"),
    _inspection("rectified", {"what": "已改好"}, "listed"),
    _operation(
        "POST /api/cases/{case_no}/items/{item}/inspection",
        {"officers": 1},
        known={"item": "seal"},
        where={"running": "day chosen"},
    ),
    _operation(
        "POST /api/cases/{case_no}/items/{item}/reissue",
        {"why": "lost", "reason": "遗失"},
        known={"item": "registration"},
    ),
    _operation(
        "POST /api/cases/{case_no}/reopen",
        {"items": ["seal"], "basis": "杭政复〔2026〕12号", "reason": "复议"},
        where={"closed": "refused"},
    ),
    # cases: time, urging, rating
    _operation("POST /api/cases/{case_no}/extend", _TIME),
    _operation("POST /api/cases/{case_no}/urge", URGED),
    _operation("POST /api/cases/{case_no}/urge/answer", {"text": "明日办结"}, where=_BUSY),
    _operation("POST /api/cases/{case_no}/supervise", {"text": "请说明进展"}),
    _operation("POST /api/cases/{case_no}/supervise/answer", {"text": "已在办理"}, where=_BUSY),
    _operation("POST /api/cases/{case_no}/rating", BAD),
    _operation("POST /api/cases/{case_no}/rating/contact", _CALLED, where={"closed": "rated"}),
    _operation("POST /api/cases/{case_no}/rating/rectify", _CALLED, where={"closed": "answered"}),
    # tasks
    _operation("GET /api/tasks"),
    _operation("GET /api/tasks registering", query="department=amr"),
    _operation("POST /api/tasks/search", _search()),
    _operation("GET /api/tasks/{task_id}/note"),
    _operation("PUT /api/tasks/{task_id}/note", {"text": "已电话核实", "version": 0}),
    _operation("GET /api/views"),
    _operation("POST /api/views", {"name": "本周", "filter": {"due": "week"}}),
    _operation("DELETE /api/views/{view}"),
    _operation("GET /api/phrases"),
    _operation("POST /api/phrases", {"text": "材料齐全，符合条件"}),
    _operation("DELETE /api/phrases/{phrase}"),
    _operation("GET /api/tasks/at-systems"),
    _operation("GET /api/tasks/at-systems taxing", query="department=tax"),
    _operation("GET /api/tasks/{task_id}"),
    _operation("POST /api/tasks/{task_id}/claim"),
    _operation("POST /api/tasks/{task_id}/release", where=_BUSY),
    _operation("POST /api/tasks/{task_id}/transfer", {"to": "leader.amr"}, where=_BUSY),
    _operation(
        "POST /api/tasks/{task_id}/decide",
        lambda _, told: _APPROVES | {"outputs": approval("registration", told["case_no"]), "seen": prepared.SEEN},
    ),
    _operation(
        "POST /api/tasks/{task_id}/return",
        {"to": "registration", "reason": "执照有误"},
        where={"running": "decided"},
        task="seal-1",
    ),
    _operation("POST /api/tasks/{task_id}/correction", {"materials": [FILE], "what": "不清晰"}),
    _operation(
        "POST /api/tasks/{task_id}/correction/withdraw", {"reason": "已自行核实"}, where={"running": "demanding"}
    ),
    _operation("POST /api/tasks/{task_id}/consult", {"departments": ["psb"], "question": "问题", "days": 1}),
    _operation("POST /api/tasks/{task_id}/consult/withdraw", {"reason": "已自行核实"}, where=_BUSY),
    _operation("POST /api/tasks/{task_id}/answer", {"opinion": "意见"}, where=_BUSY, task="registration.c1-1"),
    _operation("POST /api/tasks/{task_id}/inspect", {"on": _ON}),
    _operation("POST /api/tasks/{task_id}/inspect/move", {"on": "2026-03-04"}, where=_BUSY),
    _operation("POST /api/tasks/{task_id}/conclude", {"passed": True, "conclusion": "结论"}, where=_BUSY),
    _operation(
        "POST /api/tasks/{task_id}/look-up",
        {"found": False, "note": "查不动产登记簿"},
        where=_BY_HAND,
        task=f"{PREMISES}.by-hand-1",
    ),
    _operation(
        "POST /api/tasks/{task_id}/resolve",
        {"which": "form.address", "note": "登记簿已更正"},
        where={"running": "differing"},
        task="premises.differs-1",
    ),
    _operation(
        "POST /api/tasks/{task_id}/revoke",
        {"revoke": True, "opinion": "不具备经营场所"},
        where={"closed": "broken"},
        task="registration.revoke-1",
    ),
    _operation("POST /api/tasks/{task_id}/suspend hearing", HEARING),
    _operation("POST /api/tasks/{task_id}/suspend force-majeure", HEARING | {"basis": "force_majeure"}),
    _operation("POST /api/tasks/{task_id}/resume", where={"running": "suspended"}),
    _operation("POST /api/tasks/{task_id}/extend", _TIME),
    # acting for others
    _operation("POST /api/mandates", lambda caller, _: _MANDATE | {"paper": caller.is_counter}),
    _operation("GET /api/mandates"),
    _operation("GET /api/mandates/{mandate}"),
    _operation("POST /api/mandates/{mandate}/revoke"),
    # having a draft looked at before one travels
    _operation("POST /api/cases/{case_no}/precheck", {}),
    _operation("GET /api/cases/{case_no}/precheck", where=_LOOKED_AT),
    _operation("DELETE /api/cases/{case_no}/precheck", where=_LOOKED_AT),
    _operation("GET /api/prechecks"),
    _operation("GET /api/prechecks/{case_no}", where=_ASKED),
    _operation("GET /api/prechecks/{case_no}/materials/{code}", known={"code": FILE}, where=_ASKED),
    _operation(
        "GET /api/prechecks/{case_no}/materials/{code}/pages/{page}", known={"code": FILE, "page": "1"}, where=_ASKED
    ),
    _operation("POST /api/prechecks/{case_no}/answer", prepared.LOOKED_AT, where=_ASKED),
    _operation("POST /api/prechecks/{case_no}/take-over", lambda _, told: {"code": told["code"]}, where=_LOOKED_AT),
    _operation("GET /api/prefills"),
    _operation("GET /api/prefills/{prefill}"),
    _operation("POST /api/prefills/{prefill}/confirm", {}),
    _operation("POST /api/licences/search", _search(id_type="resident_id")),
    # watching over
    _operation("GET /api/supervision/overview"),
    _operation("GET /api/supervision/data-quality"),
    _operation("GET /api/supervision/sources"),
    _operation("GET /api/supervision/reminders"),
    _operation("GET /api/supervision/cards"),
    _operation("GET /api/supervision/credit-notes"),
    _operation("GET /api/supervision/ratings"),
    _operation("GET /api/cases/{case_no}/visit-code"),
    _operation("GET /api/supervision/visits/{visit}"),
    _operation("POST /api/supervision/visits/{visit}/contact", _CALLED),
    _operation("POST /api/supervision/visits/{visit}/rectify", _CALLED),
    _operation("GET /api/audit/access"),
    _operation("POST /api/audit/access/search", {"id_number": _NUMBER, "reason": "市民投诉"}),
    # other systems
    _operation("GET /api/outbound/{department}", query="wait=0", known={"department": "amr"}),
    _operation(
        "POST /api/callbacks/sources/{source}",
        lambda _, told: {"key": told["source_key"], "refused": True, "reason": "no_record"},
        known={"source": REGISTER},
        secret=b"b" * 32,
    ),
    _operation(
        "POST /api/callbacks/{department}",
        lambda _, told: {"key": told["order_key"], **_APPROVES, "outputs": approval("tax", told["order_key"])},
        known={"department": "tax"},
        secret=b"b" * 32,
    ),
    _operation("POST /api/events", event("another"), media_type=EVENT, secret=b"e" * 32),
    # who is told of what happens
    _operation("GET /api/definitions/{code}/difference", known={"code": "enterprise-opening"}),
    _operation("GET /api/subscriptions"),
    _operation("POST /api/subscriptions", {"url": "https://example.org/other", "types": ["onething.case.*"]}),
    _operation("GET /api/subscriptions/{subscription}/deliveries"),
    _operation("POST /api/subscriptions/{subscription}/rotate"),
    _operation("POST /api/subscriptions/{subscription}/redeliver", query="from={since}"),
    _operation("DELETE /api/subscriptions/{subscription}"),
)
