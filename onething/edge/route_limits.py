"""How often each route may be called, as data: every route of the API stands in `ROUTES`, limited or with the reason
why not. The numbers are in `onething/security/limits.py`, who counts is `limits.py`."""

from collections.abc import Mapping
from dataclasses import dataclass

from onething.security.limits import Allowance

A = Allowance


@dataclass(frozen=True)
class Limited:
    """Each call counts. `also`: what its endpoint counts beside, as the body says (`take`, `counting`)."""

    allowance: Allowance
    also: tuple[Allowance, ...] = ()


@dataclass(frozen=True)
class AtOnce:
    """So many at once; another waits for `patience_s` and is then refused."""

    allowance: Allowance
    patience_s: float


@dataclass(frozen=True)
class Unlimited:
    why: str


RouteLimit = Limited | AtOnce | Unlimited

_ACT = Unlimited("an act on a case or task that is there: whose it is is judged, and its state refuses the next")
_OWN = Unlimited("a signed-in caller reads what is theirs: the policy judges each, and each leaves a line")
_STAFF = Unlimited("figures and lists for those who supervise: no person can be looked for")
_OPERATOR = Unlimited("an operator's")
_SIGNED = Unlimited("by systems that sign, who may have much to say at once; bad signatures are summed in the log")
_MEMORY = Unlimited("answered from memory")
_DOWNLOAD = AtOnce(A.DOWNLOAD, patience_s=10.0)

_TASK_ACTS = (
    "answer",
    "claim",
    "conclude",
    "consult",
    "consult/withdraw",
    "correction/withdraw",
    "correction",
    "decide",
    "extend",
    "inspect",
    "inspect/move",
    "look-up",
    "release",
    "resolve",
    "resume",
    "return",
    "revoke",
    "suspend",
    "transfer",
)
"""Ends of the addresses of pages, each for one act on a task."""
_OFFICE_ACTS = (
    *("answer-urge", "answer-supervision", "check", "papers", "period", "reissue", "retry", "review"),
    *("inspection-days", "inspection-day", "inspection-part", "inspection-list"),
)
"""And for one of a department on a case."""
_COUNTER_ACTS = ("contact", "rectify", "retry", "withdraw")
"""And for one of a counter."""
_SUPERVISORS_ACTS = (
    "contact",
    "corrections",
    "extend",
    "item-corrections",
    "rectify",
    "reopen",
    "resume",
    "review",
    "supervise",
    "suspend",
    "urge",
)
"""And for one of a supervisor."""

