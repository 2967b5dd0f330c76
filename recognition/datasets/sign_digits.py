"""The pictures of hands, who signed them, and which part of the work each signer serves."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from recognition.datasets.folder import labelled_files, labelled_pictures
from recognition.errors import DatasetError
from recognition.picture_files import Skipped
from recognition.sign_digits.preprocess import DIGITS
from recognition.values import Image

# Numbers farther apart than this belong to different signers, whatever they show.
_LARGEST_GAP = 12
FOLDER = "sign_digits"


class Part(StrEnum):
    """What pictures are used for; a signer or a person serves one part only."""

    TRAIN = "train"
    VALIDATION = "validation"
    TEST = "test"


@dataclass(frozen=True, slots=True, eq=False)
class Sign:
    """One picture of a hand on a light ground."""

    image: Image
    digit: int
    signer: int
    part: Part
    name: str


def part_of_signer(signer: int) -> Part:
    """Every fifth signer is held out, every tenth serves the threshold."""
    if signer % 5 == 4:
        return Part.TEST
    return Part.VALIDATION if signer % 10 == 3 else Part.TRAIN


def signers(pictures: Sequence[tuple[int, int]]) -> list[int]:
    """Who signed each of (file number, digit), both rising in the order of photographing.

    Files run in groups of ten, but a group's border is not always a signer's: each signs 0 to 9 in
    turn, so where the digit falls back another hand begins. A signer's number is number // 10 of
    most of their files; all of their files bear it, so nobody stands in two parts.
    """
    runs: list[list[int]] = []
    last = (-_LARGEST_GAP - 1, 10)
    for number, digit in pictures:
        if digit <= last[1] or number - last[0] > _LARGEST_GAP:
            runs.append([])
        runs[-1].append(number // 10)
        last = (number, digit)
    return [signer for run in runs for signer in [Counter(run).most_common(1)[0][0]] * len(run)]


def read_signs(data: Path) -> list[Sign]:
    """Read DATA/sign_digits/<digit>/<letters>_<number>.<ending>, or DATA/<digit>/... itself.

    Raises DatasetError for a folder without them, or a file without a number.
    """
    folder = data / FOLDER if (data / FOLDER).is_dir() else data
    if not folder.is_dir():
        raise DatasetError(f"There is no folder {folder} to learn sign digits from.")
    skipped: list[Skipped] = []
    read = [
        (_number(one.path), int(one.label), image, one.path.name)
        for one, image in labelled_pictures(labelled_files(folder, DIGITS), skipped)
    ]
    read.sort(key=lambda one: one[:2])
    whose = signers([(number, digit) for number, digit, _, _ in read])
    return [
        Sign(image, digit, signer, part_of_signer(signer), name)
        for (_, digit, image, name), signer in zip(read, whose, strict=True)
    ]


def _number(path: Path) -> int:
    digits = path.stem.rpartition("_")[2]
    if not digits.isdecimal():
        raise DatasetError(
            f"{path} has no number that tells its signer: files are named IMG_<number>.jpg."
        )
    return int(digits)
