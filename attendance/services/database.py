"""The pool of connections to the database."""

from typing import cast

from django.db import connection
from django.db.backends.postgresql.base import DatabaseWrapper


def replace_dead_connections() -> None:
    """Replace every idle connection that the database has dropped.

    After a restart of the database all of them are dead; without this each would cost one
    request more.
    """
    cast(DatabaseWrapper, connection).pool.check()
