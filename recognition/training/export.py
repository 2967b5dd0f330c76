"""From PyTorch to a small ONNX file that says what it is."""

import io
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import torch

from recognition.errors import TrainingError
from recognition.networks.metadata import NetworkMetadata
from recognition.networks.network import SmallNetwork
from recognition.training.files import write_whole

MAX_BYTES = 3 * 1024 * 1024
_OPSET = 17
# How far halved weights may move an output, as a share of the outputs' own spread.
_MAX_DIFFERENCE = 0.05


def export_onnx(
    net: torch.nn.Module, out: Path, *, metadata: NetworkMetadata, halved: bool = True
) -> None:
    """Write a net in evaluation mode as one ONNX file of at most 3 MB.

    Takes `input` float32 (n, channels, height, width), gives `output` (n, ...). `halved` keeps the
    weights as 16-bit floats, which ONNX Runtime widens once when it loads them: half the size, the
    same speed. Raises TrainingError where the file is too large or gives other outputs than the
    net.
    """
    content = _with_metadata(_exported(net.float().eval(), metadata), metadata, halved=halved)
    if len(content) > MAX_BYTES:
        raise TrainingError(
            f"{out.name} would have {len(content):,} bytes, more than {MAX_BYTES:,}: a smaller net "
            "is needed."
        )
    write_whole(out, content)
    difference = _difference(net, out, metadata)
    if not difference <= _MAX_DIFFERENCE:
        raise TrainingError(f"{out} gives other outputs than the net it was made of.")


def _exported(net: torch.nn.Module, metadata: NetworkMetadata) -> bytes:
    """The TorchScript exporter: the newer one needs a further package for the same graph."""
    height, width, channels = metadata.input
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says that there is a newer exporter
        torch.onnx.export(
            net,
            (torch.zeros(2, channels, height, width),),
            buffer,
            dynamo=False,
            opset_version=_OPSET,
            input_names=["input"],
            output_names=["output"],
            dynamic_axes={"input": {0: "n"}, "output": {0: "n"}},
        )
    return buffer.getvalue()


def _with_metadata(content: bytes, metadata: NetworkMetadata, *, halved: bool) -> bytes:
    import onnx

    model = onnx.load_model_from_string(content)
    if halved:
        _halve(model)
    onnx.helper.set_model_props(model, metadata.as_props())
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


def _halve(model: Any) -> None:
    """Keep each tensor of float32 weights as float16, widened again before it is used."""
    from onnx import TensorProto, helper, numpy_helper

    widened = []
    for tensor in model.graph.initializer:
        if tensor.data_type != TensorProto.FLOAT:
            continue
        name, values = tensor.name, numpy_helper.to_array(tensor)
        small = numpy_helper.from_array(values.astype(np.float16), f"{name}.half")
        tensor.CopyFrom(small)
        widened.append(helper.make_node("Cast", [f"{name}.half"], [name], to=TensorProto.FLOAT))
    nodes = [*widened, *model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)


def _difference(net: torch.nn.Module, out: Path, metadata: NetworkMetadata) -> float:
    """The largest difference of an output, as a share of the outputs' spread."""
    height, width, channels = metadata.input
    random = np.random.default_rng(0)
    pictures = random.random((4, channels, height, width), np.float32)
    with torch.no_grad():
        expected = net(torch.from_numpy(pictures)).numpy()
    given = SmallNetwork(out, name=metadata.name, version=metadata.version).run(pictures)
    spread = float(np.abs(expected - expected.mean(axis=0)).max()) + float(np.abs(expected).max())
    return float(np.abs(given - expected).max()) / max(spread, 1e-6)
