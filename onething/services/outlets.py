"""网点: where applications are taken in, as anybody may ask; and where one that comes over a counter was."""

from collections.abc import Mapping
from datetime import date
from itertools import islice

from definitions.outlets import Outlet, offering, reach
from onething.domain.calendar.days import local_date
from onething.domain.errors import FailureCode, FieldProblem, InvalidInput
from onething.domain.outlets import OutletKind, hours_text, opening_from
from onething.domain.principal import Principal, Role
from onething.security.policy import NotPermitted
from onething.services.application.base import choices
from onething.services.core.context import AppContext
from onething.services.summaries import pagination
from onething.services.summaries.case_summary import OutletName
from onething.services.summaries.responses import CompleteResponseModel, LocalDateTime

ONLINE = "online"
_LISTED = 20


class OutletPlace(OutletName):
    """Where to go. `region`: of whose division it takes in cases; `located`: in which a partner hall stands. `bundles`:
    none means all. `accepts`: it also says 受理."""

    kind: OutletKind
    region: str
    located: str | None = None
    parent: str | None = None
    address: str | None = None
    phone: str | None = None
    hours: list[str]
    bundles: list[str]
    accepts: bool


class OutletView(OutletPlace):
    """`opens_at`, `closes_at` and, of a mobile window, `place`: of the opening that lasts, else of the next."""

    open_now: bool
    opens_at: LocalDateTime | None = None
    closes_at: LocalDateTime | None = None
    place: str | None = None


class OutletPage(CompleteResponseModel):
    items: list[OutletView]
    next: str | None = None


def page(context: AppContext, region: str | None, bundle: str | None, limit: int, after: str | None) -> OutletPage:
    """Those that there are today. Raises InvalidInput for a region that is not served, or an unknown bundle."""
    if region is not None:
        context.require_region(region)
    if bundle is not None and context.catalog.bundle(bundle) is None:
        detail = f"没有一件事“{bundle}”。{choices({one.code: one.name for one in context.catalog.latest.values()})}"
        raise InvalidInput([FieldProblem("/bundle", FailureCode.UNKNOWN_BUNDLE, detail)])
    found = list(offering(context.catalog.outlets, context.today(), region, bundle).items())
    rows, more = pagination.cut(found, lambda row: row[0], limit, after)
    return OutletPage(items=[_view(context, code, one) for code, one in rows], next=more)


def places(context: AppContext, bundle: str) -> list[OutletPlace]:
    """Where a bundle is taken in today: those that have none above them which takes it in too."""
    found = offering(context.catalog.outlets, context.today(), bundle=bundle)
    return [OutletPlace(**_parts(code, one)) for code, one in found.items() if one.parent not in found]


def in_region(context: AppContext, region: str, bundle: str) -> list[OutletPlace]:
    """All of a division where a bundle is taken in today."""
    found = offering(context.catalog.outlets, context.today(), region, bundle)
    return [OutletPlace(**_parts(code, one)) for code, one in found.items()]


def place(context: AppContext, code: str) -> OutletPlace:
    """As it is, or was: one that there is no more is kept in the file."""
    return OutletPlace(**_parts(code, context.catalog.outlets[code]))


def named(context: AppContext, code: str | None) -> OutletName | None:
    """As it is, or was, called; None for what was handed in elsewhere."""
    if code is None:
        return None
    return OutletName(code=code, name=_name(context, code))


def receiving(
    context: AppContext, principal: Principal, code: str | None, bundle: str, channel: str, on: date
) -> str | None:
    """At which outlet the caller takes in, or did `on` that day: the one they name, else the one where they work. None
    online, and at a counter that is of no outlet. Raises NotPermitted for another's, InvalidInput where none can be
    told or it does not take in this."""
    if principal.role is Role.COUNTER and channel == ONLINE:
        if code is not None or principal.bound_to is not None:
            raise _wrong("网上申请（channel: online）没有收件网点：在网点收的，渠道写 counter。")
        return None
    code = recording(context, principal, code)
    if code is not None:
        require_open_to(context, code, bundle, on)
    return code


