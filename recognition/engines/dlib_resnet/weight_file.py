"""Reads the layers out of dlib's `dlib_face_recognition_resnet_model_v1.dat`.

The format is dlib's own serialisation (serialize.h, cuda/tensor.h and dnn/layers.h of dlib): an
integer is one byte whose low four bits count the bytes that follow (little endian) and whose bit 7
means minus; a string is such an integer and its bytes; a tensor is a version (2), four integers
(samples, k, rows, columns) and raw little-endian float32. A layer writes its input first, so the
layers stand in the file from the picture to the vector.

Only what has weights is read: 29 convolutions, each followed by a per-channel scale and shift, and
one matrix. The scale and shift are folded into the convolution before them.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognition.errors import WeightFileError

Floats = NDArray[np.float32]

CONVOLUTIONS = 29
_TENSOR_VERSION = 2
_CONVOLUTION, _AFFINE, _MATRIX = b"con_4", b"affine_", b"fc_2"


@dataclass(frozen=True, slots=True, eq=False)
class Convolution:
    """A convolution with its scale and shift folded in.

    `filters` is float32 of shape (out, in, rows, columns), `bias` float32 of shape (out,); stride
    and padding are in pixels and equal in both directions.
    """

    filters: Floats
    bias: Floats
    stride: int
    padding: int


@dataclass(frozen=True, slots=True, eq=False)
class NetworkWeights:
    """All weights of the network, from the picture to the vector; `matrix` is (256, 128)."""

    convolutions: tuple[Convolution, ...]
    matrix: Floats


class _Reader:
    """Walks through the bytes of a weight file; every fault is a WeightFileError."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def seek_past(self, name: bytes) -> None:
        """Move behind the next layer name."""
        found = self._data.find(b"\x01" + bytes([len(name)]) + name, self._at)
        if found < 0:
            raise WeightFileError(f"The weight file has no further layer {name.decode()!r}.")
        self._at = found + 2 + len(name)

    def integer(self) -> int:
        """Read one integer."""
        control = self._take(1)[0]
        value = int.from_bytes(self._take(control & 0x0F), "little")
        return -value if control & 0x80 else value

    def tensor(self) -> Floats:
        """Read one tensor as flat float32."""
        if self.integer() != _TENSOR_VERSION:
            raise WeightFileError("The weight file holds a tensor of an unknown version.")
        size = 1
        for _ in range(4):
            size *= self.integer()
        if size < 0:
            raise WeightFileError("The weight file holds a tensor of negative size.")
        return np.frombuffer(self._take(size * 4), dtype="<f4").astype(np.float32)

    def _take(self, count: int) -> bytes:
        taken = self._data[self._at : self._at + count]
        if len(taken) != count:
            raise WeightFileError("The weight file ends too early: install it again.")
        self._at += count
        return taken


def read_weights(data: bytes) -> NetworkWeights:
    """Read all layers with weights.

    Raises WeightFileError where the bytes are not this network's weight file.
    """
    reader = _Reader(data)
    convolutions = tuple(_read_convolution(reader) for _ in range(CONVOLUTIONS))
    reader.seek_past(_MATRIX)
    outputs, inputs = reader.integer(), reader.integer()
    matrix = reader.tensor()
    if matrix.size != outputs * inputs:
        raise WeightFileError("The matrix in the weight file has not the size it names.")
    return NetworkWeights(convolutions, matrix.reshape(inputs, outputs))


def _read_convolution(reader: _Reader) -> Convolution:
    """Read one convolution and the scale and shift behind it, folded into one."""
    reader.seek_past(_CONVOLUTION)
    tensor = reader.tensor()
    out, rows, columns, stride, stride_x, padding, padding_x = (reader.integer() for _ in range(7))
    if out < 1 or (stride, padding) != (stride_x, padding_x) or (tensor.size - out) % out:
        raise WeightFileError("A convolution in the weight file has an unknown form.")
    filters = tensor[:-out].reshape(out, -1, rows, columns)
    reader.seek_past(_AFFINE)
    affine = reader.tensor()
    if affine.size != 2 * out:
        raise WeightFileError("A scale and shift in the weight file do not fit their convolution.")
    gamma, beta = affine[:out], affine[out:]
    folded = (filters * gamma[:, np.newaxis, np.newaxis, np.newaxis]).astype(np.float32)
    bias = (tensor[-out:] * gamma + beta).astype(np.float32)
    return Convolution(folded, bias, stride, padding)
