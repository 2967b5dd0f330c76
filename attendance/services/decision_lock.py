"""The lock under which decisions at doors are written, one after the other."""

from django.db import connection

# Any constant of our own.
_DECISIONS = 0x4C494E54


def lock_decisions() -> None:
    """Let one transaction at a time decide, until it commits: a few milliseconds.

    Keys of check-ins so appear in their order, and a reader who resumes after key n never misses
    a smaller one that commits later. And whatever a decision reads of the decisions before it (who
    is inside, how many, who waits) is true until it is written itself.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_DECISIONS])