ROUTES: Mapping[str, RouteLimit] = {
    # anybody's: by address
    "POST /api/auth/token": Limited(A.SIGN_IN),
    "GET /api/progress/{case_no}": Unlimited("the right code always passes; wrong ones count by case and by address"),
    "POST /api/visits/rating": Unlimited("the right code always passes, once; wrong ones count by address"),
    "GET /api/certificates/{number}/verify": Limited(A.VERIFY),
    "GET /api/bundles": Limited(A.GUIDE),
    "GET /api/bundles/{code}": Limited(A.GUIDE),
    "GET /api/bundles/{code}/places/{region}": Limited(A.GUIDE),
    "GET /api/outlets": Limited(A.GUIDE),
    "POST /api/bundles/{code}/plan": Limited(A.PLAN, also=(A.SEARCH,)),  # a search where it names a number
    "GET /healthz": _MEMORY,
    "GET /readyz": Limited(A.PROBE),
    "GET /metrics": Limited(A.PROBE),
    "GET /api/openapi.json": _MEMORY,
    "GET /api/docs": _MEMORY,
    "GET /api/docs/{name}": _MEMORY,
    # pages: as what they call
    "GET /": Limited(A.GUIDE),
    "GET /guide/{code}": Limited(A.PLAN),
    "GET /progress": _MEMORY,
    "POST /progress": Unlimited("the right code always passes; wrong ones count by case and by address"),
    "GET /progress/{case_no}": Unlimited("the right code always passes; wrong ones count by case and by address"),
    "GET /rate": _MEMORY,
    "POST /rate": Unlimited("the right code always passes, once; wrong ones count by address"),
    "GET /rate/done": _MEMORY,
    "GET /verify": _MEMORY,
    "POST /verify": _MEMORY,  # to the page that is limited
    "GET /verify/{number}": Limited(A.VERIFY),
    "GET /sign-in": Limited(A.GUIDE),
    "POST /sign-in": Limited(A.SIGN_IN),
    "GET /sign-in/callback": Limited(A.SIGN_IN),
    "GET /sign-in/{code}": Limited(A.SIGN_IN),
    "GET /session": Unlimited("by each open page, a few times an hour"),
    "POST /session": Unlimited("by a press of whoever is signed in"),
    "GET /kept": Unlimited("a signed-in caller reads what is theirs: one form, by a secret"),
    "POST /sign-out": Unlimited("with the session that it ends, so once"),
    "POST /large": _MEMORY,
    "GET /keys": _MEMORY,
    "POST /keys": _MEMORY,
    "GET /static/{digest}/{name}": _MEMORY,
    "POST /script-errors": Limited(A.SCRIPT_ERROR),
    # the counter's
    "POST /counter/find": Limited(A.SEARCH),
    "GET /counter/new": _MEMORY,
    "GET /counter/new/{code}": _OWN,
    "POST /counter/new/{code}": Limited(A.APPLY, also=(A.DRAFT, A.SUBMIT)),  # as its button says
    "GET /counter/prechecks/{case_no}/materials/{code}": _DOWNLOAD,
    "GET /counter/prechecks/{case_no}/materials/{code}/file": _DOWNLOAD,
    "POST /counter/prechecks/{case_no}/take-over": Limited(A.SEARCH),
    "GET /counter/worker.js": _MEMORY,
    "GET /counter/outbox": _OWN,
    "GET /counter/outbox/blank": _MEMORY,
    "GET /counter/outbox/forms/{code}": _MEMORY,
    "POST /counter/outbox/key": Unlimited("a key of the caller's own, made and kept nowhere"),
    "POST /counter/outbox/waiting": Limited(A.SCRIPT_ERROR),
    "POST /counter/outbox/drafts/{code}": Limited(A.APPLY, also=(A.DRAFT,)),
    "POST /counter/outbox/cases/{case_no}/materials/{code}": Unlimited("few at once, by UploadGate"),
    "POST /counter/outbox/cases/{case_no}/submission": Limited(A.APPLY, also=(A.SUBMIT,)),
    "GET /counter/prefills": Limited(A.PREFILL),
    "GET /counter/prefills/{prefill}": Limited(A.PREFILL),
    "POST /counter/prefills/{prefill}": Limited(A.APPLY, also=(A.DRAFT,)),
    "GET /counter/cases/{case_no}/letters/{letter}.pdf": _DOWNLOAD,
    "GET /counter/cases/{case_no}/materials/{code}/file": _DOWNLOAD,
    "POST /counter/cases/{case_no}/materials/{code}/file": Unlimited("few at once, by UploadGate"),
    **dict.fromkeys(
        (
            "GET /counter",
            "GET /counter/find",
            "GET /counter/receipt/{case_no}",
            "GET /counter/visits/{case_no}",
            "GET /counter/cases/{case_no}",
            "GET /counter/cases/{case_no}/reject",
            "GET /counter/cases/{case_no}/corrections",
            "GET /counter/cases/{case_no}/letters/{letter}",
            "GET /counter/cases/{case_no}/materials/{code}",
            "GET /counter/delivery",
            "GET /counter/prechecks",
            "GET /counter/prechecks/{case_no}",
            "GET /counter/drafts/{case_no}/delete",
            "GET /counter/licences",
            "GET /counter/mandates",
            "GET /counter/mandates/new",
            "GET /counter/mandates/{mandate}",
            *(
                f"GET /counter/cases/{{case_no}}/{act}"
                for act in (*_COUNTER_ACTS, "delivery", "inspection", "supplement")
            ),
        ),
        _OWN,
    ),
    **dict.fromkeys(
        (
            "POST /counter/cases/{case_no}/accept",
            "POST /counter/prechecks/{case_no}",
            "POST /counter/cases/{case_no}/reject",
            "POST /counter/cases/{case_no}/corrections",
            "POST /counter/cases/{case_no}/papers",
            "POST /counter/drafts/{case_no}/delete",
            "POST /counter/mandates/{mandate}/revoke",
            *(f"POST /counter/cases/{{case_no}}/{act}" for act in _COUNTER_ACTS),
            "POST /counter/cases/{case_no}/letters/{letter}",
        ),
        _ACT,
    ),
    "GET /stream": Unlimited("few at once, by CaseFeed"),
    "POST /work/search": Limited(A.SEARCH),
    "GET /work/sheet.xlsx": _DOWNLOAD,
    "POST /work/sheet": Unlimited("few at once, by UploadGate"),
    "GET /work/cases/{case_no}/materials/{code}": _DOWNLOAD,
    "GET /work/cases/{case_no}/materials/{code}/view": _DOWNLOAD,
    "GET /work/cases/{case_no}/documents/{letter}.pdf": _DOWNLOAD,
    "POST /apply/{code}": Limited(A.APPLY, also=(A.DRAFT,)),
    "POST /my/drafts/{case_no}/sections/{code}": Limited(A.APPLY),
    "POST /my/drafts/{case_no}/sections/{code}/autosave": Limited(A.APPLY),
    "POST /my/drafts/{case_no}/sections/{code}/{field}/{number}": Limited(A.APPLY),
    "POST /my/drafts/{case_no}/materials/{code}": Limited(A.APPLY, also=(A.SEARCH,)),  # a search for an earlier file
    "POST /my/drafts/{case_no}/check": Limited(A.APPLY, also=(A.SUBMIT,)),
    "POST /my/cases/{case_no}/supplement": Limited(A.APPLY),
    "POST /my/cases/{case_no}/materials/{code}": Limited(A.APPLY),
    **dict.fromkeys(("POST /my/mandates/new", "POST /counter/mandates/new"), Limited(A.APPLY)),
    **dict.fromkeys((f"POST {place}/licences" for place in ("/my", "/counter", "/work")), Limited(A.SEARCH)),
    **dict.fromkeys((f"POST {place}/cases/{{case_no}}/delivery" for place in ("/my", "/counter")), Limited(A.APPLY)),
    **dict.fromkeys((f"POST {place}/cases/{{case_no}}/inspection" for place in ("/my", "/counter")), Limited(A.APPLY)),
    "POST /counter/cases/{case_no}/supplement": Limited(A.APPLY),
    "GET /my/prefills/{prefill}": Limited(A.PREFILL),
    "POST /my/prefills/{prefill}": Limited(A.APPLY, also=(A.DRAFT,)),
    "GET /my/drafts/{case_no}/precheck": _OWN,
    "POST /my/drafts/{case_no}/precheck": Limited(A.APPLY),
    "POST /my/drafts/{case_no}/precheck/take-back": _ACT,
    "GET /my/cases/{case_no}/materials/{code}/file": _DOWNLOAD,
    "GET /my/drafts/{case_no}/materials/{code}/file": _DOWNLOAD,
    "GET /my/drafts/{case_no}/materials/{code}/pages/{number}": _DOWNLOAD,
    "GET /my/cases/{case_no}/documents/{letter}.pdf": _DOWNLOAD,
    "GET /my/cases/{case_no}/certificates/{number}.pdf": _DOWNLOAD,
    "GET /my/licences/{number}.pdf": _DOWNLOAD,
    "POST /my/cases/{case_no}/urge": Unlimited("one a working day, by the case's own state"),
    **dict.fromkeys(
        ("POST /my/cases/{case_no}/materials/{code}/file", "POST /my/drafts/{case_no}/materials/{code}/file"),
        Unlimited("few at once, by UploadGate"),
    ),
    **dict.fromkeys(
        (
            "GET /apply/{code}",
            "GET /my",
            "GET /my/access",
            "GET /my/cases/{case_no}",
            "GET /my/cases/{case_no}/documents/{letter}",
            "GET /my/cases/{case_no}/materials/{code}",
            "GET /my/cases/{case_no}/delivery",
            "GET /my/cases/{case_no}/inspection",
            "GET /my/cases/{case_no}/rate",
            "GET /my/cases/{case_no}/submitted",
            "GET /my/cases/{case_no}/supplement",
            "GET /my/cases/{case_no}/urge",
            "GET /my/cases/{case_no}/withdraw",
            "GET /my/drafts/{case_no}",
            "GET /my/drafts/{case_no}/check",
            "GET /my/drafts/{case_no}/delete",
            "GET /my/drafts/{case_no}/materials/{code}",
            "GET /my/drafts/{case_no}/sections/{code}",
            "GET /my/drafts/{case_no}/sections/{code}/{field}/{number}",
            "GET /my/licences",
            "GET /my/mandates",
            "GET /my/mandates/new",
            "GET /my/mandates/{mandate}",
            "GET /my/notices",
            "GET /work",
            "GET /work/at-systems",
            "GET /work/bulk",
            "GET /work/cases/{case_no}",
            "GET /work/visits/{case_no}",
            "GET /supervise/cases",
            "GET /work/cases",
            "GET /work/figures",
            "GET /work/licences",
            "GET /work/phrases",
            "GET /work/reminders",
            "GET /work/live",
            "GET /work/next",
            "GET /work/search",
            "GET /work/sheet",
            "GET /work/tasks/{task_id}",
            *(f"GET /work/tasks/{{task_id}}/{act}" for act in _TASK_ACTS),
            *(f"GET /work/cases/{{case_no}}/{act}" for act in _OFFICE_ACTS),
        ),
        _OWN,
    ),
    **dict.fromkeys(
        (
            "POST /my/cases/{case_no}/rate",
            "POST /my/cases/{case_no}/withdraw",
            "POST /my/drafts/{case_no}/delete",
            "POST /my/drafts/{case_no}/materials/{code}/delete",
            "POST /my/mandates/{mandate}/revoke",
            "POST /work/bulk",
            "POST /work/bulk/run",
            "POST /work/sheet/run",
            "POST /work/phrases",
            "POST /work/phrases/remove",
            "POST /work/tasks/{task_id}/note",
            "POST /work/tasks/{task_id}/phrase",
            "POST /work/ticks",
            "POST /work/views",
            "POST /work/views/remove",
            *(f"POST /work/tasks/{{task_id}}/{act}" for act in _TASK_ACTS),
            *(f"POST /work/cases/{{case_no}}/{act}" for act in _OFFICE_ACTS),
        ),
        _ACT,
    ),
    # the supervisor's
    "GET /supervise/export.xlsx": _DOWNLOAD,
    "GET /supervise/cases/{case_no}": _OWN,
    **dict.fromkeys(
        (
            "GET /supervise",
            "GET /supervise/at-systems",
            "GET /supervise/cards",
            "GET /supervise/credit-notes",
            "GET /supervise/league",
            "GET /supervise/ratings",
            "GET /supervise/visits/{visit}",
            "GET /supervise/reminders",
            "GET /supervise/sources",
        ),
        _STAFF,
    ),
    **dict.fromkeys((f"GET /supervise/cases/{{case_no}}/{act}" for act in _SUPERVISORS_ACTS), _OWN),
    "POST /supervise/visits/{visit}/contact": _ACT,
    "POST /supervise/visits/{visit}/rectify": _ACT,
    **dict.fromkeys((f"POST /supervise/cases/{{case_no}}/{act}" for act in _SUPERVISORS_ACTS), _ACT),
    # of who keeps definitions and runs the system; and where anybody is signed in
    "GET /sessions": _OWN,
    "POST /sessions/end": Unlimited("ends what is one's own, so once"),
    "POST /sessions/end-others": Unlimited("ends what is one's own, so once"),
    **dict.fromkeys(
        (
            "GET /admin",
            "GET /admin/definitions",
            "GET /admin/definitions/{code}",
            "GET /admin/definitions/{code}/departments/{department}",
            "GET /admin/definitions/{code}/difference",
            "GET /admin/definitions/{code}/try",
            "GET /admin/sessions",
            "GET /admin/subscriptions",
            "GET /admin/subscriptions/new",
            "GET /admin/subscriptions/{subscription}",
            "POST /admin/sessions/end",
            "POST /admin/subscriptions/new",
            "POST /admin/subscriptions/{subscription}/delete",
            "POST /admin/subscriptions/{subscription}/redeliver",
            "POST /admin/subscriptions/{subscription}/rotate",
        ),
        _OPERATOR,
    ),
    # systems that sign
    "POST /api/callbacks/sources/{source}": _SIGNED,
    "POST /api/callbacks/{department}": _SIGNED,
    "POST /api/events": _SIGNED,
    # whoever is signed in: by principal
    "POST /api/cases/search": Limited(A.SEARCH),
    "POST /api/tasks/search": Limited(A.SEARCH),
    "POST /api/licences/search": Limited(A.SEARCH),
    "POST /api/audit/access/search": Limited(A.SEARCH),
    "POST /audit/search": Limited(A.SEARCH),
    "GET /audit/search": _MEMORY,
    **dict.fromkeys(
        (
            "GET /api/audit/access",
            "GET /audit",
            "GET /audit/alarms",
            "GET /audit/export.xlsx",
            "GET /audit/verifications",
        ),
        Unlimited("an auditor's: each reading is itself a line"),
    ),
    "POST /api/cases/{case_no}/precheck": Limited(A.APPLY),
    "GET /api/prechecks/{case_no}/materials/{code}": _DOWNLOAD,
    "GET /api/prechecks/{case_no}/materials/{code}/pages/{page}": _DOWNLOAD,
    "POST /api/prechecks/{case_no}/take-over": Limited(A.SEARCH),
    "GET /api/prefills": Limited(A.PREFILL),
    "GET /api/prefills/{prefill}": Limited(A.PREFILL),
    "POST /api/prefills/{prefill}/confirm": Limited(A.APPLY, also=(A.DRAFT,)),
    "POST /api/cases": Limited(A.APPLY, also=(A.DRAFT, A.SUBMIT)),  # as its body says
    "PATCH /api/cases/{case_no}": Limited(A.APPLY),
    "POST /api/cases/{case_no}/submit": Limited(A.APPLY, also=(A.SUBMIT,)),
    "POST /api/cases/{case_no}/supplement": Limited(A.APPLY),
    "POST /api/cases/{case_no}/delivery": Limited(A.APPLY),
    "POST /api/mandates": Limited(A.APPLY),
    "GET /api/cases/{case_no}/materials/{code}": _DOWNLOAD,
    "GET /api/cases/{case_no}/materials/{code}/pages/{page}": _DOWNLOAD,
    "GET /api/cases/{case_no}/documents/{letter}.pdf": _DOWNLOAD,
    "GET /api/outbound/{department}": AtOnce(A.POLL, patience_s=0),
    "POST /api/auth/sign-out": Unlimited("with the token that it ends, so once"),
    "PUT /api/cases/{case_no}/materials/{code}": Unlimited("few at once, by UploadGate"),
    "GET /api/cases/{case_no}/events": Unlimited("few at once, by CaseFeed"),
    "GET /api/stream": Unlimited("few at once, by CaseFeed"),
    "POST /api/cases/{case_no}/data/{data}/retry": Unlimited("one in ten minutes, by the case's own state"),
    "POST /api/cases/{case_no}/urge": Unlimited("one a working day, by the case's own state"),
    **dict.fromkeys(
        (
            "GET /api/cases",
            "GET /api/cases/{case_no}",
            "GET /api/cases/{case_no}/timeline",
            "GET /api/cases/{case_no}/clocks",
            "GET /api/cases/{case_no}/documents",
            "GET /api/cases/{case_no}/visit-code",
            "GET /api/cases/{case_no}/documents/{letter}",
            "GET /api/deliveries",
            "GET /api/cases/{case_no}/precheck",
            "GET /api/prechecks",
            "GET /api/prechecks/{case_no}",
            "GET /api/mandates",
            "GET /api/me/notices",
            "GET /api/me/access",
            "GET /api/bundles/{code}/begun",
            "GET /api/mandates/{mandate}",
            "GET /api/tasks",
            "GET /api/tasks/at-systems",
            "GET /api/tasks/{task_id}",
            "GET /api/tasks/{task_id}/note",
            "PUT /api/tasks/{task_id}/note",
            "GET /api/views",
            "POST /api/views",
            "DELETE /api/views/{view}",
            "GET /api/phrases",
            "POST /api/phrases",
            "DELETE /api/phrases/{phrase}",
        ),
        _OWN,
    ),
    **dict.fromkeys(
        (
            "POST /api/cases/{case_no}/withdraw",
            "DELETE /api/cases/{case_no}/precheck",
            "POST /api/prechecks/{case_no}/answer",
            "POST /api/cases/{case_no}/query-code",
            "POST /api/cases/{case_no}/papers",
            "POST /api/cases/{case_no}/items/{item}/review",
            "POST /api/cases/{case_no}/periods/{period}",
            "POST /api/cases/{case_no}/items/{item}/inspection",
            *(
                f"POST /api/cases/{{case_no}}/inspections/{{inspection}}/{end}"
                for end in ("days", "choice", "day", "list", "rectified")
            ),
            "POST /api/cases/{case_no}/reopen",
            "POST /api/cases/{case_no}/items/{item}/reissue",
            "DELETE /api/cases/{case_no}",
            "POST /api/cases/{case_no}/accept",
            "POST /api/cases/{case_no}/reject",
            "POST /api/cases/{case_no}/corrections",
            "POST /api/cases/{case_no}/documents/{letter}/deliveries",
            "POST /api/cases/{case_no}/extend",
            "POST /api/cases/{case_no}/commitments/{code}/check",
            "POST /api/cases/{case_no}/rating",
            "POST /api/cases/{case_no}/rating/contact",
            "POST /api/cases/{case_no}/rating/rectify",
            "POST /api/supervision/visits/{visit}/contact",
            "POST /api/supervision/visits/{visit}/rectify",
            "POST /api/cases/{case_no}/urge/answer",
            "POST /api/cases/{case_no}/supervise",
            "POST /api/cases/{case_no}/supervise/answer",
            "POST /api/mandates/{mandate}/revoke",
            "POST /api/tasks/{task_id}/answer",
            "POST /api/tasks/{task_id}/claim",
            "POST /api/tasks/{task_id}/conclude",
            "POST /api/tasks/{task_id}/consult",
            "POST /api/tasks/{task_id}/consult/withdraw",
            "POST /api/tasks/{task_id}/correction/withdraw",
            "POST /api/tasks/{task_id}/correction",
            "POST /api/tasks/{task_id}/decide",
            "POST /api/tasks/{task_id}/extend",
            "POST /api/tasks/{task_id}/inspect",
            "POST /api/tasks/{task_id}/inspect/move",
            "POST /api/tasks/{task_id}/look-up",
            "POST /api/tasks/{task_id}/release",
            "POST /api/tasks/{task_id}/resolve",
            "POST /api/tasks/{task_id}/resume",
            "POST /api/tasks/{task_id}/return",
            "POST /api/tasks/{task_id}/revoke",
            "POST /api/tasks/{task_id}/suspend",
            "POST /api/tasks/{task_id}/transfer",
        ),
        _ACT,
    ),
    **dict.fromkeys(
        (
            "GET /api/supervision/cards",
            "GET /api/supervision/credit-notes",
            "GET /api/supervision/data-quality",
            "GET /api/supervision/overview",
            "GET /api/supervision/ratings",
            "GET /api/supervision/visits/{visit}",
            "GET /api/supervision/reminders",
            "GET /api/supervision/sources",
        ),
        _STAFF,
    ),
    **dict.fromkeys(
        (
            "GET /api/lockouts",
            "POST /api/lockouts",
            "POST /api/lockouts/lift",
            "GET /api/subscriptions",
            "GET /api/definitions/{code}/difference",
            "POST /api/subscriptions",
            "DELETE /api/subscriptions/{subscription}",
            "GET /api/subscriptions/{subscription}/deliveries",
            "POST /api/subscriptions/{subscription}/redeliver",
            "POST /api/subscriptions/{subscription}/rotate",
        ),
        _OPERATOR,
    ),
}


def limit_of(methods: set[str], path: str) -> RouteLimit | None:
    """Of a route; None for one that nobody has listed."""
    return next((ROUTES[name] for name in (f"{method} {path}" for method in methods) if name in ROUTES), None)
