"""Where things are: read once from HOTLINE_* variables; how the hotline behaves stands in config/policies."""

from functools import lru_cache
from ipaddress import ip_address, ip_network
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from hotline.resources import HOME


class Settings(BaseSettings):
    """Addresses, folders and limits; every default runs on a laptop."""

    model_config = SettingsConfigDict(env_prefix="HOTLINE_", extra="ignore")

    database_url: str = "postgresql://hotline@localhost/hotline"
    owner_url: str | None = None
    redis_url: str = "redis://localhost:6379/0"
    data_dir: Path = HOME / ".hotline"
    keys_file: Path | None = None
    erasures_file: Path | None = None
    demo: bool = False
    unguarded_servers: bool = False
    session_hours: int = Field(12, ge=1)
    session_idle_minutes: int = Field(60, ge=5)
    secure_cookies: bool = False
    policy: str = "default"
    pool_size: int = Field(8, ge=1)
    max_body_bytes: int = Field(262_144, ge=1)
    max_text_characters: int = Field(20_000, ge=1)
    key_requests_per_second: int = 2_000
    citizens_key_file: Path | None = None
    call_silent_minutes: int = Field(120, ge=1)
    webhook_networks: str = ""
    common_passwords: Path | None = None
    oidc_issuer: str | None = None
    oidc_client_id: str = "hotline"
    oidc_client_secret: SecretStr | None = None
    oidc_client_secret_file: Path | None = None
    oidc_redirect_url: str | None = None
    oidc_claims: str = "claims"
    keywords_file: Path | None = None
    language_model_url: str | None = None
    language_model: str = ""
    language_model_key_file: Path | None = None
    language_model_seconds: float = Field(2.0, gt=0, le=4)

    @field_validator("database_url", "owner_url")
    @classmethod
    def _is_postgresql(cls, url: str | None, asked: ValidationInfo) -> str | None:
        if not url and asked.field_name == "owner_url":
            return None
        if not url or not url.startswith("postgresql://"):
            raise ValueError("it must begin with postgresql://")
        try:
            make_url(url)
        except (ArgumentError, ValueError):  # whose words may quote a password
            raise ValueError("it is no address of a database, like postgresql://user@host:5432/name") from None
        return url

    @field_validator("redis_url")
    @classmethod
    def _is_redis(cls, url: str) -> str:
        if not url.startswith(("redis://", "rediss://", "unix://")):
            raise ValueError("it must begin with redis://, rediss:// or unix://")
        try:
            _ = urlsplit(url).port
        except ValueError:
            raise ValueError("it is no address of a server, like redis://host:6379/0") from None
        return url

    @field_validator("webhook_networks")
    @classmethod
    def _are_networks(cls, networks: str) -> str:
        for one in filter(None, networks.split(",")):
            try:
                ip_network(one)
            except ValueError:
                raise ValueError("it must be networks like 10.0.0.0/8, separated by commas") from None
        return networks

    @field_validator("oidc_issuer", "oidc_redirect_url", "language_model_url")
    @classmethod
    def _is_guarded(cls, url: str | None) -> str | None:
        if url and not is_guarded(url):
            raise ValueError("it must begin with https://, on this machine alone with http://")
        return url or None

    @property
    def sqlalchemy_url(self) -> str:
        """The database's address for SQLAlchemy with psycopg."""
        return self.database_url.replace("postgresql://", "postgresql+psycopg://", 1)

    @property
    def migration_url(self) -> str:
        """The address by which migrations sign in: the tables' owner, where HOTLINE_OWNER_URL names one."""
        return (self.owner_url or self.database_url).replace("postgresql://", "postgresql+psycopg://", 1)

    @property
    def key_ring(self) -> Path:
        """The file with the keys that guard citizens' identities (privacy/ring.py)."""
        return self.keys_file or self.data_dir / "keys.json"

    @property
    def erasures(self) -> Path:
        """The file with what citizens had erased (privacy/erasures.py)."""
        return self.erasures_file or self.data_dir / "erasures.jsonl"


@lru_cache
def settings() -> Settings:
    """The settings of this process."""
    return Settings()


def is_guarded(url: object) -> bool:
    """Whether this is an https address, or one of http on this machine."""
    if not isinstance(url, str):
        return False
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and _is_here(host)))


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
