"""Pictures that lie under two names: one of them is wrong, and spoils every figure."""

from pathlib import Path

from recognition.evaluation.acquisition import Acquisition
from recognition.evaluation.comparisons import Comparisons

# One photograph, compressed or scaled anew, lies nearer to itself than this by any engine; the
# nearest of 1.7 million pairs of different people lay 0.43 apart by the built-in one.
_SAME_PICTURE = 0.1


def doubles(acquisition: Acquisition, single: Comparisons) -> tuple[tuple[Path, Path], ...]:
    """Pairs of files that show one picture as two people, nearest first.

    `single` compares the acquisition's samples, each a row, by bare distances; of these pairs no
    more are told than it keeps, a million at least.
    """
    found = []
    for (one, two), distance in zip(single.nearest_rows, single.nearest, strict=True):
        if distance > _SAME_PICTURE:
            break
        found.append((acquisition.samples[one].picture.path, acquisition.samples[two].picture.path))
    return tuple(found)
