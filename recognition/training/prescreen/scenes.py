"""Draws frames as a door's camera would see them, with and without a face, from a seed.

Whatever is done to a face is done to pieces of pictures, to hands and to people whose faces are
taken out as well, so that nothing but the face tells the two kinds of frames apart.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.datasets.cut_outs import CutOut
from recognition.keypoints.preprocess import to_grey
from recognition.prescreen.preprocess import Grey
from recognition.training.prescreen.camera import photographed
from recognition.training.prescreen.sources import Source, faceless_parts
from recognition.values import Box

Random = np.random.Generator
Mask = NDArray[np.float32]

FRAME_WIDTH, FRAME_HEIGHT = 640, 480
# Widths of faces in pixels of the frame: the detector's window is 80 of them.
_NARROWEST, _WIDEST = 72.0, 310.0
_TURN_DEG = 9.0
# How a frame without a face is made: grounds alone, and with so many things on them.
_MOST_THINGS = 4
_PARTS_EACH = 4


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a face was put."""

    person: str
    box: Box


class Scenes:
    """Faces, grounds and hands of one part, and the frames made of them."""

    def __init__(
        self,
        sources: Sequence[Source],
        grounds: Sequence[Grey],
        hands: Sequence[CutOut],
        *,
        scale: float = 1.0,
    ) -> None:
        """Keep them; parts of the sources' pictures serve as grounds as well.

        Frames are 640x480 times `scale`: drawn small, for a net that sees them small, they take a
        sixth of the time.
        """
        self._scale = scale
        self._width, self._height = round(FRAME_WIDTH * scale), round(FRAME_HEIGHT * scale)
        self._sources, self._hands, self._drawn = sources, hands, list(grounds)
        self._parts = [part for source in sources for part in faceless_parts(source)]
        self._people: dict[str, list[Source]] = {}
        for source in sources:
            self._people.setdefault(source.person, []).append(source)

    def __len__(self) -> int:
        """How many pictures of faces there are."""
        return len(self._sources)

    def with_face(self, random: Random) -> tuple[Grey, Placed]:
        """A frame, uint8 (height, width), and whose face is where in it."""
        frame = self._ground(random)
        if random.random() < 0.3:
            frame = self._with_thing(frame, random)
        source = self._source(random)
        frame, box = self._put(frame, source.picture, source.box, random)
        return photographed(frame, random, scale=self._scale), Placed(source.person, box)

    def without_face(self, random: Random) -> Grey:
        """A frame without a face, uint8 (height, width)."""
        frame = self._ground(random)
        if random.random() < 0.75:
            for _ in range(int(random.integers(1, _MOST_THINGS + 1))):
                frame = self._with_thing(frame, random)
        return photographed(frame, random, scale=self._scale)

    def _source(self, random: Random) -> Source:
        """Each person as often as any other."""
        names = list(self._people)
        own = self._people[names[int(random.integers(len(names)))]]
        return own[int(random.integers(len(own)))]

    def _piece(self, random: Random) -> Grey:
        pieces = self._drawn if not self._parts or random.random() < 0.45 else self._parts
        return pieces[int(random.integers(len(pieces)))]

    def _ground(self, random: Random) -> Grey:
        """One piece over all of the frame, or several side by side."""
        frame = _stretched(_cropped(self._piece(random), random), self._width, self._height)
        if random.random() < 0.6:
            return frame
        frame = frame.copy()
        for _ in range(int(random.integers(1, 7))):
            left, top = int(random.integers(self._width)), int(random.integers(self._height))
            wide, high = random.integers(16, self._width), random.integers(16, self._height)
            left, top = max(0, left - 16), max(0, top - 16)
            window = frame[top : top + int(high), left : left + int(wide)]
            window[:] = _stretched(_cropped(self._piece(random), random), *window.shape[::-1])
        return frame

    def _with_thing(self, frame: Grey, random: Random) -> Grey:
        """A hand, a piece of a picture, or a person without a face, as large as a face or more."""
        kind = random.random()
        if kind < 0.25 and self._hands:
            hand = self._hands[int(random.integers(len(self._hands)))]
            return _with_hand(frame, hand, self._scale, random)
        if kind < 0.45:
            piece = _cropped(self._piece(random), random)
            high, wide = piece.shape
            middle = Box(0.2 * wide, 0.2 * high, 0.8 * wide, 0.8 * high)
            return self._put(frame, piece, middle, random)[0]
        source = self._source(random)
        return self._put(frame, self._faceless(source, random), source.box, random)[0]

    def _faceless(self, source: Source, random: Random) -> Grey:
        """The picture with a piece of another where the face is, and of a little more.

        Half a face, or one upside down, is no frame to learn emptiness from.
        """
        picture = source.picture.copy()
        box, grow = source.box, random.uniform(0.05, 0.35) * source.box.width
        left, top = max(0, int(box.left - grow)), max(0, int(box.top - grow))
        window = picture[top : int(box.bottom + grow), left : int(box.right + grow)]
        if min(window.shape) < 4:
            return picture
        filled = _stretched(_cropped(self._piece(random), random), *window.shape[::-1])
        if random.random() < 0.6:
            mask = np.zeros(window.shape, np.float32)
            high, wide = window.shape
            axes = (int(wide * 0.5), int(high * 0.5))
            cv2.ellipse(mask, (wide // 2, high // 2), axes, 0, 0, 360, 1.0, -1)
            mask = np.asarray(cv2.GaussianBlur(mask, (0, 0), random.uniform(0.5, 4)), np.float32)
            filled = _blended(window, filled, mask)
        window[:] = filled
        return picture

    def _put(self, frame: Grey, picture: Grey, box: Box, random: Random) -> tuple[Grey, Box]:
        """A picture whose `box` gets a random width and place: the frame with it, the new box."""
        width = self._scale * math.exp(random.uniform(math.log(_NARROWEST), math.log(_WIDEST)))
        place = self._place(width, random)
        scale = width / max(box.width, 1.0)
        while scale < 0.6 and min(picture.shape) > 3:  # or thin lines would fall between pixels
            half_size = (picture.shape[1] // 2, picture.shape[0] // 2)
            picture = np.asarray(cv2.resize(picture, half_size, interpolation=cv2.INTER_AREA))
            box, scale = box.scale(0.5), 2 * scale
        x, y = box.center
        turn = cv2.getRotationMatrix2D((x, y), random.normal(0, _TURN_DEG), scale)
        if random.random() < 0.5:
            # Mirrored about the box's middle.
            turn = turn @ np.array([[-1, 0, 2 * x], [0, 1, 0], [0, 0, 1]])
        turn = np.asarray(turn, np.float64)
        slim = math.exp(random.normal(0, 0.05))
        turn = turn @ np.array(
            [[slim, 0, x * (1 - slim)], [0, 1 / slim, y * (1 - 1 / slim)], [0, 0, 1]]
        )
        turn[:, 2] += np.array(place) - (x, y)
        size = (self._width, self._height)
        edge = cv2.BORDER_REPLICATE
        warped = np.asarray(cv2.warpAffine(picture, turn, size, borderMode=edge), np.uint8)
        half = width / 2
        moved = Box(place[0] - half, place[1] - half, place[0] + half, place[1] + half)
        if random.random() < 0.35:
            return warped, moved
        mask = _mask(picture, box, random)
        over = np.asarray(cv2.warpAffine(mask, turn, size), np.float32)
        return _blended(frame, warped, over), moved

    def _place(self, width: float, random: Random) -> tuple[float, float]:
        """The middle of a face that lies in the frame, near an edge more often than by chance."""
        found = []
        for side in (self._width, self._height):
            least = min(0.4 * width, side / 2)
            share = random.random()
            if random.random() < 0.3:
                share = float(np.clip(round(share) + random.normal(0, 0.05), 0, 1))
            found.append(least + share * (side - 2 * least))
        return found[0], found[1]


def _mask(picture: Grey, box: Box, random: Random) -> Mask:
    """All of the picture, or the head alone; with a hard edge or a soft one."""
    mask = np.zeros(picture.shape, np.float32)
    if random.random() < 0.5:
        mask[1:-1, 1:-1] = 1
    else:
        x, y = box.center
        axes = (box.width * random.uniform(0.6, 1.0), box.width * random.uniform(0.75, 1.2))
        sizes = (round(axes[0]), round(axes[1]))
        cv2.ellipse(mask, (round(x), round(y)), sizes, 0, 0, 360, 1.0, -1)
    if random.random() < 0.5:
        reach = random.uniform(0.5, 0.06 * max(picture.shape))
        mask = np.asarray(cv2.GaussianBlur(mask, (0, 0), reach), np.float32)
    return mask


def _with_hand(frame: Grey, hand: CutOut, scale: float, random: Random) -> Grey:
    high, wide = frame.shape
    side = max(hand.alpha.shape)
    size = scale * math.exp(random.uniform(math.log(60), math.log(420)))
    turn = cv2.getRotationMatrix2D((side / 2, side / 2), random.uniform(-60, 60), size / side)
    turn[:, 2] += (random.uniform(0, wide) - side / 2, random.uniform(0, high) - side / 2)
    warped = np.asarray(cv2.warpAffine(to_grey(hand.colour), turn, (wide, high)), np.uint8)
    mask = cv2.warpAffine(hand.alpha.astype(np.float32) / 255, turn, (wide, high))
    return _blended(frame, warped, np.asarray(mask, np.float32))


def _cropped(piece: Grey, random: Random) -> Grey:
    """A part of a piece, turned over half of the time."""
    high, wide = piece.shape
    share = random.uniform(0.35, 1.0)
    rows, columns = max(8, int(high * share)), max(8, int(wide * share))
    top, left = (
        random.integers(max(1, high - rows + 1)),
        random.integers(max(1, wide - columns + 1)),
    )
    part = piece[top : top + rows, left : left + columns]
    return part[:, ::-1] if random.random() < 0.5 else part


def _stretched(piece: Grey, wide: int, high: int) -> Grey:
    made = cv2.resize(np.ascontiguousarray(piece), (wide, high), interpolation=cv2.INTER_LINEAR)
    return np.asarray(made, np.uint8)


def _blended(under: Grey, over: Grey, mask: Mask) -> Grey:
    mixed = under.astype(np.float32)
    mixed += (over.astype(np.float32) - mixed) * mask
    return np.asarray(np.clip(mixed + 0.5, 0, 255), np.uint8)
