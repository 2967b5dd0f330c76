"""`python -m recognition.training.sign_digits DATA FILE.jpg`: crops as training sees them.

The sheet shows hands and faces of the data, so it stays where the data is.
"""

import sys
from pathlib import Path

import numpy as np

from recognition.datasets.sign_digits import Part, read_signs
from recognition.evaluation.page import contact_sheet
from recognition.images import encode_jpeg
from recognition.training.files import write_whole
from recognition.training.sign_digits import scenes_of
from recognition.training.sign_digits.scenes import Mixture

_CROPS, _COLUMNS = 144, 18


def main(data: Path, out: Path) -> None:
    """Draw the crops of validation signers, none first, then pasted, then plain."""
    scenes = scenes_of(data, read_signs(data), Part.VALIDATION)
    crops, _ = scenes.crops(_CROPS, Mixture(), np.random.default_rng(0))
    write_whole(out, encode_jpeg(contact_sheet(crops, columns=_COLUMNS)))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]))
