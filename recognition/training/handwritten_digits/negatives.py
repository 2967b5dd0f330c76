"""What is no digit: what the finder finds in pictures of people and hands, and what is drawn."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.datasets.npz import read_npz
from recognition.errors import DecodeError
from recognition.handwritten_digits.contour import MOST_DOUBT_OF_A_LINE
from recognition.handwritten_digits.preprocess import BODY, Ink, NetworkInput, network_input
from recognition.handwritten_digits.rows import Row
from recognition.handwritten_digits.strokes import Symbol, find_rows
from recognition.images import decode
from recognition.picture_files import list_files
from recognition.reading.guide import crop, guide_box
from recognition.training.handwritten_digits import drawn
from recognition.training.handwritten_digits.mnist import Labels, Pictures

Inputs = NDArray[np.uint8]
"""Network inputs times 255, uint8 (n, 28, 28)."""

# Of five people or signers, by the order of their names: three to train on, one to choose by, and
# one that only evaluation sees.
PARTS = 5
TRAINING, VALIDATION, HELD_OUT = (0, 1, 2), (3,), (4,)
# Of a picture, at most so many findings are kept.
_MOST_FOUND = 6
# Drawn symbols narrower than this may pass for a 1.
_NARROWEST = 0.42
# Digits that are another sign when they lie on their side.
_TURNABLE = (2, 3, 4, 5, 7)


def pictures_of(folder: Path, group: Callable[[Path], str], parts: tuple[int, ...]) -> list[Path]:
    """The files of a folder whose group (a person, a signer) falls into these parts; sorted."""
    if not folder.is_dir():
        return []
    files = [path for path in list_files(folder) if path.is_file()]
    names = sorted({group(path) for path in files})
    wanted = {name for index, name in enumerate(names) if index % PARTS in parts}
    return [path for path in files if group(path) in wanted]


def person(path: Path) -> str:
    """Of faces/training: the name before the video's number."""
    return path.stem.rpartition("_")[0]


def photographed(data: Path, parts: tuple[int, ...]) -> list[Path]:
    """Faces, hands and whatever else is photographed, of the people of these parts."""
    files = pictures_of(data / "faces" / "training", person, parts)
    for digit in range(0, 10, 3):
        hands = pictures_of(data / "sign_digits" / str(digit), lambda path: path.stem[:-1], parts)
        files += hands[::2]
    return files + pictures_of(data / "photos", lambda path: path.stem, parts)


def found_in(files: list[Path], *, mirrored: bool = False) -> Iterator[list[NetworkInput]]:
    """What the finder takes for symbols in pictures that show none; a list for each look.

    A picture is looked at whole and where a guide box would be; once more `mirrored`.
    """
    for path in files:
        try:
            image = decode(path.read_bytes())
        except (DecodeError, OSError):
            continue
        longest = max(image.shape[:2])
        if longest > 640:
            scale = 640 / longest
            image = np.asarray(
                cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8
            )
        guide, _ = crop(image, guide_box(image.shape[1], image.shape[0]))
        looks = [image, guide]
        if mirrored:
            looks += [np.ascontiguousarray(look[:, ::-1]) for look in looks]
        for look in looks:
            yield shown_of(find_rows(look))


def shown_of(rows: Sequence[Row[Symbol]]) -> list[NetworkInput]:
    """What the network is shown of some findings; without lines that no reader accepts."""
    symbols = [symbol for row in rows for symbol in row.symbols][:_MOST_FOUND]
    shown = [(network_input(symbol.ink), symbol.contour.doubt) for symbol in symbols]
    return [one for one, doubt in shown if is_wide(one) or doubt <= MOST_DOUBT_OF_A_LINE]


def fewer_lines(looks: Iterable[list[NetworkInput]]) -> Iterator[list[NetworkInput]]:
    """Leave out every second upright line: as many as there are, a plain 1 would be none, too."""
    lines = 0
    for look in looks:
        kept = []
        for picture in look:
            lines += not is_wide(picture)
            if is_wide(picture) or lines % 2:
                kept.append(picture)
        yield kept


def signed_letters(data: Path, count: int, random: np.random.Generator) -> Iterator[NetworkInput]:
    """Outlines of hands, as the data of signed letters has them; none where that is missing."""
    file = data / "sign_letters" / "train.npz"
    if not file.is_file():
        return
    pictures, labels = read_npz(file, side=64)
    hands = np.flatnonzero(labels != "blank")
    for index in random.permutation(hands)[:count]:
        yield network_input(1 - pictures[index] / np.float32(255))


def drawn_negatives(
    count: int, random: np.random.Generator, pictures: Pictures, labels: Labels
) -> Iterator[NetworkInput]:
    """Letters, words, scribbles, figures, digits that touch and digits on their side."""
    kinds: tuple[tuple[float, Callable[[], Ink]], ...] = (
        (0.42, lambda: drawn.letter(random)),
        (0.12, lambda: drawn.word(random)),
        (0.14, lambda: drawn.scribble(random)),
        (0.12, lambda: drawn.figure(random)),
        (0.1, lambda: _touching(random, pictures)),
        (0.1, lambda: _turned(random, pictures, labels)),
    )
    shares = np.array([share for share, _ in kinds])
    given = 0
    while given < count:
        picture = network_input(kinds[int(random.choice(len(kinds), p=shares))][1]())
        if is_wide(picture):
            given += 1
            yield picture


def is_wide(picture: NetworkInput) -> bool:
    """Whether it is too wide for an upright line."""
    columns = np.flatnonzero((picture > 0.3).any(axis=0))
    return bool(len(columns) and columns[-1] - columns[0] + 1 >= _NARROWEST * BODY)


def _touching(random: np.random.Generator, pictures: Pictures) -> Ink:
    """Two digits that run into one another."""
    one, other = (pictures[int(random.integers(len(pictures)))] for _ in range(2))
    apart = int(random.integers(9, 16))
    both = np.zeros((32, 28 + apart), np.uint8)
    drop = int(random.integers(0, 5))
    both[2:30, :28] = one
    np.maximum(both[drop : drop + 28, apart:], other, out=both[drop : drop + 28, apart:])
    return np.asarray(both / np.float32(255), np.float32)


def _turned(random: np.random.Generator, pictures: Pictures, labels: Labels) -> Ink:
    """A digit that lies on its side."""
    able = np.flatnonzero(np.isin(labels, _TURNABLE))
    picture = pictures[able[int(random.integers(len(able)))]]
    turned = np.rot90(picture, 1 if random.random() < 0.5 else 3)
    return np.asarray(turned / np.float32(255), np.float32)
