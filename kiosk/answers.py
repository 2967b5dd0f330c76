"""What the server says, as values. A body that is not what it should be is an error, not a guess.

Fails closed: only a plain `true` accepts, and only a plain `true` opens the door.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from kiosk.errors import ServerAwayError

DEFAULT_MIN_FACE_PX = 100
DEFAULT_MAX_FRAMES = 5
WANTED = frozenset({"pin", "number", "challenge"})


@dataclass(frozen=True, slots=True)
class Policy:
    """What the server wants of a capture."""

    min_face_px: int = DEFAULT_MIN_FACE_PX
    """Width of the smallest face it takes, in pixels."""
    max_frames: int = DEFAULT_MAX_FRAMES
    """Most frames in one capture."""


@dataclass(frozen=True, slots=True)
class Greeting:
    """The server's answer to a heartbeat: who this kiosk is, and what is wanted of it."""

    name: str
    site: str
    time_zone: str
    server_time: datetime
    policy: Policy
    lockdown: bool = False
    """Nobody is let through this door at present."""
    emergency_left_s: float = 0.0
    """For how long the door is to stand open for everybody; 0: it is not."""
    news: str = ""
    """Stands for what was said; sent back, the server answers when there is something else."""
    held_s: float = 0.0
    """How long the server held its answer back for news."""
    rotate_key: bool = False
    """The console asks for a new key."""


@dataclass(frozen=True, slots=True)
class Decided:
    """The server has decided about a capture."""

    capture: UUID
    accepted: bool
    reason: str
    """Reason code, such as "matched" or "not_recognised"."""
    message: str
    """The server's words for the person, for a reason that this kiosk has no words for."""
    name: str | None
    """How the person is to be greeted; None unless accepted."""
    repeat: bool
    """The person was checked in a moment ago already."""
    open_door: bool
    retry_after_s: int = 0
    """Too many wrong PINs: how long nobody may try."""
    first_today: bool = False
    """The person's first check-in of this day at this site."""
    direction: str = ""
    """Which way the door leads: "in", "out", or "" where it is not said."""
    happened_at: datetime | None = None
    """When the check-in counts from, where the server says so; with its zone."""
    decided_at: datetime | None = None
    """When the server decided, by its clock."""


@dataclass(frozen=True, slots=True)
class NeedsPin:
    """The server knows the face, or a part of what was given, and wants more before it decides."""

    capture: UUID
    """What was answered: a capture, or an entry."""
    ask_about: UUID
    """The capture that further entries are about."""
    wanted: frozenset[str]
    """Of "pin", "number", "challenge"."""
    seconds: float
    """How long the server waits from now on."""
    challenge: str = ""
    """Digits to be shown by hand; the server made them up for this once."""
    reason: str = ""
    """Why what was given before was not enough; empty at the beginning."""


@dataclass(frozen=True, slots=True)
class Queued:
    """The server has the capture and has not decided yet."""

    capture: UUID
    status_url: str | None


@dataclass(frozen=True, slots=True)
class Failed:
    """The server could not decide; a new capture may be made."""

    capture: UUID
    reason: str = ""
    """Why, as a code; none of them says anything about the person."""


Answer = Decided | NeedsPin | Queued | Failed


def parse_answer(body: object, capture: UUID) -> Answer:
    """Read the answer to a capture.

    Raises ServerAwayError for anything that is not an answer to this very capture: whatever spoke,
    it was not the server as we know it, and asking again is all that can be done.
    """
    fields = _mapping(body)
    if _text(fields, "capture").lower() != str(capture):
        raise ServerAwayError("The server answered about another capture.", reached=True)
    state = _text(fields, "state")
    if state == "queued":
        url = fields.get("status_url")
        return Queued(capture, url if isinstance(url, str) else None)
    if state == "failed":
        return Failed(capture, _text(fields, "reason", default=""))
    if state == "needs_pin":
        return _needs_pin(fields, capture)
    if state != "decided":
        raise ServerAwayError(
            f"The server answered with the unknown state {state!r}.", reached=True
        )
    accepted = fields.get("accepted") is True
    return Decided(
        capture=capture,
        accepted=accepted,
        reason=_text(fields, "reason"),
        message=_text(fields, "message", default=""),
        name=_name(fields.get("person")) if accepted else None,
        repeat=fields.get("repeat") is True,
        open_door=accepted and fields.get("open_door") is True,
        retry_after_s=_count(fields.get("retry_after_s"), 0, most=86400, least=0),
        first_today=fields.get("first_today") is True,
        direction=_text(fields, "direction", default=""),
        happened_at=_moment(fields.get("happened_at")),
        decided_at=_moment(fields.get("decided_at")),
    )


