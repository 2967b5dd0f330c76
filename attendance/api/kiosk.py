"""A kiosk's own affairs: its first key, its next key, its heartbeat with what is new."""

import base64
import hashlib
import time
from datetime import timedelta
from typing import Annotated

from asgiref.sync import sync_to_async
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router

from attendance import defaults
from attendance.models import Kiosk
from attendance.selectors.door_rules import door_now
from attendance.services import provisioning, server_key
from attendance.services.bells import kiosk_bell
from attendance.services.kiosks import Health, note_health, still_accepted
from attendance.services.offline import offline_pack
from attendance.services.offline_pins import offline_pins
from attendance.services.policies import current_policy

from .authentication import KioskSignature
from .problems import Problem
from .schemas import (
    DoorState,
    Introduction,
    KeyTaken,
    KioskHealth,
    KioskPolicy,
    KioskState,
    NextKey,
    OfflineGallery,
    OfflinePins,
    Provisioned,
    SealKey,
)

router = Router(auth=KioskSignature(), tags=["kiosk"])

_PROBLEMS = dict.fromkeys((401, 403, 422, 500, 503), Problem)


@router.get("/kiosk", response={200: KioskState, **_PROBLEMS}, summary="Say hello, hear news")
async def state(
    request: HttpRequest,
    knows: Annotated[str, Query(max_length=64, description="`news` of the last answer.")] = "",
    wait: Annotated[
        float, Query(ge=0, le=60, description="Seconds to wait for news, ten at most.")
    ] = 0,
) -> KioskState:
    """Return what the kiosk has to know, and the server's time; counts as being seen.

    With `knows` and `wait` the answer comes as soon as there is news: a lockdown or an emergency
    begun or ended, a revoked key.
    """
    kiosk: Kiosk = request.auth  # type: ignore[attr-defined]
    begun = time.monotonic()
    limit = begun + min(wait, defaults.LONGEST_NEWS_WAIT.total_seconds())
    async with kiosk_bell() as bell:
        said = await _state(kiosk)
        while said.news == knows and (left := limit - time.monotonic()) > 0:
            pause = _until_next(said, left)
            if await bell.wait(timedelta(seconds=pause)) or pause < left:
                said = await _state(kiosk)
                continue
            # Nobody has called. What was said is not read again: the kiosk asks anew at once,
            # and a call that was lost is found then.
            said.server_time = timezone.now()
            break
    said.held_s = round(time.monotonic() - begun, 3)
    return said


def _until_next(said: KioskState, left: float) -> float:
    """Return how long nothing can change without a call, in seconds: an emergency runs out."""
    until = said.door.emergency_until
    if until is None:
        return left
    return min(left, max(0.01, (until - said.server_time).total_seconds()))


@sync_to_async
def _state(kiosk: Kiosk) -> KioskState:
    try:
        kiosk = still_accepted(kiosk=kiosk)
        now = timezone.now()
        policy, door = current_policy(), door_now(door=kiosk.door, at=now)
        said = KioskState(
            name=kiosk.name,
            site=kiosk.site.name,
            time_zone=kiosk.site.time_zone,
            server_time=now,
            policy=KioskPolicy(min_face_px=policy.min_face_px, max_frames=defaults.MAX_FRAMES),
            rotate_key=kiosk.rotation_wanted,
            door=DoorState(
                name=door.name,
                mode=door.mode,
                state=door.state,
                emergency_until=door.emergency_until,
            ),
            news="",
            held_s=0,
        )
    finally:
        # Back to the pool: the request may wait now, and a waiting one needs no connection.
        connection.close()
    content = said.model_dump_json(exclude={"server_time", "news", "held_s"})
    said.news = hashlib.sha256(content.encode()).hexdigest()[:16]
    return said


@router.post(
    "/kiosk/provision",
    auth=None,
    response={
        200: Provisioned,
        **dict.fromkeys((400, 403, 409, 413, 422, 500, 503), Problem),
    },
    summary="Exchange a one-time code for a key",
)
async def provision(request: HttpRequest, introduction: Introduction) -> Provisioned:
    """Take a kiosk's public key under the one-time code that the console showed."""
    said = provisioning.Introduction(**introduction.dict())
    kiosk = await sync_to_async(provisioning.provision_kiosk)(introduction=said)
    return Provisioned(kiosk=str(kiosk.pk), name=kiosk.name, server_key=server_key.public_key())


@router.post(
    "/kiosk/key",
    response={200: KeyTaken, **_PROBLEMS, **dict.fromkeys((400, 409, 413), Problem)},
    summary="Change keys",
)
async def rotate(request: HttpRequest, next_key: NextKey) -> KeyTaken:
    """Put the kiosk's next key in place of the one that signed this request."""
    kiosk = await sync_to_async(provisioning.rotate_key)(
        kiosk=request.auth,  # type: ignore[attr-defined]
        public_key=next_key.public_key,
        signature=next_key.signature,
    )
    return KeyTaken(fingerprint=provisioning.key_fingerprint(kiosk=kiosk))


@router.put(
    "/kiosk/health",
    response={200: KioskHealth, **_PROBLEMS, **dict.fromkeys((400, 413), Problem)},
    summary="Tell how the kiosk is doing",
)
async def health(request: HttpRequest, told: KioskHealth) -> KioskHealth:
    """Keep what the kiosk says of itself."""
    kiosk: Kiosk = request.auth  # type: ignore[attr-defined]
    await sync_to_async(note_health)(kiosk=kiosk, health=Health(**told.dict()))
    return told


@router.get(
    "/kiosk/offline",
    response={200: OfflineGallery, **_PROBLEMS},
    summary="Fetch what the door may go by while cut off",
)
async def offline(request: HttpRequest) -> OfflineGallery:
    """Return the people who may enter at the kiosk's door by face in the hours to come."""
    kiosk: Kiosk = request.auth  # type: ignore[attr-defined]
    made = await sync_to_async(offline_pack)(kiosk=kiosk, now=timezone.now())
    return OfflineGallery(pack=made.pack.decode(), signature=made.signature)


@router.post(
    "/kiosk/offline-pins",
    response={200: OfflinePins, **_PROBLEMS, **dict.fromkeys((400, 413), Problem)},
    summary="Fetch whose PINs the kiosk may check while cut off",
)
async def pins(request: HttpRequest, asked: SealKey) -> OfflinePins:
    """Return who may enter by number and PIN in the hours to come, sealed to the key given."""
    kiosk: Kiosk = request.auth  # type: ignore[attr-defined]
    sealed = await sync_to_async(offline_pins)(
        kiosk=kiosk, seal_key=asked.seal_key, now=timezone.now()
    )
    return OfflinePins(sealed=base64.b64encode(sealed).decode())
