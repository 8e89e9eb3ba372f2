"""What API and worker read from the settings alike."""

import re

from pydantic import SecretStr

from definitions.lint import require_clean
from definitions.loader import Catalog, load_catalog
from onething.security.addresses import TrustedProxies
from onething.security.limits import Numbers
from onething.security.signed_calls import SharedSecrets
from onething.settings import Settings
from onething.store.connection.database import Database

_ON_THIS_COMPUTER = re.compile(r"https?://(127\.0\.0\.1|localhost)(:[1-9][0-9]{1,4})?")


class SettingMissing(Exception):
    """A setting without which this process can't run; the message names it and the remedy."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"缺少设置 ONETHING_{name.upper()}。onething up 启动的内置环境会自动生成；"
            "自备环境请参照 docs/operating.md 设置。"
        )


class SettingUnusable(SettingMissing):
    """A setting that is there and can't be used; `why` quotes no secret."""

    def __init__(self, name: str, why: str) -> None:
        Exception.__init__(self, f"设置 ONETHING_{name.upper()} 不能用：{why}。请对照 docs/operating.md 改正。")


def needed(settings: Settings, name: str) -> str:
    """The text of a setting, or `SettingMissing`."""
    value = getattr(settings, name)
    if not value:
        raise SettingMissing(name)
    return str(value)


def secret(settings: Settings, name: str) -> str:
    """The text of a secret setting, or `SettingMissing`."""
    value: SecretStr | None = getattr(settings, name)
    if value is None or not value.get_secret_value():
        raise SettingMissing(name)
    return value.get_secret_value()


def callback_secrets(settings: Settings) -> SharedSecrets:
    """Those of the setting, maybe none. Raises `SettingUnusable`."""
    text = settings.callback_secrets.get_secret_value() if settings.callback_secrets else ""
    try:
        return SharedSecrets.from_setting(text)
    except ValueError as wrong:
        raise SettingUnusable("callback_secrets", str(wrong)) from None


def trusted_proxies(settings: Settings) -> TrustedProxies:
    """Those of the setting, maybe none. Raises `SettingUnusable`."""
    try:
        return TrustedProxies.from_setting(settings.trusted_proxies or "")
    except ValueError as wrong:
        raise SettingUnusable("trusted_proxies", str(wrong)) from None


def limit_numbers(settings: Settings) -> Numbers:
    """The usual ones, as far as the setting says nothing else. Raises `SettingUnusable`."""
    try:
        return Numbers.from_setting(settings.rate_limits or "")
    except ValueError as wrong:
        raise SettingUnusable("rate_limits", str(wrong)) from None


def webhook_hosts(settings: Settings) -> frozenset[str]:
    """Hosts to which events may go although they are of the private network."""
    return frozenset(one.strip() for one in (settings.webhook_hosts or "").split(",") if one.strip())


def devices_origin(settings: Settings) -> str | None:
    """Of the devices' service on the computer that a browser runs on, and no other. Raises `SettingUnusable`."""
    origin = (settings.devices_origin or "").rstrip("/")
    if not origin:
        return None
    if not _ON_THIS_COMPUTER.fullmatch(origin):
        raise SettingUnusable("devices_origin", "须是本机的地址，如 http://127.0.0.1:9123，不带路径")
    return origin


def catalog(settings: Settings) -> Catalog:
    """The definitions that this process serves. Raises `DefinitionProblems`; a folder of one's own is linted first."""
    loaded = load_catalog(settings.definitions_dir)
    if settings.definitions_dir is not None:
        require_clean(loaded)
    return loaded


def database_of(settings: Settings, url: str) -> Database:
    """Not opened yet."""
    return Database(
        url,
        pool_size=settings.database_pool_size,
        lock_timeout_ms=settings.database_lock_timeout_ms,
        statement_cache_size=settings.database_statement_cache,
    )


async def look_at_database(settings: Settings, name: str) -> None:
    """Opens the database of that setting and closes it again: a process that must not start says so in a sentence, and
    not in the trace that a server's start-up leaves. Raises `SettingMissing`, `UnsafeRights`, OneThingError
    UNAVAILABLE."""
    database = database_of(settings, needed(settings, name))
    await database.open()
    await database.close()
