"""Whether the database is there and of this Lintel's age; asked before anything else is."""

from collections.abc import Iterable
from pathlib import Path

import psycopg
from psycopg import errors

from config.faults import SetupError
from config.state import REPOSITORY

# The application whose tables are Lintel's own; Django's come and go with Django.
APPLICATION = "attendance"
MIGRATIONS = REPOSITORY / APPLICATION / "migrations"

CONNECT_TIMEOUT_S = 10


def check_database(url: str, *, complete: bool = False, migrations: Path = MIGRATIONS) -> None:
    """Raise SetupError when the database cannot be reached or belongs to a newer Lintel.

    With `complete` also when its tables are those of an older one, or there are none.
    """
    applied, known = _applied(url), _known(migrations)
    unknown = newer_migrations(applied, known)
    if unknown:
        raise SetupError(
            f"the database belongs to a newer version of Lintel (it has {unknown[0]}"
            f"{f' and {len(unknown) - 1} more' if unknown[1:] else ''}): update Lintel,"
            " or restore the backup that was made before the update"
        )
    missing = newer_migrations(known, applied) if complete else []
    if missing:
        state = "older than this Lintel" if applied else "not made yet"
        raise SetupError(
            f"the tables in the database are {state} ({missing[0]}"
            f"{f' and {len(missing) - 1} more' if missing[1:] else ''} wanted): run make setup"
        )


def newer_migrations(applied: Iterable[str], known: Iterable[str]) -> list[str]:
    """Return the applied migrations that this code does not have, sorted by name.

    Those numbered no higher than the newest known one were squashed into it and do not count.
    """
    names = set(known)
    newest = max(map(_last_number, names), default="")
    return sorted(name for name in set(applied) - names if _last_number(name) > newest)


def _last_number(name: str) -> str:
    """The number of a migration, or of the last one squashed into it."""
    return name.rpartition("squashed_")[2][:4]


def _known(folder: Path) -> list[str]:
    return [path.stem for path in folder.glob("[0-9]*.py")]


def _applied(url: str) -> list[str]:
    """The names of the application's applied migrations; none in a new database."""
    query = "SELECT name FROM django_migrations WHERE app = %s"
    try:
        with psycopg.connect(url, connect_timeout=CONNECT_TIMEOUT_S) as connection:
            return [row[0] for row in connection.execute(query, [APPLICATION])]
    except errors.UndefinedTable:
        return []
    except psycopg.OperationalError as fault:
        reason = str(fault).strip().splitlines()[0]
        raise SetupError(f"the database cannot be reached: {reason}; see DATABASE_URL") from None
    except psycopg.ProgrammingError as fault:
        raise SetupError(f"setting DATABASE_URL: {str(fault).strip()}", status=2) from None
