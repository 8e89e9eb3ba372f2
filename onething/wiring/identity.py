"""Whose tokens an API process reads: those of the issuers file, or under trial those of its own issuer."""

import time
from collections.abc import Collection

import httpx

from onething.domain.calendar.time_source import TimeSource
from onething.security.blind_index import BlindIndex
from onething.security.identity.issuers import Issuer, IssuersUnusable, load
from onething.security.identity.key_sets import FixedKeys, KeySet, RemoteKeys
from onething.security.identity.reader import LockoutCheck, TokenReader, TrustedIssuer
from onething.security.identity.trial import TokenIssuer
from onething.settings import Settings
from onething.wiring.common import SettingUnusable


def token_reader(
    settings: Settings,
    clock: TimeSource,
    index: BlindIndex,
    lockouts: LockoutCheck,
    trial: TokenIssuer | None,
    regions: Collection[str],
) -> TokenReader:
    """Nothing is fetched yet. `regions`: that are served, or were. Raises `SettingUnusable`."""
    of_file = _of_file(settings)
    for one in of_file:
        if one.entry.region is not None and one.entry.region not in regions:
            why = f"{one.entry.code} 的 region {one.entry.region} 不在 regions.yaml 里，有：{'、'.join(regions)}"
            raise SettingUnusable("issuers_file", why)
    return TokenReader([*of_file, *([trial.trusted] if trial else [])], clock, index, lockouts)


def _of_file(settings: Settings) -> list[TrustedIssuer]:
    if settings.issuers_file is None:
        return []
    # its connections are few and kept; they end with the process
    http = httpx.AsyncClient(trust_env=False)
    try:
        return [TrustedIssuer(entry, _keys(entry, http)) for entry in load(settings.issuers_file)]
    except IssuersUnusable as wrong:
        raise SettingUnusable("issuers_file", str(wrong)) from None


def _keys(entry: Issuer, http: httpx.AsyncClient) -> KeySet:
    return FixedKeys.of_file(entry.jwks_file) if entry.jwks_file else RemoteKeys(entry, http, time.monotonic)
