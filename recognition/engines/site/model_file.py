"""Reads ONNX files that come from elsewhere, and refuses what a face network has no need of.

A model is data until a runtime runs it, yet it can name files to read, operators that only a
foreign library brings, loops without an end, and randomness. None of that is needed to turn a face
into a vector, so all of it is refused. Source: the ONNX specification, IR and operators.
"""

import hashlib
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from recognition.engines.site.manifest import ModelFile
from recognition.errors import ModelError

# A large ArcFace network (ResNet-100) has 250 MB.
MAX_MODEL_BYTES = 512 * 2**20
_OWN_DOMAINS = frozenset({"", "ai.onnx"})
_REFUSED = {
    "Loop": "loops",
    "Scan": "loops",
    "If": "branches",
    "RandomNormal": "randomness",
    "RandomNormalLike": "randomness",
    "RandomUniform": "randomness",
    "RandomUniformLike": "randomness",
    "Bernoulli": "randomness",
    "Multinomial": "randomness",
}


def read_model(path: Path, expected: ModelFile) -> bytes:
    """Read a model and hold it to its manifest's hash. Raises ModelError, naming the file."""
    try:
        found = path.stat()
        # A device or a pipe might never end.
        if not stat.S_ISREG(found.st_mode):
            raise ModelError(f"{path} cannot be read: it is no file.")
        if found.st_size > MAX_MODEL_BYTES:
            raise ModelError(f"{path} has {found.st_size:,} bytes, more than {MAX_MODEL_BYTES:,}.")
        content = path.read_bytes()
    except OSError as error:
        raise ModelError(f"{path} cannot be read: {error.strerror}.") from error
    digest = hashlib.sha256(content).hexdigest()
    if digest != expected.sha256:
        raise ModelError(
            f"{path} is not the file its manifest names: SHA-256 {digest}, not {expected.sha256}."
        )
    return content


def check_model(content: bytes, *, name: str) -> Any:
    """Parse a model and refuse all it must not hold; returns it as `onnx.ModelProto`.

    `name` is for messages. Raises ModelError. No file but the model itself is read.
    """
    import onnx
    from google.protobuf.message import DecodeError  # type: ignore[import-untyped]

    if len(content) > MAX_MODEL_BYTES:
        raise ModelError(f"{name} has {len(content):,} bytes, more than {MAX_MODEL_BYTES:,}.")
    try:
        model = onnx.load_model_from_string(content)
    except DecodeError as error:
        raise ModelError(f"{name} is no ONNX model.") from error
    if not model.graph.node:
        raise ModelError(f"{name} is no ONNX model, or one without operators.")
    for one in model.opset_import:
        if one.domain not in _OWN_DOMAINS:
            raise ModelError(f"{name} asks for operators of {one.domain!r}, beyond ONNX's own.")
    if model.functions:
        raise ModelError(f"{name} defines functions of its own.")
    for graph in _graphs(model.graph):
        _check_graph(graph, name)
    return model


def _check_graph(graph: Any, name: str) -> None:
    import onnx

    # Protocol buffers give bytes where a text is none.
    if not all(isinstance(one, str) for one in _names(graph)):
        raise ModelError(f"{name} is damaged: a name in it is no text.")
    for node in graph.node:
        if node.domain not in _OWN_DOMAINS:
            raise ModelError(f"{name} uses {node.op_type} of {node.domain!r}, not ONNX's own.")
        if node.op_type in _REFUSED:
            raise ModelError(f"{name} uses {node.op_type}: {_REFUSED[node.op_type]} are refused.")
        if not onnx.defs.has(node.op_type):
            raise ModelError(f"{name} uses {node.op_type}, which ONNX does not know.")
    for tensor in _tensors(graph):
        if tensor.data_location == onnx.TensorProto.EXTERNAL or tensor.external_data:
            raise ModelError(f"{name} keeps {tensor.name!r} in another file, which is not read.")


def _graphs(graph: Any) -> Iterator[Any]:
    """This graph, and all that its operators hold."""
    yield graph
    for node in graph.node:
        for attribute in node.attribute:
            for inner in (attribute.g, *attribute.graphs):
                if inner.node or inner.initializer:
                    yield from _graphs(inner)


def _names(graph: Any) -> Iterator[Any]:
    """Every name of a graph's own: operators, what they take and give, tensors, dimensions."""
    for node in graph.node:
        yield from (node.op_type, node.domain, *node.input, *node.output)
        yield from (attribute.name for attribute in node.attribute)
    for value in (*graph.input, *graph.output):
        yield value.name
        yield from (side.dim_param for side in value.type.tensor_type.shape.dim)
    for tensor in _tensors(graph):
        yield tensor.name


def _tensors(graph: Any) -> Iterator[Any]:
    """Every tensor of a graph: weights, sparse weights, constants."""
    yield from graph.initializer
    sparse = list(graph.sparse_initializer)
    for node in graph.node:
        for attribute in node.attribute:
            yield from (attribute.t, *attribute.tensors)
            sparse += [attribute.sparse_tensor, *attribute.sparse_tensors]
    for one in sparse:
        yield from (one.values, one.indices)
