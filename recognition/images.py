"""The border where bytes become pixels: whatever comes in, a picture or a `DecodeError` comes out.

JPEG, PNG and WebP are told apart by content. Size in bytes and in pixels is bounded before pixels
have a place in memory. Everything becomes 8-bit RGB, upright: CMYK and palettes are converted,
16 bits keep their upper eight, transparency is laid on white, EXIF rotation is applied. Colour
profiles are ignored: they move a face's colours less than a lamp does.

A sound JPEG file as cameras send it is read by libjpeg-turbo straight into the array, everything
else by Pillow, which has the last word on what is damaged: the pixels are the same, and so is what
is refused (docs/decisions/039-jpeg.md).

All functions are safe to call from several threads at once.
"""

import io
from dataclasses import dataclass
from numbers import Integral

import numpy as np
import simplejpeg
from PIL import Image as PillowImage
from PIL import ImageFile
from PIL.ExifTags import Base

from recognition.arguments import is_number, require_kind, said
from recognition.errors import ArgumentError, DecodeError, ImageShapeError
from recognition.image_header import ImageInfo, read_header
from recognition.values import Image

_MIB = 1024 * 1024
# Pillow warns above its own bound; staying below it keeps its guard a second line, never a voice.
_PILLOW_BOUND = 89_478_485
# Above, JPEG files grow and show no more.
_BEST_QUALITY = 95
# The segment that EXIF and XMP stand in, and with them how the picture is to be turned.
_APP1 = b"\xff\xe1"
_THREE_COLOURS = frozenset({"YCbCr", "RGB"})
# How each EXIF orientation is undone: transposed first, then mirrored (rows, columns).
_UPRIGHT: dict[int, tuple[bool, bool, bool]] = {
    2: (False, False, True),
    3: (False, True, True),
    4: (False, True, False),
    5: (True, False, False),
    6: (True, False, True),
    7: (True, True, True),
    8: (True, True, False),
}


@dataclass(frozen=True, slots=True)
class DecodeLimits:
    """How large a picture may be; checked before its pixels have a place in memory."""

    max_bytes: int = 20 * _MIB
    max_pixels: int = 40_000_000
    """Width times height; 120 MB once decoded. At most 89,478,485."""
    max_side: int = 20_000
    """Longest side in pixels; OpenCV's warps stop at 32,767."""

    def __post_init__(self) -> None:
        """Refuse bounds that bound nothing, with ArgumentError."""
        bounds = (self.max_bytes, self.max_pixels, self.max_side)
        if not all(is_number(bound) and bound >= 1 for bound in bounds):
            raise ArgumentError("Every limit of a picture's size must be at least 1, and finite.")
        if self.max_pixels > _PILLOW_BOUND:
            said = f"max_pixels may be at most {_PILLOW_BOUND}, not {self.max_pixels}."
            raise ArgumentError(said)


DEFAULT_LIMITS = DecodeLimits()


def inspect(data: bytes, *, limits: DecodeLimits = DEFAULT_LIMITS) -> ImageInfo:
    """Say format and size of a picture from its header alone, and refuse what `decode` would.

    No pixel is decoded. Raises DecodeError with any code but those only the pixels can show, and
    ArgumentError for limits that are none.
    """
    require_kind(limits, DecodeLimits, "The limits")
    if not isinstance(data, bytes | bytearray):
        said = f"A picture is decoded of the bytes of its file, not of {type(data).__name__}."
        raise DecodeError("not_an_image", said)
    if not data:
        raise DecodeError("empty", "This picture is empty: it has no bytes.")
    if len(data) > limits.max_bytes:
        raise DecodeError(
            "too_many_bytes",
            f"This file has {len(data):,} bytes; at most {limits.max_bytes:,} are taken.",
        )
    info = read_header(data)
    _check_size(info.width, info.height, limits)
    if info.animated:
        raise DecodeError("animated", "This picture is animated: send a single still picture.")
    return info


def decode(data: bytes, *, limits: DecodeLimits = DEFAULT_LIMITS) -> Image:
    """Make an upright RGB picture of the bytes of a JPEG, PNG or WebP file.

    Returns uint8 of shape (height, width, 3), C-contiguous and writable, at least 1x1.
    Raises DecodeError, and nothing else, whatever the bytes are; ArgumentError for limits that are
    none.
    """
    info = inspect(data, limits=limits)
    if info.format == "JPEG" and (pixels := _plain_jpeg(data, info)) is not None:
        return pixels
    # Other libraries switch this on for their whole process (face_recognition does).
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with PillowImage.open(io.BytesIO(data), formats=(info.format,)) as picture:
            # A file can name its size twice; the one that will be allocated is checked as well.
            _check_size(picture.width, picture.height, limits)
            orientation = _orientation(picture)
            pixels = _to_rgb(picture)
    except DecodeError:
        raise
    except Exception as error:  # a decoder fed with hostile bytes may raise anything
        raise _as_decode_error(error, info) from error
    return _turn_upright(pixels, orientation)


