"""What every act has at hand: the record, keys, definitions and the clock. Put together by `wiring`."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Self

from definitions.loader import Catalog
from definitions.outlets import reach
from definitions.regions import seat_of
from onething.documents.pictures import Pictures
from onething.documents.press import Press
from onething.domain.calendar.days import Calendar, local_date
from onething.domain.calendar.time_source import TimeSource
from onething.domain.errors import FailureCode, FieldProblem, InvalidInput, OneThingError
from onething.domain.principal import REGIONAL_ROLES, Principal
from onething.security.alarms import Alarms
from onething.security.blind_index import BlindIndex
from onething.security.codes import QueryCodes
from onething.security.demo_accounts import DemoAccounts
from onething.security.identity.claims import SignedIn
from onething.security.identity.code_flow import CodeFlow
from onething.security.identity.reader import TokenReader
from onething.security.identity.refusals import NotSignedIn
from onething.security.identity.trial import TokenIssuer
from onething.security.limits import Limits
from onething.security.policy import OF_PARTIES, Act, require_assurance
from onething.security.sealing import Sealer
from onething.security.signed_calls import SharedSecrets
from onething.security.signing import CertificateVerifier
from onething.services.application.base import choices
from onething.services.application.check import Applications
from onething.services.application.sealed_values import SealedValues
from onething.services.core.case_feed import CaseFeed
from onething.services.core.lockout_watch import LockoutWatch
from onething.services.core.refusals import RefusalTally
from onething.services.summaries.forecasts import Usual
from onething.store.connection.actor import Actor
from onething.store.connection.database import Database, Transaction
from onething.store.record import access_log
from onething.store.record.access_log import NumberSearch
from onething.store.record.case_writer import CaseWriter
from onething.store.record.plan_cache import PlanCache
from onething.store.tables import calendars

_REFUSALS = frozenset({FailureCode.NOT_PERMITTED, FailureCode.NOT_FOUND})


@dataclass(frozen=True)
class AppContext:
    """`region`: of cases that name none. `rated_within`: so long the code of a visit rates it. `code_flows`: how people
    sign in to the pages, by the code of the issuer. `issuer` and `accounts` are there under trial only."""

    database: Database
    writer: CaseWriter
    plan_cache: PlanCache
    feed: CaseFeed
    catalog: Catalog
    clock: TimeSource
    sealer: Sealer
    index: BlindIndex
    verifier: CertificateVerifier
    press: Press
    tokens: TokenReader
    lockouts: LockoutWatch
    limits: Limits
    region: str
    rated_within: timedelta = timedelta(days=30)
    shared_secrets: SharedSecrets = field(default_factory=SharedSecrets, repr=False)
    webhook_hosts: frozenset[str] = frozenset()
    code_flows: Mapping[str, CodeFlow] = field(default_factory=dict)
    issuer: TokenIssuer | None = None
    accounts: DemoAccounts | None = None
    alarms: Alarms = field(default_factory=Alarms)
    pictures: Pictures = field(default_factory=Pictures)
    codes: QueryCodes = field(init=False)
    applications: Applications = field(init=False)
    usual: Usual = field(init=False)
    refusals: RefusalTally = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "codes", QueryCodes(self.index))
        object.__setattr__(self, "applications", Applications(self.catalog, trial=self.issuer is not None))
        object.__setattr__(self, "usual", Usual(self.clock))
        object.__setattr__(self, "refusals", RefusalTally(self.database, self.clock))

    async def __aenter__(self) -> Self:
        await self.database.open()
        async with self.database.transaction(Actor.anybody()) as tx:
            await calendars.publish(tx, self.catalog.calendars.values())
        await self.lockouts.open()
        await self.feed.open()
        self.refusals.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.refusals.close()
        await self.feed.close()
        await self.lockouts.close()
        await self.database.close()

    def calendar(self, code: str) -> Calendar:
        return self.catalog.calendars[code]

    def department(self, code: str) -> str:
        """Its name."""
        return self.catalog.departments.get(code, code)

    def today(self) -> date:
        """By the calendar on the wall."""
        return local_date(self.clock.now())

    def departments_on_duty(self) -> dict[str, str]:
        """Code → name of those that have their duties today."""
        today = self.today()
        return {code: one.name for code, one in self.catalog.duties.items() if one.is_there(today)}

    def why_off_duty(self, code: str) -> str | None:
        """A sentence that says who has its duties, if known; None if it has them itself today."""
        known = self.catalog.duties.get(code)
        if known is None:
            return f"没有部门“{code}”。"
        if code in self.departments_on_duty():
            return None
        heir = f"，职责由“{self.department(known.successor)}”（{known.successor}）接续" if known.successor else ""
        return f"“{known.name}”（{code}）现在不履职{heir}。"

    def require_department(self, code: str | None) -> None:
        """Raises InvalidInput where a query names one that there is not, and was not: what is past may be asked for."""
        if code is not None and code not in self.catalog.duties:
            detail = f"没有部门“{code}”。{choices(self.catalog.departments)}"
            raise InvalidInput([FieldProblem("/department", FailureCode.INVALID_VALUE, detail)])

    def region_name(self, code: str) -> str:
        """Also of one that is served no more."""
        known = self.catalog.regions.get(code)
        return known.name if known else code

    def require_region(self, code: str, pointer: str = "/region") -> str:
        """The code, if that division is served today. Raises InvalidInput."""
        if (problem := self.region_problem(code, pointer)) is not None:
            raise InvalidInput([problem])
        return code

    def region_problem(self, code: str, pointer: str) -> FieldProblem | None:
        """What is said if a division is not served today: who took it over, and those that are."""
        regions, today = self.catalog.regions, self.today()
        known = regions.get(code)
        if known is not None and known.is_there(today):
            return None
        what = f"这里不办理行政区划“{code}”的申请。"
        if known is not None:
            heir = regions.get(known.successor or "")
            into = f"，已并入{heir.name}（{known.successor}）" if heir else ""
            what = f"{known.name}（{code}）现在不收件{into}。"
        served = {one: region.name for one, region in regions.items() if region.is_there(today)}
        return FieldProblem(pointer, FailureCode.INVALID_VALUE, f"{what}{choices(served)}")

    def require_known_region(self, code: str | None, pointer: str = "/region") -> None:
        """Raises InvalidInput for a division that is not served and never was: what is past may be asked for."""
        if code is not None and code not in self.catalog.regions:
            self.require_region(code, pointer)

    def seat_of(self, region: str, bundle: str) -> str:
        """Where cases of the division are handled. Raises InvalidInput for an unknown bundle."""
        return seat_of(self.catalog.regions, region, self.applications.definition(bundle).handled_at)

    async def signed_in(self, token: str) -> SignedIn:
        """Who is of a division that is none of ours is of the installation's. Raises as `TokenReader.read`, and
        NotSignedIn for such staff, and of outlets that are none of their division's: nothing would be theirs to see."""
        found = await self.tokens.read(token)
        if found.principal.region in self.catalog.regions:
            return replace(found, principal=self.at_outlets(found.principal))
        if found.principal.role in REGIONAL_ROLES:
            served = choices({code: one.name for code, one in self.catalog.regions.items()})
            raise NotSignedIn(f"登录凭证里的行政区划“{found.principal.region}”不在服务范围，请联系管理员。{served}")
        return replace(found, principal=self.at_outlets(found.principal.model_copy(update={"region": self.region})))

    def at_outlets(self, principal: Principal) -> Principal:
        """With what lies below the outlets where they work. Raises NotSignedIn for those of no division of theirs."""
        scope, outlets, today = principal.outlets, self.catalog.outlets, self.today()
        if scope is None:
            return principal
        for code in scope.own:
            known = outlets.get(code)
            if known is None or known.region != principal.region:
                detail = f"登录凭证里的网点“{code}”不是本地区（{principal.region}）的网点，请联系管理员。"
                raise NotSignedIn(detail)
        accepting = [code for code in scope.own if outlets[code].accepts]
        found = {"sees": reach(outlets, scope.own, today), "accepts": reach(outlets, accepting, today)}
        return principal.model_copy(update={"outlets": scope.model_copy(update=found)})

    def values(self, case_no: str, sealed: dict[str, bytes] | None = None) -> SealedValues:
        return SealedValues(self.sealer, case_no, sealed or {})

    @asynccontextmanager
    async def transaction(
        self,
        principal: Principal,
        act: Act,
        case_no: str | None = None,
        *,
        enters: bool = False,
        search: NumberSearch | None = None,
    ) -> AsyncIterator[Transaction]:
        """One transaction of one act; `enters`: the case is going to be changed. A refusal leaves a line in the access
        log, with whose number was to be searched. Raises InsufficientAuthentication for who is not known well enough
        for the act."""
        now = self.clock.now()
        require_assurance(principal, act, now)
        actor = Actor.of(principal, now)
        if act in OF_PARTIES:
            actor = replace(actor, case_no=case_no or "")
        try:
            async with self.database.transaction(actor, of_case=case_no if enters else None) as tx:
                yield tx
        except OneThingError as error:
            if error.code in _REFUSALS:
                async with self.database.transaction(Actor.of(principal)) as tx:
                    access_log.add(tx, act, self.clock.now(), case_no=case_no, search=search, outcome=error.code)
            raise