def _needs_pin(fields: Mapping[str, Any], capture: UUID) -> NeedsPin:
    wanted = fields.get("wanted")
    named = frozenset(wanted) & WANTED if isinstance(wanted, list) else frozenset[str]()
    challenge = fields.get("challenge") or ""
    if not named or not isinstance(challenge, str) or not _is_challenge(challenge):
        raise ServerAwayError("The server wants what this kiosk cannot ask for.", reached=True)
    try:
        ask_about = UUID(_text(fields, "ask_about", default=str(capture)))
    except ValueError:
        raise ServerAwayError("The server's answer cannot be read.", reached=True) from None
    return NeedsPin(
        capture=capture,
        ask_about=ask_about,
        wanted=named,
        seconds=float(_count(fields.get("seconds"), 30, most=300)),
        challenge=challenge,
        reason=_text(fields, "reason", default=""),
    )


def _is_challenge(text: str) -> bool:
    return not text or (len(text) <= 3 and text.isascii() and text.isdecimal())


def parse_greeting(body: object) -> Greeting:
    """Read the answer to a heartbeat. Raises ServerAwayError for anything else."""
    fields = _mapping(body)
    policy = fields.get("policy")
    limits: Mapping[str, Any] = policy if isinstance(policy, Mapping) else {}
    told = fields.get("door")
    door: Mapping[str, Any] = told if isinstance(told, Mapping) else {}
    server_time = _moment(fields.get("server_time"))
    if server_time is None:
        raise ServerAwayError("The server's time cannot be read.", reached=True)
    return Greeting(
        name=_text(fields, "name"),
        site=_text(fields, "site", default=""),
        time_zone=_text(fields, "time_zone", default="UTC"),
        server_time=server_time,
        lockdown=door.get("state") == "lockdown",
        emergency_left_s=_emergency_left_s(door, server_time),
        news=_text(fields, "news", default=""),
        held_s=_seconds(fields.get("held_s")),
        policy=Policy(
            min_face_px=_count(limits.get("min_face_px"), DEFAULT_MIN_FACE_PX, most=2000),
            max_frames=_count(limits.get("max_frames"), DEFAULT_MAX_FRAMES, most=5),
        ),
        rotate_key=fields.get("rotate_key") is True,
    )


def _emergency_left_s(door: Mapping[str, Any], now: datetime) -> float:
    """How long an emergency lasts yet; one without an end is none."""
    until = _moment(door.get("emergency_until"))
    if door.get("state") != "emergency_open" or until is None:
        return 0.0
    return max(0.0, (until - now).total_seconds())


def _seconds(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < math.inf:
        return 0.0
    return float(value)


def _mapping(body: object) -> Mapping[str, Any]:
    if not isinstance(body, Mapping):
        raise ServerAwayError("The server's answer cannot be read.", reached=True)
    return body


def _text(fields: Mapping[str, Any], name: str, default: str | None = None) -> str:
    value = fields.get(name, default)
    if not isinstance(value, str):
        raise ServerAwayError(f"The server's answer has no {name}.", reached=True)
    return value


def _name(person: object) -> str | None:
    name = person.get("display_name") if isinstance(person, Mapping) else None
    return name if isinstance(name, str) and name.strip() else None


def _moment(value: object) -> datetime | None:
    """A time with its zone; None for anything else."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _count(value: object, default: int, *, most: int, least: int = 1) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        return default
    return min(max(least, value), most)
