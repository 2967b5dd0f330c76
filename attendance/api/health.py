"""``/healthz``: the process lives. ``/readyz``: everything it needs answers."""

from collections.abc import Callable

import redis
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache

from attendance.models import MatchPolicy
from attendance.services import pulse
from attendance.services.redis import connection as redis_connection


@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that the web process answers."""
    return JsonResponse({"status": "ok"})


@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Say whether database, tables, queue and a worker answer; 503 where one does not."""
    parts = {
        "database": _answers(_database),
        "queue": _answers(redis_connection().ping),
        "worker": _answers(pulse.alive),
    }
    ready = all(parts.values())
    return JsonResponse({"ready": ready, **parts}, status=200 if ready else 503)


def _answers(check: Callable[[], object]) -> bool:
    try:
        return bool(check())
    except (DatabaseError, redis.RedisError):
        return False


def _database() -> bool:
    return MatchPolicy.objects.exists()
