"""Pictures that kiosks and people send, good and bad, as encoded bytes."""

import functools
import io
import struct
import zlib

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from recognition import encode_jpeg
from tests.people import PEOPLE, draw

ADA, WANG, ZOYA, NOAM = PEOPLE[:4]
STRANGER = PEOPLE[20]


@functools.cache
def portrait(identity: int, variation: int = 0, *, face_px: int = 200) -> bytes:
    """Return a JPEG of one person before a wall."""
    return encode_jpeg(draw(identity, variation, face_px=face_px))


@functools.cache
def burst(identity: int) -> tuple[bytes, ...]:
    """Return three JPEGs of one person, as a kiosk sends them."""
    return tuple(portrait(identity, variation) for variation in (1, 2, 3))


@functools.cache
def two_faces() -> bytes:
    """Return a JPEG of two people side by side."""
    return encode_jpeg(np.hstack([draw(ADA.identity, 1), draw(WANG.identity, 1)]))


@functools.cache
def no_face() -> bytes:
    """Return a JPEG of soft noise, in which nobody is."""
    rng = np.random.default_rng(0)
    rough = rng.integers(60, 200, (12, 16, 3), dtype=np.uint8)
    return encode_jpeg(np.kron(rough, np.ones((40, 40, 1), np.uint8)))


def plain(level: int, *, width: int = 640, height: int = 480) -> bytes:
    """Return a JPEG of one grey level, 0 (black) to 255 (white)."""
    return encode_jpeg(np.full((height, width, 3), level, np.uint8))


def text_file() -> bytes:
    """Return a text that somebody has named .jpg."""
    return b"This is no picture at all.\n" * 40


def truncated() -> bytes:
    """Return the first half of a JPEG, its header intact."""
    whole = portrait(ADA.identity, 1)
    return whole[: len(whole) // 2]


def hundred_megapixels() -> bytes:
    """Return a PNG of 10,000 x 10,000 pixels in a few KB of bytes."""
    row = b"\0" + bytes(1250)  # one bit a pixel
    packer = zlib.compressobj(9)
    packed = b"".join([*(packer.compress(row) for _ in range(10_000)), packer.flush()])
    header = struct.pack(">IIBBBBB", 10_000, 10_000, 1, 0, 0, 0, 0)
    parts = [(b"IHDR", header), (b"IDAT", packed), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def animated_webp() -> bytes:
    """Return a WebP of two frames."""
    frames = [Image.new("RGB", (64, 64), colour) for colour in ("red", "blue")]
    out = io.BytesIO()
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:], duration=100)
    return out.getvalue()


def as_format(picture: NDArray[np.uint8], kind: str) -> bytes:
    """Return an RGB picture as PNG or WEBP."""
    out = io.BytesIO()
    Image.fromarray(picture).save(out, kind)
    return out.getvalue()


def _chunk(kind: bytes, data: bytes) -> bytes:
    checked = kind + data
    return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))
