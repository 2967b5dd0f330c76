"""From logits to calibrated probabilities.

Source: C. Guo, G. Pleiss, Y. Sun, K. Weinberger, On calibration of modern neural networks (2017).
"""

import numpy as np
from numpy.typing import NDArray

Probabilities = NDArray[np.float32]
"""Shape (n, classes), float32; each row adds up to 1."""


def probabilities(logits: NDArray[np.float32], temperature: float = 1.0) -> Probabilities:
    """Softmax of logits (n, classes) divided by a temperature above 0."""
    scaled = logits.astype(np.float64) / temperature
    raised = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True), np.float32)
