"""Frames wait in Redis, under their capture's id, for seconds; never in a message or on disk."""

import uuid
from collections.abc import Sequence
from typing import cast

import redis
from django.conf import settings

from attendance import defaults
from attendance.errors import QueueUnavailable

from .redis import connection


def _key(capture_id: uuid.UUID) -> str:
    return f"{settings.REDIS_PREFIX}frames:{capture_id}"


def put_frames(*, capture_id: uuid.UUID, frames: Sequence[bytes]) -> None:
    """Keep the encoded frames until a worker takes them or they expire."""
    key = _key(capture_id)
    try:
        with connection().pipeline(transaction=True) as pipe:
            pipe.delete(key)
            pipe.rpush(key, *frames)
            pipe.expire(key, defaults.FRAMES_EXPIRY)
            pipe.execute()
    except redis.RedisError as error:
        raise QueueUnavailable("The queue cannot be reached. Try again in a moment.") from error


def get_frames(*, capture_id: uuid.UUID) -> list[bytes]:
    """Return the encoded frames, or an empty list once they are gone."""
    # The client decodes nothing, so what comes back is what was put in.
    return cast(list[bytes], connection().lrange(_key(capture_id), 0, -1))


def has_frames(*, capture_id: uuid.UUID) -> bool:
    """Say whether the frames are still there."""
    return bool(connection().exists(_key(capture_id)))


def drop_frames(*, capture_id: uuid.UUID) -> None:
    """Forget the frames now."""
    connection().delete(_key(capture_id))
