"""The same symbol shown three times, a pixel apart, and the answers averaged.

Chosen on validation: of 5,000 digits by writers not trained on, 15 are misread instead of 21.
"""

from collections.abc import Callable

import numpy as np

from recognition.networks.network import Batch, Logits

_DOWN = (0, 1, -1)


def mean_logits(run: Callable[[Batch], Logits], batch: Batch) -> Logits:
    """Mean logits (n, classes) of a batch (n, 1, 28, 28) as it is, and a pixel lower and higher.

    Network inputs have four empty rows in all, so that next to nothing leaves the picture.
    """
    shown = np.concatenate([np.roll(batch, rows, axis=2) for rows in _DOWN])
    logits = run(shown)
    return np.asarray(logits.reshape(len(_DOWN), len(batch), logits.shape[1]).mean(axis=0))
