"""Works out the few whole numbers by which a network reckons with the shapes of its own tensors.

Exporters write `x.view(x.shape[0] // 49, -1)` as operators on the shape itself. ONNX's inference
follows the commonest of them; here the rest, on at most a thousand numbers at a time.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

FEW = 1024
"""Shapes are told by constants of a few numbers; weights only by their own shape."""
# Each gives at most as many numbers as its inputs multiplied have, and that is bounded below.
_RECKONING = frozenset(
    {
        *("Add", "Sub", "Mul", "Div", "Mod", "Neg", "Abs", "Min", "Max", "Floor", "Ceil", "Cast"),
        *("Gather", "Slice", "Concat", "Squeeze", "Unsqueeze", "Reshape", "Identity"),
        *("Equal", "Less", "Greater", "Not", "Where", "ReduceProd", "ReduceSum", "Constant"),
    }
)
_MOST_INPUTS = 64
_MOST_NUMBERS = FEW**2

Numbers = NDArray[Any]


def put_values(outline: Any, shapes: dict[str, list[int]]) -> bool:
    """Turn operators of an `onnx.ModelProto` whose values follow from known shapes into constants.

    `shapes` are those that are known. Says whether there were any.
    """
    from onnx import numpy_helper

    graph = outline.graph
    values = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
    kept = []
    for node in graph.node:
        worked_out = _value(node, values, shapes, list(outline.opset_import))
        if worked_out is None or worked_out.size > FEW:
            kept.append(node)
        else:
            values[node.output[0]] = worked_out
            graph.initializer.append(numpy_helper.from_array(worked_out, node.output[0]))
    found = len(kept) < len(graph.node)
    if found:
        nodes = [type(node).FromString(node.SerializeToString()) for node in kept]
        del graph.node[:]
        graph.node.extend(nodes)
    return found


def _value(
    node: Any, values: dict[str, Numbers], shapes: dict[str, list[int]], opsets: list[Any]
) -> Numbers | None:
    """What an operator gives, where that can be told; None where not."""
    if len(node.output) != 1 or node.domain not in ("", "ai.onnx"):
        return None
    if node.op_type in ("Shape", "Size"):
        return _of_shape(node, shapes.get(node.input[0]) if node.input else None)
    inputs = [one for one in node.input if one]
    if node.op_type not in _RECKONING or len(inputs) > _MOST_INPUTS:
        return None
    if not all(one in values for one in inputs):
        return None
    if math.prod(max(1, values[one].size) for one in inputs) > _MOST_NUMBERS:
        return None
    return _run(node, {one: values[one] for one in inputs}, opsets)


def _of_shape(node: Any, dims: list[int] | None) -> Numbers | None:
    if dims is None:
        return None
    if node.op_type == "Size":
        size = math.prod(dims)
        return np.array(size, np.int64) if size < 2**63 else None
    part = {one.name: one.i for one in node.attribute}
    return np.array(dims[part.get("start", 0) : part.get("end", len(dims))], np.int64)


def _run(node: Any, inputs: dict[str, Numbers], opsets: list[Any]) -> Numbers | None:
    from onnx.reference import ReferenceEvaluator

    try:
        with np.errstate(all="ignore"):
            versions = {one.domain: one.version for one in opsets}
            (made,) = ReferenceEvaluator(node, opsets=versions).run(None, inputs)
    # Whatever a file tells it to do wrong; what it would have given stays unknown then.
    except Exception:  # noqa: BLE001
        return None
    worked_out = np.asarray(made)
    return worked_out if worked_out.dtype.kind in "biuf" else None
