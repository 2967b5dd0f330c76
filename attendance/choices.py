"""The closed sets of values that models, API and console share."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from attendance.access import AccessReason


class CaptureState(models.TextChoices):
    """Where a capture stands between its arrival and its answer."""

    QUEUED = "queued", _("waiting for a worker")
    DECIDED = "decided", _("decided")
    FAILED = "failed", _("failed, capture again")


class CaptureFailure(models.TextChoices):
    """Why a capture could not be decided. None of these says anything about the person."""

    NONE = "", _("none")
    FRAMES_EXPIRED = "frames_expired", _("the frames were gone before a worker took them")
    GAVE_UP = "gave_up", _("no worker finished it in several attempts")
    INTERNAL = "internal_error", _("the server could not decide")
    NO_ENGINE = "no_engine", _("the recognition engine cannot be used")


class ReasonCode(models.TextChoices):
    """Why a decision fell as it did; the recognition library's reasons and the door's own."""

    MATCHED = "matched", _("recognised")
    NO_FACE = "no_face", _("no face in view")
    SEVERAL_FACES = "several_faces", _("several faces in view")
    FACE_TOO_SMALL = "face_too_small", _("face too far away")
    FACE_TURNED = "face_turned", _("face turned away")
    FACE_TILTED = "face_tilted", _("head tilted")
    BLURRED = "blurred", _("picture blurred")
    TOO_DARK = "too_dark", _("too dark")
    TOO_BRIGHT = "too_bright", _("too bright")
    UNEVEN_LIGHT = "uneven_light", _("light from one side")
    LOW_CONTRAST = "low_contrast", _("too little contrast")
    COVERED = "covered", _("face covered")
    CUT_OFF = "cut_off", _("face cut by the border")
    INCONSISTENT_FRAMES = "inconsistent_frames", _("frames show different faces")
    UNDECODABLE = "undecodable", _("picture could not be read")
    EMPTY_GALLERY = "empty_gallery", _("nobody is enrolled")
    NOT_RECOGNISED = "not_recognised", _("not recognised")
    AMBIGUOUS = "ambiguous", _("two people look alike to the system")
    NOT_PERMITTED = "not_permitted", _("person inactive or without consent")
    WRONG_PIN = "wrong_pin", _("wrong number or PIN")
    PIN_LOCKED = "pin_locked", _("too many wrong PINs")
    PIN_EXPIRED = "pin_expired", _("PIN expired")
    WRONG_CHALLENGE = "wrong_challenge", _("other digits shown than asked for")
    REQUEST_EXPIRED = "request_expired", _("entered too late")
    # From here on: the access policy's (attendance.access), about somebody it knows.
    LOCKDOWN = "lockdown", _("lockdown")
    PERSON_INACTIVE = "person_inactive", _("person switched off")
    NOT_YET_VALID = "not_yet_valid", _("before the person's first day")
    NO_LONGER_VALID = "no_longer_valid", _("after the person's last day")
    NO_VISIT = "no_visit", _("visitor without a pass for this time")
    HOST_INACTIVE = "host_inactive", _("the visitor's host is not active")
    REFUSED_BY_RULE = "refused_by_rule", _("refused by a rule of the door")
    NO_GRANT = "no_grant", _("not a door of this person")
    OUTSIDE_HOURS = "outside_hours", _("outside the hours")
    HOLIDAY = "holiday", _("holiday")
    ANTI_PASSBACK = "anti_passback", _("inside already")
    OCCUPANCY_FULL = "occupancy_full", _("area full")
    FACTOR_MISSING = "factor_missing", _("more has to be shown")
    NO_PIN = "no_pin", _("has no PIN, which this door wants")
    SECOND_PERSON = "second_person", _("waits for a second person")


ACCESS_REASONS = tuple(
    ReasonCode(reason) for reason in AccessReason if reason in set(ReasonCode.values)
)
"""Refusals of somebody who was recognised; their check-ins name the person."""


class TemplateSource(models.TextChoices):
    """How an enrolment picture came in."""

    FOLDER = "folder", _("folder of pictures")
    UPLOAD = "upload", _("upload in the console")
    KEPT = "kept", _("kept face")


class PinScope(models.TextChoices):
    """What failed PINs are counted for."""

    PERSON = "person", _("person")
    NUMBER = "number", _("unknown number")
    KIOSK = "kiosk", _("kiosk")
    SITE = "site", _("site")


class PinEventKind(models.TextChoices):
    """What happened to a PIN."""

    SET = "set", _("set")
    RESET = "reset", _("reset")
    REMOVED = "removed", _("removed")
    EXPIRY = "expiry", _("expiry changed")
    LOCKED = "locked", _("locked")
    UNLOCKED = "unlocked", _("unlocked")


class OfflineVerdict(models.TextChoices):
    """What came of looking again at somebody whom a kiosk had let in by itself."""

    NONE = "", _("not decided offline")
    CONFIRMED = "confirmed", _("let in offline, confirmed")
    CONTRADICTED = "contradicted", _("let in offline, contradicted")


class DoorEventKind(models.TextChoices):
    """What may happen at a door beside its being opened for somebody."""

    HELD_OPEN = "held_open", _("held open for too long")
    FORCED = "forced", _("forced open")
    TAMPER = "tamper", _("case opened")
    EMERGENCY_OPEN = "emergency_open", _("held open in an emergency")
    EMERGENCY_OVER = "emergency_over", _("locked again after an emergency")
    REQUEST_TO_EXIT = "request_to_exit", _("opened from inside")
    STAYED_SHUT = "stayed_shut", _("stayed shut")


ALARMING = (DoorEventKind.FORCED, DoorEventKind.HELD_OPEN, DoorEventKind.TAMPER)
"""What somebody has to look after, and is mailed about where the site names whom."""
