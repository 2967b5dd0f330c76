"""The rows of a gallery in blocks of four megabytes, none of which is ever changed.

A change to a gallery makes new blocks of the one or two that it touches and shares all others with
the gallery it came from, so that nothing large is copied and a search under way keeps its rows.
"""

import mmap
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognition.values import Vectors

_BLOCK_BYTES = 4 * 1024 * 1024
# Smaller pieces have no use for a page of this size.
_HUGE_PAGE_BYTES = 2 * 1024 * 1024
# Canonical text of a UUID takes 36 bytes, its number 16; no text in UTF-8 begins with this byte.
_UUID_MARK = b"\xff"
_UUID_TEXT, _UUID_BYTES = 36, 16

Codes = NDArray[np.bytes_]


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Some rows of a gallery: n templates."""

    vectors: Vectors
    """float32 (n, dimension), C-contiguous."""
    half_norms: NDArray[np.float32]
    """(n,), half the squared length of each vector."""
    codes: Codes
    """(n,), whose each is, see `encode_label`; as wide as the longest."""

    def __len__(self) -> int:
        """Number of templates."""
        return len(self.half_norms)


# Rows of a block, by number; a range where they are the first ones.
_Piece = tuple[Block, "range | NDArray[np.intp]"]


def block_rows(dimension: int) -> int:
    """How many vectors of this length stand in one block."""
    return max(1, _BLOCK_BYTES // (4 * max(1, dimension)))


def make_blocks(codes: Codes, vectors: Vectors) -> list[Block]:
    """Copy rows into blocks; `vectors` is any array of numbers (n, dimension).

    Raises ValueError where a row is not finite or too long to be compared in float32.
    """
    step = block_rows(vectors.shape[1])
    blocks = []
    for at in range(0, len(codes), step):
        part = vectors[at : at + step]
        rows = _room(*part.shape)
        with np.errstate(over="ignore"):  # refused below
            rows[:] = part
        half_norms = np.einsum("ij,ij->i", rows, rows) / 2
        if not np.isfinite(half_norms).all():
            raise ValueError("A row is not finite.")
        # Each block is as wide as its own longest label.
        blocks.append(Block(rows, half_norms, np.array(codes[at : at + step].tolist(), np.bytes_)))
    return blocks


def rows_of(blocks: Sequence[Block], codes: Codes) -> list[NDArray[np.bool_]]:
    """For each block, which rows have one of these codes."""
    return [np.isin(block.codes, codes) for block in blocks]


def count_codes(blocks: Sequence[Block], chosen: Sequence[NDArray[np.bool_]]) -> int:
    """How many codes the chosen rows of the blocks have, each counted once."""
    found = [block.codes[rows] for block, rows in zip(blocks, chosen, strict=True)]
    return len(np.unique(np.concatenate(found))) if found else 0


def without_rows(
    blocks: Sequence[Block], leaving: Sequence[NDArray[np.bool_]]
) -> tuple[Block, ...]:
    """Leave rows out; blocks that need no change are the same objects."""
    pieces: list[_Piece] = []
    for block, leaves in zip(blocks, leaving, strict=True):
        rows = np.flatnonzero(~leaves) if leaves.any() else range(len(block))
        pieces.append((block, rows))
    return _full_blocks(pieces)


def with_blocks(blocks: Sequence[Block], added: Sequence[Block]) -> tuple[Block, ...]:
    """Put rows at the end; all but the last of `blocks` are the same objects."""
    return _full_blocks([(block, range(len(block))) for block in (*blocks, *added)])


def _full_blocks(pieces: Sequence[_Piece]) -> tuple[Block, ...]:
    """Move rows from the end into gaps, so that every block but the last is full."""
    left = deque(piece for piece in pieces if len(piece[1]))
    made = []
    while left:
        parts = [left.popleft()]
        missing = block_rows(parts[0][0].vectors.shape[1]) - len(parts[0][1])
        while missing and left:
            block, rows = left.pop()
            cut = max(0, len(rows) - missing)
            parts.append((block, rows[cut:]))
            missing -= len(rows) - cut
            if cut:
                left.append((block, rows[:cut]))
        made.append(_assembled(parts))
    return tuple(made)


def _assembled(parts: Sequence[_Piece]) -> Block:
    """The rows of all parts in one block; no copy where they are the first of one block."""
    block, rows = parts[0]
    if len(parts) == 1 and isinstance(rows, range):
        end = len(rows)
        whole = end == len(block)
        return (
            block
            if whole
            else Block(block.vectors[:end], block.half_norms[:end], block.codes[:end])
        )
    vectors = _room(sum(len(rows) for _, rows in parts), block.vectors.shape[1])
    at = 0
    for of, rows in parts:
        part = vectors[at : at + len(rows)]
        # "clip" takes without a buffer; no row lies outside.
        np.take(of.vectors, np.asarray(rows), axis=0, out=part, mode="clip")
        at += len(rows)
    return Block(
        vectors,
        np.concatenate([of.half_norms[np.asarray(rows)] for of, rows in parts]),
        np.concatenate([of.codes[np.asarray(rows)] for of, rows in parts]),
    )


def encode_label(label: str) -> bytes:
    """A label as bytes: the number of a UUID, or else its text in UTF-8.

    Raises ValueError for a label that holds the character zero.
    """
    if len(label) == _UUID_TEXT and label[8] == label[13] == label[18] == label[23] == "-":
        try:
            number = bytes.fromhex(label.replace("-", ""))
        except ValueError:
            number = b""
        if len(number) == _UUID_BYTES and _uuid_text(number) == label:
            return _UUID_MARK + number
    if "\0" in label:
        raise ValueError("A label may not hold the character zero.")
    return label.encode("utf-8", "surrogatepass")


def decode_label(code: bytes) -> str:
    """The label of a code; NumPy has taken zeros off its end."""
    if code.startswith(_UUID_MARK):
        return _uuid_text(code[1:].ljust(_UUID_BYTES, b"\0"))
    return code.decode("utf-8", "surrogatepass")


def _uuid_text(number: bytes) -> str:
    text = number.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def _room(rows: int, dimension: int) -> Vectors:
    """Memory for so many vectors, in large pages where the system has them.

    A search of a million templates reads half a gigabyte, and in pages of four kilobytes takes 1.4
    times as long (docs/decisions/014-gallery-blocks.md).
    """
    size = rows * dimension * 4
    if size < _HUGE_PAGE_BYTES or not hasattr(mmap, "MADV_HUGEPAGE"):
        return np.empty((rows, dimension), np.float32)
    memory = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    try:
        memory.madvise(mmap.MADV_HUGEPAGE)
    except OSError:  # a kernel without them: the pages are small then, and nothing else changes
        return np.empty((rows, dimension), np.float32)
    return np.frombuffer(memory, np.float32).reshape(rows, dimension)