def recording(context: AppContext, principal: Principal, code: str | None) -> str | None:
    """At which of their outlets the caller does something, whatever it is. Raises NotPermitted for
    another's, InvalidInput where none can be told, or it is none of their division's."""
    if principal.role is not Role.COUNTER:
        if code is not None:
            raise _wrong("网点由窗口人员填写；在网上自己办的没有网点，请删去 outlet。")
        return None
    own = principal.outlets.own if principal.outlets else ()
    if code is None and len(own) > 1:
        where = choices({one: _name(context, one) for one in own})
        raise _wrong(f"您在几个网点工作，请写明是哪一个收的（outlet）。{where}", FailureCode.MISSING_VALUE)
    code = code or next(iter(own), None)
    if code is not None and principal.bound_to is not None and code not in own:
        where = "、".join(f"{_name(context, one)}（{one}）" for one in own)
        detail = f"您只能在自己的网点收件：{where}；请改正 outlet，或由那个网点的人员收件。"
        raise NotPermitted(FailureCode.NOT_PERMITTED, detail)
    known = context.catalog.outlets.get(code or "")
    if code is not None and (known is None or known.region != principal.region):
        raise _wrong(f"“{code}”不是本地区（{principal.region}）的网点。{_instead(_there(context, principal.region))}")
    return code


def _there(context: AppContext, region: str) -> dict[str, Outlet]:
    return offering(context.catalog.outlets, context.today(), region)


def asked_for(context: AppContext, principal: Principal, code: str | None) -> list[str] | None:
    """Of which outlets a list is to be; None: of all. Raises NotPermitted, InvalidInput for one of no division here."""
    bound = principal.bound_to
    if code is None:
        return None if bound is None else sorted(bound)
    if bound is not None and code not in bound:
        where = "、".join(f"{_name(context, one)}（{one}）" for one in sorted(bound)[:_LISTED])
        raise NotPermitted(FailureCode.NOT_PERMITTED, f"您只能查看自己网点及其下级收的件：{where}。")
    outlets, today = context.catalog.outlets, context.today()
    if code not in outlets:
        raise _wrong(f"没有网点“{code}”。{_instead(_there(context, principal.region))}")
    below = reach(outlets, [code], today)
    return sorted(below if bound is None else below & bound)


def require_open_to(context: AppContext, code: str, bundle: str, on: date) -> None:
    """Whether it takes in this bundle on the day of receipt. Raises InvalidInput with those that do."""
    known = context.catalog.outlets.get(code)
    if known is None:
        raise _wrong(f"没有网点“{code}”。")
    if known.is_there(on) and known.offers(bundle):
        return
    what = f"{known.name}（{code}）不收这个一件事。"
    if not known.is_there(on):
        heir = context.catalog.outlets.get(known.successor or "")
        taken_over = f"，由{heir.name}（{known.successor}）接续" if heir else ""
        when = "现在" if on == context.today() else f" {on} 那天"
        what = f"{known.name}（{code}）{when}不收件{taken_over}。"
    raise _wrong(what + _instead(offering(context.catalog.outlets, on, known.region, bundle)))


def _instead(offered: Mapping[str, Outlet]) -> str:
    if not offered:
        return "请由综合窗口收件。"
    listed = choices({code: one.name for code, one in islice(offered.items(), _LISTED)})
    return listed if len(offered) <= _LISTED else f"{listed}其余见 GET /api/outlets。"


def _view(context: AppContext, code: str, outlet: Outlet) -> OutletView:
    now = context.clock.now()
    opening = opening_from(outlet.hours, context.calendar(outlet.calendar), now)
    if opening is None or not outlet.is_there(local_date(opening.opens)):
        return OutletView(**_parts(code, outlet), open_now=False)
    return OutletView(
        **_parts(code, outlet),
        open_now=opening.opens <= now,
        opens_at=opening.opens,
        closes_at=opening.closes,
        place=opening.place,
    )


def _parts(code: str, outlet: Outlet) -> dict[str, object]:
    parts = outlet.model_dump(include=OutletPlace.model_fields.keys() - {"hours", "bundles"})
    return {
        **parts,
        "code": code,
        "hours": [hours_text(line) for line in outlet.hours],
        "bundles": list(outlet.bundles),
    }


def _name(context: AppContext, code: str) -> str:
    known = context.catalog.outlets.get(code)
    return known.name if known else code


def _wrong(detail: str, code: FailureCode = FailureCode.INVALID_VALUE) -> InvalidInput:
    return InvalidInput([FieldProblem("/outlet", code, detail)])
