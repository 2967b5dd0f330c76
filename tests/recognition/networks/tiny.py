"""Networks of a few bytes, made without training."""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from recognition.networks.metadata import NetworkMetadata

METADATA = NetworkMetadata("tiny", "1", ("dark", "light"), (2, 2, 1), threshold=0.5)


def write_tiny(path: Path, metadata: NetworkMetadata = METADATA, *, outputs: int = 2) -> Path:
    """Write a network of 2x2 pixels whose output 1 is the pixels' sum, and output 0 none of it."""
    weights = np.zeros((4, outputs), np.float32)
    weights[:, 1] = 1
    graph = helper.make_graph(
        [
            helper.make_node("Flatten", ["input"], ["flat"]),
            helper.make_node("MatMul", ["flat", "weights"], ["output"]),
        ],
        "tiny",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, ["n", 1, 2, 2])],
        [helper.make_tensor_value_info("output", TensorProto.FLOAT, ["n", outputs])],
        [numpy_helper.from_array(weights, "weights")],
    )
    return _written(path, graph, metadata)


def write_brightest(path: Path, metadata: NetworkMetadata) -> Path:
    """Write a network of grey pictures of any size whose output is their brightest pixel."""
    graph = helper.make_graph(
        [
            helper.make_node("Flatten", ["input"], ["flat"]),
            helper.make_node("ReduceMax", ["flat"], ["output"], axes=[1], keepdims=1),
        ],
        "brightest",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, ["n", 1, "height", "width"])],
        [helper.make_tensor_value_info("output", TensorProto.FLOAT, ["n", 1])],
    )
    return _written(path, graph, metadata)


def _written(path: Path, graph: onnx.GraphProto, metadata: NetworkMetadata) -> Path:
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.helper.set_model_props(model, metadata.as_props())
    path.write_bytes(model.SerializeToString())
    return path
