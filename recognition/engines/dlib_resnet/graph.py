"""Writes the descriptor network as an ONNX graph.

The network is dlib's ResNet with 29 convolutions (dlib/examples/dnn_face_recognition_ex.cpp): a
7x7 convolution and a pool, then residual blocks in stages of 32, 64, 128, 256 and 256 filters,
the average over what is left, and one matrix. Where a block halves its picture, dlib adds tensors
of different size by padding the smaller with zeros, in channels and at the lower right.

Input `chips`: uint8 (n, 150, 150, 3), RGB. Output `vectors`: float32 (n, 128), not normalised.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from recognition.engines.dlib_resnet.manifest import CHIP_PX, DIMENSION
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

    def pad(self, source: str, *, channels: int, side: int) -> str:
        """Add zeros: so many channels at the end, so many pixels at the right and below."""
        if not channels and not side:
            return source
        amounts = np.array([0, 0, 0, 0, 0, channels, side, side], np.int64)
        return self.add("Pad", source, self.weight(amounts), mode="constant")

    def pool(self, kind: str, source: str, *, side: int) -> str:
        return self.add(kind, source, kernel_shape=[side, side], strides=[2, 2])


def build_model(weights: NetworkWeights, *, note: str) -> bytes:
    """Write the network as the bytes of an ONNX file; `note` says where the weights come from.

    Raises WeightFileError where the layers are not those of this network.
    """
    graph = _Graph()
    layers = iter(weights.convolutions)
    pixels = graph.add("Cast", "chips", to=TensorProto.FLOAT)
    pixels = graph.add("Transpose", pixels, perm=[0, 3, 1, 2])
    at = graph.add("Relu", graph.convolve(pixels, _with_input_scaling(next(layers))))
    at = graph.pool("MaxPool", at, side=3)
    channels = 32
    for halves, side, out in _BLOCKS:
        at = _block(graph, at, layers, halves=halves, side=side, added=out - channels)
        channels = out
    at = graph.add("Flatten", graph.add("GlobalAveragePool", at), axis=1)
    graph.nodes.append(
        helper.make_node("MatMul", [at, graph.weight(weights.matrix)], ["vectors"], name="vectors")
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
        around = graph.pad(graph.pool("AveragePool", source, side=2), channels=added, side=0)
        # From 8 and 4 pixels the convolution leaves one pixel less than the pool.
        through = graph.pad(through, channels=0, side=1 if side in (2, 4) else 0)
    return graph.add("Relu", graph.add("Add", through, around))


def _pack(graph: _Graph, note: str) -> bytes:
    chips = helper.make_tensor_value_info("chips", TensorProto.UINT8, ["n", CHIP_PX, CHIP_PX, 3])
    vectors = helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["n", DIMENSION])
    model = helper.make_model(
        helper.make_graph(graph.nodes, "descriptor", [chips], [vectors], graph.weights),
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
