"""What the API's answers look like."""

import uuid
from datetime import datetime
from typing import Literal

from ninja import Schema
from pydantic import AwareDatetime, Field

from attendance.access import Direction, DoorMode, Factor
from attendance.choices import CaptureFailure, DoorEventKind, ReasonCode


class PersonSeen(Schema):
    """The person who was let in."""

    display_name: str = Field(description="The name as the person wishes it.")
    employee_number: str


class Decided(Schema):
    """A capture with its decision."""

    capture: uuid.UUID
    state: Literal["decided"] = "decided"
    accepted: bool
    open_door: bool = Field(
        description="Whether the door may open now: accepted, and the capture is seconds old."
    )
    reason: ReasonCode = Field(description="Why, as a stable word.")
    message: str = Field(description="Why, in a sentence for the person at the door.")
    person: PersonSeen | None
    wanted: list[Factor] = Field(
        default=[],
        description="With the reason `factor_missing`: what the person may show next.",
    )
    check_in: int = Field(description="The number of the check-in event.")
    retry_after_s: int = Field(
        0, description="With the reason `pin_locked`: seconds in which nobody may try."
    )
    first_today: bool = Field(
        False, description="The person's first check-in of this day at this site."
    )
    direction: Direction = Field(Direction.IN, description="Which way the kiosk's door leads.")
    repeat: bool = Field(description="The person had just checked in: nothing new is counted.")
    happened_at: datetime
    decided_at: datetime


class NeedsPin(Schema):
    """Somebody was recognised, or nearly, and the door wants more of them: post it to /entries."""

    capture: uuid.UUID
    state: Literal["needs_pin"] = "needs_pin"
    ask_about: uuid.UUID = Field(description="The capture to name in the entry.")
    wanted: list[Factor] = Field(description="What may be shown next.")
    challenge: str = Field("", description="Digits to be shown by hand; good for one answer.")
    seconds: int = Field(description="How long the server waits for it from now on.")
    reason: ReasonCode = Field(description="Why what was given so far is not enough.")
    message: str


class Waiting(Schema):
    """A capture that is not decided yet: ask again at `status_url`."""

    capture: uuid.UUID
    state: Literal["queued"] = "queued"
    status_url: str


class Failed(Schema):
    """A capture that could not be decided: nobody was let in, capture again."""

    capture: uuid.UUID
    state: Literal["failed"] = "failed"
    reason: CaptureFailure
    message: str


class KioskPolicy(Schema):
    """What the kiosk needs to know to send good frames."""

    min_face_px: int = Field(description="Smallest face worth sending, in pixels.")
    max_frames: int = Field(description="Most frames in one capture.")


class DoorState(Schema):
    """The door at which the kiosk stands, as it is now."""

    name: str
    mode: DoorMode = Field(description="What the door asks for at this time.")
    state: Literal["normal", "lockdown", "emergency_open"] = Field(
        description="Whether it opens by its rules, for nobody, or stands open for everybody."
    )
    emergency_until: datetime | None = Field(
        description="With `emergency_open`: when that ends by itself, in the server's time."
    )


class KioskState(Schema):
    """The kiosk as the server knows it."""

    name: str
    site: str
    time_zone: str
    server_time: datetime
    policy: KioskPolicy
    door: DoorState
    rotate_key: bool = Field(description="The console asks this kiosk for a new key.")
    news: str = Field(
        description="Stands for all of this but the times. Sent back as `knows`, the server "
        "answers when it is another."
    )
    held_s: float = Field(description="How long this answer was held back for news, in seconds.")


class Introduction(Schema):
    """A kiosk's first word, under its one-time code."""

    code_name: str = Field(max_length=32, description="By what the code is found.")
    public_key: str = Field(max_length=44, description="Ed25519, 32 bytes in base64.")
    nonce: str = Field(max_length=64)
    proof: str = Field(max_length=64, description="HMAC-SHA256 under the code's hash, in hex.")
    signature: str = Field(max_length=88, description="By the new key, in base64.")


class Provisioned(Schema):
    """What a kiosk needs to know to sign and to check signatures."""

    kiosk: str = Field(description="The kiosk's number, for its signatures.")
    name: str
    server_key: str = Field(description="Public half of the server's key: Ed25519, base64.")


class KeyTaken(Schema):
    """The key that is in force now."""

    fingerprint: str = Field(description="As the console shows it.")


class NextKey(Schema):
    """The key that a kiosk will sign with from now on."""

    public_key: str = Field(max_length=44, description="Ed25519, 32 bytes in base64.")
    signature: str = Field(max_length=88, description="By this next key, in base64.")


class DoorEventTold(Schema):
    """Something that happened at a door."""

    id: uuid.UUID = Field(description="Made by the kiosk; the same id is one event.")
    kind: DoorEventKind
    happened_at: AwareDatetime = Field(description="By the kiosk's clock.")
    skew_ms: int | None = Field(
        None,
        ge=-(2**31),
        le=2**31,
        description="How far that clock was ahead of the server's then, where the kiosk knows.",
    )
    capture: uuid.UUID | None = Field(
        None,
        description="With stayed_shut: the capture or entry on which the door did not open.",
    )


class DoorEventStored(Schema):
    """A door event as it is kept."""

    id: uuid.UUID
    happened_at: datetime = Field(description="In the server's time.")


class KioskHealth(Schema):
    """What a kiosk says of itself."""

    camera: Literal["opening", "showing", "lost", "ended"]
    waiting: int = Field(ge=0, le=2**31 - 1, description="Entries that are to be sent yet.")
    set_aside: int = Field(ge=0, le=2**31 - 1, description="Entries that cannot be sent.")
    spool_full: bool
    door_faults: int = Field(
        ge=0, le=2**31 - 1, description="How often the door did not open, since the start."
    )


class OfflineGallery(Schema):
    """What a kiosk may go by while it is cut off; empty where its door may do nothing then."""

    pack: str = Field(description="JSON: people, their hours, their vectors, an end.")
    signature: str = Field(description="The server's, over kiosk and pack; Ed25519 in base64.")


class SealKey(Schema):
    """To whom a list is sealed."""

    seal_key: str = Field(
        max_length=44, description="Public half of a key made for this once: X25519, base64."
    )


class OfflinePins(Schema):
    """What a kiosk may check PINs by while it is cut off; empty where its door may not."""

    sealed: str = Field(description="As docs/kiosk-protocol.md tells, in base64.")
