"""Codes in sentences: what the person at the door is told, and whoever enrols pictures."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from attendance.choices import CaptureFailure, ReasonCode
from attendance.pins.rules import PinFault
from recognition import Advice, Reason, Side

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
    ReasonCode.UNEVEN_LIGHT: _("The light comes from one side. Turn towards it."),
    ReasonCode.LOW_CONTRAST: _("Your face is hard to see. Change the light."),
    ReasonCode.COVERED: _("Uncover your face: mouth, nose and eyes must be seen."),
    ReasonCode.CUT_OFF: _("Step into the middle of the picture."),
    ReasonCode.INCONSISTENT_FRAMES: _("One person at a time, please. Try again."),
    ReasonCode.UNDECODABLE: _("The picture could not be read. Try again."),
    ReasonCode.EMPTY_GALLERY: _("Nobody is enrolled here yet. Ask your administrator."),
    ReasonCode.NOT_RECOGNISED: _("You were not recognised. Try again, or use your number."),
    ReasonCode.AMBIGUOUS: _("You were not recognised for certain. Try again."),
    ReasonCode.NOT_PERMITTED: _("You are not enrolled at present. Ask your administrator."),
    ReasonCode.WRONG_PIN: _("Number or PIN is wrong. Try again."),
    ReasonCode.PIN_LOCKED: _("Too many wrong PINs. Wait, then try again."),
    ReasonCode.PIN_EXPIRED: _("Your PIN has expired. Ask your administrator."),
    ReasonCode.WRONG_CHALLENGE: _("Those were other digits. Show the new ones."),
    ReasonCode.REQUEST_EXPIRED: _("That took too long. Begin again."),
    ReasonCode.LOCKDOWN: _("This door is locked down. Follow the instructions."),
    ReasonCode.PERSON_INACTIVE: _("Your access is switched off. Ask your administrator."),
    ReasonCode.NOT_YET_VALID: _("Your access has not begun yet."),
    ReasonCode.NO_LONGER_VALID: _("Your access has ended. Ask your administrator."),
    ReasonCode.NO_VISIT: _("You have no visitor pass for now. Ask at the reception."),
    ReasonCode.HOST_INACTIVE: _("Your host cannot be found. Ask at the reception."),
    ReasonCode.REFUSED_BY_RULE: _("You may not enter here now."),
    ReasonCode.NO_GRANT: _("This is not one of your doors."),
    ReasonCode.OUTSIDE_HOURS: _("You may not enter here at this hour."),
    ReasonCode.HOLIDAY: _("Closed today: it is a holiday."),
    ReasonCode.ANTI_PASSBACK: _("You are inside already, it seems. Ask the guard."),
    ReasonCode.OCCUPANCY_FULL: _("It is full inside. Wait until somebody leaves."),
    ReasonCode.FACTOR_MISSING: _("Your PIN, please."),
    ReasonCode.NO_PIN: _("A PIN is needed here, and you have none yet. Ask your administrator."),
    ReasonCode.SECOND_PERSON: _("A second person must come as well. Please wait."),
    CaptureFailure.FRAMES_EXPIRED: _("The server was too slow. Try again."),
    CaptureFailure.GAVE_UP: _("The server could not decide. Try again."),
    CaptureFailure.INTERNAL: _("The server could not decide. Try again."),
    CaptureFailure.NO_ENGINE: _("Faces cannot be recognised at the moment. Use number and PIN."),
}

# The codes of recognition.DecodeError, for whoever chose the file.
_PICTURE_MESSAGES: dict[str, Promise] = {
    "empty": _("The file is empty."),
    "not_an_image": _("This is not a picture. Use JPEG, PNG or WebP."),
    "unsupported_format": _("This kind of picture cannot be read. Use JPEG, PNG or WebP."),
    "too_many_bytes": _("The file is too large."),
    "too_many_pixels": _("The picture has too many pixels. Make it smaller."),
    "animated": _("The picture is animated. Use a still picture."),
    "truncated": _("The file ends too early. Copy it again."),
    "corrupt": _("The file is damaged. Copy it again."),
}


def picture_message(code: str) -> str:
    """Return why a file could not be read as a picture, in the active language."""
    return str(_PICTURE_MESSAGES[code])


# What is said instead where it is known which way to turn; left and right are the person's own.
_SIDED: dict[tuple[Reason, Side | None], Promise] = {
    (Reason.FACE_TURNED, Side.LEFT): _("Turned by about %(degrees)s°: turn to your left."),
    (Reason.FACE_TURNED, Side.RIGHT): _("Turned by about %(degrees)s°: turn to your right."),
    (Reason.FACE_TILTED, Side.LEFT): _("Tilted by about %(degrees)s°: tilt your head left."),
    (Reason.FACE_TILTED, Side.RIGHT): _("Tilted by about %(degrees)s°: tilt your head right."),
    (Reason.UNEVEN_LIGHT, Side.LEFT): _("Turn to your left, towards the light."),
    (Reason.UNEVEN_LIGHT, Side.RIGHT): _("Turn to your right, towards the light."),
}


def advice_message(advice: Advice) -> str:
    """Return what to do about a face, which way and how far, in the active language."""
    sided = _SIDED.get((advice.reason, advice.toward))
    if sided is None:
        return message_for(ReasonCode(advice.reason))
    return str(sided) % {"degrees": advice.degrees}


def message_for(code: ReasonCode | CaptureFailure) -> str:
    """Return a reason in a sentence for the person at the door, in the active language."""
    return str(_MESSAGES[code])


_PIN_MESSAGES: dict[PinFault, Promise] = {
    PinFault.LENGTH: _("A PIN has 4 to 8 digits."),
    PinFault.SEQUENCE: _("Digits in a row are guessed first. Choose others."),
    PinFault.REPEAT: _("Repeated digits are guessed first. Choose others."),
    PinFault.YEAR: _("Years are guessed first. Choose others."),
    PinFault.KEYPAD: _("Patterns on the keypad are guessed first. Choose others."),
    PinFault.COMMON: _("Too many people choose this PIN. Choose another one."),
    PinFault.EMPLOYEE_NUMBER: _("The PIN must not be made of the employee number."),
    PinFault.BIRTH_DATE: _("The PIN must not be made of the birth date."),
    PinFault.DURESS_TOO_ALIKE: _("The duress PIN must differ more from the PIN."),
}


def pin_message(fault: PinFault) -> str:
    """Return why digits may not be a PIN, in the active language."""
    return str(_PIN_MESSAGES[fault])
