"""`python -m recognition.training.sign_digits FILE.png [DATA]`: crops as training sees them.

Drawn hands before drawn grounds; with DATA, the data's own hands and faces, and such a sheet stays
where the data is.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from recognition.datasets.sign_digits import Part, read_signs
from recognition.evaluation.page import contact_sheet
from recognition.outputs import write_picture
from recognition.training.sign_digits import scenes_of
from recognition.training.sign_digits.drawn import drawn_grounds
from recognition.training.sign_digits.drawn_hands import drawn_signs
from recognition.training.sign_digits.scenes import Mixture, Scenes, cut_hands

_CROPS, _COLUMNS, _SIDE_PX = 96, 16, 64
_GROUNDS = 220


def main(out: Path, data: Path | None) -> None:
    """Draw crops: none first, then pasted, then plain."""
    crops, _ = _scenes(data).crops(_CROPS, Mixture(), np.random.default_rng(0))
    write_picture(out, contact_sheet(crops, columns=_COLUMNS, side=_SIDE_PX))


def _scenes(data: Path | None) -> Scenes:
    if data is None:
        return Scenes(cut_hands(drawn_signs()), drawn_grounds(_GROUNDS, seed=1))
    return scenes_of(data, read_signs(data), Part.VALIDATION)


def _paths(arguments: Sequence[str]) -> tuple[Path, Path | None]:
    if len(arguments) not in (1, 2):
        sys.exit(__doc__)
    return Path(arguments[0]), Path(arguments[1]) if len(arguments) == 2 else None


if __name__ == "__main__":
    main(*_paths(sys.argv[1:]))
