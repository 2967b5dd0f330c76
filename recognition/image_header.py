"""Reads format and size of a picture from its first bytes, before any pixel has a place in memory.

Sources: ITU T.81 (JPEG markers), W3C PNG 3rd edition, Google's WebP container specification.
"""

import re
from dataclasses import dataclass
from typing import Literal

from recognition.errors import DecodeError

ImageFormat = Literal["JPEG", "PNG", "WEBP"]

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_FOREIGN = (
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"%PDF", "PDF"),
    (b"\x00\x00\x01\x00", "ICO"),
    (b"8BPS", "Photoshop"),
    (b"\xff\x0a", "JPEG XL"),
    (b"\x00\x00\x00\x0cJXL ", "JPEG XL"),
    (b"\x00\x00\x00\x0cjP  ", "JPEG 2000"),
)
_ISO_MEDIA = {b"avif": "AVIF", b"avis": "AVIF", b"heic": "HEIC", b"heix": "HEIC", b"mif1": "HEIF"}
# Start-of-frame markers; C4, C8 and CC in this range mean other things.
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
# As libjpeg-turbo's own tools bound them; none that people have is near.
_MOST_SCANS = 100
_SEQUENTIAL = (0xC0, 0xC1)
_START_OF_SCAN, _END_OF_IMAGE = b"\xff\xda", 0xD9
# Stuffed bytes, restarts and fill bytes are no markers.
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_JPEG_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD9)})


@dataclass(frozen=True, slots=True)
class ImageInfo:
    """What the header of a picture says: size in pixels as stored, before any EXIF rotation."""

    format: ImageFormat
    width: int
    height: int
    animated: bool = False


def read_header(data: bytes) -> ImageInfo:
    """Say format and size of a JPEG, PNG or WebP picture, by content.

    Raises DecodeError with code "unsupported_format", "not_an_image", "truncated" or "corrupt".
    """
    if data.startswith(b"\xff\xd8\xff"):
        return _jpeg(data)
    if data.startswith(_PNG_SIGNATURE):
        return _png(data)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return _webp(data)
    _refuse_foreign(data)
    raise DecodeError("not_an_image", "This is not a picture: it is no JPEG, PNG or WebP file.")


def _refuse_foreign(data: bytes) -> None:
    """Name a picture format that is known but not taken."""
    name = next((name for start, name in _FOREIGN if data.startswith(start)), None)
    if name is None and data[4:8] == b"ftyp":
        name = _ISO_MEDIA.get(data[8:12])
    if name is not None:
        raise DecodeError(
            "unsupported_format", f"{name} pictures are not taken: send JPEG, PNG or WebP."
        )


def _truncated(name: str) -> DecodeError:
    return DecodeError("truncated", f"This {name} file ends in its header: send it again, whole.")


def _corrupt(name: str) -> DecodeError:
    return DecodeError("corrupt", f"The header of this {name} file is damaged.")


def _jpeg(data: bytes) -> ImageInfo:
    """Walk the markers up to the first start of frame."""
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            raise _corrupt("JPEG")
        marker = data[at + 1]
        if marker == 0xFF:  # fill byte
            at += 1
        elif marker in _JPEG_WITHOUT_LENGTH:
            at += 2
        elif marker in _JPEG_FRAMES:
            if at + 9 > len(data):
                break
            height = int.from_bytes(data[at + 5 : at + 7], "big")
            width = int.from_bytes(data[at + 7 : at + 9], "big")
            _refuse_many_scans(data, at)
            return _sized("JPEG", width, height)
        elif marker in (0x00, 0xD9, 0xDA):  # pixels or the end before any size
            raise _corrupt("JPEG")
        else:
            length = int.from_bytes(data[at + 2 : at + 4], "big")
            if length < 2:
                raise _corrupt("JPEG")
            at += 2 + length
    raise _truncated("JPEG")


def _refuse_many_scans(data: bytes, at: int) -> None:
    """Count the passes over the picture from its start of frame on.

    A pass can be written in a few bytes and takes as long as the whole picture to go through: 40 kB
    with a thousand of them kept a core busy for 7 s. Progressive files have about ten.
    """
    one_pass, components = data[at + 1] in _SEQUENTIAL, data[at + 9 : at + 10]
    scans = 0
    while (found := _MARKER.search(data, at)) is not None and found[0][1] != _END_OF_IMAGE:
        at = found.end() + int.from_bytes(data[found.end() : found.end() + 2], "big")
        if found[0] == _START_OF_SCAN:
            if one_pass and data[found.end() + 2 : found.end() + 3] == components:
                return  # all colours in the first pass: no other is looked at
            scans += 1
    if scans > _MOST_SCANS:
        raise DecodeError(
            "corrupt",
            f"This JPEG file goes over its picture {scans} times; at most {_MOST_SCANS} are taken.",
        )


def _png(data: bytes) -> ImageInfo:
    """Read IHDR, then look for an animation before the pixels."""
    if len(data) < 33:
        raise _truncated("PNG")
    if data[12:16] != b"IHDR" or int.from_bytes(data[8:12], "big") != 13:
        raise _corrupt("PNG")
    width = int.from_bytes(data[16:20], "big")
    height = int.from_bytes(data[20:24], "big")
    animated = False
    at = 33
    while at + 12 <= len(data) and data[at + 4 : at + 8] != b"IDAT":
        if data[at + 4 : at + 8] == b"acTL":
            animated = int.from_bytes(data[at + 8 : at + 12], "big") > 1
        at += 12 + int.from_bytes(data[at : at + 4], "big")
    return _sized("PNG", width, height, animated=animated)


def _webp(data: bytes) -> ImageInfo:
    """Read the first chunk: lossy (VP8), lossless (VP8L) or extended (VP8X)."""
    if len(data) < 30:
        raise _truncated("WebP")
    if int.from_bytes(data[4:8], "little") + 8 > len(data):
        raise DecodeError("truncated", "This WebP file is cut short: send it again, whole.")
    kind = data[12:16]
    if kind == b"VP8 " and data[23:26] == b"\x9d\x01\x2a":
        width = int.from_bytes(data[26:28], "little") & 0x3FFF
        height = int.from_bytes(data[28:30], "little") & 0x3FFF
        return _sized("WEBP", width, height)
    if kind == b"VP8L" and data[20] == 0x2F:
        bits = int.from_bytes(data[21:25], "little")
        return _sized("WEBP", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    if kind == b"VP8X":
        width = int.from_bytes(data[24:27], "little") + 1
        height = int.from_bytes(data[27:30], "little") + 1
        return _sized("WEBP", width, height, animated=bool(data[20] & 0x02))
    raise _corrupt("WebP")


def _sized(name: ImageFormat, width: int, height: int, *, animated: bool = False) -> ImageInfo:
    if width == 0 or height == 0:
        raise _corrupt(name)
    return ImageInfo(name, width, height, animated)
