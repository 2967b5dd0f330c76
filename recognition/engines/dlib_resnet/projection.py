"""Makes the vector by which a face is compared of what the network gives of it.

dlib's descriptor was taught to tell people apart; one block before its end the network still knows
what that passed over. Both together, their principal components and no more numbers than before,
miss fewer people at the same rate of strangers: docs/decisions/037-face-vectors.md has the
figures. What is subtracted puts the mean over many people at zero, and the scale lets as many
strangers lie near one another as by dlib's descriptor, so that its distances mean the same.
"""

import hashlib
import io
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recognition.engines.dlib_resnet.manifest import DIMENSION, FEATURES
from recognition.errors import WeightFileError
from recognition.values import Vectors

Features = NDArray[np.float32]
"""What the network gives, float32 (n, 384): dlib's descriptor, then 256 averages."""
Projection = NDArray[np.float32]
"""float32 (385, 128): a matrix, and below it what is added."""

SHAPE = (FEATURES + 1, DIMENSION)
FILE = Path(__file__).with_name("projection.npy")
# Made by `python -m recognition train face-vectors`. Part of the engine's version.
SHA256 = "60c86340daecaf8c15c88d62d06456e059e9ab5292888399f2b4f28cd9ac5d29"


def project(features: Features, projection: Projection) -> Vectors:
    """Turn float32 (n, 384) into float32 (n, 128)."""
    return np.asarray(features @ projection[:-1] + projection[-1], np.float32)


@cache
def committed_projection() -> Projection:
    """The projection that ships with Lintel, read once a process.

    Raises WeightFileError where its file is missing, cannot be read, or is another one.
    """
    try:
        content = FILE.read_bytes()
    except OSError as error:
        raise WeightFileError(f"The file {FILE} cannot be read: {error.strerror}.") from error
    digest = hashlib.sha256(content).hexdigest()
    if digest != SHA256:
        raise WeightFileError(
            f"The file {FILE} is damaged or another one: SHA-256 {digest}, not {SHA256}. "
            "Take the one of this release."
        )
    loaded: Any = np.load(io.BytesIO(content), allow_pickle=False)
    return np.asarray(loaded, np.float32).reshape(SHAPE)
