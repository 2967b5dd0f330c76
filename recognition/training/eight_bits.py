"""An exported net brought to eight bits: a quarter of the size, and less than half the time.

Weights are rounded for each channel of outputs, what flows between layers for each tensor, by the
range that examples show. Weights keep to 7 bits: processors without VNNI add two products in 16
bits, which 8 bits of weights would overflow, and a door would read otherwise on one of them.

Source: B. Jacob and others, Quantization and training of neural networks for efficient
integer-arithmetic-only inference (2018).
"""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from onnxruntime.quantization import (
    CalibrationDataReader,
    CalibrationMethod,
    QuantFormat,
    QuantType,
    quantize_static,
)
from onnxruntime.quantization.shape_inference import quant_pre_process

from recognition.networks.network import Batch

# Pictures in one run of the float net, whose ranges are taken.
_TOGETHER = 32


class _Examples(CalibrationDataReader):
    """Pictures (n, channels, height, width), some at a time."""

    def __init__(self, pictures: Batch) -> None:
        self._parts: Iterator[Batch] = (
            np.ascontiguousarray(pictures[at : at + _TOGETHER])
            for at in range(0, len(pictures), _TOGETHER)
        )

    def get_next(self) -> dict[str, Batch] | None:
        part = next(self._parts, None)
        return None if part is None else {"input": part}


def in_eight_bits(content: bytes, examples: Batch) -> bytes:
    """The ONNX file `content`, whose only input is `input`, in eight bits.

    `examples`, float32 (n, channels, height, width), are prepared pictures of training: a few
    hundred, of every kind. What lies beyond their range is cut off.
    """
    with TemporaryDirectory() as folder:
        given, plain, small = (Path(folder) / name for name in ("given", "plain", "small"))
        given.write_bytes(content)
        quant_pre_process(str(given), str(plain), skip_symbolic_shape=True)
        quantize_static(
            str(plain),
            str(small),
            _Examples(examples),
            quant_format=QuantFormat.QDQ,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            per_channel=True,
            reduce_range=True,
            calibrate_method=CalibrationMethod.MinMax,
        )
        return small.read_bytes()
