"""A face at one size, so that what is measured on it means the same at every distance."""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.values import Box

PATCH_PX = 96


def face_patch(grey: NDArray[np.uint8], box: Box) -> NDArray[np.uint8]:
    """The part of a box that lies in a grey picture, uint8 (96, 96); black where nothing does."""
    inner = box.clip(grey.shape[1], grey.shape[0])
    rows = slice(math.floor(inner.top), math.ceil(inner.bottom))
    columns = slice(math.floor(inner.left), math.ceil(inner.right))
    face = grey[rows, columns]
    if face.size == 0:
        return np.zeros((PATCH_PX, PATCH_PX), np.uint8)
    way = cv2.INTER_AREA if face.shape[1] > PATCH_PX else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(face, (PATCH_PX, PATCH_PX), interpolation=way), np.uint8)
