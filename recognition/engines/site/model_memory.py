"""How much memory a network asks for, told from its file before anything runs it.

A file of a hundred bytes can ask for gigabytes: a constant of any shape, an operator that repeats
its input. ONNX's own shape inference says how large each tensor gets for a given input; what it
cannot say is refused as well. Source: the ONNX specification, shape inference.
"""

import math
from collections.abc import Iterator, Sequence
from typing import Any

from recognition.engines.site.shape_values import FEW, put_values
from recognition.errors import ModelError

_MIB = 2**20
# ArcFace's ResNet-100 gives 98 MiB for 32 faces of 112 pixels; YuNet 100 MiB for the largest
# picture it is run on.
MAX_TENSOR_BYTES = 512 * _MIB
# What is held at once: that network's widest place takes 0.3 GiB.
MAX_HELD_BYTES = 1024 * _MIB
# Weights, and what follows from them alone; 250 MiB of weights may stand there twice.
MAX_CONSTANT_BYTES = 1024 * _MIB
# Each time one more reckoning with shapes has been followed; a face network needs two or three.
_MOST_ROUNDS = 20
_NAME_LENGTH = 60


def check_memory(model: Any, shape: Sequence[int], *, name: str) -> None:
    """Raise ModelError where a run of `onnx.ModelProto` needs more memory than a face network.

    `shape` is that of its input, for sides that the model leaves open; `name` is for messages.
    Nothing is run.
    """
    outline, constants = _outline(model, shape, name)
    sizes = {**constants, **_sizes(_inferred(outline, name), name)}
    computed = _computed_constants(model.graph.node, set(constants))
    fixed = sum(sizes[one] for one in (*constants, *computed))
    if fixed > MAX_CONSTANT_BYTES:
        raise ModelError(
            f"{name} has constants of {_mib(fixed)} together, more than {_mib(MAX_CONSTANT_BYTES)}."
        )
    held = _most_held(model.graph, sizes, {*constants, *computed})
    if held > MAX_HELD_BYTES:
        raise ModelError(
            f"{name} holds {_mib(held)} at once, more than {_mib(MAX_HELD_BYTES)}, "
            f"for an input of {tuple(shape)}."
        )


def _outline(model: Any, shape: Sequence[int], name: str) -> tuple[Any, dict[str, int]]:
    """The model without its weights, and how many bytes each of its constants has.

    Shapes that it claims of its own tensors are left out: they are what is to be found.
    """
    import onnx

    graph, inputs, few, constants = model.graph, [], [], {}
    for one, tensor, dims in _constants(graph):
        constants[one] = math.prod(dims) * _item_bytes(tensor.data_type, one, name)
        if dims == list(tensor.dims) and math.prod(dims) <= FEW:
            few.append(onnx.TensorProto())
            few[-1].CopyFrom(tensor)
            few[-1].name = one
        else:
            kind = onnx.helper.make_tensor_type_proto(tensor.data_type, dims)
            inputs.append(onnx.helper.make_value_info(one, kind))
    nodes = [
        node
        for node in graph.node
        if node.op_type != "Constant" or not set(node.output) <= constants.keys()
    ]
    inputs += [_sized(one, shape) for one in graph.input if one.name not in constants]
    outputs = [onnx.ValueInfoProto(name=one.name) for one in graph.output]
    outline = onnx.helper.make_graph(nodes, "outline", inputs, outputs, few)
    opsets = list(model.opset_import)
    return onnx.helper.make_model(outline, opset_imports=opsets, ir_version=10), constants


def _constants(graph: Any) -> Iterator[tuple[str, Any, list[int]]]:
    """Each constant's name, its tensor (of a sparse one its values), and its whole shape."""
    for tensor in graph.initializer:
        yield tensor.name, tensor, list(tensor.dims)
    for sparse in graph.sparse_initializer:
        yield sparse.values.name, sparse.values, list(sparse.dims)
    for node in graph.node:
        if node.op_type == "Constant" and node.output:
            for attribute in node.attribute:
                if attribute.name == "value":
                    yield node.output[0], attribute.t, list(attribute.t.dims)
                elif attribute.name == "sparse_value":
                    sparse = attribute.sparse_tensor
                    yield node.output[0], sparse.values, list(sparse.dims)


