"""Bytes become an upright 8-bit RGB picture, or a DecodeError."""

import io
import pickle
import warnings
from collections import Counter

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image as PillowImage
from PIL import ImageFile

from recognition import DecodeError, DecodeLimits, ImageShapeError, decode, encode_jpeg, inspect
from tests.people import draw
from tests.recognition.conftest import FIRST
from tests.recognition.malformed import malformed
from tests.recognition.pictures import (
    RED,
    WHITE,
    animated,
    coloured,
    halves,
    huge_png,
    packed,
)

FORMATS = ("JPEG", "PNG", "WEBP")
VALID = [packed(halves(), name) for name in FORMATS]


def colour_of(data: bytes) -> tuple[int, ...]:
    """Decode and take the mean colour."""
    return tuple(decode(data).mean(axis=(0, 1)).round().astype(int))


@pytest.mark.parametrize("name", FORMATS)
def test_it_decodes_each_format_by_its_content(name: str) -> None:
    data = packed(halves(), name)

    image = decode(data)

    assert image.shape == (8, 12, 3)
    assert image.dtype == np.uint8
    assert image.flags.c_contiguous
    assert image.flags.writeable
    assert (inspect(data).format, inspect(data).width, inspect(data).height) == (name, 12, 8)


def test_it_converts_cmyk() -> None:
    cyan = packed(coloured("CMYK", (255, 0, 0, 0), (16, 16)), "JPEG")

    red, green, blue = colour_of(cyan)

    assert red < 40
    assert green > 150
    assert blue > 150


def test_it_keeps_the_upper_eight_of_sixteen_bits() -> None:
    deep = PillowImage.fromarray(np.full((8, 8), 0x8000, np.uint16))

    assert colour_of(packed(deep, "PNG")) == (128, 128, 128)


@pytest.mark.parametrize(
    ("mode", "colour", "expected"),
    [
        ("1", 1, (255, 255, 255)),
        ("L", 77, (77, 77, 77)),
        ("LA", (77, 0), WHITE),
        ("RGBA", (*RED, 0), WHITE),
        ("RGBA", (*RED, 255), RED),
        ("RGBA", (0, 0, 0, 128), (127, 127, 127)),
    ],
)
def test_it_lays_transparency_on_white(
    mode: str, colour: object, expected: tuple[int, int, int]
) -> None:
    assert colour_of(packed(coloured(mode, colour), "PNG")) == expected


def test_it_reads_a_palette_with_a_transparent_colour() -> None:
    picture = coloured("P", 1)
    picture.putpalette([0, 0, 0, *RED])

    assert colour_of(packed(picture, "PNG")) == RED
    assert colour_of(packed(picture, "PNG", transparency=1)) == WHITE


def test_it_reads_a_transparent_grey_of_sixteen_bits() -> None:
    deep = PillowImage.fromarray(np.full((8, 8), 513, np.uint16))

    assert colour_of(packed(deep, "PNG", transparency=513)) == WHITE


@pytest.mark.parametrize("orientation", range(1, 9))
def test_it_turns_pictures_as_their_exif_says(orientation: int) -> None:
    picture = halves().resize((96, 64), PillowImage.Resampling.NEAREST)
    exif = PillowImage.Exif()
    exif[0x0112] = orientation

    image = decode(packed(picture, "JPEG", exif=exif, quality=95))

    # Orientation 5 to 8 lie on their side; the red quarter stands where the camera's top left went.
    assert image.shape == ((64, 96, 3) if orientation < 5 else (96, 64, 3))
    right = orientation in (2, 3, 6, 7)
    below = orientation in (3, 4, 7, 8)
    height, width = image.shape[:2]
    quarter = image[
        slice(height // 2, None) if below else slice(None, height // 2),
        slice(width // 2, None) if right else slice(None, width // 2),
    ]
    assert np.abs(quarter.mean(axis=(0, 1)) - RED).max() < 12


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
def test_it_takes_a_picture_whose_exif_is_damaged() -> None:
    data = packed(halves(), "JPEG", exif=b"Exif\x00\x00II*\x00\xff\xff\xff\xff")

    assert decode(data).shape == (8, 12, 3)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"a text file named .jpg", "not_an_image"),
        (packed(halves(), "GIF"), "unsupported_format"),
        (packed(halves(), "BMP"), "unsupported_format"),
        (packed(halves(), "TIFF"), "unsupported_format"),
        (b"\x00\x00\x00\x1cftypheic\x00\x00\x00\x00", "unsupported_format"),
        (animated("WEBP"), "animated"),
        (animated("PNG"), "animated"),
        (VALID[0][:10], "truncated"),
        (VALID[1][:20], "truncated"),
        (VALID[2][:-6], "truncated"),
        (b"\xff\xd8\xff\xda" + bytes(20), "corrupt"),
        (huge_png(10_000, 10_000), "too_many_pixels"),
        (huge_png(20_001, 1), "too_many_pixels"),
    ],
)
def test_it_says_what_is_wrong(data: bytes, code: str) -> None:
    with pytest.raises(DecodeError) as raised:
        decode(data)

    assert raised.value.code == code
    assert str(raised.value).endswith((".", "whole"))


