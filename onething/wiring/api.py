"""The HTTP process."""

import logging
import time
from datetime import timedelta

from fastapi import FastAPI

from api.app import create_app
from definitions.loader import Catalog
from onething.documents.press import Press
from onething.domain.calendar.time_source import SystemClock, TimeSource
from onething.security.blind_index import BlindIndex
from onething.security.demo_accounts import DemoAccounts
from onething.security.identity.trial import TokenIssuer
from onething.security.limits import Limits, Numbers
from onething.security.sealing import Sealer
from onething.security.signing import CertificateSigner, CertificateVerifier
from onething.services.core.case_feed import CaseFeed
from onething.services.core.context import AppContext
from onething.services.core.lockout_watch import LockoutWatch
from onething.settings import Settings
from onething.store.connection.notifier import Notifier
from onething.store.record.case_writer import CaseWriter
from onething.store.record.plan_cache import PlanCache
from onething.wiring.common import (
    SettingUnusable,
    callback_secrets,
    catalog,
    database_of,
    devices_origin,
    limit_numbers,
    needed,
    secret,
    trusted_proxies,
    webhook_hosts,
)
from onething.wiring.identity import token_reader

log = logging.getLogger(__name__)


def build_api(settings: Settings, clock: TimeSource | None = None) -> FastAPI:
    """The HTTP application; it connects as it starts up. Raises `SettingMissing`, `SettingUnusable`."""
    context = build_office(settings, clock or SystemClock())
    return create_app(
        context,
        api_docs=settings.api_docs or settings.trial,
        trusted_proxies=trusted_proxies(settings),
        public_url=settings.public_url,
        devices=devices_origin(settings),
    )


def build_office(settings: Settings, clock: TimeSource) -> AppContext:
    """What the acts of an API process have at hand. Raises `SettingMissing`, `SettingUnusable`."""
    url = needed(settings, "database_api_url")
    direct_url = settings.database_listen_url or url
    definitions = catalog(settings)
    if settings.region not in definitions.regions:
        raise SettingUnusable("region", f"regions.yaml 里没有 {settings.region}，有：{'、'.join(definitions.regions)}")
    if not settings.trial:
        _tell_what_is_unpublished(definitions, settings.region)
    index = BlindIndex.from_setting(secret(settings, "index_key"))
    accounts = issuer = None
    if settings.trial:
        password = secret(settings, "demo_password")
        outlets = {code: one.name for code, one in definitions.outlets.items() if one.region == settings.region}
        accounts = DemoAccounts(
            definitions.departments, password=password, region=settings.region, index=index, outlets=outlets
        )
        issuer = TokenIssuer.from_setting(secret(settings, "trial_token_key"), clock)
    database = database_of(settings, url)
    notifier = Notifier(direct_url)
    feed = CaseFeed(notifier, direct_url)
    lockouts = LockoutWatch(database, direct_url, clock, time.monotonic, feed.look_anew)
    plan_cache = PlanCache()
    tokens, code_flows = token_reader(settings, clock, index, lockouts, issuer, definitions.regions)
    signer = CertificateSigner.from_setting(secret(settings, "certificate_key"))
    return AppContext(
        database=database,
        writer=CaseWriter(clock, plan_cache, notifier),
        plan_cache=plan_cache,
        feed=feed,
        catalog=definitions,
        clock=clock,
        sealer=Sealer.from_setting(secret(settings, "sealing_keys")),
        index=index,
        verifier=CertificateVerifier([signer.public_key]),
        press=Press(settings.fonts_dir),
        tokens=tokens,
        code_flows=code_flows,
        lockouts=lockouts,
        limits=Limits(clock, _numbers(settings)),
        region=settings.region,
        rated_within=timedelta(days=settings.rated_within_days),
        shared_secrets=callback_secrets(settings),
        webhook_hosts=webhook_hosts(settings),
        issuer=issuer,
        accounts=accounts,
    )


def _tell_what_is_unpublished(definitions: Catalog, region: str) -> None:
    """Nobody can apply for it here: said at the start, lest it is learnt from those who tried."""
    for code in definitions.latest:
        found = definitions.at(code, region)
        if found is None or found.ref not in definitions.published:
            command = f"onething definitions publish {code} --place {region}"
            log.warning("not published here, so not served", extra={"bundle": code, "region": region, "by": command})


def _numbers(settings: Settings) -> Numbers:
    """Of the limits. That they were raised for a trial is said, lest it stays so unseen."""
    numbers = limit_numbers(settings)
    if numbers.factor > 1:
        log.warning("limits are raised", extra={"factor": numbers.factor, "by": "ONETHING_RATE_LIMITS"})
    return numbers
