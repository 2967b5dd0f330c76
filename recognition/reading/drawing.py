"""Draws what is read over a frame: guide box, symbols with their confidence, the text so far."""

from collections.abc import Sequence

import numpy as np
from PIL import Image as PillowImage
from PIL import ImageDraw

from recognition.fonts import font_for
from recognition.reading.speller import Spelt
from recognition.reading.values import Reading
from recognition.values import Box, Image

_GUIDE, _READ, _UNSURE = (250, 204, 21), (22, 130, 64), (176, 72, 16)
_WHITE, _DARK = (255, 255, 255), (17, 24, 39)
# Type is this share of the picture's longer side high, and never smaller than can be read.
_TYPE_SHARE, _SMALLEST_TYPE_PX = 1 / 24, 14
_UNREAD = "?"


def draw_readings(
    image: Image, readings: Sequence[Reading], *, guide: Box | None, spelt: Spelt | None
) -> Image:
    """Give a copy of an RGB picture with everything drawn; `spelt` is None for single pictures."""
    canvas = PillowImage.fromarray(image)
    pen = ImageDraw.Draw(canvas)
    size = max(_SMALLEST_TYPE_PX, round(max(canvas.size) * _TYPE_SHARE))
    if guide is not None:
        pen.rectangle(_corners(guide), outline=_GUIDE, width=max(2, size // 8))
    for reading in readings:
        if reading.box is not None:
            _draw_reading(pen, reading, reading.box, size, canvas.size)
    if spelt is not None:
        _draw_text(pen, spelt, size, canvas.size)
    return np.array(canvas)


def _draw_reading(
    pen: ImageDraw.ImageDraw, reading: Reading, box: Box, size: int, room: tuple[int, int]
) -> None:
    """A box, and symbol and confidence above it, or within where there is no room above."""
    colour = _UNSURE if reading.symbol is None else _READ
    pen.rectangle(_corners(box), outline=colour, width=max(2, size // 10))
    text = f"{reading.symbol or _UNREAD}  {reading.confidence:.2f}"
    font = font_for(text, size)
    wide, high = pen.textlength(text, font=font) + size, round(size * 1.4)
    left = min(max(0.0, box.left), max(0.0, room[0] - wide))
    top = box.top - high if box.top >= high else box.top
    pen.rectangle((left, top, left + wide, top + high), fill=colour)
    pen.text((left + size / 2, top + high / 2), text, font=font, fill=_WHITE, anchor="lm")


def _draw_text(pen: ImageDraw.ImageDraw, spelt: Spelt, size: int, room: tuple[int, int]) -> None:
    """A strip along the lower edge: a ring that fills while a symbol is held, and the text."""
    high = size * 2
    top, middle = room[1] - high, room[1] - high / 2
    pen.rectangle((0, top, room[0], room[1]), fill=_DARK)
    ring = (size * 0.4, top + size * 0.4, size * 1.6, room[1] - size * 0.4)
    wide = max(2, size // 6)
    pen.arc(ring, 0, 360, fill=(75, 85, 99), width=wide)
    if spelt.progress > 0:
        pen.arc(ring, -90, -90 + 360 * spelt.progress, fill=_GUIDE, width=wide)
    if spelt.symbol is not None and len(spelt.symbol) == 1:
        font = font_for(spelt.symbol, round(size * 0.7))
        pen.text((size, middle), spelt.symbol, font=font, fill=_WHITE, anchor="mm")
    font = font_for(spelt.text or " ", size)
    text = spelt.text
    while text and pen.textlength(text, font=font) > room[0] - 2.5 * size:
        text = text[1:]  # the end is what was just added
    pen.text((size * 2.2, middle), text, font=font, fill=_WHITE, anchor="lm")


def _corners(box: Box) -> tuple[float, float, float, float]:
    return (box.left, box.top, max(box.left, box.right - 1), max(box.top, box.bottom - 1))
