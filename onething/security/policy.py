"""Who may do what: one closed table of acts, roles and the relation that each needs to the case or task; beside it, in
which acts nobody attests to what they gain by, and how well the caller has to be known. `judge` says what comes of it.

Below real person (实人) the applying side may look at plans and write drafts; it says nothing in anybody's name, and
reaches no case by a number or mandate. Giving authority away asks for a sign-in of the last minutes. Staff come with a
second factor (GB/T 22239-2019 8.1.4.1 d asks for two). Minutes and levels are `assumed`. Signing out asks for nothing.

`python -m onething.security.policy` prints it as Markdown. Row-level security in PostgreSQL is the second wall, not a
copy: it limits which rows a role reaches, this table what may be done with them.
"""

import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from onething.domain.errors import FailureCode, OneThingError
from onething.domain.principal import Principal, Role
from onething.security.assurance import JUST_NOW, REAL_PERSON, WHY, InsufficientAuthentication, Needed, is_enough


class Act(StrEnum):
    # applying
    CREATE_CASE = "create_case"
    EDIT_DRAFT = "edit_draft"
    DELETE_DRAFT = "delete_draft"
    REISSUE_CODE = "reissue_code"
    SUBMIT = "submit"
    SUPPLEMENT = "supplement"
    WITHDRAW = "withdraw"
    UPLOAD_MATERIAL = "upload_material"
    RECEIVE_PAPER = "receive_paper"
    CHOOSE_DELIVERY = "choose_delivery"
    REUSE_MATERIAL = "reuse_material"
    RATE = "rate"
    RATE_VISIT = "rate_visit"
    # acting for others
    GIVE_MANDATE = "give_mandate"
    VIEW_MANDATES = "view_mandates"
    REVOKE_MANDATE = "revoke_mandate"
    SEARCH_LICENCES = "search_licences"
    CONFIRM_PREFILL = "confirm_prefill"
    # being a party of what another applies for
    VIEW_ASKED = "view_asked"
    CONFIRM_LOOK_UPS = "confirm_look_ups"
    DECLINE_LOOK_UPS = "decline_look_ups"
    # having a draft looked at before one travels
    ASK_PRECHECK = "ask_precheck"
    TAKE_BACK_PRECHECK = "take_back_precheck"
    VIEW_PRECHECK = "view_precheck"
    LIST_PRECHECKS = "list_prechecks"
    ANSWER_PRECHECK = "answer_precheck"
    TAKE_OVER_DRAFT = "take_over_draft"
    # reading
    VIEW_CASE = "view_case"
    VIEW_PERSONAL = "view_personal"
    VIEW_TIMELINE = "view_timeline"
    VIEW_DOCUMENTS = "view_documents"
    DOWNLOAD_MATERIAL = "download_material"
    VIEW_DELIVERIES = "view_deliveries"
    LIST_CASES = "list_cases"
    SEARCH_CASES = "search_cases"
    # intake
    ACCEPT = "accept"
    TAKE_IN = "take_in"
    REJECT = "reject"
    ASK_CORRECTIONS = "ask_corrections"
    RECORD_DELIVERY = "record_delivery"
    # deciding
    LIST_TASKS = "list_tasks"
    SEARCH_TASKS = "search_tasks"
    LIST_SAVED_VIEWS = "list_saved_views"
    SAVE_VIEW = "save_view"
    LIST_PHRASES = "list_phrases"
    SAVE_PHRASE = "save_phrase"
    READ_NOTE = "read_note"
    WRITE_NOTE = "write_note"
    VIEW_AT_SYSTEMS = "view_at_systems"
    VIEW_TASK = "view_task"
    CLAIM = "claim"
    RELEASE = "release"
    TRANSFER = "transfer"
    DECIDE = "decide"
    SEND_BACK = "send_back"
    FETCH_ORDERS = "fetch_orders"
    ASK_ITEM_CORRECTIONS = "ask_item_corrections"
    TAKE_BACK_DEMAND = "take_back_demand"
    RETRY_LOOK_UP = "retry_look_up"
    CHECK_COMMITMENT = "check_commitment"
    ASK_REVIEW = "ask_review"
    DECIDE_REVOCATION = "decide_revocation"
    REISSUE_CERTIFICATE = "reissue_certificate"
    RECORD_PERIOD = "record_period"
    OFFER_DAYS = "offer_days"
    CHOOSE_DAY = "choose_day"
    SET_DAY = "set_day"
    RECORD_PART = "record_part"
    CLOSE_INSPECTION = "close_inspection"
    REPORT_RECTIFIED = "report_rectified"
    REOPEN_CASE = "reopen_case"
    RESOLVE_DISCREPANCY = "resolve_discrepancy"
    LOOK_BY_HAND = "look_by_hand"
    CONSULT = "consult"
    TAKE_BACK_CONSULT = "take_back_consult"
    GIVE_OPINION = "give_opinion"
    APPOINT_INSPECTION = "appoint_inspection"
    MOVE_INSPECTION = "move_inspection"
    CONCLUDE_INSPECTION = "conclude_inspection"
    # time
    SUSPEND = "suspend"
    RESUME = "resume"
    EXTEND_ITEM = "extend_item"
    EXTEND_CASE = "extend_case"
    # watching over
    URGE = "urge"
    ANSWER_URGE = "answer_urge"
    SUPERVISE = "supervise"
    ANSWER_SUPERVISION = "answer_supervision"
    VIEW_REMINDERS = "view_reminders"
    CONTACT_AFTER_RATING = "contact_after_rating"
    RECTIFY_AFTER_RATING = "rectify_after_rating"
    VIEW_RATINGS = "view_ratings"
    VIEW_VISIT_CODE = "view_visit_code"
    CONTACT_AFTER_VISIT = "contact_after_visit"
    RECTIFY_AFTER_VISIT = "rectify_after_visit"
    VIEW_CREDIT_NOTES = "view_credit_notes"
    VIEW_MEASURES = "view_measures"
    # running
    RECORD_OUTCOME = "record_outcome"
    ADD_SUBSCRIPTION = "add_subscription"
    ROTATE_SUBSCRIPTION = "rotate_subscription"
    REDELIVER_SUBSCRIPTION = "redeliver_subscription"
    OPERATE = "operate"
    # auditing
    VIEW_ACCESS_LOG = "view_access_log"
    # who may come in
    SIGN_OUT = "sign_out"
    LOCK_OUT = "lock_out"
    UNLOCK = "unlock"
    VIEW_LOCKOUTS = "view_lockouts"
    VIEW_PERSONAL_NOTICES = "view_personal_notices"
    VIEW_OWN_ACCESS = "view_own_access"


