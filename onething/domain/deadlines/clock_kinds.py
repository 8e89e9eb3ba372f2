"""The clocks that a case may have, by name: how long, and with what effect in law.

Sources: 行政许可法 Art. 32 (5 working days to say what is missing), 42 (20; jointly handled 45), 44 (10 to deliver).
"""

from onething.domain.calendar.countdown import Countdown
from onething.domain.calendar.limits import Limit
from onething.domain.definition.time_rules import LegalEffect
from onething.domain.kernel.state import Reply, RunningClock
from onething.domain.plan.plan import Plan, PlanMaterial

CASE_CLOCK = "case"
CASE_STATUTORY = "case:statutory"
NOTICE_CLOCK = "notice"
SUPPLEMENT_CLOCK = "supplement"
DELIVERY_CLOCK = "delivery"
_URGE, _SUPERVISION = "urge:", "supervise:"
RATING_CONTACT = "rating:contact"
RATING_RECTIFY = "rating:rectify"
_ITEM, _STATUTORY, _DEFERRED, _CHECK = "item:", ":statutory", "deferred:", "check:"
_STEP, _INSPECTION, _BY_HAND, _WAIT = "step:", "inspection:", "by-hand:", "wait:"
_DIFFERS, _REVOKE = "differs:", "revoke:"
BY_LAW = {NOTICE_CLOCK: Limit(amount=5), DELIVERY_CLOCK: Limit(amount=10)}
LOOK, DECIDE_REVOCATION = Limit(amount=3), Limit(amount=10)  # assumed: no rule of law sets them
_AS_SET_LOCALLY = {RATING_CONTACT: Limit(amount=1), RATING_RECTIFY: Limit(amount=5)}


def item_clock(code: str) -> str:
    return f"{_ITEM}{code}"


def item_statutory(code: str) -> str:
    return f"{_ITEM}{code}{_STATUTORY}"


def urge_clock(seq: int) -> str:
    """Of the urge that is line `seq`."""
    return f"{_URGE}{seq}"


def supervision_clock(seq: int) -> str:
    """Of the supervision that is line `seq`."""
    return f"{_SUPERVISION}{seq}"


def is_urge(name: str) -> bool:
    return name.startswith(_URGE)


def is_supervision(name: str) -> bool:
    return name.startswith(_SUPERVISION)


def step_clock(code: str, n: int) -> str:
    """Of the nth opinion that was asked for on an item."""
    return f"{_STEP}{code}:{n}"


def step_of(name: str) -> tuple[str, int] | None:
    """Item and number of the opinion that a clock is about, if it is about one."""
    if not name.startswith(_STEP):
        return None
    code, _, n = name.removeprefix(_STEP).rpartition(":")
    return code, int(n)


def inspection_clock(n: int) -> str:
    return f"{_INSPECTION}{n}"


def is_inspection(name: str) -> bool:
    return name.startswith(_INSPECTION)


def is_between_departments(name: str) -> bool:
    """The applicant is promised nothing by it; its budget is agreed as it starts."""
    return name.startswith((_STEP, _INSPECTION))


def concerns_applicant(name: str) -> bool:
    """Whether its date is the applicant's business: not what offices owe each other, nor when they have to answer,
    to an urge or to a rating."""
    between = is_between_departments(name) or is_urge(name) or is_supervision(name) or name in _AS_SET_LOCALLY
    return not (between or name.startswith((_BY_HAND, _DIFFERS, _REVOKE)))


def item_of(name: str) -> str | None:
    """The item that a clock is about, if it is about one."""
    step = step_of(name)
    if step is not None:
        return step[0]
    return name.removeprefix(_ITEM).removesuffix(_STATUTORY) if name.startswith(_ITEM) else None


def deferred_clock(material: str) -> str:
    return f"{_DEFERRED}{material}"


def deferred_of(name: str) -> str | None:
    """The material that a clock gives time to supply after acceptance, if it is such a clock."""
    return name.removeprefix(_DEFERRED) if name.startswith(_DEFERRED) else None


def check_clock(material: str) -> str:
    return f"{_CHECK}{material}"


