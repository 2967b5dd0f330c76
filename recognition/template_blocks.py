"""The rows of a gallery in blocks of four megabytes, none of which is ever changed.

A change to a gallery makes new blocks of the one or two that it touches and shares all others with
the gallery it came from, so that nothing large is copied and a search under way keeps its rows.
"""

import mmap
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


def without_rows(blocks: Sequence[Block], codes: Codes) -> list[Block]:
    """Leave out the rows with these codes; a block that has none of them is the same object."""
    kept = []
    for block in blocks:
        leaves = np.isin(block.codes, codes)
        kept.append(_rows(block, np.flatnonzero(~leaves)) if leaves.any() else block)
    return kept


def present(blocks: Sequence[Block], codes: Codes) -> int:
    """How many of these codes, each given once, have a row."""
    found = [block.codes[np.isin(block.codes, codes)] for block in blocks]
    return len(np.unique(np.concatenate(found))) if found else 0


def fill_blocks(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Move rows from the end into gaps, so that every block but the last is full."""
    full = [block for block in blocks if len(block)]
    rows = block_rows(full[0].vectors.shape[1]) if full else 0
    at = 0
    while at < len(full) - 1:
        gap = rows - len(full[at])
        if gap == 0:
            at += 1
            continue
        last = full.pop()
        cut = max(0, len(last) - gap)
        full[at] = _joined(full[at], last, cut)
        if cut:
            # No copy: the rows cut off are let go of with the block's last view.
            full.append(Block(last.vectors[:cut], last.half_norms[:cut], last.codes[:cut]))
    return tuple(full)


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


def _rows(block: Block, rows: NDArray[np.intp]) -> Block:
    """A copy of these rows."""
    vectors = _room(len(rows), block.vectors.shape[1])
    np.take(block.vectors, rows, axis=0, out=vectors, mode="clip")  # "clip" writes into `out`
    return Block(vectors, block.half_norms[rows], block.codes[rows])


def _joined(block: Block, last: Block, cut: int) -> Block:
    """The rows of a block, then those of the last one from `cut` on."""
    vectors = _room(len(block) + len(last) - cut, block.vectors.shape[1])
    vectors[: len(block)] = block.vectors
    vectors[len(block) :] = last.vectors[cut:]
    return Block(
        vectors,
        np.concatenate([block.half_norms, last.half_norms[cut:]]),
        np.concatenate([block.codes, last.codes[cut:]]),
    )


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
