"""A one-file HTML page of figures, a confusion table and pictures; it loads nothing."""

import base64
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path

import cv2
import numpy as np

from recognition.errors import OutputError
from recognition.images import encode_jpeg
from recognition.values import Image

_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;max-width:1000px;margin:2rem auto;padding:0 1rem;
color:#1b1f24;background:#fff}h1{font-size:1.6rem;
overflow-wrap:anywhere}h2{font-size:1.15rem;margin:2.2rem 0 .4rem}
p{margin:.3rem 0 .8rem;max-width:46rem}figure{margin:0}figcaption{color:#4a5560;font-size:.82rem;
overflow-wrap:anywhere}table{border-collapse:collapse;font-variant-numeric:tabular-nums}
th,td{padding:.25rem .9rem .25rem 0;text-align:left;border-bottom:1px solid #e4e8ec}
.scroll{overflow-x:auto}.confusion th,.confusion td{padding:.1rem .3rem;text-align:right;
font-size:.78rem;border:1px solid #e4e8ec}.confusion .right{background:#e3f2e8}
.confusion .wrong{background:#fbe3d6;font-weight:600}.pictures{display:grid;gap:1rem;
grid-template-columns:repeat(auto-fill,minmax(120px,1fr))}.pictures img{width:112px;
border-radius:4px;image-rendering:auto}
"""
_THUMBNAIL_PX = 112


def write_page(path: Path, title: str, *sections: str) -> None:
    """Write sections of HTML under a title. Raises OutputError where that is not possible."""
    page = (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style>'
        f"<h1>{escape(title)}</h1>{''.join(sections)}</html>\n"
    )
    try:
        # A file's name need not be text.
        path.write_text(page, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror}.") from error


def figures_section(rows: Mapping[str, str]) -> str:
    """A table of names and values."""
    lines = "".join(
        f"<tr><td>{escape(name)}</td><td>{escape(value)}</td></tr>" for name, value in rows.items()
    )
    return f"<table>{lines}</table>"


def confusion_section(confusion: Mapping[tuple[str, str], int]) -> str:
    """What pictures show, downwards, against what was read, across."""
    labels = sorted({label for pair in confusion for label in pair}, key=label_order)
    head = "".join(f"<th>{escape(label)}</th>" for label in labels)
    rows = "".join(
        f"<tr><th>{escape(shown)}</th>{_cells(shown, labels, confusion)}</tr>" for shown in labels
    )
    return (
        "<h2>Confusion</h2><p>Downwards what the picture shows, across what was read as the "
        f'likeliest, accepted or not.</p><div class="scroll"><table class="confusion"><tr><th></th>'
        f"{head}</tr>{rows}</table></div>"
    )


def pictures_section(title: str, pictures: Iterable[tuple[Image, str]]) -> str:
    """Small pictures with a line below each."""
    figures = "".join(
        f"<figure>{_img(image)}<figcaption>{escape(text)}</figcaption></figure>"
        for image, text in pictures
    )
    body = f'<div class="pictures">{figures}</div>' if figures else "<p>None.</p>"
    return f"<h2>{escape(title)}</h2>{body}"


def thumbnail(image: Image, side: int = _THUMBNAIL_PX) -> Image:
    """An RGB picture made small enough to keep many of: at most `side` pixels on a side."""
    height, width = image.shape[:2]
    scale = side / max(height, width)
    if scale >= 1:
        return image
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)


def contact_sheet(pictures: Sequence[Image], *, columns: int, side: int = _THUMBNAIL_PX) -> Image:
    """Pictures side by side in rows, each brought to a square of `side` pixels, on white."""
    rows = -(-len(pictures) // columns)
    sheet = np.full((max(1, rows) * (side + 2), columns * (side + 2), 3), 255, np.uint8)
    for number, picture in enumerate(pictures):
        top, left = (number // columns) * (side + 2), (number % columns) * (side + 2)
        tile = cv2.resize(picture, (side, side), interpolation=cv2.INTER_AREA)
        sheet[top : top + side, left : left + side] = tile
    return sheet


def _cells(shown: str, labels: Sequence[str], confusion: Mapping[tuple[str, str], int]) -> str:
    cells = []
    for read in labels:
        count = confusion.get((shown, read), 0)
        kind = ' class="right"' if shown == read else ' class="wrong"' if count else ""
        cells.append(f"<td{kind}>{count or ''}</td>")
    return "".join(cells)


def label_order(label: str) -> tuple[bool, str]:
    """By name, with whatever is longer than a character (none, blank) last."""
    return (len(label) > 1, label)


def _img(image: Image) -> str:
    data = base64.b64encode(encode_jpeg(thumbnail(image), quality=85)).decode()
    return f'<img src="data:image/jpeg;base64,{data}" alt="">'
