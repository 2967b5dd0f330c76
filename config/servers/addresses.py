"""Where PostgreSQL and Redis are reached; computed from the settings alone, nothing is started."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from config.environment import Environment

POSTGRESQL_SOCKET = ".s.PGSQL.5432"
REDIS_SOCKET = "redis.sock"
ROLE = "lintel"
DATABASE = "lintel"

# sockaddr_un holds 108 bytes, the last of them zero.
LONGEST_SOCKET_PATH = 107


@dataclass(frozen=True)
class ServerAddresses:
    """Two addresses, each of a server of the site's or of the private one."""

    database_url: str
    redis_url: str


def server_addresses(environment: "Environment") -> ServerAddresses:
    """Return where both servers are, or will be once `ensure_servers` has run. Pure."""
    folder = socket_folder(environment.var)
    database_url = environment.database_url
    redis_url = environment.redis_url
    return ServerAddresses(
        database_url=database_url.get_secret_value()
        if database_url is not None
        else f"postgresql://{ROLE}@/{DATABASE}?host={quote(str(folder), safe='')}",
        redis_url=redis_url.get_secret_value()
        if redis_url is not None
        else f"unix://{quote(str(folder / REDIS_SOCKET))}",
    )


def socket_folder(var: Path) -> Path:
    """Return the folder of the private servers' sockets.

    It lies under `var` where the sockets' paths fit the kernel's limit, else in /tmp: that name
    must not depend on TMPDIR, or two processes would look in two places.
    """
    inside = var / "run" / "sockets"
    if len(os.fsencode(inside / POSTGRESQL_SOCKET)) <= LONGEST_SOCKET_PATH:
        return inside
    mark = hashlib.sha256(os.fsencode(var)).hexdigest()[:16]
    return Path("/tmp") / f"lintel-{os.getuid()}-{mark}"  # noqa: S108 - owner is checked when made
