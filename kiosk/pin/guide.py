"""Where a hand or a sheet of paper is to be held: beside the face."""

from recognition import Box

SHARE = 0.5
"""Side of the square, as a share of the picture's shorter side: an arm's length from a camera that
sees face and shoulders, a hand fills about half of that."""
EDGE = 0.03
"""Gap to the picture's edge, as a share of the same."""


def pin_guide(width: int, height: int) -> Box:
    """Return the guide box of a frame of this size, in whole pixels: a square beside the face.

    It lies on the left of the camera's picture, where most people's writing hand is; the screen
    shows the picture as a mirror, so there it is on the right. In a picture that is higher than
    wide it lies below the face.
    """
    shorter = min(width, height)
    side, edge = round(SHARE * shorter), round(EDGE * shorter)
    if width >= height:
        left, top = edge, (height - side) // 2
    else:
        left, top = (width - side) // 2, height - side - edge
    return Box(left, top, left + side, top + side)
