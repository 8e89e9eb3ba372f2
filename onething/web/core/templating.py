"""Templates: one for a page, whose blocks are also given alone to a page that asks for a part of itself anew."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from jinja2_fragments import render_block
from starlette.requests import Request
from starlette.responses import Response

from onething.domain.calendar.days import LOCAL, local_date
from onething.domain.kernel.lifecycle import ITEM_STATE_NAMES, STATUS_NAMES
from onething.domain.names import EFFECT_NAMES, LOOKUP_RESULT_NAMES, MATERIAL_STATE_NAMES, RECEIVED_NAMES
from onething.domain.principal import Principal
from onething.security.page_sessions import form_token
from onething.services.core.context import AppContext
from onething.services.identity.page_sessions import PageSession
from onething.web.core import cookies
from onething.web.core.assets import Assets
from onething.web.core.audience import Audience, audience_of, entries_of
from onething.web.core.definition_fields import answer_words, as_text, figure_hint, options_of, papers_of
from onething.web.core.headers import page_headers
from onething.web.core.shortcuts import SHORTCUTS, Shortcut
from onething.web.core.wording import in_words, month_day, weekday

_MARK_LENGTH = 16
_HTML = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Pages:
    """What all pages have in common. `public_url`: where browsers reach them. `trial`: accounts for trying out may sign
    in. `devices`: origin of the service on a counter's own computer that knows its devices; none: there are none."""

    assets: Assets
    public_url: str
    trial: bool
    environment: Environment
    devices: str | None = None

    @property
    def secure(self) -> bool:
        """Reached by TLS, so cookies go by nothing else."""
        return self.public_url.startswith("https://")


@dataclass(frozen=True)
class Here:
    """The page at hand, for its template: who reads it, in which version."""

    request: Request
    pages: Pages

    @property
    def session(self) -> PageSession | None:
        found: PageSession | None = getattr(self.request.state, "session", None)
        return found

    @property
    def principal(self) -> Principal | None:
        return self.session.signed_in.principal if self.session else None

    @property
    def seconds_left(self) -> int:
        """Until the session ends unless somebody does something."""
        now = self.request.app.state.context.clock.now()
        return int((self.session.until - now).total_seconds()) if self.session else 0

    @property
    def audience(self) -> Audience:
        return audience_of(self.principal, self.request.url.path)

    @property
    def entries(self) -> tuple[tuple[str, str], ...]:
        """The navigation: (path, words)."""
        return entries_of(self.audience, self.principal)

    @property
    def account(self) -> str:
        """Tells a browser's script whether it is the account of before; nothing else can be made of it."""
        return account_mark(self.request.app.state.context, self.principal) if self.principal else ""

    @property
    def path(self) -> str:
        return self.request.url.path

    @property
    def with_query(self) -> str:
        """Where to come back to."""
        query = self.request.url.query
        return f"{self.path}?{query}" if query else self.path

    @property
    def large(self) -> bool:
        return cookies.is_large(self.request) and self.audience in (Audience.PUBLIC, Audience.CITIZEN)

    @property
    def now(self) -> datetime:
        """For what is printed."""
        now: datetime = self.request.app.state.context.clock.now()
        return now

    @property
    def keys(self) -> bool:
        """Whether keys act by themselves."""
        return cookies.has_keys(self.request)

    @property
    def shortcuts(self) -> tuple[Shortcut, ...]:
        """What keys do here."""
        return SHORTCUTS.get(self.audience, ())

    @property
    def form_token(self) -> str:
        """Anew for each form; none before anybody has signed in."""
        return form_token(self.session.secret) if self.session else ""

    @property
    def new_key(self) -> str:
        """For a form that records something: sent twice, it is done once."""
        return uuid4().hex


def account_mark(context: AppContext, principal: Principal) -> str:
    return context.index.mac("page account", principal.subject).hex()[:_MARK_LENGTH]


def environment() -> Environment:
    made = Environment(
        loader=PackageLoader("onething", "web"),
        autoescape=select_autoescape(default_for_string=True, default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "by_name": by_name,
        "in_words": in_words,
        "day": day,
        "moment": moment,
        "time": time_of_day,
        "pointer_id": pointer_id,
    }
    made.globals |= {
        "EFFECT_NAMES": EFFECT_NAMES,
        "LOOKUP_RESULT_NAMES": LOOKUP_RESULT_NAMES,
        "MATERIAL_STATE_NAMES": MATERIAL_STATE_NAMES,
        "RECEIVED_NAMES": RECEIVED_NAMES,
        "STATUS_NAMES": STATUS_NAMES,
        "ITEM_STATE_NAMES": ITEM_STATE_NAMES,
    }
    made.globals |= {"as_text": as_text, "options_of": options_of, "papers_of": papers_of}
    made.globals |= {"answer_words": answer_words, "figure_hint": figure_hint}
    return made


def render(
    request: Request,
    template: str,
    values: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
    blocks: Mapping[str, str] | None = None,
) -> Response:
    """The page; or of it the block that a script wants to put in place of the element of that id. `blocks`: id →
    block."""
    pages: Pages = request.app.state.pages
    context = {"here": Here(request, pages), **(values or {})}
    block = (blocks or {}).get(request.headers.get("hx-target", "")) if "hx-request" in request.headers else None
    if block is None:
        text = pages.environment.get_template(template).render(context)
    else:
        text = render_block(pages.environment, template, block, context)
    return Response(text, status, page_headers(request.url.path, pages.devices), _HTML)


def day(value: date | datetime) -> str:
    """12月2日（周三）"""
    local = local_date(value) if isinstance(value, datetime) else value
    return month_day(local) + weekday(local)


def moment(value: datetime) -> str:
    """12月2日 14:32"""
    local = value.astimezone(LOCAL)
    return f"{month_day(local.date())} {local:%H:%M}"


def time_of_day(value: datetime) -> str:
    return f"{value.astimezone(LOCAL):%H:%M}"


def by_name(codes: Iterable[str], name_of: Callable[[str], str]) -> list[str]:
    """As people look for them: GB 18030 has the everyday characters in the order of their reading."""
    return sorted(codes, key=lambda code: name_of(code).encode("gb18030"))


def pointer_id(pointer: str) -> str:
    """The id of the element that a field's pointer names, for links and labels."""
    return "f" + pointer.replace("/", "-").replace("~", "_")
