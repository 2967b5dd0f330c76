"""What the server says, as values. A body that is not what it should be is an error, not a guess.

Fails closed: only a plain `true` accepts, and only a plain `true` opens the door.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from kiosk.errors import ServerAwayError

DEFAULT_MIN_FACE_PX = 100
DEFAULT_MAX_FRAMES = 5


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
    happened_at: datetime | None = None
    """When the check-in counts from, where the server says so; with its zone."""


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


Answer = Decided | Queued | Failed


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
        happened_at=_moment(fields.get("happened_at")),
    )


def parse_greeting(body: object) -> Greeting:
    """Read the answer to a heartbeat. Raises ServerAwayError for anything else."""
    fields = _mapping(body)
    policy = fields.get("policy")
    limits: Mapping[str, Any] = policy if isinstance(policy, Mapping) else {}
    server_time = _moment(fields.get("server_time"))
    if server_time is None:
        raise ServerAwayError("The server's time cannot be read.", reached=True)
    return Greeting(
        name=_text(fields, "name"),
        site=_text(fields, "site", default=""),
        time_zone=_text(fields, "time_zone", default="UTC"),
        server_time=server_time,
        policy=Policy(
            min_face_px=_count(limits.get("min_face_px"), DEFAULT_MIN_FACE_PX, most=2000),
            max_frames=_count(limits.get("max_frames"), DEFAULT_MAX_FRAMES, most=5),
        ),
        rotate_key=fields.get("rotate_key") is True,
    )


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


def _count(value: object, default: int, *, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        return default
    return min(max(1, value), most)
