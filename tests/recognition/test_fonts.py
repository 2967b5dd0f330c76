"""A font is found by the characters it has."""

from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from recognition import FontError
from recognition.fonts import font_file, font_for


def make_font(path: Path, characters: str) -> None:
    """Write a font in which every one of these characters is a square."""
    pen = TTGlyphPen(None)
    for at, point in enumerate(((0, 0), (0, 700), (500, 700), (500, 0))):
        (pen.lineTo if at else pen.moveTo)(point)
    pen.closePath()
    square = pen.glyph()
    names = [".notdef", *(f"u{ord(char):04X}" for char in sorted(set(characters)))]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({ord(char): f"u{ord(char):04X}" for char in characters})
    builder.setupGlyf(dict.fromkeys(names, square))
    builder.setupHorizontalMetrics(dict.fromkeys(names, (600, 0)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Square", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    builder.save(path)


@pytest.fixture
def fonts(tmp_path: Path) -> tuple[Path, ...]:
    """Return a folder with two fonts, for Latin and for a few Chinese characters, and a fake."""
    folder = tmp_path / "fonts"
    (folder / "deep").mkdir(parents=True)
    make_font(folder / "Latin.ttf", "Ada Lovelce0123456789.")
    make_font(folder / "deep" / "Chinese.ttf", "王小明0123456789.")
    (folder / "Broken.ttf").write_bytes(b"no font")
    return (folder,)


def test_the_font_with_all_characters_is_taken(fonts: tuple[Path, ...]) -> None:
    assert font_file("Ada Lovelace", fonts) == fonts[0] / "Latin.ttf"
    assert font_file("王小明", fonts) == fonts[0] / "deep" / "Chinese.ttf"


def test_characters_without_a_shape_of_their_own_need_no_glyph(fonts: tuple[Path, ...]) -> None:
    assert font_file("Ada\u200d\u200f\ufe0f", fonts) == fonts[0] / "Latin.ttf"


@pytest.mark.parametrize(
    ("name", "package"),
    [
        ("李雷", "fonts-noto-cjk"),
        ("田中さくら", "fonts-noto-cjk"),
        ("김민준", "fonts-noto-cjk"),
        ("สมชาย", "fonts-noto-core"),
        ("Zoë", "fonts-noto-core"),
    ],
)
def test_a_name_no_font_can_write_names_the_package_to_install(
    fonts: tuple[Path, ...], name: str, package: str
) -> None:
    with pytest.raises(FontError, match=package) as raised:
        font_for(name, 20, folders=fonts)

    assert name in str(raised.value)


def test_a_name_that_needs_two_fonts_is_refused(fonts: tuple[Path, ...]) -> None:
    with pytest.raises(FontError, match="fonts-noto-cjk"):
        font_for("Ada 王", 20, folders=fonts)


def test_plain_latin_can_be_written_without_any_font(tmp_path: Path) -> None:
    font = font_for("Ada Lovelace 0.31", 20, folders=(tmp_path / "none",))

    left, top, right, bottom = font.getbbox("Ada")
    assert right - left > 20
    assert bottom - top > 8


def test_this_machine_writes_plain_names_at_the_size_asked_for() -> None:
    small, large = (font_for("Ada", size).getbbox("Ada")[2] for size in (10, 40))

    assert large > 3 * small
