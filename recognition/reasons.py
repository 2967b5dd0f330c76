"""The words a decision is explained with, each stored as it stands."""

from enum import StrEnum


class Reason(StrEnum):
    """Why a frame, a probe or a search ended as it did.

    The values are stored with events and sent over HTTP, so they never change once released.
    """

    MATCHED = "matched"
    NO_FACE = "no_face"
    SEVERAL_FACES = "several_faces"
    FACE_TOO_SMALL = "face_too_small"
    FACE_TURNED = "face_turned"
    FACE_TILTED = "face_tilted"
    BLURRED = "blurred"
    TOO_DARK = "too_dark"
    TOO_BRIGHT = "too_bright"
    UNEVEN_LIGHT = "uneven_light"
    LOW_CONTRAST = "low_contrast"
    COVERED = "covered"
    CUT_OFF = "cut_off"
    INCONSISTENT_FRAMES = "inconsistent_frames"
    UNDECODABLE = "undecodable"
    EMPTY_GALLERY = "empty_gallery"
    NOT_RECOGNISED = "not_recognised"
    AMBIGUOUS = "ambiguous"
