"""Where the servers are, from the settings alone."""

from pathlib import Path

import psycopg.conninfo
import pytest

from config.environment import Environment
from config.servers import ServerAddresses, django_database, server_addresses
from config.servers.addresses import LONGEST_SOCKET_PATH, POSTGRESQL_SOCKET, socket_folder


def addresses(monkeypatch: pytest.MonkeyPatch, **settings: str) -> ServerAddresses:
    """The addresses under these settings."""
    for name in ("DATABASE_URL", "REDIS_URL", "LINTEL_VAR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    return server_addresses(Environment())


def test_a_site_s_own_servers_are_taken_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    mine = addresses(
        monkeypatch, DATABASE_URL="postgresql://a@b/c", REDIS_URL="rediss://:pw@queue:6380/2"
    )
    assert mine == ServerAddresses("postgresql://a@b/c", "rediss://:pw@queue:6380/2")


def test_computing_addresses_makes_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    addresses(monkeypatch, LINTEL_VAR=str(tmp_path / "var"))
    assert list(tmp_path.iterdir()) == []


def test_django_and_libpq_read_the_same_private_address(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    var = Path("/srv/a b%20c?d/var")
    url = addresses(monkeypatch, LINTEL_VAR=str(var)).database_url
    django = django_database(url)
    libpq = psycopg.conninfo.conninfo_to_dict(url)
    assert django["HOST"] == libpq["host"] == str(var / "run" / "sockets")
    assert django["NAME"] == libpq["dbname"] == "lintel"
    assert django["USER"] == libpq["user"] == "lintel"


@pytest.mark.parametrize("length", [20, 60, 80, 84, 85, 90, 200])
def test_sockets_always_fit_the_kernel_s_limit(length: int) -> None:
    var = Path("/" + "v" * (length - 1))
    folder = socket_folder(var)
    assert len(str(folder / POSTGRESQL_SOCKET)) <= LONGEST_SOCKET_PATH
    assert folder == socket_folder(var)
    assert folder != socket_folder(var.with_name("other"))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://u:p%40ss@db.example:5433/name", ("name", "u", "p@ss", "db.example", "5433")),
        ("postgres://u@db/name", ("name", "u", "", "db", "")),
        ("postgresql:///name?host=/Run/Pg&port=6000", ("name", "", "", "/Run/Pg", "6000")),
        ("postgresql://%2FRun%2FPg/name", ("name", "", "", "/Run/Pg", "")),
        ("postgresql://u@[::1]:5432/name", ("name", "u", "", "::1", "5432")),
        ("postgresql://Ü%C3%9F@db/n%20m", ("n m", "Üß", "", "db", "")),
    ],
)
def test_django_gets_every_part_of_an_address(url: str, expected: tuple[str, ...]) -> None:
    found = django_database(url)
    parts = (found["NAME"], found["USER"], found["PASSWORD"], found["HOST"], found["PORT"])
    assert parts == expected


def test_other_options_reach_the_driver() -> None:
    found = django_database("postgresql://db/name?sslmode=require&connect_timeout=3")
    assert found["OPTIONS"] == {"sslmode": "require", "connect_timeout": "3"}
