"""Whose tokens an API process reads, and with whom people sign in: the issuers of the file, under trial its own."""

import time
from collections.abc import Collection, Mapping

import httpx

from onething.domain.calendar.time_source import TimeSource
from onething.security.blind_index import BlindIndex
from onething.security.identity.code_flow import CodeFlow
from onething.security.identity.issuers import Issuer, IssuersUnusable, PageSignIn, load
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
) -> tuple[TokenReader, Mapping[str, CodeFlow]]:
    """And by the codes of issuers how people sign in to the pages. Nothing is fetched yet. `regions`: that are served,
    or were. Raises `SettingUnusable`."""
    of_file, flows = _of_file(settings)
    for one in of_file:
        if one.entry.region is not None and one.entry.region not in regions:
            why = f"{one.entry.code} 的 region {one.entry.region} 不在 regions.yaml 里，有：{'、'.join(regions)}"
            raise SettingUnusable("issuers_file", why)
    return TokenReader([*of_file, *([trial.trusted] if trial else [])], clock, index, lockouts), flows


def _of_file(settings: Settings) -> tuple[list[TrustedIssuer], dict[str, CodeFlow]]:
    if settings.issuers_file is None:
        return [], {}
    # its connections are few and kept; they end with the process
    http = httpx.AsyncClient(trust_env=False)
    try:
        entries = load(settings.issuers_file)
        trusted = [TrustedIssuer(entry, _keys(entry, http)) for entry in entries]
        return trusted, {one.code: _flow(one, one.pages, http) for one in entries if one.pages}
    except IssuersUnusable as wrong:
        raise SettingUnusable("issuers_file", str(wrong)) from None


def _flow(entry: Issuer, pages: PageSignIn, http: httpx.AsyncClient) -> CodeFlow:
    file = pages.client_secret_file
    try:
        secret = file.read_text("utf-8").strip() if file else None
    except (OSError, UnicodeDecodeError) as unreadable:
        why = f"读不了 {entry.code} 的 client_secret_file（{type(unreadable).__name__}）：请核对路径和权限。"
        raise IssuersUnusable(why) from None
    return CodeFlow(entry, pages, http, secret)


def _keys(entry: Issuer, http: httpx.AsyncClient) -> KeySet:
    return FixedKeys.of_file(entry.jwks_file) if entry.jwks_file else RemoteKeys(entry, http, time.monotonic)