def pillow_alone(data: bytes) -> NDArray[np.uint8] | None:
    """What Pillow reads of a file that needs no turning; None where it refuses."""
    try:
        with PillowImage.open(io.BytesIO(data), formats=("JPEG",)) as picture:
            return np.asarray(picture.convert("RGB"))
    except Exception:  # noqa: BLE001 - it may raise anything
        return None


def lintels(data: bytes) -> NDArray[np.uint8] | None:
    """What `decode` reads of it."""
    try:
        return decode(data)
    except DecodeError:
        return None


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("subsampling", [0, 1, 2])
@pytest.mark.parametrize("quality", [40, 75, 95])
@pytest.mark.parametrize("size", [(1, 1), (7, 3), (97, 61), (160, 120)])
def test_a_jpeg_has_the_pixels_that_pillow_gives_it(
    size: tuple[int, int], quality: int, subsampling: int, progressive: bool
) -> None:
    face = PillowImage.fromarray(draw(FIRST, size=(160, 120), face_px=60)).resize(size)
    data = packed(face, "JPEG", quality=quality, subsampling=subsampling, progressive=progressive)

    theirs = pillow_alone(data)
    assert theirs is not None
    assert np.array_equal(decode(data), theirs)


def test_a_damaged_jpeg_is_read_or_refused_as_by_pillow_alone() -> None:
    face = PillowImage.fromarray(draw(FIRST, size=(160, 120), face_px=60))
    files = [packed(face, "JPEG", quality=q, progressive=q > 80) for q in (60, 75, 90)]
    files += [packed(face.convert(mode), "JPEG") for mode in ("L", "CMYK")]
    outcomes = Counter[str]()
    for number, data in enumerate(malformed(files, 2000, seed=6)):
        try:
            inspect(data)
        except DecodeError:
            continue
        ours, theirs = lintels(data), pillow_alone(data)
        if ours is None or theirs is None:
            assert ours is theirs, number
        else:
            assert np.array_equal(ours, theirs), number
        outcomes["refused" if ours is None else "read"] += 1

    assert min(outcomes["read"], outcomes["refused"]) > 100


def test_what_a_jpeg_says_of_its_owner_is_left_to_pillow() -> None:
    """XMP can turn a picture as EXIF can."""
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf tiff:Orientation="6"/></x:xmpmeta>'
    data = packed(halves(), "JPEG", xmp=xmp)

    assert decode(data).shape == (12, 8, 3)


