"""Writes the descriptor network as an ONNX graph.

The network is dlib's ResNet with 29 convolutions (dlib/examples/dnn_face_recognition_ex.cpp): a
7x7 convolution and a pool, then residual blocks in stages of 32, 64, 128, 256 and 256 filters,
the average over what is left, and one matrix, which gives dlib's descriptor. Behind it come the
averages over the last stage of 4x4, one block before the end: they know of a face what the
descriptor was taught to pass over (docs/decisions/037-face-vectors.md).

Where a block halves its picture, dlib adds tensors of different size by padding the smaller with
zeros, in channels and at the lower right. Here two convolutions that change no number do that,
because ONNX Runtime keeps its own order of memory through convolutions and leaves it at every Pad
(docs/decisions/015-one-frame.md).

Input `chips`: uint8 (n, 150, 150, 3), RGB. Output `features`: float32 (n, 128 + 256), neither part
normalised.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from recognition.engines.dlib_resnet.manifest import CHIP_PX, FEATURES
from recognition.engines.dlib_resnet.weight_file import Convolution, NetworkWeights
from recognition.errors import WeightFileError

_OPSET = 17
_IR_VERSION = 8
# What dlib's input layer subtracts (red, green, blue) and divides by.
_MEAN = np.array([122.782, 117.001, 104.298], np.float64)
_SCALE = 256.0
# One entry a residual block: does it halve the picture, and side and channels of what comes out.
_BLOCKS: tuple[tuple[bool, int, int], ...] = (
    *((False, 35, 32),) * 3,
    (True, 17, 64),
    *((False, 17, 64),) * 3,
    (True, 8, 128),
    *((False, 8, 128),) * 2,
    (True, 4, 256),
    *((False, 4, 256),) * 2,
    (True, 2, 256),
)


class _Graph:
    """Collects nodes and weights; every method returns the name of the tensor it makes."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.weights: list[Any] = []

    def add(self, kind: str, *inputs: str, **attributes: Any) -> str:
        name = f"{kind.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [name], name=name, **attributes))
        return name

    def weight(self, values: np.ndarray[Any, Any]) -> str:
        name = f"weight_{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def convolve(self, source: str, layer: Convolution) -> str:
        return self.add(
            "Conv",
            source,
            self.weight(layer.filters),
            self.weight(layer.bias),
            strides=[layer.stride] * 2,
            pads=[layer.padding] * 4,
        )

    def add_channels(self, source: str, *, have: int, added: int) -> str:
        """Put so many channels of zeros at the end."""
        if not added:
            return source
        same = np.eye(have + added, have, dtype=np.float32)[:, :, np.newaxis, np.newaxis]
        return self.add("Conv", source, self.weight(same))

    def add_border(self, source: str, *, channels: int, pixels: int) -> str:
        """Put so many pixels of zeros at the right and below."""
        if not pixels:
            return source
        same = np.ones((channels, 1, 1, 1), np.float32)
        pads = [0, 0, pixels, pixels]
        return self.add("Conv", source, self.weight(same), group=channels, pads=pads)

    def average(self, source: str) -> str:
        """Leave one number a channel."""
        return self.add("Flatten", self.add("GlobalAveragePool", source), axis=1)

    def pool(self, kind: str, source: str, *, side: int) -> str:
        return self.add(kind, source, kernel_shape=[side, side], strides=[2, 2])


def build_model(weights: NetworkWeights, *, note: str) -> bytes:
    """Write the network as the bytes of an ONNX file; `note` says where the weights come from.

    Raises WeightFileError where the layers are not those of this network.
    """
    graph = _Graph()
    layers = iter(weights.convolutions)
    pixels = graph.add("Transpose", "chips", perm=[0, 3, 1, 2])
    pixels = graph.add("Cast", pixels, to=TensorProto.FLOAT)
    at = graph.add("Relu", graph.convolve(pixels, _with_input_scaling(next(layers))))
    at = graph.pool("MaxPool", at, side=3)
    channels, before = 32, at
    for halves, side, out in _BLOCKS:
        before, added = at, out - channels
        at = _block(graph, at, layers, halves=halves, side=side, channels=out, added=added)
        channels = out
    descriptor = graph.add("MatMul", graph.average(at), graph.weight(weights.matrix))
    graph.nodes.append(
        helper.make_node("Concat", [descriptor, graph.average(before)], ["features"], axis=1)
    )
    return _pack(graph, note)


def _with_input_scaling(first: Convolution) -> Convolution:
    """Let the first layer take raw 0..255; exact, because it pads nothing."""
    if first.padding or first.filters.shape[1] != 3:
        raise WeightFileError("The first convolution in the weight file has an unknown form.")
    filters = first.filters.astype(np.float64) / _SCALE
    shift = (filters.sum(axis=(2, 3)) * _MEAN).sum(axis=1)
    return Convolution(
        filters.astype(np.float32), (first.bias - shift).astype(np.float32), first.stride, 0
    )


def _block(
    graph: _Graph,
    source: str,
    layers: Iterator[Convolution],
    *,
    halves: bool,
    side: int,
    channels: int,
    added: int,
) -> str:
    """Two convolutions and the way around them."""
    first, second = next(layers), next(layers)
    if (first.stride, first.padding) != ((2, 0) if halves else (1, 1)):
        raise WeightFileError("The convolutions in the weight file stand in an unknown order.")
    inner = graph.add("Relu", graph.convolve(source, first))
    through = graph.convolve(inner, second)
    around = source
    if halves:
        pooled = graph.pool("AveragePool", source, side=2)
        around = graph.add_channels(pooled, have=channels - added, added=added)
        # From 8 and 4 pixels the convolution leaves one pixel less than the pool.
        short = 1 if side in (2, 4) else 0
        through = graph.add_border(through, channels=channels, pixels=short)
    return graph.add("Relu", graph.add("Add", through, around))


def _pack(graph: _Graph, note: str) -> bytes:
    chips = helper.make_tensor_value_info("chips", TensorProto.UINT8, ["n", CHIP_PX, CHIP_PX, 3])
    features = helper.make_tensor_value_info("features", TensorProto.FLOAT, ["n", FEATURES])
    model = helper.make_model(
        helper.make_graph(graph.nodes, "descriptor", [chips], [features], graph.weights),
        opset_imports=[helper.make_opsetid("", _OPSET)],
        producer_name="lintel",
        ir_version=_IR_VERSION,
        doc_string=note,
    )
    try:
        onnx.checker.check_model(model, full_check=True)
    except (onnx.checker.ValidationError, onnx.shape_inference.InferenceError) as error:
        raise WeightFileError("The layers in the weight file do not fit together.") from error
    return bytes(model.SerializeToString())