class Relation(StrEnum):
    """What the caller must have to do with the matter at hand."""

    NONE = "none"
    OWN_DRAFT = "own_draft"  # who began it where they work: not whoever was handed it at the counter
    OWN_CASE = "own_case"  # the applicant, by the identity proved; who acts for them now; of a draft also its writer
    SAME_REGION = "same_region"  # of who is bound to outlets: taken in there or below
    OWN_ITEMS = "own_items"  # the caller's department has items that the case, field or material concerns; same region
    OWN_TASK = "own_task"  # the task is the caller's department's; same region


@dataclass(frozen=True)
class Facts:
    """What is known of the case or task. What isn't known is left out, and then grants nothing."""

    applicant: str | None = None  # the blind index, in hex, of the applicant's number
    drafted_by: str | None = None  # subject of who writes the draft, while it is one
    handed_over: bool = False  # that draft, which somebody else had begun
    mandated: bool = False  # the caller holds a mandate of the applicant's that names the act, in force
    region: str | None = None
    outlet: str | None = None  # where it was taken in
    departments: frozenset[str] = frozenset()  # whose items the case, or the material asked for, concerns
    task_department: str | None = None  # of the task, or of the queue asked for
    at: datetime | None = None  # when it is to be done


NOTHING_KNOWN = Facts()

