"""From a grey frame to what the prescreen takes: the one way for training and run time."""

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]

COPY_SHARE = 0.4
"""Size of the copy beside the finest one that the detector searches: its smallest face, 80 pixels
wide there, is 32 pixels wide here."""
# Light is evened out over squares of this side, in pixels of the copy, as the detector's gradients
# are over their blocks.
_AROUND_PX = 33
# A wall's noise is not blown up to look like something: grey levels.
_LEAST_CONTRAST = 4.0


def as_batch(copy: Grey) -> NDArray[np.float32]:
    """A copy, uint8 (height, width), as float32 (1, 1, height, width): mean 0, deviation 1 nearby.

    Deviations below a few grey levels stay small.
    """
    window = (_AROUND_PX, _AROUND_PX)
    values = copy.astype(np.float32)
    mean = cv2.blur(values, window)
    variance = cv2.sqrBoxFilter(values, -1, window) - mean * mean
    spread = np.sqrt(np.maximum(variance, 0) + _LEAST_CONTRAST**2)
    return np.asarray((values - mean) / spread, np.float32)[np.newaxis, np.newaxis]
