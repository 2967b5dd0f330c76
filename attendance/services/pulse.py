"""A worker's sign of life, so that readiness can tell a queue with nobody behind it."""

from django.conf import settings

from .redis import connection

# Seconds; the rescuer runs every 2 and renews it.
_LASTS_S = 15


def _key() -> str:
    return f"{settings.REDIS_PREFIX}worker"


def beat() -> None:
    """Say that a worker is at work."""
    connection().set(_key(), b"1", ex=_LASTS_S)


def alive() -> bool:
    """Say whether a worker was at work just now."""
    return bool(connection().exists(_key()))
