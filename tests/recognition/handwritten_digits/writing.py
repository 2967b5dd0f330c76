"""Writing that the tests draw themselves, where no real data is needed."""

import numpy as np

from recognition import Image
from recognition.training.handwritten_digits import drawn
from recognition.training.handwritten_digits.boards import Scene, Surface, draw_scene


def write(
    digits: str, surface: Surface, *, seed: int = 0, size: tuple[int, int] = (480, 640)
) -> Scene:
    """A picture of a number in handwriting; of an empty surface where there are no digits."""
    random = np.random.default_rng(seed)
    inks = [drawn.digit(int(digit), random) for digit in digits]
    return draw_scene(inks, random, size=size, surface=surface)


def write_letters(count: int, surface: Surface, *, seed: int = 0) -> Scene:
    """A picture of letters in handwriting or print."""
    random = np.random.default_rng(seed)
    inks = [drawn.letter(random) for _ in range(count)]
    return draw_scene(inks, random, size=(480, 640), surface=surface)


def plain(grey: int, height: int = 480, width: int = 640) -> Image:
    """An even grey."""
    return np.full((height, width, 3), grey, np.uint8)
