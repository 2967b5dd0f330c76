"""A capture, or an entry that was decided offline, as bytes and back, with its three clocks."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from kiosk.capture import Capture
from kiosk.clock import running_s, wall_time
from kiosk.errors import SpoolError

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True)
class Reading:
    """What the kiosk knew about the time when a capture was taken."""

    captured_at: datetime
    """The clock on the wall."""
    taken_s: float
    """The running clock; means something in the same boot alone."""
    boot: str
    skew: timedelta | None
    """How far the wall's clock was ahead of the server's when last compared; None: never yet."""
    offline_person: UUID | None = None
    """Whom the kiosk has let in on it by itself."""

    def age_s(self) -> float | None:
        """Seconds since; None when the machine was started anew since then."""
        return running_s() - self.taken_s if self.boot == boot_id() else None

    def skew_then(self, skew_now: timedelta | None) -> timedelta | None:
        """How far the clock was ahead when the capture was taken, as far as can be known.

        In the same boot it follows from how the clock stands now: the running clock tells how
        much it was set in between. Later only what was measured then is left.
        """
        age_s = self.age_s()
        if age_s is None or skew_now is None:
            return self.skew
        return self.captured_at - (wall_time() - skew_now - timedelta(seconds=age_s))


@cache
def boot_id() -> str:
    """Names this run of the machine; empty where the system does not tell."""
    try:
        return BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        return ""


@dataclass(frozen=True, slots=True)
class LateEntry:
    """A number and PIN that the kiosk has checked by itself; the PIN is not in it."""

    id: UUID
    number: str
    how: tuple[str, ...]
    reading: Reading
    """Its `offline_person` is whose PIN was right; None where number or PIN was wrong."""
    let_in: bool = False
    proof: bytes = b""
    """That the PIN was typed, for the server."""


def reading_of(at: datetime, taken_s: float, skew: timedelta | None) -> Reading:
    """The clocks of what was just taken or typed."""
    return Reading(at, taken_s, boot_id(), skew)


def parcel_of(capture: Capture, reading: Reading) -> bytes:
    """A capture as bytes: a line of JSON, then its frames one after the other."""
    head = {**_clocks(reading), "lengths": [len(frame) for frame in capture.frames]}
    return json.dumps(head).encode() + b"\n" + b"".join(capture.frames)


def unpacked(entry_id: UUID, content: bytes) -> tuple[Capture, Reading]:
    """The capture out of its bytes. Raises SpoolError when they are none."""
    try:
        line, _, rest = content.partition(b"\n")
        head = json.loads(line)
        reading = _reading(head)
        frames, at = [], 0
        for length in head["lengths"]:
            frames.append(rest[at : at + int(length)])
            at += int(length)
        if at != len(rest) or not frames:
            raise SpoolError("The frames of a capture in the spool are not whole.")
    except (ValueError, KeyError, TypeError) as error:
        raise SpoolError(f"A capture in the spool cannot be read ({error}).") from error
    return Capture(entry_id, reading.captured_at, reading.taken_s, tuple(frames)), reading


def entry_parcel(entry: LateEntry) -> bytes:
    """An entry that was decided offline, as bytes."""
    fields = {
        **_clocks(entry.reading),
        "number": entry.number,
        "how": entry.how,
        "let_in": entry.let_in,
        "proof": entry.proof.hex(),
    }
    return json.dumps(fields).encode()


def unpacked_entry(entry_id: UUID, content: bytes) -> LateEntry:
    """The entry out of its bytes. Raises SpoolError when they are none."""
    try:
        fields = json.loads(content)
        return LateEntry(
            id=entry_id,
            number=str(fields["number"]),
            how=tuple(str(one) for one in fields["how"]),
            reading=_reading(fields),
            let_in=fields["let_in"] is True,
            proof=bytes.fromhex(fields["proof"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise SpoolError(f"An entry in the spool cannot be read ({error}).") from error


def _clocks(reading: Reading) -> dict[str, object]:
    return {
        "captured_at": reading.captured_at.isoformat(),
        "taken_s": reading.taken_s,
        "boot": reading.boot,
        "skew_s": None if reading.skew is None else reading.skew.total_seconds(),
        "offline_person": None if reading.offline_person is None else str(reading.offline_person),
    }


def _reading(fields: Mapping[str, Any]) -> Reading:
    skew_s, person = fields["skew_s"], fields["offline_person"]
    return Reading(
        captured_at=datetime.fromisoformat(fields["captured_at"]),
        taken_s=float(fields["taken_s"]),
        boot=str(fields["boot"]),
        skew=None if skew_s is None else timedelta(seconds=float(skew_s)),
        offline_person=None if person is None else UUID(person),
    )
