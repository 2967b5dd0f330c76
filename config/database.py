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


def check_database(url: str, *, migrations: Path = MIGRATIONS) -> None:
    """Raise SetupError when the database cannot be reached or belongs to a newer Lintel."""
    unknown = newer_migrations(_applied(url), _known(migrations))
    if unknown:
        raise SetupError(
            f"the database belongs to a newer version of Lintel (it has {unknown[0]}"
            f"{f' and {len(unknown) - 1} more' if unknown[1:] else ''}): update Lintel,"
            " or restore the backup that was made before the update"
        )


def newer_migrations(applied: Iterable[str], known: Iterable[str]) -> list[str]:
    """Return the applied migrations that this code does not have, sorted by name.

    Those numbered no higher than the newest known one were squashed into it and do not count.
    """
    names = set(known)
    newest = max((name.rpartition("squashed_")[2][:4] for name in names), default="")
    return sorted(name for name in set(applied) - names if name[:4] > newest)


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