_PARTIES = {Role.CITIZEN: Relation.OWN_CASE, Role.AGENT: Relation.OWN_CASE}
_COUNTER = {Role.COUNTER: Relation.SAME_REGION}
_APPLYING = _PARTIES | _COUNTER
_DEPARTMENT = {Role.OFFICER: Relation.OWN_ITEMS, Role.LEADER: Relation.OWN_ITEMS}
_SYSTEM = {Role.DEPARTMENT_SYSTEM: Relation.OWN_ITEMS}
_SUPERVISOR = {Role.SUPERVISOR: Relation.SAME_REGION}
_TASK = {Role.OFFICER: Relation.OWN_TASK, Role.LEADER: Relation.OWN_TASK}
_TASK_SYSTEM = {Role.DEPARTMENT_SYSTEM: Relation.OWN_TASK}
_WORKER = {Role.WORKER: Relation.NONE}
_ADMIN = {Role.ADMIN: Relation.NONE}

TABLE: Mapping[Act, Mapping[Role, Relation]] = {
    Act.CREATE_CASE: dict.fromkeys((Role.CITIZEN, Role.AGENT, Role.COUNTER), Relation.NONE),
    Act.EDIT_DRAFT: _APPLYING,
    Act.DELETE_DRAFT: _PARTIES | {Role.COUNTER: Relation.OWN_DRAFT},
    Act.REISSUE_CODE: {Role.CITIZEN: Relation.OWN_CASE},
    Act.SUBMIT: _APPLYING,
    Act.SUPPLEMENT: _APPLYING,
    Act.WITHDRAW: _APPLYING,
    Act.UPLOAD_MATERIAL: _APPLYING,
    Act.RECEIVE_PAPER: _COUNTER | _DEPARTMENT,  # a department: papers that its own items look at
    Act.CHOOSE_DELIVERY: _APPLYING,
    # whose earlier files they find is limited by row-level security
    Act.REUSE_MATERIAL: dict.fromkeys((Role.CITIZEN, Role.AGENT, Role.COUNTER), Relation.NONE),
    Act.RATE: _PARTIES,
    Act.RATE_VISIT: {},  # of nobody who is signed in: the code is the right (`BY_CODE`)
    # whose mandates they reach is limited by row-level security
    Act.GIVE_MANDATE: dict.fromkeys((Role.CITIZEN, Role.COUNTER), Relation.NONE),
    Act.VIEW_MANDATES: dict.fromkeys((Role.CITIZEN, Role.AGENT, Role.COUNTER), Relation.NONE),
    Act.REVOKE_MANDATE: dict.fromkeys((Role.CITIZEN, Role.COUNTER), Relation.NONE),
    # one's own, or with the holder's consent: limited by row-level security too
    Act.SEARCH_LICENCES: dict.fromkeys(
        (Role.CITIZEN, Role.AGENT, Role.COUNTER, Role.OFFICER, Role.LEADER), Relation.NONE
    ),
    # of their region, or that name them: limited by row-level security
    Act.CONFIRM_PREFILL: dict.fromkeys((Role.CITIZEN, Role.COUNTER), Relation.NONE),
    # whose number is a party's: limited by row-level security
    Act.VIEW_ASKED: dict.fromkeys((Role.CITIZEN, Role.AGENT), Relation.NONE),
    Act.CONFIRM_LOOK_UPS: dict.fromkeys((Role.CITIZEN, Role.AGENT), Relation.NONE),
    Act.DECLINE_LOOK_UPS: dict.fromkeys((Role.CITIZEN, Role.AGENT), Relation.NONE),
    Act.ASK_PRECHECK: _PARTIES,
    Act.TAKE_BACK_PRECHECK: _PARTIES,
    # a counter: those asked of its region or outlets, limited by row-level security
    Act.VIEW_PRECHECK: _PARTIES | {Role.COUNTER: Relation.NONE},
    Act.LIST_PRECHECKS: {Role.COUNTER: Relation.NONE},
    Act.ANSWER_PRECHECK: {Role.COUNTER: Relation.NONE},
    Act.TAKE_OVER_DRAFT: {Role.COUNTER: Relation.NONE},
    Act.VIEW_CASE: _APPLYING | _DEPARTMENT | _SYSTEM | _SUPERVISOR,
    Act.VIEW_PERSONAL: _APPLYING | _DEPARTMENT | _SYSTEM | _WORKER,
    Act.VIEW_TIMELINE: _APPLYING | _DEPARTMENT | _SUPERVISOR,
    Act.VIEW_DOCUMENTS: _APPLYING | _DEPARTMENT,
    Act.DOWNLOAD_MATERIAL: _APPLYING | _DEPARTMENT | _SYSTEM,
    Act.VIEW_DELIVERIES: _COUNTER,
    # which rows these two return is limited by row-level security
    Act.LIST_CASES: dict.fromkeys(
        (Role.CITIZEN, Role.AGENT, Role.COUNTER, Role.OFFICER, Role.LEADER, Role.SUPERVISOR), Relation.NONE
    ),
    Act.SEARCH_CASES: dict.fromkeys((Role.CITIZEN, Role.AGENT, Role.COUNTER, Role.OFFICER, Role.LEADER), Relation.NONE),
    Act.ACCEPT: _COUNTER,
    Act.TAKE_IN: _COUNTER,
    Act.REJECT: _COUNTER,
    Act.ASK_CORRECTIONS: _COUNTER | _SUPERVISOR,  # what a notice forgot is the supervisor's
    Act.RECORD_DELIVERY: _COUNTER,
    Act.LIST_TASKS: _TASK,
    Act.SEARCH_TASKS: _TASK,
    # their own: limited by row-level security
    Act.LIST_SAVED_VIEWS: dict.fromkeys((Role.OFFICER, Role.LEADER), Relation.NONE),
    Act.SAVE_VIEW: dict.fromkeys((Role.OFFICER, Role.LEADER), Relation.NONE),
    Act.LIST_PHRASES: dict.fromkeys((Role.OFFICER, Role.LEADER), Relation.NONE),
    Act.SAVE_PHRASE: dict.fromkeys((Role.OFFICER, Role.LEADER), Relation.NONE),
    Act.READ_NOTE: _TASK,
    Act.WRITE_NOTE: _TASK,
    Act.VIEW_AT_SYSTEMS: _TASK | _SUPERVISOR,
    Act.VIEW_TASK: _TASK | _TASK_SYSTEM,
    Act.CLAIM: _TASK,
    Act.RELEASE: _TASK,
    Act.TRANSFER: _TASK,
    Act.DECIDE: _TASK | _TASK_SYSTEM,
    Act.SEND_BACK: _TASK,
    Act.FETCH_ORDERS: _TASK_SYSTEM,
    Act.ASK_ITEM_CORRECTIONS: _TASK | _SUPERVISOR,  # as above
    Act.TAKE_BACK_DEMAND: _TASK,
    Act.RETRY_LOOK_UP: _COUNTER | _DEPARTMENT,  # a department's: what its own items need
    Act.CHECK_COMMITMENT: _DEPARTMENT,
    Act.ASK_REVIEW: _DEPARTMENT | _SUPERVISOR,  # a department: of its own item, or of one that it relies on
    Act.DECIDE_REVOCATION: _TASK,  # the task of the department that approved
    Act.REISSUE_CERTIFICATE: _DEPARTMENT,  # of its own item
    Act.RECORD_PERIOD: _DEPARTMENT,  # the one that gives notice, or learns that it is done
    # of an inspection that is planned: its lead's, but for a part, which is that of the item's department
    Act.OFFER_DAYS: _DEPARTMENT,
    Act.CHOOSE_DAY: _APPLYING,
    Act.SET_DAY: _DEPARTMENT,
    Act.RECORD_PART: _DEPARTMENT,
    Act.CLOSE_INSPECTION: _DEPARTMENT,
    Act.REPORT_RECTIFIED: _APPLYING,
    Act.REOPEN_CASE: _SUPERVISOR,
    Act.RESOLVE_DISCREPANCY: _TASK,  # the task of the department that owns the data
    Act.LOOK_BY_HAND: _TASK,  # the same
    Act.CONSULT: _TASK,
    Act.TAKE_BACK_CONSULT: _TASK,
    Act.GIVE_OPINION: _TASK,  # the task of the department that was asked
    Act.APPOINT_INSPECTION: _TASK,
    Act.MOVE_INSPECTION: _TASK,
    Act.CONCLUDE_INSPECTION: _TASK,
    Act.SUSPEND: _TASK | _SUPERVISOR,  # force majeure is the supervisor's, all else the department's
    Act.RESUME: _TASK | _SUPERVISOR,
    Act.EXTEND_ITEM: {Role.LEADER: Relation.OWN_TASK},
    Act.EXTEND_CASE: _SUPERVISOR,
    Act.URGE: _PARTIES | _SUPERVISOR,
    Act.ANSWER_URGE: _DEPARTMENT,  # of an item: its own department
    Act.SUPERVISE: _SUPERVISOR,
    Act.ANSWER_SUPERVISION: _DEPARTMENT,
    Act.VIEW_REMINDERS: _SUPERVISOR | _TASK,
    Act.CONTACT_AFTER_RATING: _COUNTER | _SUPERVISOR,
    Act.RECTIFY_AFTER_RATING: _COUNTER | _SUPERVISOR,
    Act.VIEW_RATINGS: _SUPERVISOR,
    # of visits that they recorded themselves: limited by row-level security
    Act.VIEW_VISIT_CODE: _COUNTER | _DEPARTMENT,
    # of their region: limited by functions of the database. Not the counter's: who was rated never sees by whom
    Act.CONTACT_AFTER_VISIT: {Role.SUPERVISOR: Relation.NONE},
    Act.RECTIFY_AFTER_VISIT: {Role.SUPERVISOR: Relation.NONE},
    Act.VIEW_CREDIT_NOTES: _SUPERVISOR,
    Act.VIEW_MEASURES: _SUPERVISOR | {Role.LEADER: Relation.OWN_TASK},
    Act.RECORD_OUTCOME: _WORKER,
    Act.ADD_SUBSCRIPTION: _ADMIN,
    Act.ROTATE_SUBSCRIPTION: _ADMIN,
    Act.REDELIVER_SUBSCRIPTION: _ADMIN,
    Act.OPERATE: _ADMIN,
    Act.VIEW_ACCESS_LOG: {Role.AUDITOR: Relation.NONE},
    Act.SIGN_OUT: {role: Relation.NONE for role in Role if role is not Role.WORKER},
    Act.LOCK_OUT: _ADMIN,
    Act.UNLOCK: _ADMIN,
    Act.VIEW_LOCKOUTS: _ADMIN,
    # of the identity that they have proved
    Act.VIEW_PERSONAL_NOTICES: dict.fromkeys((Role.CITIZEN, Role.AGENT), Relation.NONE),
    Act.VIEW_OWN_ACCESS: dict.fromkeys((Role.CITIZEN, Role.AGENT), Relation.NONE),
}

