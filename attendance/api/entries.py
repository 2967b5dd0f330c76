"""``POST /api/v1/entries``: a number, a PIN or a challenge in, the decision out."""

import asyncio
import base64
import contextvars
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from typing import Annotated

from asgiref.sync import sync_to_async
from django.db import connection
from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema, Status
from pydantic import AwareDatetime, Field, SecretStr

from attendance import defaults
from attendance.choices import CaptureState
from attendance.errors import TooManyEntries
from attendance.logs import capture_context
from attendance.models import Kiosk
from attendance.pins.typed import TypedPin
from attendance.services import entries, limits
from attendance.services.captures import KioskTimes
from attendance.services.entries import Given
from attendance.services.pin_checks import OfflineWord

from .authentication import KioskSignature
from .captures import MAX_SKEW_MS, answer_to
from .problems import Problem
from .render import Answer
from .schemas import Decided, Failed, NeedsPin, Waiting

router = Router(auth=KioskSignature(), tags=["entries"])

_PROBLEMS = dict.fromkeys((400, 401, 403, 404, 409, 413, 422, 429, 500, 503), Problem)

# argon2id beside the event loop, in threads of its own: a few at once, each with its memory, so
# that captures are answered as quickly while PINs are checked.
_CHECKERS = ThreadPoolExecutor(defaults.PIN_CHECKS_AT_ONCE, thread_name_prefix="pins")
_waiting = 0


class How(StrEnum):
    """How digits came in."""

    SIGN = "sign"
    WRITTEN = "written"
    KEYPAD = "keypad"
    KEYBOARD = "keyboard"


class OfflineEntry(Schema):
    """What a kiosk decided about number and PIN by itself; the PIN is not sent."""

    person: uuid.UUID | None = Field(
        None, description="Whose PIN it was; missing where number or PIN was wrong."
    )
    let_in: bool = False
    proof: Annotated[SecretStr, Field(max_length=44)] = Field(
        SecretStr(""), description="HMAC-SHA256 under what argon2id made of the PIN, in base64."
    )


class NewEntry(Schema):
    """What somebody entered at a kiosk. It is not stored, and no text of it shows a PIN."""

    id: uuid.UUID = Field(description="Made by the kiosk; the same id is one event.")
    capture: uuid.UUID | None = Field(
        None, description="The capture whose answer asked for it. Missing: a number is needed."
    )
    employee_number: Annotated[str, Field(max_length=32)] | None = None
    pin: Annotated[SecretStr, Field(min_length=1, max_length=8)] | None = None
    challenge: Annotated[SecretStr, Field(min_length=1, max_length=8)] | None = Field(
        None, description="The digits that were read from the hand, in their order."
    )
    how: list[How] = Field([], max_length=8)
    entered_at: AwareDatetime = Field(description="When it was complete, by the kiosk's clock.")
    sent_at: AwareDatetime | None = None
    capture_skew_ms: int | None = Field(
        None,
        ge=-MAX_SKEW_MS,
        le=MAX_SKEW_MS,
        description="How far the kiosk's clock was ahead when it was entered, where it knows.",
    )
    offline: OfflineEntry | None = Field(
        None, description="Instead of the PIN, where the kiosk was cut off and checked it itself."
    )


@router.post(
    "/entries",
    response={200: Decided | NeedsPin | Failed, 202: Waiting, **_PROBLEMS},
    summary="Send a number, a PIN or a challenge and get the decision",
)
async def create(request: HttpRequest, response: HttpResponse, entry: NewEntry) -> Status[Answer]:
    """Take an entry in and decide about it.

    The same id again returns the same answer, and is no second try. Number and PIN are told apart
    neither by the answer nor by its time.
    """
    kiosk: Kiosk = request.auth  # type: ignore[attr-defined]
    given = _given(entry)
    times = KioskTimes(
        captured_at=entry.entered_at,
        sent_at=entry.sent_at or entry.entered_at,
        capture_skew_ms=entry.capture_skew_ms,
    )
    with capture_context(entry.id):
        if await _accept(entry.id, kiosk, times, given):
            await _checked(
                lambda: entries.decide_entry(entry_id=entry.id, kiosk=kiosk, given=given)
            )
        return await answer_to(entry.id, kiosk, response)


def _given(entry: NewEntry) -> Given:
    pin = entry.pin.get_secret_value() if entry.pin else ""
    challenge = entry.challenge.get_secret_value() if entry.challenge else ""
    try:
        typed = TypedPin(pin) if pin else None
    except ValueError:
        # Letters are as wrong as wrong digits, and cost the same.
        typed = TypedPin("0")
    return Given(
        capture=entry.capture,
        number=(entry.employee_number or "").strip(),
        pin=typed,
        challenge=challenge,
        how=tuple(one.value for one in entry.how),
        offline=_word(entry.offline) if entry.offline else None,
    )


def _word(told: OfflineEntry) -> OfflineWord:
    try:
        proof = base64.b64decode(told.proof.get_secret_value(), validate=True)
    except ValueError:
        proof = b""  # Proves nothing, and is decided as such.
    return OfflineWord(told.person, told.let_in, proof)


@sync_to_async
def _accept(entry_id: uuid.UUID, kiosk: Kiosk, times: KioskTimes, given: Given) -> bool:
    """Store the entry; return whether it is to be decided by this request."""
    try:
        limits.count_capture(kiosk=kiosk)
        stored, is_new = entries.accept_entry(
            entry_id=entry_id, kiosk=kiosk, times=times, given=given
        )
        return is_new and stored.state == CaptureState.QUEUED
    finally:
        connection.close()


async def _checked(work: Callable[[], None]) -> None:
    """Run a check in one of the few threads for it; raise TooManyEntries where too many wait."""
    global _waiting  # noqa: PLW0603 - how many requests of this process wait
    if _waiting >= defaults.PIN_CHECKS_WAITING:
        raise TooManyEntries("Too many PINs at once. Try again in a moment.")

    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    _waiting += 1
    try:
        context = contextvars.copy_context()
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(_CHECKERS, lambda: context.run(run))
    finally:
        _waiting -= 1
