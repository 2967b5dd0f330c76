"""Writes pictures to evaluate on: MNIST's test digits on drawn boards, or on photographs.

    python -m recognition.training.handwritten_digits.scenes DATA OUT [--any-size]
    python -m recognition.training.handwritten_digits.scenes DATA OUT --photographs DIR

OUT gets OUT/<digit>/ and OUT/none/ (letters and empty boards, or the bare photographs), as
`evaluate handwritten-digits OUT` takes them. No digit in them was trained on. With --sheet, OUT is
a PNG instead: what the network is shown, of digits and letters that are drawn, not MNIST's.
"""

import argparse
import sys
from collections.abc import Iterator
from itertools import count, repeat
from pathlib import Path

import cv2
import numpy as np

from recognition.evaluation.page import contact_sheet
from recognition.handwritten_digits.classes import DIGITS, NONE
from recognition.handwritten_digits.preprocess import network_input
from recognition.images import decode
from recognition.outputs import write_picture
from recognition.picture_files import list_files
from recognition.training.handwritten_digits import drawn
from recognition.training.handwritten_digits.boards import Surface, draw_scene
from recognition.training.handwritten_digits.camera import any_size
from recognition.training.handwritten_digits.mnist import mnist_folder, read_digits
from recognition.training.handwritten_digits.thinning import chalk_line
from recognition.values import Image

_SIZE = (480, 640)
_COLUMNS = 12


def main() -> int:
    """Write pictures; exit status 0."""
    parser = argparse.ArgumentParser(description="Write pictures of digits to evaluate on.")
    parser.add_argument("data", type=Path, metavar="DATA")
    parser.add_argument("out", type=Path, metavar="OUT")
    parser.add_argument("--count", type=int, default=1000, help="digits (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument(
        "--any-size", action="store_true", help="110 to 640 pixels, every twentieth 2,000 to 4,000"
    )
    parser.add_argument("--photographs", type=Path, metavar="DIR", help="lay the writing on these")
    parser.add_argument("--sheet", action="store_true", help="one PNG of what is trained on")
    chosen = parser.parse_args()
    random = np.random.default_rng(chosen.seed)
    if chosen.sheet:
        write_picture(chosen.out, sheet(random))
        return 0
    photographs = _photographs(chosen.photographs) if chosen.photographs else []
    sizes = _any_sizes(random) if chosen.any_size else repeat(_SIZE)
    for name, image in scenes_to_evaluate(chosen.data, chosen.count, random, photographs, sizes):
        path = chosen.out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_picture(path, image)
    sys.stderr.write(f"Written to {chosen.out}\n")
    return 0


def scenes_to_evaluate(
    data: Path,
    digits: int,
    random: np.random.Generator,
    photographs: list[Path],
    sizes: Iterator[tuple[int, int]],
) -> Iterator[tuple[str, Image]]:
    """Give names and pictures of `digits` digits, and of half as many scenes without one.

    Every second digit is redrawn with a line as thin as chalk's. `sizes` are (height, width) of
    drawn surfaces; photographs are 640x480.
    """
    pictures, labels = read_digits(mnist_folder(data) / "test.npz")
    surfaces = list(Surface)
    for index, row in enumerate(random.permutation(len(labels))[:digits]):
        ink = np.asarray(pictures[row] / np.float32(255), np.float32)
        surface, ground = surfaces[index % len(surfaces)], _ground(photographs, random)
        if index // len(surfaces) % 2:
            ink = chalk_line(ink, random)
        scene = draw_scene([ink], random, size=next(sizes), surface=surface, background=ground)
        yield f"{labels[row]}/{surface}-{row}.png", scene.image
    for index in range(digits // 2):
        bare = _ground(photographs, random)
        if bare is not None:
            yield f"{NONE}/{index}.png", bare
            continue
        inks = [drawn.letter(random) for _ in range(index % 4)]
        yield f"{NONE}/{index}.png", draw_scene(inks, random, size=next(sizes)).image


def _any_sizes(random: np.random.Generator) -> Iterator[tuple[int, int]]:
    """Height and width of pictures: small and usual ones, and now and then one of a telephone."""
    for number in count(1):
        height, width = any_size(random)
        times = float(random.uniform(2000, 4000)) / max(height, width) if number % 20 == 0 else 1.0
        yield round(times * height), round(times * width)


def sheet(random: np.random.Generator) -> Image:
    """A row for each digit and some of what is none: drawn, found in a scene, as the net sees it.

    The last columns are the same inputs augmented once; these need PyTorch.
    """
    import torch

    from recognition.training.handwritten_digits.augmentation import augment

    generator = torch.Generator().manual_seed(int(random.integers(2**31)))
    tiles: list[Image] = []
    for digit in (*DIGITS, None, None):
        inks = [drawn.digit(int(digit), random) if digit else drawn.letter(random) for _ in "123"]
        scenes = [draw_scene([ink], random, size=(240, 240)).image for ink in inks]
        inputs = np.stack([network_input(ink) for ink in inks])[:, np.newaxis]
        again = np.concatenate([inputs, inputs, inputs[:1], inputs[1:2]])[: _COLUMNS - 6]
        bent = augment(torch.from_numpy(again), generator).numpy()
        shown = [
            np.repeat(np.round(255 * one[0]).astype(np.uint8)[..., np.newaxis], 3, 2)
            for one in (*inputs, *bent)
        ]
        tiles += [*scenes, *shown]
    return contact_sheet(tiles, columns=_COLUMNS, side=56)


def _photographs(folder: Path) -> list[Path]:
    return [path for path in list_files(folder) if path.suffix.lower() in (".jpg", ".png", ".jpeg")]


def _ground(photographs: list[Path], random: np.random.Generator) -> Image | None:
    """A part of a photograph, 640x480."""
    if not photographs:
        return None
    image = decode(photographs[int(random.integers(len(photographs)))].read_bytes())
    height, width = image.shape[:2]
    side = min(height / 3, width / 4) * float(random.uniform(0.4, 1.0))
    high, wide = max(1, int(3 * side)), max(1, int(4 * side))
    top, left = int(random.integers(height - high + 1)), int(random.integers(width - wide + 1))
    part = image[top : top + high, left : left + wide]
    return np.asarray(cv2.resize(part, _SIZE[::-1], interpolation=cv2.INTER_AREA), np.uint8)


if __name__ == "__main__":
    sys.exit(main())
