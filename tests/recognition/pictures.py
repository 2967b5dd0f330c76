"""Files as people send them: every format, colour mode and fault."""

import io
import struct
import zlib

from PIL import Image as PillowImage

WHITE, RED = (255, 255, 255), (200, 30, 40)


def packed(picture: PillowImage.Image, name: str, **options: object) -> bytes:
    """Write a picture in a format."""
    out = io.BytesIO()
    picture.save(out, name, **options)
    return out.getvalue()


def coloured(mode: str, colour: object, size: tuple[int, int] = (12, 8)) -> PillowImage.Image:
    """Make a picture of one colour."""
    return PillowImage.new(mode, size, colour)  # type: ignore[arg-type]


def halves() -> PillowImage.Image:
    """A 12x8 picture, red at its upper left quarter, white elsewhere."""
    picture = PillowImage.new("RGB", (12, 8), WHITE)
    picture.paste(RED, (0, 0, 6, 4))
    return picture


def png_chunk(kind: bytes, content: bytes) -> bytes:
    """One chunk of a PNG file."""
    body = kind + content
    return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))


def huge_png(width: int, height: int) -> bytes:
    """A few kilobytes that unpack to a black picture of this size."""
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    row = bytes(1 + -(-width // 8))
    packer = zlib.compressobj(9)
    pixels = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    chunks = (b"IHDR", header), (b"IDAT", pixels), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(png_chunk(kind, content) for kind, content in chunks)


def animated(name: str) -> bytes:
    """Two frames in one file."""
    frames = [coloured("RGB", RED), coloured("RGB", WHITE)]
    return packed(frames[0], name, save_all=True, append_images=frames[1:], duration=100)
