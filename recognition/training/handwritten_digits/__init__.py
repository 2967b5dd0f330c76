"""Trains the network of handwritten digits.

DATA is the folder that holds `mnist/train.npz` (and `mnist/test.npz`, on which the final score is
measured and nothing else), or the folder `mnist` itself. Pictures of faces and hands, from which
the network learns what is no digit, are taken from `faces`, `sign_digits`, `sign_letters` and
`photos` beside `mnist`, where they are there; all else is drawn.
"""

from pathlib import Path

from recognition.training.options import Trained, TrainingOptions


def train(data: Path, out: Path, *, options: TrainingOptions) -> Trained:
    """Train, calibrate, export; says the scores. Raises DatasetError and TrainingError."""
    # Imported here, so that what is drawn may be drawn without PyTorch.
    from recognition.training.handwritten_digits.course import train_digits

    return train_digits(data, out, options=options)
