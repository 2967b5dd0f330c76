"""A calibration of an engine of a test."""

import numpy as np

from recognition import EngineId
from recognition.calibration.calibration import Calibration


def calibration_of(engine: EngineId) -> Calibration:
    """Distances that fall from 1.9 at one in two to 1.4 at one in a million."""
    fmr = np.geomspace(0.5, 1e-6, 13)
    distance = np.linspace(1.9, 1.4, 13)
    return Calibration(
        engine=engine,
        people=100,
        impostor_pairs=3_000_000,
        genuine_pairs=1_000,
        fmr=fmr,
        distance=distance,
        low=distance - 0.01,
        high=distance + 0.01,
        genuine=np.linspace(0.1, 1.6, 101),
    )
