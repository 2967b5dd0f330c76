"""What the person at the door is told, and what to do about it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from attendance.choices import CaptureFailure, ReasonCode

_MESSAGES: dict[ReasonCode | CaptureFailure, Promise] = {
    ReasonCode.MATCHED: _("Welcome."),
    ReasonCode.NO_FACE: _("No face was seen. Look into the camera."),
    ReasonCode.SEVERAL_FACES: _("Several faces were seen. One person at a time, please."),
    ReasonCode.FACE_TOO_SMALL: _("Come closer."),
    ReasonCode.FACE_TURNED: _("Look straight into the camera."),
    ReasonCode.FACE_TILTED: _("Hold your head upright."),
    ReasonCode.BLURRED: _("Hold still for a moment."),
    ReasonCode.TOO_DARK: _("It is too dark to see your face."),
    ReasonCode.TOO_BRIGHT: _("It is too bright to see your face."),
    ReasonCode.LOW_CONTRAST: _("Your face is hard to see. Change the light."),
    ReasonCode.CUT_OFF: _("Step into the middle of the picture."),
    ReasonCode.INCONSISTENT_FRAMES: _("One person at a time, please. Try again."),
    ReasonCode.UNDECODABLE: _("The picture could not be read. Try again."),
    ReasonCode.EMPTY_GALLERY: _("Nobody is enrolled here yet. Ask your administrator."),
    ReasonCode.NOT_RECOGNISED: _("You were not recognised. Try again, or use your number."),
    ReasonCode.AMBIGUOUS: _("You were not recognised for certain. Try again."),
    ReasonCode.NOT_PERMITTED: _("You are not enrolled at present. Ask your administrator."),
    CaptureFailure.FRAMES_EXPIRED: _("The server was too slow. Try again."),
    CaptureFailure.GAVE_UP: _("The server could not decide. Try again."),
    CaptureFailure.INTERNAL: _("The server could not decide. Try again."),
}


def message_for(code: ReasonCode | CaptureFailure) -> str:
    """Return a reason in a sentence for the person at the door, in the active language."""
    return str(_MESSAGES[code])