BY_CODE = frozenset({Act.RATE_VISIT})
"""Whoever shows the code may, and nobody by their role: it was given to who came, on the receipt."""

ATTESTING = frozenset(
    {
        *(Act.TAKE_IN, Act.ACCEPT, Act.REJECT, Act.ASK_CORRECTIONS),
        *(Act.DECIDE, Act.SEND_BACK, Act.ASK_ITEM_CORRECTIONS),
        *(Act.CHECK_COMMITMENT, Act.DECIDE_REVOCATION, Act.RESOLVE_DISCREPANCY, Act.LOOK_BY_HAND, Act.GIVE_OPINION),
        *(Act.CONCLUDE_INSPECTION, Act.EXTEND_ITEM, Act.EXTEND_CASE, Act.SUSPEND, Act.RESUME),
        *(Act.CONTACT_AFTER_RATING, Act.RECTIFY_AFTER_RATING, Act.RECEIVE_PAPER),
        *(Act.TAKE_BACK_DEMAND, Act.TAKE_BACK_CONSULT, Act.RECORD_DELIVERY),
        *(Act.REISSUE_CERTIFICATE, Act.REOPEN_CASE, Act.ANSWER_PRECHECK, Act.RECORD_PERIOD),
        *(Act.RECORD_PART, Act.CLOSE_INSPECTION),
    }
)
"""Nobody attests to what they gain by: staff do none of these in a case of their own."""

