"""From a face's patch to what the network takes: the one way for training and run time."""

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]

INPUT_PX = 48
# Turning back less than this changes nothing that shows, in degrees.
_LEAST_ROLL = 2.0
# A patch without contrast (a wall) is not blown up to noise: grey levels.
_LEAST_CONTRAST = 8.0


def upright(patch: Grey, roll: float) -> Grey:
    """A patch turned back by the face's roll in degrees, uint8 (48, 48); edges are repeated."""
    if abs(roll) > _LEAST_ROLL:
        side = patch.shape[0]
        middle = ((side - 1) / 2, (side - 1) / 2)
        turn = cv2.getRotationMatrix2D(middle, roll, 1.0)
        patch = np.asarray(
            cv2.warpAffine(patch, turn, (side, side), borderMode=cv2.BORDER_REPLICATE), np.uint8
        )
    return np.asarray(cv2.resize(patch, (INPUT_PX, INPUT_PX), interpolation=cv2.INTER_AREA))


def as_batch(crops: Grey) -> NDArray[np.float32]:
    """Crops uint8 (n, 48, 48) as float32 (n, 1, 48, 48) of mean 0 and deviation 1 each."""
    values = crops.astype(np.float32)
    mean = values.mean(axis=(1, 2), keepdims=True)
    spread = np.maximum(values.std(axis=(1, 2), keepdims=True), _LEAST_CONTRAST)
    return np.asarray((values - mean) / spread, np.float32)[:, np.newaxis]