def test_it_refuses_a_jpeg_that_is_cut_in_its_pixels() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (64, 64, 3), np.uint8)
    data = encode_jpeg(noise)

    with pytest.raises(DecodeError) as raised:
        decode(data[: len(data) // 2])

    assert raised.value.code == "truncated"


def test_it_refuses_a_cut_jpeg_where_another_library_let_them_through(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    data = encode_jpeg(np.random.default_rng(1).integers(0, 256, (64, 64, 3), np.uint8))

    with pytest.raises(DecodeError, match="cut short"):
        decode(data[: len(data) // 2])


def test_it_refuses_a_hundred_megapixels_in_a_few_kilobytes_without_unpacking_them() -> None:
    bomb = huge_png(10_000, 10_000)
    assert len(bomb) < 20_000

    with warnings.catch_warnings():
        warnings.simplefilter("error")  # Pillow's own warning must not be heard either
        with pytest.raises(DecodeError, match="10,000 x 10,000"):
            decode(bomb)


def scans(count: int) -> bytes:
    """A picture of a few kilobytes whose last pass is repeated."""
    whole = packed(PillowImage.new("RGB", (600, 400), "gray"), "JPEG", progressive=True)
    last = whole.rindex(b"\xff\xda")
    return whole[:-2] + whole[last:-2] * count + whole[-2:]


def test_it_refuses_a_jpeg_that_goes_over_its_picture_without_end() -> None:
    """Each pass takes as long as the picture is large, whatever it holds."""
    assert decode(scans(20)).shape == (400, 600, 3)
    with pytest.raises(DecodeError, match="at most 100") as refusal:
        inspect(scans(1000))
    assert refusal.value.code == "corrupt"


def test_what_lies_behind_a_picture_is_no_part_of_it() -> None:
    """Phones put a film behind the picture; in megabytes of it there is every pair of bytes."""
    behind = packed(PillowImage.new("RGB", (60, 40), "gray"), "JPEG") + b"\xff\xda" * 500

    assert decode(behind).shape == (40, 60, 3)


def test_it_refuses_more_bytes_than_allowed() -> None:
    with pytest.raises(DecodeError) as raised:
        inspect(VALID[0], limits=DecodeLimits(max_bytes=100))

    assert raised.value.code == "too_many_bytes"


def test_it_refuses_limits_that_bound_nothing() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        DecodeLimits(max_pixels=0)
    with pytest.raises(ValueError, match="at most"):
        DecodeLimits(max_pixels=10**9)


def test_it_decodes_a_single_pixel() -> None:
    assert decode(packed(coloured("RGB", RED, (1, 1)), "PNG")).tolist() == [[list(RED)]]


def test_it_encodes_what_it_decodes() -> None:
    image = np.full((20, 30, 3), RED, np.uint8)

    assert np.abs(decode(encode_jpeg(image)).astype(int) - image).max() <= 3


@pytest.mark.parametrize("shape", [(4, 4), (4, 4, 4), (0, 4, 3)])
def test_it_refuses_to_encode_what_is_no_picture(shape: tuple[int, ...]) -> None:
    with pytest.raises(ImageShapeError, match="height, width, 3"):
        encode_jpeg(np.zeros(shape, np.uint8))


def test_a_decode_error_travels_between_processes() -> None:
    error = DecodeError("empty", "This picture is empty.")

    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes

    assert (copy.code, str(copy)) == ("empty", "This picture is empty.")


def check_border(data: bytes) -> None:
    """Whatever comes in: a picture or a DecodeError, and the header's answer agrees."""
    with warnings.catch_warnings():
        # Pillow warns of damaged metadata; that is no fault of the pixels.
        warnings.simplefilter("ignore", UserWarning)
        try:
            image = decode(data)
        except DecodeError:
            return
    info = inspect(data)
    assert sorted(image.shape[:2]) == sorted((info.height, info.width))
    assert image.dtype == np.uint8


@given(st.binary(max_size=200), st.sampled_from([b"", *(data[:16] for data in VALID)]))
def test_no_bytes_make_it_crash(tail: bytes, head: bytes) -> None:
    check_border(head + tail)


@given(st.data())
@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
def test_no_damage_makes_it_crash(data: st.DataObject) -> None:
    content = bytearray(data.draw(st.sampled_from(VALID)))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(content)))

    check_border(bytes(content))
    check_border(bytes(content[:cut]))


@given(
    st.sampled_from(["1", "L", "LA", "P", "RGB", "RGBA", "I;16"]),
    st.integers(1, 40),
    st.integers(1, 40),
    st.sampled_from(FORMATS),
)
def test_every_mode_and_size_becomes_rgb(mode: str, width: int, height: int, name: str) -> None:
    picture = PillowImage.new(mode, (width, height))
    out = io.BytesIO()
    try:
        picture.save(out, name)
    except (OSError, ValueError):
        return  # this format has no such mode

    assert decode(out.getvalue()).shape == (height, width, 3)