_OUTSIDE = frozenset({Role.CITIZEN, Role.AGENT})
_STAFF = frozenset(Role) - _OUTSIDE - {Role.DEPARTMENT_SYSTEM, Role.WORKER}
_OF_OWN_DRAFTS = frozenset(
    {
        *(Act.CREATE_CASE, Act.EDIT_DRAFT, Act.UPLOAD_MATERIAL, Act.DOWNLOAD_MATERIAL),
        *(Act.LIST_CASES, Act.VIEW_CASE, Act.VIEW_PERSONAL),
    }
)  # for the applying side, of whatever level; all else is a real person's
_OF_WHO_SIGNED_IN_JUST_NOW = frozenset({Act.GIVE_MANDATE, Act.CONFIRM_LOOK_UPS})

_OF_WHO_ACCEPTS = frozenset({Act.ACCEPT, Act.REJECT, Act.ASK_CORRECTIONS})
"""At an outlet that only takes in they are not for its clerks: acceptance is judged by the region's counter."""
OF_PARTIES = frozenset({Act.CONFIRM_LOOK_UPS, Act.DECLINE_LOOK_UPS})
"""Of who is a party of the case, and reaches nothing else of it."""
_OF_THEMSELVES = OF_PARTIES | {Act.VIEW_ASKED, Act.VIEW_PERSONAL_NOTICES, Act.VIEW_OWN_ACCESS}
_BESIDE_SOMEBODY = _OF_OWN_DRAFTS | _OF_THEMSELVES | {Act.DELETE_DRAFT, Act.SIGN_OUT}
"""What a helper at an outlet does: fills in a draft beside the person, who confirms it. No mandate brings them more:
what they have filled in they don't read afterwards. What concerns themselves they are told as anybody is."""

