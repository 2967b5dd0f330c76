"""Drawn hands on paper: discs with fingers, as many as the digit says."""

import cv2
import numpy as np

from recognition.datasets.sign_digits import Part, Sign
from recognition.values import Image

SKIN, PAPER = (196, 150, 118), (224, 222, 218)


def draw_hand(fingers: int) -> tuple[Image, np.ndarray]:
    """A 100x100 picture and its mask of 0 and 1."""
    mask = np.zeros((100, 100), np.uint8)
    cv2.circle(mask, (50, 62), 20, 1, -1)
    cv2.rectangle(mask, (40, 70), (60, 100), 1, -1)
    for finger in range(fingers):
        angle = np.radians(-150 + 120 * finger / 4)
        end = (int(50 + 46 * np.cos(angle)), int(62 + 46 * np.sin(angle)))
        cv2.line(mask, (50, 62), end, 1, 7)
    shade = np.linspace(1.0, 0.9, 100)[None, :, None]
    image = np.where(mask[..., None] == 1, SKIN, np.array(PAPER) * shade)
    grain = np.random.default_rng(fingers).normal(0, 2, image.shape)
    return np.clip(image + grain, 0, 255).astype(np.uint8), mask


def draw_sign(digit: int, signer: int, part: Part) -> Sign:
    """A hand with as many fingers, up to five."""
    return Sign(draw_hand(min(digit, 5))[0], digit, signer, part, f"{signer}_{digit}")
