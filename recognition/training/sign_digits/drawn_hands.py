"""Hands that are drawn: they stand in for the signers' where what training does is shown.

Nothing is learnt from them: they hold up fingers and sign no digits.
"""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.datasets.sign_digits import Part, Sign
from recognition.values import Image

_SKINS = ((196, 150, 118), (226, 184, 156), (150, 104, 78), (108, 72, 52))
_PAPER = (224, 222, 218)
_DRAWN_PX, _PX = 400, 100
_PALM = (200, 250)
# Where each finger points, in degrees, and how far, in pixels; the thumb comes last.
_FINGERS = ((-112, 182), (-92, 196), (-72, 184), (-50, 156), (-168, 132))
_FOLDED_PX = 96
_FINGER_PX = 34
# How far inwards of its border a hand is darker, and how much.
_ROUND_PX, _BORDER_LIGHT = 26, 0.72


def drawn_signs() -> list[Sign]:
    """Hands with none to five fingers up, each in four colours of skin."""
    return [
        Sign(
            _on_paper(fingers, skin, np.random.default_rng((fingers, signer))),
            fingers,
            signer,
            Part.VALIDATION,
            f"drawn {fingers} {signer}",
        )
        for fingers in range(len(_FINGERS) + 1)
        for signer, skin in enumerate(_SKINS)
    ]


def _on_paper(fingers: int, skin: tuple[int, int, int], random: np.random.Generator) -> Image:
    """A hand on light paper, 100x100."""
    mask = _mask(fingers, random)
    inside = cv2.distanceTransform((mask > 127).astype(np.uint8), cv2.DIST_L2, 5)
    light = _BORDER_LIGHT + (1 - _BORDER_LIGHT) * np.clip(inside / _ROUND_PX, 0, 1)
    paper = np.array(_PAPER) * np.linspace(1, 0.93, _DRAWN_PX)[None, :, None]
    share = (mask / 255)[..., None]
    whole = np.array(skin) * light[..., None] * share + paper * (1 - share)
    small = cv2.resize(whole, (_PX, _PX), interpolation=cv2.INTER_AREA)
    grain = random.normal(0, 2, small.shape)
    return np.asarray(np.clip(small + grain, 0, 255), np.uint8)


def _mask(fingers: int, random: np.random.Generator) -> NDArray[np.uint8]:
    """Where the hand is, 0 to 255, with soft borders."""
    mask = np.zeros((_DRAWN_PX, _DRAWN_PX), np.uint8)
    cv2.ellipse(mask, _PALM, (74, 86), 0, 0, 360, 255, -1)
    cv2.rectangle(mask, (158, 290), (242, _DRAWN_PX), 255, -1)
    for number, (angle, length) in enumerate(_FINGERS):
        turn = math.radians(angle + random.normal(0, 3))
        reach = length if number < fingers else _FOLDED_PX
        end = tuple(
            round(at + reach * way)
            for at, way in zip(_PALM, (math.cos(turn), math.sin(turn)), strict=True)
        )
        cv2.line(mask, _PALM, end, 255, _FINGER_PX)
    return np.asarray(cv2.GaussianBlur(mask, (0, 0), 3), np.uint8)
