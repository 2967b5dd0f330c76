"""Draws boxes and names over a picture."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image as PillowImage
from PIL import ImageDraw

from recognition.errors import FontError
from recognition.fonts import Font, font_for
from recognition.identification import Identified
from recognition.values import Image

_KNOWN, _STRANGER = (22, 130, 64), (176, 72, 16)
_WHITE = (255, 255, 255)
# Type is this share of the picture's longer side high, and never smaller than can be read.
_TYPE_SHARE, _SMALLEST_TYPE_PX = 1 / 36, 14
NOBODY = "unknown"


class Annotator:
    """Draws who was found; remembers which names no font here can write.

    Not safe to share between threads.
    """

    def __init__(self, *, font_folders: Sequence[Path] | None = None) -> None:
        """Search these folders for fonts, or else the system's."""
        self._folders = font_folders
        self.unwritable: dict[str, str] = {}
        """Name to what to do about it."""

    def draw(self, image: Image, found: Sequence[Identified]) -> Image:
        """Give a copy of an RGB picture with a box for each face and name and distance below it."""
        canvas = PillowImage.fromarray(image)
        pen = ImageDraw.Draw(canvas)
        size = max(_SMALLEST_TYPE_PX, round(max(canvas.size) * _TYPE_SHARE))
        for identified in found:
            self._draw_one(pen, identified, size, canvas.size)
        return np.array(canvas)

    def _draw_one(
        self, pen: ImageDraw.ImageDraw, identified: Identified, size: int, room: tuple[int, int]
    ) -> None:
        box = identified.face.box
        colour = _STRANGER if identified.name is None else _KNOWN
        corners = (box.left, box.top, max(box.left, box.right - 1), max(box.top, box.bottom - 1))
        pen.rectangle(corners, outline=colour, width=max(2, size // 8))
        name, name_font = self._writable(identified.name or NOBODY, size)
        distance, distance_font = _distance(identified), font_for("0123456789.", size)
        gap = size // 3
        name_wide = pen.textlength(name, font=name_font)
        wide = name_wide + pen.textlength(distance, font=distance_font) + 3 * gap
        high = round(size * 1.5)
        left = min(max(0.0, box.left), max(0.0, room[0] - wide))
        top = box.bottom if box.bottom + high <= room[1] else max(0.0, box.top - high)
        pen.rectangle((left, top, left + wide, top + high), fill=colour)
        middle = top + high / 2
        # "lm": the point given is at the left, half way up the line.
        pen.text((left + gap, middle), name, font=name_font, fill=_WHITE, anchor="lm")
        at = (left + 2 * gap + name_wide, middle)
        pen.text(at, distance, font=distance_font, fill=_WHITE, anchor="lm")

    def _writable(self, name: str, size: int) -> tuple[str, Font]:
        """The name and its font; a question mark where there is none."""
        try:
            return name, font_for(name, size, folders=self._folders)
        except FontError as error:
            self.unwritable[name] = str(error)
            return "?", font_for("?", size)


def _distance(identified: Identified) -> str:
    match = identified.decision.match
    return "" if match is None or match.label is None else f"{match.distance:.2f}"