_OF_NO_CASE = frozenset(
    {
        Act.LIST_TASKS,
        Act.SEARCH_TASKS,
        Act.VIEW_AT_SYSTEMS,
        Act.FETCH_ORDERS,
        Act.VIEW_REMINDERS,
        Act.VIEW_MEASURES,
        Act.VIEW_RATINGS,
        Act.VIEW_CREDIT_NOTES,
        Act.VIEW_DELIVERIES,
    }
)  # of a department: there is no case to keep quiet about


class NotPermitted(OneThingError):
    """The policy table says no. `code` is NOT_FOUND where even the case's existence is not the caller's business."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """Nothing speaks against it."""


@dataclass(frozen=True, slots=True)
class Denied:
    """`why` and `remedy`, what to do instead, are sentences for people. `needed`: how well the caller would have to be
    known."""

    code: FailureCode
    why: str
    remedy: str
    needed: Needed | None = None

    def as_error(self) -> OneThingError:
        if self.needed is not None:
            return InsufficientAuthentication(self.needed)
        return NotPermitted(self.code, self.why + self.remedy)


ALLOWED = Allowed()


def judge(principal: Principal, act: Act, facts: Facts = NOTHING_KNOWN) -> Allowed | Denied:
    """How well the caller is known, the table, and that they don't attest to what they gain by, in this order.

    Whose role never may, or who may see the case and yet not do this, gets NOT_PERMITTED; anybody else NOT_FOUND.
    """
    demanded = needed(principal.role, act)
    if not is_enough(principal, demanded, facts.at):
        return _unsure(demanded)
    if (bound := at_outlet(principal, act, facts)) is not None:
        return bound
    if act in ATTESTING and is_applicant(principal, facts):
        return Denied(FailureCode.NOT_PERMITTED, "这是您本人的申请，不能由您自己办理。", "请由其他工作人员办理。")
    if _table_says(principal, act, facts):
        return ALLOWED if _is_sure_enough(principal, act, facts) else _unsure(Needed(level=REAL_PERSON))
    if not role_may(principal.role, act) or act in _OF_NO_CASE or _table_says(principal, Act.VIEW_CASE, facts):
        others = "、".join(ROLE_NAMES[role] for role in TABLE[act])
        return Denied(FailureCode.NOT_PERMITTED, "您没有办理此操作的权限。", f"可以办理的有：{others}。")
    return Denied(FailureCode.NOT_FOUND, "没有找到该办件，", "请核对编号。")


def at_outlet(principal: Principal, act: Act, facts: Facts = NOTHING_KNOWN) -> Denied | None:
    """What somebody of an outlet may not, though others of their role may."""
    if principal.bound_to is None or not role_may(principal.role, act):
        return None
    if principal.role is Role.AGENT:
        if act in _BESIDE_SOMEBODY:
            return None
        why = "网点的帮办员只在申请人身边代填草稿，不能代为提交，也不能查看办件。"
        return Denied(FailureCode.NOT_PERMITTED, why, "请由申请人本人确认提交、查询进度。")
    if act is Act.CONFIRM_PREFILL:
        why = "其他系统送来的预填申请不分到网点。"
        return Denied(FailureCode.NOT_PERMITTED, why, "请由本地区的综合窗口或申请人本人确认，或直接填写申请。")
    accepts = principal.outlets.accepts if principal.outlets is not None else frozenset()
    if act in _OF_WHO_ACCEPTS and facts.outlet in principal.bound_to - accepts:
        why = "您所在的网点只收件，不受理、不作不予受理和补正告知。"
        return Denied(FailureCode.NOT_PERMITTED, why, "请由本地区的综合窗口办理。")
    return None


def needed(role: Role, act: Act) -> Needed:
    """How well somebody of the role has to be known for the act; on the applying side, for those on drafts: on a draft
    that they wrote. Whose role never may is helped by no better sign-in."""
    if act is Act.SIGN_OUT or not role_may(role, act):
        return Needed()
    if role in _OUTSIDE:
        return Needed(
            level=0 if act in _OF_OWN_DRAFTS else REAL_PERSON,
            within=JUST_NOW if act in _OF_WHO_SIGNED_IN_JUST_NOW else None,
        )
    return Needed(mfa=role in _STAFF)


def reaches_cases(principal: Principal) -> bool:
    """Whether more than drafts of their own is there for the caller: below real person, nothing is anybody's by number
    or mandate; nor is it for a helper at an outlet."""
    if principal.role is Role.AGENT and principal.bound_to is not None:
        return False
    return principal.role not in _OUTSIDE or principal.assurance.level >= REAL_PERSON


def _is_sure_enough(principal: Principal, act: Act, facts: Facts) -> bool:
    by_draft = principal.subject == facts.drafted_by
    return reaches_cases(principal) or by_draft or TABLE[act][principal.role] is not Relation.OWN_CASE


def _unsure(demanded: Needed) -> Denied:
    return Denied(FailureCode.INSUFFICIENT_AUTHENTICATION, WHY, demanded.remedy, demanded)


def is_applicant(principal: Principal, facts: Facts) -> bool:
    """By the identity that the caller has proved: whoever only claims a number is nobody's applicant."""
    return principal.identity is not None and principal.identity == facts.applicant


