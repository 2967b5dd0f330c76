"""What can go wrong at the door.

KioskError
├── CallError                  the command line asks for what cannot be (exit status 2)
├── StartError                 the kiosk cannot work here: its port is taken (exit status 1)
├── ProvisioningError          the server does not take the one-time code (exit status 1)
├── CameraLostError            the camera does not open or gives no more frames
├── SealError                  something sealed does not open
├── SpoolError                 the spool does not work
│   └── SpoolFullError         it is full, and nothing is dropped
├── DoorError                  the door driver did not do what it was told
└── ServerError
    ├── ServerAwayError        no answer, or one that says "later": try the same request again
    ├── OutOfServiceError      this kiosk's key is unknown, revoked or switched off
    ├── CaptureRejectedError   the server will never take this capture: it is itself at fault
    └── UndecidedError         the server has the capture and does not decide: make a new one
"""


class KioskError(Exception):
    """Anything that goes wrong at the door; its text is a sentence for people."""


class CallError(KioskError):
    """The command line asks for something that cannot be."""


class StartError(KioskError):
    """The kiosk cannot work on this machine as it is."""


class ProvisioningError(KioskError):
    """The server does not take the one-time code: it is unknown, used or expired."""


class CameraLostError(KioskError):
    """The camera does not open, or gives no more frames."""


class SealError(KioskError):
    """Something sealed does not open: it was changed, or the key is another."""


class SpoolError(KioskError):
    """The spool does not work."""


class SpoolFullError(SpoolError):
    """The spool is full; nothing in it is dropped, so nothing more is taken."""


class DoorError(KioskError):
    """The door driver did not do what it was told."""


class ServerError(KioskError):
    """The server did not decide."""


class ServerAwayError(ServerError):
    """No answer, or one that says "later"; the same request may be sent again.

    `retry_after_s` is what the server asked for, 0 where it asked for nothing. `reached` tells
    whether anything answered at all: a busy server is no reason to tell people it is offline.
    """

    def __init__(self, message: str, *, retry_after_s: float = 0.0, reached: bool = False) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s
        self.reached = reached


class OutOfServiceError(ServerError):
    """This kiosk's key is unknown, revoked or switched off."""


class CaptureRejectedError(ServerError):
    """The server will never take this capture; sending it again would change nothing.

    `code` is the problem document's code, or "rejected" where it has none.
    """

    def __init__(self, message: str, *, status: int, code: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


class UndecidedError(ServerError):
    """The server has the capture and did not decide about it; a new one may be made."""
