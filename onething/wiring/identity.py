"""Whose tokens an API process reads: those of the issuers file, or under trial those of its own issuer."""

import time

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
    settings: Settings, clock: TimeSource, index: BlindIndex, lockouts: LockoutCheck, trial: TokenIssuer | None
) -> TokenReader:
    """Nothing is fetched yet. Raises `SettingUnusable`."""
    return TokenReader([*_of_file(settings), *([trial.trusted] if trial else [])], clock, index, lockouts)


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
