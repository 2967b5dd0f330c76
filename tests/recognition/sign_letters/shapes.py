"""Hands that nobody has: a palm with fingers, drawn as a camera would see it."""

import cv2
import numpy as np

from recognition import Image


def hand(fingers: int, *, height: int = 240, width: int = 240) -> Image:
    """A light hand before a darker wall, showing this many fingers."""
    image = np.full((height, width, 3), (96, 104, 112), np.uint8)
    skin, edge = (224, 182, 156), (120, 84, 66)
    scale = min(height, width) / 240
    middle = (width // 2, int(height / 2 + 50 * scale))
    for number in range(fingers):
        across = round((number - (fingers - 1) / 2) * 26 * scale)
        tip = (middle[0] + across, middle[1] - round(140 * scale))
        for colour, wide in ((edge, 26), (skin, 20)):
            cv2.line(image, (middle[0] + across, middle[1]), tip, colour, round(wide * scale))
    cv2.circle(image, middle, round(56 * scale), edge, -1)
    cv2.circle(image, middle, round(52 * scale), skin, -1)
    return image
