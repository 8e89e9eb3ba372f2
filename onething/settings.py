"""Settings of every process, read once at start from the environment (prefix `ONETHING_`) or an env file.

Only `wiring`, `cli`, `worker` and `embedded` read them; the rooms below get plain values by constructor.
"""

from functools import lru_cache
from pathlib import Path

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from onething.security.demo_accounts import DEFAULT_PASSWORD


class Settings(BaseSettings):
    """One flat list, so that an operator can see everything there is to set."""

    model_config = SettingsConfigDict(env_prefix="ONETHING_", env_file=None, extra="ignore")

    # PostgreSQL. The owner only installs the schema; api and worker are the roles that processes run as.
    database_owner_url: str | None = Field(None, description="URL of the owner role; needed to install the schema only")
    database_api_url: str | None = Field(None, description="URL that API processes connect with")
    database_worker_url: str | None = Field(None, description="URL that workers connect with")
    database_listen_url: str | None = Field(None, description="direct URL for LISTEN and the reconciler's lock")
    database_pool_size: int = Field(10, ge=1, le=200)
    database_statement_cache: int = Field(200, ge=0, description="0 behind a pgbouncer that tracks no statements")
    database_lock_timeout_ms: int = Field(4000, ge=100)

    # Temporal
    temporal_address: str | None = None
    temporal_namespace: str = "default"
    temporal_task_queue: str = "onething"
    temporal_max_concurrent_activities: int = 100
    temporal_sticky_cache: int = 1000

    # The outside world: data sources, department systems, notice gateway
    outside_url: str = "http://127.0.0.1:8099"

    fetching_departments: str | None = Field(
        None, description="'amr,tax': departments that fetch their items (onething agent) instead of being called"
    )

    # Secrets
    sealing_keys: SecretStr | None = Field(None, description="keyring 'k1:base64,k2:base64'; the first is active")
    index_key: SecretStr | None = Field(None, description="base64 key of the blind index and keyed digests")
    certificate_key: SecretStr | None = Field(None, description="base64 Ed25519 seed that signs certificates")
    anchor_key: SecretStr | None = Field(
        None, description="base64 Ed25519 seed that signs anchors; none: the certificates'"
    )
    callback_secrets: SecretStr | None = Field(
        None,
        description="'sources/CODE:base64,departments/CODE:base64,events/SYSTEM:base64': who signs callbacks with what",
    )
    source_secrets: SecretStr | None = Field(
        None, description="'name:secret,name:secret': what definitions of sources name"
    )
    # Who is trusted to say who somebody is
    issuers_file: Path | None = Field(None, description="YAML: whose tokens are accepted, and for which roles")

    # Trying things out: `onething up`, demo and tests set it; accounts with one password, all from this machine only
    trial: bool = False
    trial_published_on_loopback: bool = Field(
        False, description="compose's profile `trial` listens on all addresses and publishes its ports on 127.0.0.1"
    )
    trial_token_key: SecretStr | None = Field(None, description="base64 key of the trial's own token issuer")
    demo_password: SecretStr = SecretStr(DEFAULT_PASSWORD)

    # HTTP
    api_host: str = "127.0.0.1"
    api_port: int = 8000
    api_docs: bool = Field(False, description="serve /api/docs, as is done anyway under trial")
    public_url: str = "http://127.0.0.1:8000"
    trusted_proxies: str | None = Field(
        None, description="'address,network/bits': whose X-Forwarded-For is believed; none: nobody's"
    )
    rate_limits: str | None = Field(
        None, description="'search:60/min+500/day,download:8' in place of the usual numbers; 'x1000' raises all others"
    )

    webhook_hosts: str | None = Field(
        None, description="'host,host:port' that events may go to without https or in the private network"
    )

    devices_origin: str | None = Field(
        None,
        description="'http://127.0.0.1:9123': of the vendor's service on each computer of a counter",
    )

    # Anchors of the journal, outside the database
    anchor_dir: str | None = Field(None, description="folder on other storage; none: no anchors")
    anchor_every_s: int = Field(3600, ge=1, description="how often what changed is anchored")

    rated_within_days: int = Field(
        30, ge=1, le=365, description="so long the code on a receipt rates that visit (assumed: no rule sets it)"
    )

    region: str = Field("330100", description="administrative division of cases that name none (GB/T 2260)")
    definitions_dir: Path | None = Field(None, description="folder of definitions; none: those of the package")
    fonts_dir: Path | None = Field(None, description="folder of the fonts of letters; none: those of the system")
    data_dir: Path | None = Field(None, description="where the embedded stack keeps its data")
    log_level: str = "INFO"
    metrics_port: int | None = Field(None, description="port of the Temporal SDK's Prometheus metrics; none: off")
    relay_floor_s: float = Field(1.0, gt=0, description="longest wait of the relay when no NOTIFY came")

    @field_validator("issuers_file", "anchor_dir", "definitions_dir", "fonts_dir", "data_dir", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        """A container's file has a line for it although there is none; an empty path would be the current folder."""
        return value or None


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process."""
    return Settings()
