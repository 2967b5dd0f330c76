"""``POST /api/v1/captures``: frames in, decision out, in the same request where it can."""

import uuid
from typing import Annotated

from asgiref.sync import sync_to_async
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from ninja import File, Form, Router, Status, UploadedFile
from pydantic import AwareDatetime

from attendance import defaults
from attendance.choices import CaptureState
from attendance.errors import CaptureRefused
from attendance.logs import capture_context
from attendance.models import Capture, Kiosk
from attendance.services import bells, captures, limits

from .authentication import KioskSignature
from .problems import Problem
from .render import Answer, answer_of
from .schemas import Decided, Failed, NeedsPin, Waiting

# 24 days: what the column holds. A kiosk without a clock of its own may be years off; it learns
# the time before it sends.
MAX_SKEW_MS = 2**31 - 1

router = Router(auth=KioskSignature(), tags=["captures"])

_PROBLEMS = dict.fromkeys((401, 403, 404, 409, 422, 500, 503), Problem)
_POST_PROBLEMS = dict.fromkeys((400, 401, 403, 409, 413, 415, 422, 429, 500, 503), Problem)


@router.post(
    "/captures",
    response={200: Decided | NeedsPin | Failed, 202: Waiting, **_POST_PROBLEMS},
    summary="Send a capture and get the decision",
)
async def create(
    request: HttpRequest,
    response: HttpResponse,
    id: Annotated[  # noqa: A002 - the name of the form field
        uuid.UUID, Form(description="Made by the kiosk; the same id is one event.")
    ],
    captured_at: Annotated[
        AwareDatetime, Form(description="When the frames were taken, by the kiosk's clock.")
    ],
    frames: Annotated[
        list[UploadedFile],
        File(description="1 to 5 pictures of one face: JPEG, PNG or WebP, at most 6 MiB each."),
    ],
    sent_at: Annotated[
        AwareDatetime | None,
        Form(description="The kiosk's clock when sending. Missing: the same as captured_at."),
    ] = None,
    capture_skew_ms: Annotated[
        int | None,
        Form(
            ge=-MAX_SKEW_MS,
            le=MAX_SKEW_MS,
            description="How far the kiosk's clock was ahead when the frames were taken, in "
            "milliseconds, where the kiosk knows. Missing: as now.",
        ),
    ] = None,
    offline_person: Annotated[
        uuid.UUID | None,
        Form(description="Whom the kiosk has let in by itself, by its offline gallery."),
    ] = None,
) -> Status[Answer]:
    """Take a capture in and wait a few seconds for its decision.

    The same id again, with the same frames, returns the same answer and makes no second event.
    """
    kiosk: Kiosk = request.auth  # type: ignore[attr-defined]
    times = captures.KioskTimes(
        captured_at=captured_at,
        sent_at=sent_at or captured_at,
        capture_skew_ms=capture_skew_ms,
        offline_person=offline_person,
    )
    if len(frames) > defaults.MAX_FRAMES:
        raise CaptureRefused(
            f"Send 1 to {defaults.MAX_FRAMES} frames, not {len(frames)}.", code="frame_count"
        )
    pictures = [frame.read() for frame in frames]
    with capture_context(id):
        async with bells.answer_bell(id) as bell:
            stored = await _accept(id, kiosk, times, pictures)
            if stored.state == CaptureState.QUEUED:
                await bell.wait(defaults.ANSWER_WAIT)
        return await answer_to(id, kiosk, response)


@router.get(
    "/captures/{uuid:capture_id}",
    response={200: Decided | NeedsPin | Failed, 202: Waiting, **_PROBLEMS},
    summary="Ask again for a decision",
)
async def status(
    request: HttpRequest, response: HttpResponse, capture_id: uuid.UUID
) -> Status[Answer]:
    """Return a capture's decision, or 202 while it waits for one."""
    return await answer_to(capture_id, request.auth, response)  # type: ignore[attr-defined]


@sync_to_async
def _accept(
    capture_id: uuid.UUID, kiosk: Kiosk, times: captures.KioskTimes, pictures: list[bytes]
) -> Capture:
    try:
        limits.count_capture(kiosk=kiosk)
        return captures.accept_capture(
            capture_id=capture_id, kiosk=kiosk, times=times, pictures=pictures
        )
    finally:
        # Back to the pool: the request now waits, and a waiting request needs no connection.
        connection.close()


@sync_to_async
def answer_to(capture_id: uuid.UUID, kiosk: Kiosk, response: HttpResponse) -> Status[Answer]:
    """Return how a kiosk's own capture or entry stands, from the database."""
    capture = captures.capture_asked_for(capture_id=capture_id, kiosk=kiosk)
    if capture is None:
        raise Http404
    answer = answer_of(capture)
    if isinstance(answer, Waiting):
        answer.status_url = reverse("api:status", args=[capture_id])
        response["Location"] = answer.status_url
        response["Retry-After"] = "1"
        return Status(202, answer)
    return Status(200, answer)