def may(principal: Principal, act: Act, facts: Facts = NOTHING_KNOWN) -> bool:
    return isinstance(judge(principal, act, facts), Allowed)


def role_may(role: Role, act: Act) -> bool:
    """Whether the role may ever do it, for some case or task."""
    return role in TABLE[act]


def require(principal: Principal, act: Act, facts: Facts = NOTHING_KNOWN) -> None:
    """Raises what `judge` refuses with: NotPermitted or InsufficientAuthentication.

    Services ask `role_may` before they look the case up, or a 403 beside a 404 would tell which cases exist.
    """
    said = judge(principal, act, facts)
    if isinstance(said, Denied):
        raise said.as_error()


def require_assurance(principal: Principal, act: Act, now: datetime) -> None:
    """What can be judged before anything is looked up. Raises InsufficientAuthentication."""
    demanded = needed(principal.role, act)
    if not is_enough(principal, demanded, now):
        raise InsufficientAuthentication(demanded)


def visible_fields(principal: Principal, fields: Mapping[str, Collection[str]], facts: Facts) -> frozenset[str]:
    """Which form fields the caller may read; `fields`: field → departments whose items use it.

    The applicant's side, the counter and our workers read all; a department what its own items use; nobody else any.
    """
    if not may(principal, Act.VIEW_PERSONAL, facts):
        return frozenset()
    if principal.department is None:
        return frozenset(fields)
    return frozenset(field for field, departments in fields.items() if principal.department in departments)


