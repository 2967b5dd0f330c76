"""Finds a font on this machine that can write a name, whatever its script."""

import os
import struct
import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont, TTLibError
from PIL import ImageFont

from recognition.errors import FontError

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

_ENDINGS = frozenset({".ttf", ".otf", ".ttc"})
# Plain upright sans-serif reads best in small type over a picture.
_LESS_READABLE = ("serif", "bold", "italic", "oblique", "mono", "condensed", "narrow", "light")
# Colour fonts come in one fixed size, which Pillow does not scale.
_UNUSABLE = ("emoji", "symbol")
_PACKAGES = {
    "CJK": "fonts-noto-cjk",
    "HIRAGANA": "fonts-noto-cjk",
    "KATAKANA": "fonts-noto-cjk",
    "HANGUL": "fonts-noto-cjk",
    "BOPOMOFO": "fonts-noto-cjk",
}
_OTHER_PACKAGE = "fonts-noto-core"


def font_folders() -> tuple[Path, ...]:
    """The folders in which Linux and macOS keep fonts; some may not exist."""
    home = Path.home()
    data = os.environ.get("XDG_DATA_HOME")
    return (
        Path("/usr/share/fonts"),
        Path("/usr/local/share/fonts"),
        Path(data) / "fonts" if data else home / ".local/share/fonts",
        home / ".fonts",
        home / "Library/Fonts",
        Path("/Library/Fonts"),
        Path("/System/Library/Fonts"),
    )


def font_for(text: str, size: int, *, folders: Sequence[Path] | None = None) -> Font:
    """Give a font, `size` pixels high, with a glyph for every character of `text`.

    Raises FontError, with the package to install, where no font on this machine has them all.
    Font files are read once a process.
    """
    path = font_file(text, tuple(folders) if folders is not None else font_folders())
    return ImageFont.load_default(size) if path is None else ImageFont.truetype(str(path), size)


@cache
def font_file(text: str, folders: tuple[Path, ...]) -> Path | None:
    """The file of that font; None where Pillow's own is enough because there is no other."""
    needed = {ord(char) for char in text if _has_glyph(char)}
    for path in _font_files(folders):
        if needed <= _characters(path):
            return path
    if all(32 <= char < 127 for char in needed):
        return None
    raise FontError(_advice(text, _missing(needed, folders)))


def _has_glyph(char: str) -> bool:
    """Joiners, marks of direction and variation selectors have none."""
    return unicodedata.category(char) not in ("Cc", "Cf") and not 0xFE00 <= ord(char) <= 0xFE0F


@cache
def _font_files(folders: tuple[Path, ...]) -> tuple[Path, ...]:
    """All font files, the most readable first."""
    found = {
        path
        for folder in folders
        for path in folder.rglob("*")
        if path.suffix.lower() in _ENDINGS
        and not any(word in path.stem.lower() for word in _UNUSABLE)
    }
    return tuple(sorted(found, key=_readability))


def _readability(path: Path) -> tuple[int, bool, str]:
    """Collections of fonts come last among equals: their tables are large."""
    name = path.stem.lower()
    return sum(word in name for word in _LESS_READABLE), path.suffix.lower() == ".ttc", str(path)


@cache
def _characters(path: Path) -> frozenset[int]:
    """The characters a font file has glyphs for; none where it cannot be read."""
    try:
        with TTFont(path, fontNumber=0, lazy=True) as font:
            return frozenset(font.getBestCmap() or ())
    except (TTLibError, OSError, struct.error, AssertionError, KeyError, ValueError):
        return frozenset()


def _missing(needed: set[int], folders: tuple[Path, ...]) -> str:
    """The first character no font has, or else the first outside plain Latin."""
    nowhere = needed.difference(*(_characters(path) for path in _font_files(folders)))
    return chr(min(nowhere or {char for char in needed if char > 126}))


def _advice(text: str, char: str) -> str:
    script = unicodedata.name(char, "UNKNOWN").split()[0]
    package = _PACKAGES.get(script.split("-")[0], _OTHER_PACKAGE)
    return (
        f"No font on this machine can write {text!r} ({script.title()}): "
        f"install one, such as the package {package}."
    )
