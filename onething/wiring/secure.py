"""Secure unless told otherwise: what an installation needs before anybody may use it, asked at the start of every
process. Only a trial (`onething up`, demo, tests) goes without, and is reachable from this machine alone."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from onething.security.signed_calls import SharedSecrets
from onething.settings import Settings

_KEYS = ("sealing_keys", "index_key", "certificate_key")
_NEEDED = {
    "api": ("database_api_url", *_KEYS),
    "worker": ("database_worker_url", "temporal_address", *_KEYS),
}
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class NotSecure(Exception):
    """What is missing, all at once, each with its remedy; the message is for people."""

    def __init__(self, missing: list[str]) -> None:
        lines = "\n".join(f"  - {one}" for one in missing)
        super().__init__(
            f"以下设置使系统不安全，进程没有启动：\n{lines}\n"
            "写法见 docs/operating.md。只想在本机试用，请用 onething up（它自己设置 ONETHING_TRIAL）。"
        )


def require_secure(settings: Settings, process: str, host: str | None = None) -> None:
    """`process`: api or worker; `host`: on which it listens. Raises NotSecure."""
    missing = list(_of_a_trial(settings, host) if settings.trial else _missing(settings, process))
    if missing:
        raise NotSecure(missing)


def _of_a_trial(settings: Settings, host: str | None) -> Iterator[str]:
    if host is not None and host not in _LOOPBACK and not settings.trial_published_on_loopback:
        yield (
            f"ONETHING_TRIAL=true 只能监听本机（127.0.0.1），而监听的地址是 {host}：去掉 --host 或 ONETHING_API_HOST；"
            "容器把端口只发布到宿主机的 127.0.0.1 时，设 ONETHING_TRIAL_PUBLISHED_ON_LOOPBACK=true"
        )
    if settings.issuers_file is not None:
        yield "试用（ONETHING_TRIAL=true）只用演示账户：请去掉 ONETHING_ISSUERS_FILE，或去掉 ONETHING_TRIAL"


def _missing(settings: Settings, process: str) -> Iterator[str]:
    for name in _NEEDED[process]:
        if not getattr(settings, name):
            yield f"缺少 ONETHING_{name.upper()}"
    if urlsplit(settings.public_url).scheme != "https":
        yield "ONETHING_PUBLIC_URL 须是对外的 https 地址"
    if process == "api":
        if settings.issuers_file is None:
            yield "缺少 ONETHING_ISSUERS_FILE：写明信任哪些统一身份认证、各给哪些角色"
        if settings.trial_token_key is not None:
            yield "ONETHING_TRIAL_TOKEN_KEY 只供试用：请去掉"
    secrets = settings.callback_secrets.get_secret_value() if settings.callback_secrets else ""
    if _open_to_anybody(secrets):
        yield "ONETHING_CALLBACK_SECRETS 里的 * 让任何一方都能冒充另一方：给每一方写自己的密钥"
    if process == "worker":
        if settings.anchor_dir is None:
            yield "缺少 ONETHING_ANCHOR_DIR：日志的锚定要写到数据库以外的存储上"
        if settings.anchor_key is None:
            yield "缺少 ONETHING_ANCHOR_KEY：锚定用自己的密钥签名，不与证照共用"
    yield from _shared_keys(settings)


def _open_to_anybody(text: str) -> bool:
    try:
        return SharedSecrets.from_setting(text).open_to_anybody
    except ValueError:
        return False  # said by who reads the setting


def _shared_keys(settings: Settings) -> Iterator[str]:
    """Keys that are the same although they serve different ends."""
    named = {
        name: value.get_secret_value().strip()
        for name in ("index_key", "certificate_key", "anchor_key")
        if (value := getattr(settings, name)) is not None
    }
    if settings.sealing_keys is not None:
        for part in settings.sealing_keys.get_secret_value().split(","):
            name, _, key = part.strip().partition(":")
            named[f"sealing_keys 的 {name}"] = key
    names_of: dict[str, list[str]] = {}
    for name, key in named.items():
        names_of.setdefault(key, []).append(f"ONETHING_{name.upper()}" if " " not in name else "ONETHING_SEALING_KEYS")
    for names in names_of.values():
        if len(names) > 1:
            yield f"{'、'.join(names)} 是同一把密钥：每个用途用自己的"