def encode_jpeg(image: Image, quality: int = 95) -> bytes:
    """Pack an RGB picture as JPEG; `quality` 1..95.

    Raises ImageShapeError unless the array is uint8 of shape (height, width, 3), and ArgumentError
    for another quality.
    """
    require_rgb(image)
    if not isinstance(quality, Integral) or not 1 <= quality <= _BEST_QUALITY:
        given = said(quality)
        raise ArgumentError(f"The quality of a JPEG file is 1 to {_BEST_QUALITY}, not {given}.")
    out = io.BytesIO()
    PillowImage.fromarray(np.ascontiguousarray(image)).save(out, "JPEG", quality=int(quality))
    return out.getvalue()


def require_rgb(image: Image) -> None:
    """Raise ImageShapeError unless the array is uint8 of shape (height, width, 3), not empty."""
    if (
        not isinstance(image, np.ndarray)
        or image.ndim != 3
        or image.shape[2] != 3
        or image.dtype != np.uint8
        or image.size == 0
    ):
        raise ImageShapeError(
            f"A picture must be a uint8 array of shape (height, width, 3), not {_said(image)}."
        )


def require_chips(chips: Image, side: int) -> None:
    """Raise ImageShapeError unless the array is uint8 of shape (n, side, side, 3)."""
    if (
        not isinstance(chips, np.ndarray)
        or chips.shape[1:] != (side, side, 3)
        or chips.dtype != np.uint8
    ):
        raise ImageShapeError(
            f"Aligned faces are a uint8 array of shape (n, {side}, {side}, 3), not {_said(chips)}."
        )


def _said(value: object) -> str:
    """An array as a message names it, or whatever was given in its place."""
    if isinstance(value, np.ndarray):
        return f"{value.dtype} of shape {value.shape}"
    return type(value).__name__


def _check_size(width: int, height: int, limits: DecodeLimits) -> None:
    if width * height > limits.max_pixels or max(width, height) > limits.max_side:
        raise DecodeError(
            "too_many_pixels",
            f"This picture is {width:,} x {height:,} pixels; at most {limits.max_pixels:,} pixels "
            f"and {limits.max_side:,} on a side are taken.",
        )


def _as_decode_error(error: Exception, info: ImageInfo) -> DecodeError:
    text = str(error).lower()
    if "truncated" in text or "premature" in text or isinstance(error, EOFError):
        return DecodeError(
            "truncated", f"This {info.format} file is cut short: send it again, whole."
        )
    return DecodeError("corrupt", f"This {info.format} file is damaged and cannot be decoded.")


def _plain_jpeg(data: bytes, info: ImageInfo) -> Image | None:
    """The pixels of a JPEG file that is sound, in colour and upright; None for any other."""
    if _APP1 in data:
        return None
    try:
        height, width, colours, _ = simplejpeg.decode_jpeg_header(data)
        # A file can name its size twice; the one that will be allocated was not checked.
        if (width, height) != (info.width, info.height) or colours not in _THREE_COLOURS:
            return None
        return np.asarray(simplejpeg.decode_jpeg(data, "RGB", strict=True))
    except ValueError:  # Pillow reads some of these all the same, and says what the others lack
        return None


def _orientation(picture: PillowImage.Image) -> int:
    """Read the EXIF orientation; 1 (upright) where there is none or it cannot be read."""
    try:
        value = picture.getexif().get(Base.Orientation, 1)
    except Exception:  # noqa: BLE001 - the picture is good even where its EXIF is not
        return 1
    return value if isinstance(value, int) else 1


def _to_rgb(picture: PillowImage.Image) -> Image:
    """Decode to 8-bit RGB, transparency on white."""
    if picture.mode.startswith(("I", "F")):
        return _deep_grey_to_rgb(picture)
    if "transparency" in picture.info or picture.mode in ("RGBA", "LA", "PA", "La", "RGBa"):
        layer = picture.convert("RGBA")
        paper = PillowImage.new("RGBA", layer.size, "white")
        return np.array(PillowImage.alpha_composite(paper, layer).convert("RGB"))
    return np.array(picture if picture.mode == "RGB" else picture.convert("RGB"))


def _deep_grey_to_rgb(picture: PillowImage.Image) -> Image:
    """Keep the upper eight of sixteen bits; Pillow's own conversion would clip instead."""
    deep = np.asarray(picture)
    grey = (np.clip(deep, 0, 65_535).astype(np.uint16) >> 8).astype(np.uint8)
    clear = picture.info.get("transparency")
    if isinstance(clear, int):
        grey[deep == clear] = 255
    return np.repeat(grey[:, :, np.newaxis], 3, axis=2)


def _turn_upright(pixels: Image, orientation: int) -> Image:
    transposed, rows, columns = _UPRIGHT.get(orientation, (False, False, False))
    if transposed:
        pixels = pixels.transpose(1, 0, 2)
    pixels = pixels[:: -1 if rows else 1, :: -1 if columns else 1]
    return np.ascontiguousarray(pixels)
