"""From PyTorch to a small ONNX file that says what it is."""

import io
import warnings
from pathlib import Path

import numpy as np
import torch

from recognition.errors import TrainingError
from recognition.networks.metadata import NetworkMetadata
from recognition.networks.network import Batch, SmallNetwork
from recognition.training.files import write_whole

MAX_BYTES = 3 * 1024 * 1024
_OPSET = 17
# How far rounded weights may move an output, as a share of the outputs' own spread.
_MAX_DIFFERENCE = 0.05
_COMPARED = 64
# Of a net that takes pictures of any size, this one is traced.
_ANY_SIDE_PX = 128


def export_onnx(
    net: torch.nn.Module,
    out: Path,
    *,
    metadata: NetworkMetadata,
    halved: bool = True,
    examples: Batch | None = None,
) -> None:
    """Write a net in evaluation mode as one ONNX file of at most 3 MB.

    Takes `input` float32 (n, channels, height, width), gives `output` (n, ...). `halved` keeps the
    weights as 16-bit floats, which ONNX Runtime widens once when it loads them: half the size, the
    same speed. With `examples`, prepared pictures of training, the net is brought to eight bits
    instead. Raises TrainingError where the file is too large or gives other outputs than the net.
    """
    content = _exported(net.float().eval(), metadata)
    if examples is not None:
        # Imported here: other trainings do without it.
        from recognition.training.eight_bits import in_eight_bits

        content = in_eight_bits(content, examples)
    elif halved:
        content = _halved(content)
    content = _with_metadata(content, metadata)
    if len(content) > MAX_BYTES:
        raise TrainingError(
            f"{out.name} would have {len(content):,} bytes, more than {MAX_BYTES:,}: a smaller net "
            "is needed."
        )
    write_whole(out, content)
    pictures = _noise(metadata) if examples is None else examples[:_COMPARED]
    difference = _difference(net, out, metadata, pictures)
    if not difference <= _MAX_DIFFERENCE:
        raise TrainingError(f"{out} gives other outputs than the net it was made of.")


def restate(out: Path, metadata: NetworkMetadata) -> None:
    """Replace what a file says of itself: thresholds chosen by what the file itself answers."""
    write_whole(out, _with_metadata(out.read_bytes(), metadata))


def _exported(net: torch.nn.Module, metadata: NetworkMetadata) -> bytes:
    """The TorchScript exporter: the newer one needs a further package for the same graph."""
    height, width, channels = _example_input(metadata)
    axes = {"input": {0: "n"}, "output": {0: "n"}}
    if not metadata.input[0]:
        axes["input"] |= {2: "height", 3: "width"}
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
            dynamic_axes=axes,
        )
    return buffer.getvalue()


def _with_metadata(content: bytes, metadata: NetworkMetadata) -> bytes:
    import onnx

    model = onnx.load_model_from_string(content)
    onnx.helper.set_model_props(model, metadata.as_props())
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


def _halved(content: bytes) -> bytes:
    """Each tensor of float32 weights kept as float16, widened again before it is used."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    model = onnx.load_model_from_string(content)
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
    return bytes(model.SerializeToString())


def _example_input(metadata: NetworkMetadata) -> tuple[int, int, int]:
    """The net's input, or one that it may have where it takes any."""
    height, width, channels = metadata.input
    return height or _ANY_SIDE_PX, width or _ANY_SIDE_PX, channels


def _noise(metadata: NetworkMetadata) -> Batch:
    height, width, channels = _example_input(metadata)
    return np.random.default_rng(0).random((4, channels, height, width), np.float32)


def _difference(
    net: torch.nn.Module, out: Path, metadata: NetworkMetadata, pictures: Batch
) -> float:
    """The largest difference of an output, as a share of the outputs' spread."""
    with torch.no_grad():
        expected = net(torch.from_numpy(pictures)).numpy()
    given = SmallNetwork(out, name=metadata.name, version=metadata.version).run(pictures)
    spread = float(np.abs(expected - expected.mean(axis=0)).max()) + float(np.abs(expected).max())
    return float(np.abs(given - expected).max()) / max(spread, 1e-6)
