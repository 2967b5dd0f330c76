"""From a database address to Django's settings."""

from typing import TypedDict
from urllib.parse import parse_qsl, unquote, urlsplit


class DjangoDatabase(TypedDict):
    """One entry of Django's DATABASES for PostgreSQL."""

    ENGINE: str
    NAME: str
    USER: str
    PASSWORD: str
    HOST: str
    PORT: str
    OPTIONS: dict[str, object]


def django_database(url: str) -> DjangoDatabase:
    """Return Django's settings for `postgresql://user:password@host:port/name?option=value`.

    `?host=/folder` (or a percent-encoded folder as the host) means a unix socket; every other
    option, such as `sslmode=require`, is handed to the driver.
    """
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    # urlsplit's `hostname` would lower-case a folder's name.
    place = parts.netloc.rpartition("@")[2]
    host = place.rpartition(":")[0] if parts.port is not None else place.removesuffix(":")
    return DjangoDatabase(
        ENGINE="django.db.backends.postgresql",
        NAME=unquote(parts.path.lstrip("/")),
        USER=unquote(parts.username or options.pop("user", "")),
        PASSWORD=unquote(parts.password or options.pop("password", "")),
        HOST=options.pop("host", "") or unquote(host).strip("[]"),
        PORT=options.pop("port", "") or str(parts.port or ""),
        OPTIONS=dict(options),
    )
