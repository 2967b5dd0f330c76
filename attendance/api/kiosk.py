"""``GET /api/v1/kiosk``: a kiosk's heartbeat, answered with what it needs to know."""

from asgiref.sync import sync_to_async
from django.http import HttpRequest
from django.utils import timezone
from ninja import Router

from attendance import defaults
from attendance.models import Kiosk
from attendance.services.policies import current_policy

from .authentication import KioskToken
from .problems import Problem
from .schemas import KioskPolicy, KioskState

router = Router(auth=KioskToken(), tags=["kiosk"])


@router.get(
    "/kiosk",
    response={200: KioskState, 401: Problem, 403: Problem, 500: Problem, 503: Problem},
    summary="Say hello and learn the policy",
)
async def state(request: HttpRequest) -> KioskState:
    """Return the kiosk's name, site and policy, and the server's time; counts as being seen."""
    kiosk: Kiosk = request.auth  # type: ignore[attr-defined]
    policy = await sync_to_async(current_policy)()
    return KioskState(
        name=kiosk.name,
        site=kiosk.site.name,
        time_zone=kiosk.site.time_zone,
        server_time=timezone.now(),
        policy=KioskPolicy(min_face_px=policy.min_face_px, max_frames=defaults.MAX_FRAMES),
    )