def _table_says(principal: Principal, act: Act, facts: Facts) -> bool:
    relation = TABLE[act].get(principal.role)
    return relation is not None and _holds(relation, principal, facts)


def _holds(relation: Relation, principal: Principal, facts: Facts) -> bool:
    match relation:
        case Relation.NONE:
            return True
        case Relation.OWN_CASE:
            return is_applicant(principal, facts) or facts.mandated or principal.subject == facts.drafted_by
        case Relation.OWN_DRAFT:
            began = principal.subject == facts.drafted_by and not facts.handed_over
            return began and _holds(Relation.SAME_REGION, principal, facts)
        case Relation.SAME_REGION:
            if principal.bound_to is not None:
                return facts.outlet in principal.bound_to
            return principal.region == facts.region
        case Relation.OWN_ITEMS:
            return principal.region == facts.region and principal.department in facts.departments
        case Relation.OWN_TASK:
            return principal.region == facts.region and principal.department == facts.task_department


ROLE_NAMES = {
    Role.CITIZEN: "申请人",
    Role.AGENT: "受委托的代办人员",
    Role.COUNTER: "综合窗口",
    Role.OFFICER: "承办部门经办人",
    Role.LEADER: "承办部门负责人",
    Role.SUPERVISOR: "督办员",
    Role.ADMIN: "系统管理员",
    Role.AUDITOR: "审计员",
    Role.DEPARTMENT_SYSTEM: "承办部门业务系统",
    Role.WORKER: "系统后台",
}
_RELATION_NAMES = {
    Relation.NONE: "可以",
    Relation.OWN_CASE: "本人办件",
    Relation.SAME_REGION: "本地区",
    Relation.OWN_DRAFT: "自己开的草稿",
    Relation.OWN_ITEMS: "本部门事项",
    Relation.OWN_TASK: "本部门任务",
}


def matrix() -> str:
    """The whole table as Markdown, an empty cell meaning no."""
    lines = ["| 操作 | " + " | ".join(Role) + " |", "|---" * (len(Role) + 1) + "|"]
    for act, row in TABLE.items():
        cells = (_RELATION_NAMES[row[role]] if role in row else "" for role in Role)
        lines.append(f"| `{act}` | " + " | ".join(cells) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.write(matrix() + "\n")
