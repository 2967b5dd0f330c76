"""``POST /api/v1/door-events``: what happens at a door beside its being opened."""

from asgiref.sync import sync_to_async
from django.http import HttpRequest
from ninja import Router

from attendance.models import Kiosk
from attendance.services.door_events import record_door_event

from .authentication import KioskSignature
from .problems import Problem
from .schemas import DoorEventStored, DoorEventTold

router = Router(auth=KioskSignature(), tags=["door"])

_PROBLEMS = dict.fromkeys((400, 401, 403, 409, 413, 422, 500, 503), Problem)


@router.post(
    "/door-events",
    response={200: DoorEventStored, **_PROBLEMS},
    summary="Tell what happened at the door",
)
async def create(request: HttpRequest, told: DoorEventTold) -> DoorEventStored:
    """Store an event; the same id again is the same event."""
    kiosk: Kiosk = request.auth  # type: ignore[attr-defined]
    stored = await sync_to_async(record_door_event)(
        event_id=told.id,
        kiosk=kiosk,
        kind=told.kind,
        reported_at=told.happened_at,
        skew_ms=told.skew_ms,
        capture_id=told.capture,
    )
    return DoorEventStored(id=stored.pk, happened_at=stored.happened_at)
