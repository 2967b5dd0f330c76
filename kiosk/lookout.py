"""When to look for faces: at every frame while somebody is there, seldom at an empty room."""

from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

SMALL = (80, 60)
"""Width and height of the picture that movement is looked for in."""
SAMPLED_PX = 320
"""Of each row, about as many pixels are read for it: four in each direction for each pixel of the
small picture, so that noise averages out, however large the frame is."""
GREY_LEVELS = 14
"""A pixel changed when it changed by more than this, of 255; sensor noise stays below."""
MOVED_SHARE = 0.004
"""Share of pixels that have to change: a face three metres away covers more."""

STILL_LOOK_S = 2.0
"""An empty room is looked at this often though nothing moves, lest slow changes hide somebody."""
SETTLED_LOOK_S = 0.15
"""Somebody is there of whom nothing more is wanted; often enough not to lose them."""
SETTLED_WHOLE_S = 0.45
"""Of these looks every third goes over the whole frame, lest the next in the row wait; the others
only where faces were (docs/decisions/036-window-around-the-last-place.md)."""


class Detail(StrEnum):
    """How closely a frame is searched."""

    COARSE = "coarse"
    """For faces that stand right before the door."""
    FINE = "fine"
    """For small ones as well: people who should come closer, and the second in the row."""
    AGAIN = "again"
    """For those seen last, where they were."""


@dataclass(frozen=True, slots=True)
class Budget:
    """How often one kind of look is taken at an empty room in which something moves."""

    share: float
    """Share of one core it may take, however slow the machine or large the picture is."""
    shortest_s: float
    longest_s: float

    def pause_s(self, cost_s: float) -> float:
        """Seconds from one look to the next, when one costs `cost_s` seconds of a core."""
        return min(max(self.shortest_s, cost_s / self.share), self.longest_s)


BUDGETS = {
    Detail.COARSE: Budget(share=0.06, shortest_s=0.2, longest_s=1.0),
    Detail.FINE: Budget(share=0.03, shortest_s=0.6, longest_s=3.0),
}


class Movement:
    """Tells whether a frame differs from the one before it. Use in one thread."""

    def __init__(self) -> None:
        self._before: NDArray[np.uint8] | None = None

    def seen(self, image: NDArray[np.uint8]) -> bool:
        """Whether anything moved since the last frame; True for the first one.

        `image` is RGB, shape (height, width, 3), uint8.
        """
        stride = max(1, image.shape[1] // SAMPLED_PX)
        green = np.ascontiguousarray(image[::stride, ::stride, 1])
        small = cv2.resize(green, SMALL, interpolation=cv2.INTER_AREA)
        before, self._before = self._before, np.asarray(small, np.uint8)
        if before is None:
            return True
        changed = cv2.absdiff(small, before) > GREY_LEVELS
        return float(np.count_nonzero(changed)) > MOVED_SHARE * changed.size


class Lookout:
    """Decides which frames are searched, and how closely. Pure; time and costs are arguments."""

    def __init__(self) -> None:
        self._last_s = dict.fromkeys(Detail, float("-inf"))
        self._cost_s = dict.fromkeys(Detail, 0.0)
        self._moved = False

    def due(
        self, now_s: float, *, moved: bool, present: bool, eager: bool, settled: bool
    ) -> Detail | None:
        """How closely to search the frame taken at `now_s`; None to pass it over.

        `moved` is about this frame; `present` whether a face is in view, `eager` whether frames
        of it are missing, `settled` whether no frames of anybody in view are wanted at all.
        """
        self._moved |= moved
        since_s = {detail: now_s - last_s for detail, last_s in self._last_s.items()}
        if present:
            pause_s = 0.0 if eager else SETTLED_LOOK_S
            if min(since_s[Detail.FINE], since_s[Detail.AGAIN]) < pause_s:
                return None
            again = settled and since_s[Detail.FINE] < SETTLED_WHOLE_S
            return Detail.AGAIN if again else Detail.FINE
        if not self._moved:
            looked_s = min(since_s[detail] for detail in BUDGETS)
            return Detail.FINE if looked_s >= STILL_LOOK_S else None
        for detail in (Detail.FINE, Detail.COARSE):
            if since_s[detail] >= BUDGETS[detail].pause_s(self._cost_s[detail]):
                return detail
        return None

    def looked(self, now_s: float, detail: Detail, cost_s: float) -> None:
        """A frame was searched, at a cost of `cost_s` seconds of one core."""
        # A fine look sees whatever another one would have.
        for covered in Detail if detail is Detail.FINE else (detail,):
            self._last_s[covered] = now_s
        # What moved elsewhere has yet to be looked at.
        self._moved &= detail is Detail.AGAIN
        # A running mean: one slow look (the model was being loaded) is soon forgotten.
        before_s = self._cost_s[detail]
        self._cost_s[detail] = 0.8 * before_s + 0.2 * cost_s if before_s else cost_s
