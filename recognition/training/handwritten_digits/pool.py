"""Everything the network is shown: digits of MNIST, drawn ones, and what is no digit."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from recognition.handwritten_digits.classes import CLASSES, NONE
from recognition.handwritten_digits.preprocess import Ink, NetworkInput, network_input
from recognition.handwritten_digits.strokes import Symbol, find_rows
from recognition.training.handwritten_digits import drawn
from recognition.training.handwritten_digits.boards import Scene, draw_scene
from recognition.training.handwritten_digits.camera import any_size
from recognition.training.handwritten_digits.mnist import Labels, Mnist, Pictures
from recognition.training.handwritten_digits.negatives import (
    TRAINING,
    VALIDATION,
    Inputs,
    drawn_negatives,
    fewer_lines,
    found_in,
    photographed,
    shown_of,
    signed_letters,
)
from recognition.training.handwritten_digits.thinning import chalk_line, thin_lines

BLANK = CLASSES.index(NONE)
# A finding that shares this much of its rectangle with a digit's is that digit.
_SAME = 0.6
# One that shares less than this is none; what lies between teaches nothing.
_OTHER = 0.4


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Inputs of one kind."""

    name: str
    inputs: Inputs
    labels: Labels
    looked_at: int
    """Pictures in which they were found; in some of them nothing was."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many of each kind are made."""

    thinned: int
    drawn: int
    scenes: int
    """Pictures of a row of digits, as many again of letters, half as many of empty boards."""
    negatives: int
    hands: int

    def scaled(self, share: float) -> "Sizes":
        """A share of each, at least one: for fewer pictures than MNIST has."""
        return Sizes(**{name: max(1, round(share * of)) for name, of in asdict(self).items()})


TRAINING_SIZES = Sizes(thinned=12_000, drawn=8_000, scenes=1_800, negatives=14_000, hands=2_500)
VALIDATION_SIZES = Sizes(thinned=1_000, drawn=2_000, scenes=300, negatives=3_000, hands=500)


def training_groups(mnist: Mnist, data: Path, seed: int, sizes: Sizes) -> list[Group]:
    """What is trained on; `data` is the folder beside MNIST with the other pictures."""
    random = np.random.default_rng((seed, 1))
    return _groups(mnist.pictures, mnist.labels, data, TRAINING, random, sizes)


def validation_groups(mnist: Mnist, data: Path, seed: int, sizes: Sizes) -> list[Group]:
    """What temperature and threshold are chosen by: other writers, other people."""
    random = np.random.default_rng((seed, 2))
    return _groups(
        mnist.validation_pictures, mnist.validation_labels, data, VALIDATION, random, sizes
    )


def inputs_of(pictures: Pictures) -> Inputs:
    """MNIST's pictures as the network is shown them."""
    return _stacked(network_input(one / np.float32(255)) for one in pictures)


def _groups(
    pictures: Pictures,
    labels: Labels,
    data: Path,
    parts: tuple[int, ...],
    random: np.random.Generator,
    sizes: Sizes,
) -> list[Group]:
    some = random.permutation(len(pictures))[: sizes.thinned]
    values = random.integers(0, 10, sizes.drawn)
    mirrored = parts == TRAINING
    found = fewer_lines(found_in(photographed(data, parts), mirrored=mirrored))
    plain = _each(
        [
            *drawn_negatives(sizes.negatives, random, pictures, labels),
            *signed_letters(data, sizes.hands, random),
        ]
    )
    thinned = _stacked([network_input(one / np.float32(255)) for one in thin_lines(pictures[some])])
    written = _stacked([network_input(drawn.digit(int(value), random)) for value in values])
    return [
        Group("mnist", inputs_of(pictures), labels, len(labels)),
        Group("thinned", thinned, labels[some], len(some)),
        Group("drawn", written, values.astype(np.int64), len(values)),
        _from_scenes(pictures, labels, random, sizes.scenes),
        _blank("none", plain),
        _blank("none in photographs", found),
        _blank("none in scenes", fewer_lines(_none_in_scenes(random, sizes.scenes))),
    ]


def _from_scenes(
    pictures: Pictures, labels: Labels, random: np.random.Generator, count: int
) -> Group:
    """Digits as the finder cuts them out of drawn pictures, and what else it finds there."""
    inputs: list[NetworkInput] = []
    targets: list[int] = []
    for _ in range(count):
        inks, values = [], []
        for _ in range(int(random.integers(1, 5))):
            ink, value = one_digit(pictures, labels, random)
            inks.append(ink)
            values.append(value)
        scene = draw_scene(inks, random, size=any_size(random))
        for symbol in _symbols(scene):
            target = _target(scene, symbol, values)
            if target is not None:
                inputs.append(network_input(symbol.ink))
                targets.append(target)
    return Group("scenes", _stacked(inputs), np.array(targets, np.int64), count)


def one_digit(pictures: Pictures, labels: Labels, random: np.random.Generator) -> tuple[Ink, int]:
    """A digit drawn, written by one of MNIST's writers, or by one of them with chalk."""
    if random.random() < 0.4:
        value = int(random.integers(10))
        return drawn.digit(value, random), value
    index = int(random.integers(len(pictures)))
    ink = np.asarray(pictures[index] / np.float32(255), np.float32)
    if random.random() < 0.5:
        ink = chalk_line(ink, random)
    return ink, int(labels[index])


def _none_in_scenes(random: np.random.Generator, count: int) -> Iterator[list[NetworkInput]]:
    """What is found on boards with letters, and on empty ones."""
    for index in range(count + count // 2):
        letters = int(random.integers(1, 5)) if index < count else 0
        inks = [drawn.letter(random) for _ in range(letters)]
        yield shown_of(find_rows(draw_scene(inks, random, size=any_size(random)).image))


def _symbols(scene: Scene) -> list[Symbol]:
    return [symbol for row in find_rows(scene.image) for symbol in row.symbols]


def _target(scene: Scene, symbol: Symbol, values: list[int]) -> int | None:
    shared = [box.iou(symbol.box) for box in scene.boxes]
    best = int(np.argmax(shared))
    if shared[best] >= _SAME:
        return values[best]
    return BLANK if shared[best] < _OTHER else None


def _each(pictures: Iterable[NetworkInput]) -> Iterator[list[NetworkInput]]:
    return ([one] for one in pictures)


def _blank(name: str, looks: Iterable[list[NetworkInput]]) -> Group:
    found = list(looks)
    inputs = _stacked([one for look in found for one in look])
    return Group(name, inputs, np.full(len(inputs), BLANK, np.int64), len(found))


def _stacked(inputs: Iterable[NetworkInput]) -> Inputs:
    given = [np.round(255 * one).astype(np.uint8) for one in inputs]
    return np.stack(given) if given else np.zeros((0, 28, 28), np.uint8)
