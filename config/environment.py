"""Settings that come from the environment, typed and checked once at start."""

import base64
import binascii
import os
from datetime import time
from functools import cache
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from config.faults import SetupError
from config.state import REPOSITORY, StateFolder

KEY_BYTES = 32
MOST_DEFAULT_WORKERS = 4
REDIS_SCHEMES = frozenset({"redis", "rediss", "unix"})
EMAIL_SCHEMES = frozenset({"smtp", "smtps"})

Port = Annotated[int, Field(ge=1, le=65535)]


def default_workers() -> int:
    """One process for each core this process may use, four at most."""
    return min(len(os.sched_getaffinity(0)), MOST_DEFAULT_WORKERS)


class Environment(BaseSettings):
    """Every setting Lintel reads; all are optional, an empty one counts as not set."""

    model_config = SettingsConfigDict(
        case_sensitive=True, env_ignore_empty=True, extra="ignore", frozen=True
    )

    database_url: SecretStr | None = Field(
        default=None,
        validation_alias="DATABASE_URL",
        description="postgresql://user:password@host:port/name; not set: a private server",
    )
    redis_url: SecretStr | None = Field(
        default=None,
        validation_alias="REDIS_URL",
        description="redis://, rediss:// or unix://; not set: a private server",
    )
    var: Path = Field(
        default=REPOSITORY / "var",
        validation_alias="LINTEL_VAR",
        description="folder for all state: private servers, secrets, reports, demo",
    )
    host: str = Field(
        default="127.0.0.1",
        validation_alias="LINTEL_HOST",
        description="address the web server listens on",
    )
    port: Port = Field(
        default=8000, validation_alias="LINTEL_PORT", description="port the web server listens on"
    )
    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        validation_alias="LINTEL_ALLOWED_HOSTS",
        description="comma-separated names the site is reached by, beside this machine's own",
    )
    secret_key: SecretStr | None = Field(
        default=None,
        validation_alias="LINTEL_SECRET_KEY",
        description="Django's secret key; not set: kept in var/secrets",
    )
    template_key: SecretStr | None = Field(
        default=None,
        validation_alias="LINTEL_TEMPLATE_KEY",
        description="key that encrypts templates, 32 bytes in base64; not set: in var/secrets",
    )
    server_key: SecretStr | None = Field(
        default=None,
        validation_alias="LINTEL_SERVER_KEY",
        description="key that signs answers to kiosks, 32 bytes in base64; not set: in var/secrets",
    )
    demo: bool = Field(
        default=True,
        validation_alias="DEMO",
        description="0: no synthetic people and no demo kiosk",
    )
    camera: str | None = Field(
        default=None,
        validation_alias="CAMERA",
        description="camera number, video file or stream address instead of the demo's video",
    )
    kiosk_port: Port = Field(
        default=8001, validation_alias="KIOSK_PORT", description="port of the demo kiosk's screen"
    )
    workers: Annotated[int, Field(ge=1, le=256)] = Field(
        default_factory=default_workers,
        validation_alias="LINTEL_WORKERS",
        description="processes that decide captures",
    )
    site_time_zone: str = Field(
        default="UTC",
        validation_alias="LINTEL_SITE_TIME_ZONE",
        description="time zone of the site, such as Europe/Berlin",
    )
    report_time: time = Field(
        default=time(0, 30),
        validation_alias="LINTEL_REPORT_TIME",
        description="when the nightly report is made, in the site's time zone",
    )
    email_url: SecretStr | None = Field(
        default=None,
        validation_alias="EMAIL_URL",
        description="smtp://user:password@host:587 (STARTTLS) or smtps://; not set: files in var",
    )

    @property
    def state(self) -> StateFolder:
        """The folders under `var`."""
        return StateFolder(self.var)

    @field_validator("database_url")
    @classmethod
    def _check_database_url(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None:
            return None
        parts = urlsplit(value.get_secret_value())
        if parts.scheme not in {"postgresql", "postgres"}:
            raise ValueError("must start with postgresql://: Lintel keeps its data in PostgreSQL")
        if not parts.path.strip("/"):
            raise ValueError("names no database: postgresql://user@host/NAME")
        return value

    @field_validator("redis_url")
    @classmethod
    def _check_redis_url(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            _require_scheme(value, REDIS_SCHEMES)
        return value

    @field_validator("email_url")
    @classmethod
    def _check_email_url(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            _require_scheme(value, EMAIL_SCHEMES)
            if not urlsplit(value.get_secret_value()).hostname:
                raise ValueError("names no mail server: smtp://HOST:587")
        return value

    @field_validator("var")
    @classmethod
    def _make_absolute(cls, value: Path) -> Path:
        return Path(os.path.abspath(value.expanduser()))  # noqa: PTH100 - keeps links as written

    @field_validator("allowed_hosts", mode="before")
    @classmethod
    def _split_hosts(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(host.strip() for host in value.split(",") if host.strip())
        return value

    @field_validator("template_key", "server_key")
    @classmethod
    def _check_key(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None:
            return None
        try:
            key = base64.b64decode(value.get_secret_value(), validate=True)
        except binascii.Error:
            raise ValueError("is not base64") from None
        if len(key) != KEY_BYTES:
            raise ValueError(f"holds {len(key)} bytes, {KEY_BYTES} are needed")
        return value

    @field_validator("site_time_zone")
    @classmethod
    def _check_time_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, OSError, ValueError) as fault:
            raise ValueError("is no time zone's name, such as Europe/Berlin") from fault
        return value


def _require_scheme(url: SecretStr, schemes: frozenset[str]) -> None:
    """Raise ValueError unless the address starts with one of `schemes`."""
    if urlsplit(url.get_secret_value()).scheme not in schemes:
        allowed = ", ".join(f"{scheme}://" for scheme in sorted(schemes))
        raise ValueError(f"must start with one of {allowed}")


@cache
def load_environment() -> Environment:
    """Read the environment once; raises SetupError naming every setting that is wrong."""
    try:
        return Environment()
    except ValidationError as fault:
        messages = [
            _message(".".join(map(str, detail["loc"])), detail["msg"])
            for detail in fault.errors(include_input=False, include_url=False)
        ]
        raise SetupError("\n".join(messages), status=2) from None


def _message(name: str, text: str) -> str:
    """One sentence for one fault that pydantic found, without the value: it may be a secret."""
    said = text.removeprefix("Value error, ")
    return f"setting {name}: {said[:1].lower()}{said[1:]}"
