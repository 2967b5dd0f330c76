"""Everything that services refuse, each with a code for programs and a sentence for people.

LintelError
├── CaptureRefused          a capture that is not taken in
│   ├── CaptureConflict     the same id from another kiosk, or with other frames
│   ├── ClockSkew           the kiosk's clock is too far off
│   ├── FrameRejected       a frame that is no acceptable picture
│   └── TooManyCaptures     the kiosk sends more than its share
├── QueueUnavailable        Redis cannot be reached
├── EnrolmentRefused        a picture or person that cannot be enrolled
├── EngineRefused           an engine that is not there, not calibrated, or not the one recorded
├── TooManyEntries          more PINs at once than this process checks
├── PinRefused              digits that may not be a PIN
├── PinLocked               too many failures: nobody may try now
├── KioskRefused            a request that no kiosk may make
│   ├── SignatureMissing    it is not signed
│   ├── SignatureBad        its signature is not the kiosk's
│   ├── NonceReplayed       it came before
│   ├── KioskUnknown        there is no such kiosk, or it has no key yet
│   ├── KioskRevoked        the kiosk's key was revoked
│   └── KioskInactive       the kiosk was switched off
├── CodeRefused             a one-time code that is unknown, used or expired
├── KeyRefused              a kiosk's new key that cannot be taken
├── NoSuchPerson            nobody, or more than one, by that name or number
└── SealBroken              a template that its key and owner do not open
"""

from datetime import datetime


class LintelError(Exception):
    """Base of all refusals; ``code`` is stable, the text is a sentence for people."""

    code = "error"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        if code is not None:
            self.code = code

    @property
    def message(self) -> str:
        """Return the sentence for people."""
        return str(self.args[0])


class CaptureRefused(LintelError):
    """A capture that is not taken in."""

    code = "capture_refused"


class CaptureConflict(CaptureRefused):
    """The same id came from another kiosk, or with other frames."""

    code = "capture_conflict"


class ClockSkew(CaptureRefused):
    """The kiosk's clock is too far off."""

    code = "clock_skew"


class FrameRejected(CaptureRefused):
    """A frame that is no acceptable picture; ``code`` says why."""

    code = "frame_rejected"


class TooManyCaptures(CaptureRefused):
    """The kiosk sends more than its share."""

    code = "too_many_captures"

    def __init__(self, message: str, *, retry_after_s: int) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class QueueUnavailable(LintelError):
    """Redis cannot be reached, so nothing can be accepted."""

    code = "queue_unavailable"


class EnrolmentRefused(LintelError):
    """A picture or person that cannot be enrolled; ``code`` says why."""

    code = "enrolment_refused"


class EngineRefused(LintelError):
    """An engine that is not installed, not calibrated, or not the one that was recorded."""

    code = "engine_refused"


class KioskRefused(LintelError):
    """A request that no kiosk may make."""

    code = "kiosk_refused"


class SignatureMissing(KioskRefused):
    """A request that is not signed."""

    code = "signature_missing"


class SignatureBad(KioskRefused):
    """A signature that is not the kiosk's, or of another request."""

    code = "signature_bad"


class NonceReplayed(KioskRefused):
    """A request that came before, word for word."""

    code = "nonce_replayed"


class KioskUnknown(KioskRefused):
    """No kiosk has this number, or it has no key yet."""

    code = "kiosk_unknown"


class KioskRevoked(KioskRefused):
    """The kiosk's key was revoked in the console."""

    code = "kiosk_revoked"


class KioskInactive(KioskRefused):
    """A kiosk that was switched off in the console."""

    code = "kiosk_inactive"


class CodeRefused(LintelError):
    """A one-time code that is unknown, used or expired."""

    code = "code_unknown"


class KeyRefused(LintelError):
    """A kiosk's new key that cannot be taken; ``code`` says why."""

    code = "key_refused"


class NoSuchPerson(LintelError):
    """Nobody, or more than one person, answers to a name or number."""

    code = "no_such_person"


class SealBroken(LintelError):
    """A sealed template that its key, person and engine do not open."""

    code = "seal_broken"


class PinRefused(LintelError):
    """Digits that may not be a PIN; ``code`` says why."""

    code = "pin_refused"


class PinLocked(LintelError):
    """Too many failures: nobody may try before ``until``."""

    code = "pin_locked"

    def __init__(self, message: str, *, until: datetime) -> None:
        super().__init__(message)
        self.until = until


class TooManyEntries(LintelError):
    """More PINs come at once than this process may check."""

    code = "too_many_entries"