def checked_of(name: str) -> str | None:
    """The material in whose place stands the promise that a clock gives time to check, if it is such a clock."""
    return name.removeprefix(_CHECK) if name.startswith(_CHECK) else None


def by_hand_clock(data: str) -> str:
    return f"{_BY_HAND}{data}"


def looked_for_of(name: str) -> str | None:
    """The data key of the record that a clock gives people time to look for, if it is such a clock."""
    return name.removeprefix(_BY_HAND) if name.startswith(_BY_HAND) else None


def wait_reminder(data: str, line: int) -> str:
    """Of a source that is asked on, since that line. No clock: nothing follows from it."""
    return f"{_WAIT}{data}:{line}"


def waited_for_of(name: str) -> str | None:
    """The data key in a `wait_reminder`, if it is one."""
    return name.removeprefix(_WAIT).rpartition(":")[0] if name.startswith(_WAIT) else None


def discrepancy_clock(code: str) -> str:
    """Of the owner of data that disagree in the comparison."""
    return f"{_DIFFERS}{code}"


def differs_of(name: str) -> str | None:
    """The comparison that a clock gives the owner of its data time to look into, if it is such a clock."""
    return name.removeprefix(_DIFFERS) if name.startswith(_DIFFERS) else None


def revocation_clock(item: str) -> str:
    return f"{_REVOKE}{item}"


def revoked_of(name: str) -> str | None:
    """The item of which a clock gives time to decide whether its approval stands, if it is such a clock."""
    return name.removeprefix(_REVOKE) if name.startswith(_REVOKE) else None


def legal_effect(name: str) -> LegalEffect:
    if name.endswith(_STATUTORY) or name in BY_LAW:
        return LegalEffect.STATUTORY
    agreed = name == SUPPLEMENT_CLOCK or name in _AS_SET_LOCALLY or is_between_departments(name)
    agreed = agreed or name.startswith((_DEFERRED, _CHECK, _URGE, _SUPERVISION, _BY_HAND, _DIFFERS, _REVOKE))
    return LegalEffect.NONE if agreed else LegalEffect.PROMISE


def limit_of(plan: Plan, name: str, reply: Reply | None = None) -> Limit:
    """The budget of the clock of that name: what the `reply` that it waits for was given, else what law or plan give.
    Raise `KeyError` when they give it none."""
    if reply is not None:
        return Limit(amount=reply.days)
    if name in BY_LAW:
        return BY_LAW[name]
    if name in _AS_SET_LOCALLY:
        return _AS_SET_LOCALLY[name]
    if name.startswith((_DIFFERS, _REVOKE)):
        return LOOK if name.startswith(_DIFFERS) else DECIDE_REVOCATION
    if name == SUPPLEMENT_CLOCK:
        if plan.clocks is None or plan.clocks.supplement is None:
            raise KeyError(name)
        return plan.clocks.supplement
    if (material := deferred_of(name) or checked_of(name)) is not None:
        return Limit(amount=_days(plan.material_by_code[material], name))
    if (data := looked_for_of(name)) is not None:
        return Limit(amount=_days_by_hand(plan, data))
    if is_between_departments(name):
        raise KeyError(name)
    code = item_of(name)
    of = plan if code is None else plan.item_by_code[code]
    return of.statutory if name.endswith(_STATUTORY) else of.promised


def _days(material: PlanMaterial, name: str) -> int:
    """Working days to supply it after acceptance, or to check what was promised in its place."""
    if name.startswith(_DEFERRED):
        days = material.defer.days if material.defer else None
    else:
        days = material.commitment.check_days if material.commitment else None
    if days is None:
        raise KeyError(name)
    return days


def _days_by_hand(plan: Plan, data: str) -> int:
    """Working days."""
    days = plan.data_by_key[data].check_days
    if days is None:
        raise KeyError(data)
    return days


def clock_of(plan: Plan, name: str, running: RunningClock) -> Countdown:
    """The clock by itself, to be asked what is left, when it is due and why."""
    limit = running.limit or limit_of(plan, name, running.reply)
    return Countdown(limit, running.started_at, running.pauses, running.extended)


def about(name: str, running: RunningClock) -> str | None:
    """The item that a clock is about, or whose answer it waits for."""
    return item_of(name) if running.reply is None else running.reply.item
