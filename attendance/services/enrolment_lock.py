"""The lock under which a face is compared with everybody's and then stored."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

# Any constant of our own.
_ENROLMENTS = 0x4C494E55


@contextmanager
def one_enrolment_at_a_time() -> Iterator[None]:
    """Let one enrolment at a time compare, store and record the consent; may be nested.

    Otherwise two people with one face, enrolled at the same moment, would not see each other. The
    lock belongs to the connection, not to a transaction: the gallery is read in one of its own.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_ENROLMENTS])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_ENROLMENTS])
