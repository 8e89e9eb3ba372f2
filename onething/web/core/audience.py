"""For whom a page is: its layout, its navigation, and where each role begins."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from onething.domain.principal import Principal, Role


class Audience(StrEnum):
    PUBLIC = "public"
    CITIZEN = "citizen"
    COUNTER = "counter"
    WORK = "work"
    SUPERVISE = "supervise"
    ADMIN = "admin"
    AUDIT = "audit"


_OF_ROLE: Mapping[Role, Audience] = MappingProxyType(
    {
        Role.CITIZEN: Audience.CITIZEN,
        Role.AGENT: Audience.CITIZEN,
        Role.COUNTER: Audience.COUNTER,
        Role.OFFICER: Audience.WORK,
        Role.LEADER: Audience.WORK,
        Role.SUPERVISOR: Audience.SUPERVISE,
        Role.ADMIN: Audience.ADMIN,
        Role.AUDITOR: Audience.AUDIT,
    }
)
HOME: Mapping[Audience, str] = MappingProxyType(
    {
        Audience.PUBLIC: "/",
        Audience.CITIZEN: "/my",
        Audience.COUNTER: "/counter",
        Audience.WORK: "/work",
        Audience.SUPERVISE: "/supervise",
        Audience.ADMIN: "/admin",
        Audience.AUDIT: "/audit",
    }
)
_OF_PLACE: Mapping[str, Audience] = MappingProxyType(
    {path: audience for audience, path in HOME.items() if audience is not Audience.PUBLIC}
    | {"/apply": Audience.CITIZEN}
)
_ENTRIES: Mapping[Audience, tuple[tuple[str, str], ...]] = MappingProxyType(
    {
        Audience.PUBLIC: (("/", "办事"), ("/progress", "查进度"), ("/verify", "核验证照")),
        Audience.CITIZEN: (("/", "办事"), ("/my", "我的办件")),
        Audience.COUNTER: (
            ("/counter", "窗口"),
            ("/counter/new", "收件"),
            ("/counter/find", "查找"),
            ("/counter/outbox", "待发"),
            ("/counter/mandates", "委托"),
        ),
        Audience.WORK: (
            ("/work", "待办"),
            ("/work/reminders", "待答复"),
            ("/work/cases", "办件"),
            ("/work/at-systems", "业务系统在办"),
            ("/work/licences", "电子证照"),
        ),
        Audience.SUPERVISE: (
            ("/supervise", "督办"),
            ("/supervise/cases", "办件"),
            ("/supervise/cards", "红黄牌"),
            ("/supervise/reminders", "催办和督办"),
        ),
        Audience.ADMIN: (
            ("/admin", "管理"),
            ("/admin/definitions", "定义"),
            ("/admin/subscriptions", "订阅"),
            ("/admin/sessions", "谁登录着"),
        ),
        Audience.AUDIT: (
            ("/audit", "访问日志"),
            ("/audit/search", "谁查过某人"),
            ("/audit/alarms", "报警"),
            ("/audit/verifications", "流水核验"),
        ),
    }
)
_PUBLIC_PATHS = ("/guide", "/progress", "/verify", "/rate", "/sign-in", "/large", "/keys")


def audience_of(principal: Principal | None, path: str) -> Audience:
    """Public pages are public ones for staff too, who show them to people."""
    if principal is None or path == "/" or path.startswith(_PUBLIC_PATHS):
        return Audience.CITIZEN if principal is not None and _is_applying(principal) else Audience.PUBLIC
    return _OF_ROLE.get(principal.role, Audience.PUBLIC)


def entries_of(audience: Audience, principal: Principal | None) -> tuple[tuple[str, str], ...]:
    if audience is Audience.PUBLIC and principal is not None:
        return (*_ENTRIES[audience], (home_of(principal), "返回工作台"))
    if principal is not None and principal.role is Role.LEADER and audience is Audience.WORK:
        return (*_ENTRIES[audience], ("/work/figures", "指标"))
    return _ENTRIES[audience]


def place_of(path: str) -> str:
    """The first part of an address: pages that several audiences have lead on within their own."""
    return "/" + path[1:].partition("/")[0]


def is_theirs(principal: Principal, path: str) -> bool:
    """Whether pages under this path are made for this caller's role: what they show of a case is judged besides."""
    audience = _OF_PLACE.get(place_of(path))
    return audience is None or audience is _OF_ROLE.get(principal.role)


def home_of(principal: Principal) -> str:
    """Where this caller begins."""
    return HOME[_OF_ROLE.get(principal.role, Audience.PUBLIC)]


def _is_applying(principal: Principal) -> bool:
    return _OF_ROLE.get(principal.role) is Audience.CITIZEN
