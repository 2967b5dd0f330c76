"""Settings from the environment: what they become, and what is said about wrong ones."""

import base64
from datetime import time
from pathlib import Path

import pytest

from config.environment import Environment, load_environment
from config.faults import SetupError

NAMES = [str(field.validation_alias) for field in Environment.model_fields.values()]


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def read(monkeypatch: pytest.MonkeyPatch, **settings: str) -> Environment:
    """The environment with these settings alone."""
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    return load_environment.__wrapped__()


def test_nothing_has_to_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    environment = read(monkeypatch)
    assert environment.database_url is None
    assert environment.redis_url is None
    assert (environment.host, environment.port, environment.kiosk_port) == ("127.0.0.1", 8000, 8001)
    assert environment.demo
    assert environment.camera is None
    assert 1 <= environment.workers <= 4
    assert environment.report_time == time(0, 30)


def test_every_setting_is_described() -> None:
    assert all(field.description for field in Environment.model_fields.values())


def test_an_empty_setting_is_no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    environment = read(monkeypatch, DATABASE_URL="", CAMERA="", LINTEL_PORT="")
    assert environment.database_url is None
    assert environment.camera is None
    assert environment.port == 8000


def test_settings_are_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    environment = read(
        monkeypatch,
        DATABASE_URL="postgresql://hr:pass@db/lintel",
        LINTEL_ALLOWED_HOSTS="door.example, hr.example,",
        LINTEL_PORT="8080",
        DEMO="0",
        CAMERA="0",
        LINTEL_REPORT_TIME="04:15",
        LINTEL_SITE_TIME_ZONE="Asia/Shanghai",
    )
    assert environment.allowed_hosts == ("door.example", "hr.example")
    assert environment.port == 8080
    assert not environment.demo
    assert environment.camera == "0"
    assert environment.report_time == time(4, 15)


def test_the_state_folder_is_absolute(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert read(monkeypatch, LINTEL_VAR="here").var == tmp_path / "here"


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("DATABASE_URL", "mysql://db/lintel", "must start with postgresql://"),
        ("DATABASE_URL", "sqlite:///lintel.db", "must start with postgresql://"),
        ("DATABASE_URL", "postgresql://db", "names no database"),
        ("REDIS_URL", "http://queue", "redis://, rediss://, unix://"),
        ("EMAIL_URL", "mail.example", "smtp://, smtps://"),
        ("EMAIL_URL", "smtp://", "names no mail server"),
        ("LINTEL_PORT", "0", "greater than or equal to 1"),
        ("LINTEL_PORT", "65536", "less than or equal to 65535"),
        ("LINTEL_PORT", "http", "valid integer"),
        ("LINTEL_WORKERS", "0", "greater than or equal to 1"),
        ("LINTEL_SITE_TIME_ZONE", "Mars/Olympus", "no time zone's name"),
        ("LINTEL_SITE_TIME_ZONE", "../../etc/passwd", "no time zone's name"),
        ("LINTEL_REPORT_TIME", "half past", "time"),
        ("LINTEL_TEMPLATE_KEY", "not base64!", "is not base64"),
        ("LINTEL_TEMPLATE_KEY", base64.b64encode(b"short").decode(), "holds 5 bytes, 32"),
        ("DEMO", "perhaps", "valid boolean"),
    ],
)
def test_a_wrong_setting_is_named_in_one_line(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str
) -> None:
    with pytest.raises(SetupError) as fault:
        read(monkeypatch, **{name: value})
    assert fault.value.status == 2
    assert str(fault.value).startswith(f"setting {name}: ")
    assert says in str(fault.value)
    assert "\n" not in str(fault.value)


def test_every_wrong_setting_has_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SetupError) as fault:
        read(monkeypatch, LINTEL_PORT="x", KIOSK_PORT="y")
    assert [line.split(":")[0] for line in str(fault.value).splitlines()] == [
        "setting LINTEL_PORT",
        "setting KIOSK_PORT",
    ]


def test_a_fault_does_not_tell_the_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SetupError) as fault:
        read(
            monkeypatch, DATABASE_URL="mysql://hr:hunter2@db/lintel", LINTEL_TEMPLATE_KEY="hunter2"
        )
    assert "hunter2" not in str(fault.value)


def test_secrets_are_not_printed_with_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    environment = read(monkeypatch, DATABASE_URL="postgresql://hr:hunter2@db/lintel")
    assert "hunter2" not in repr(environment)