def _sized(one: Any, shape: Sequence[int]) -> Any:
    """An input whose open sides are those of `shape`."""
    import onnx

    sized = onnx.ValueInfoProto()
    sized.CopyFrom(one)
    for dimension, side in zip(sized.type.tensor_type.shape.dim, shape, strict=False):
        if dimension.dim_value <= 0:
            dimension.dim_value = side
    return sized


def _inferred(outline: Any, name: str) -> Any:
    """The graph with the shape of every tensor that can be told."""
    from onnx import shape_inference

    try:
        for _ in range(_MOST_ROUNDS):
            graph = shape_inference.infer_shapes(outline, data_prop=True).graph
            if not put_values(outline, _told(graph)):
                break
    except (shape_inference.InferenceError, RuntimeError, ValueError, TypeError) as error:
        raise ModelError(f"{name} has shapes that do not fit each other.") from error
    return graph


def _told(graph: Any) -> dict[str, list[int]]:
    """The shape of every tensor that has one."""
    told = {}
    for one in (*graph.value_info, *graph.output, *graph.input):
        dims = _told_dims(one.type)
        if dims is not None:
            told[one.name] = dims
    return told | {one.name: list(one.dims) for one in graph.initializer}


def _sizes(graph: Any, name: str) -> dict[str, int]:
    """Bytes of each tensor that is no stored constant. Raises ModelError for an unknown one."""
    told = {one.name: one.type for one in (*graph.value_info, *graph.output, *graph.input)}
    wanted = [output for node in graph.node for output in node.output if output]
    # What was worked out on the way.
    sizes = {
        one.name: math.prod(one.dims) * _item_bytes(one.data_type, one.name, name)
        for one in graph.initializer
    }
    for tensor in (*wanted, *(one.name for one in graph.input)):
        dims = _told_dims(told.get(tensor))
        if dims is None:
            raise ModelError(
                f"{name}: how large {_short(tensor)} gets cannot be told before it runs. Export it "
                "with shapes that are fixed or follow from its input's alone."
            )
        size = math.prod(dims) * _item_bytes(told[tensor].tensor_type.elem_type, tensor, name)
        if size > MAX_TENSOR_BYTES:
            raise ModelError(
                f"{name} has a tensor {_short(tensor)} of {_mib(size)}, more than "
                f"{_mib(MAX_TENSOR_BYTES)}."
            )
        sizes[tensor] = size
    return sizes


def _told_dims(kind: Any) -> list[int] | None:
    """A tensor's sides; None where one is unknown, or it is no tensor."""
    if kind is None or not kind.tensor_type.HasField("shape"):
        return None
    dims = kind.tensor_type.shape.dim
    if not all(one.HasField("dim_value") and one.dim_value >= 0 for one in dims):
        return None
    return [one.dim_value for one in dims]


def _item_bytes(kind: int, tensor: str, name: str) -> int:
    """Bytes of one number. Raises ModelError for a tensor of texts, or of nothing known."""
    import onnx

    try:
        item = onnx.helper.tensor_dtype_to_np_dtype(kind)
    except KeyError:
        item = None
    if item is None or item.hasobject:
        raise ModelError(f"{name} has a tensor {_short(tensor)} of something else than numbers.")
    return int(item.itemsize)


def _computed_constants(nodes: Sequence[Any], constants: set[str]) -> set[str]:
    """What follows from constants alone: a runtime works it out once and keeps it."""
    computed: set[str] = set()
    for node in nodes:
        if {one for one in node.input if one} <= constants | computed:
            computed |= {one for one in node.output if one} - constants
    return computed


def _most_held(graph: Any, sizes: dict[str, int], constants: set[str]) -> int:
    """The most bytes held at once, each tensor from where it is made to where it is last used."""
    last = {one: at for at, node in enumerate(graph.node) for one in node.input}
    kept = {one.name for one in graph.output}
    held = sum(sizes[one.name] for one in graph.input if one.name not in constants)
    most = held
    for at, node in enumerate(graph.node):
        made = {one for one in node.output if one} - constants
        held += sum(sizes[one] for one in made)
        most = max(most, held)
        # What nobody uses is let go at once.
        done = {one for one in (*node.input, *made) if last.get(one, at) == at}
        held -= sum(sizes.get(one, 0) for one in done - constants - kept)
    return most


def _short(tensor: str) -> str:
    return repr(tensor if len(tensor) <= _NAME_LENGTH else f"{tensor[:_NAME_LENGTH]}...")


def _mib(size: int) -> str:
    return f"{size / _MIB:,.0f} MiB"
