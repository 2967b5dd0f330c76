"""Runs one of the project's small networks: prepared pictures in, logits out."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recognition.errors import WeightFileError
from recognition.networks.metadata import NetworkMetadata, metadata_from_props

Batch = NDArray[np.float32]
"""Prepared pictures, float32 (n, channels, height, width)."""
Logits = NDArray[np.float32]
"""What the network gives, float32 (n, outputs)."""

SUMS = "SHA256SUMS"
"""What the committed files' digests are kept in, as sha256sum writes and checks them."""
WEIGHTS = Path(__file__).resolve().parent.parent / "weights"
# Pictures in one run: more get no quicker, and a folder of any length needs the same memory.
_BATCH = 64
_ADVICE = "Take the file of this release from recognition/weights, or train it anew"


def weight_path(name: str) -> Path:
    """Where a network's weights lie in the repository."""
    return WEIGHTS / f"{name}.onnx"


def load_small_network(
    name: str, version: str, *, threads: int = 1, path: Path | None = None
) -> "SmallNetwork":
    """Give the network of this name and version; the committed one is loaded once a process.

    `path` stands for a file other than the committed one. Raises WeightFileError, which says the
    file, what is wrong with it, and what to do.
    """
    if path is not None:
        return SmallNetwork(path, name=name, version=version, threads=threads)
    return _committed(name, version, threads)


@cache
def _committed(name: str, version: str, threads: int) -> "SmallNetwork":
    network = SmallNetwork(weight_path(name), name=name, version=version, threads=threads)
    # A bit that fell over gives a network that loads, and reads a little worse.
    if network.sha256 != _digest(f"{name}.onnx"):
        raise WeightFileError(
            f"{weight_path(name)} is not the file that {SUMS} beside it names. {_ADVICE}, look at "
            "its scores, and then write the sums anew: sha256sum *.onnx."
        )
    return network


def _digest(file: str) -> str | None:
    """The SHA-256 in hexadecimal that the committed file should have. Raises WeightFileError."""
    lines = _read(WEIGHTS / SUMS).decode("utf-8", "replace").splitlines()
    return next((line.split()[0] for line in lines if line.split()[1:] == [file]), None)


class SmallNetwork:
    """A loaded network; safe to share between threads, as ONNX Runtime's sessions are."""

    def __init__(self, path: Path, *, name: str, version: str, threads: int = 1) -> None:
        """Load and check a file. Raises WeightFileError."""
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 4  # errors are raised; nothing is told twice
        content = _read(path)
        self.sha256 = hashlib.sha256(content).hexdigest()
        """Of the file, in hexadecimal."""
        try:
            session = onnxruntime.InferenceSession(
                content, options, providers=["CPUExecutionProvider"]
            )
        # ONNX Runtime's exceptions have no common root of their own.
        except Exception as error:
            raise WeightFileError(f"{path} is no ONNX network that loads. {_ADVICE}.") from error
        self.metadata: NetworkMetadata = _checked(session, path, name=name, version=version)
        self._session = session
        self._input = session.get_inputs()[0].name

    def run(self, batch: Batch) -> Logits:
        """float32 (n, channels, height, width) to float32 (n, outputs); n may be 0.

        Raises ValueError for another shape.
        """
        height, width, channels = self.metadata.input
        sizes = (height, width) if height else batch.shape[2:]
        if batch.ndim != 4 or batch.shape[1:] != (channels, *sizes) or 0 in sizes:
            raise ValueError(
                f"{self.metadata.name} takes (n, {channels}, {height or 'any'}, {width or 'any'}), "
                f"not {batch.shape}."
            )
        pictures = np.ascontiguousarray(batch, np.float32)
        # An empty batch still runs one picture, since only a run says how many outputs there are.
        if not len(pictures):
            return self._run(np.zeros((1, channels, *sizes), np.float32))[:0]
        parts = (pictures[at : at + _BATCH] for at in range(0, len(pictures), _BATCH))
        return np.concatenate([self._run(part) for part in parts])

    def _run(self, pictures: Batch) -> Logits:
        (logits,) = self._session.run(None, {self._input: pictures})
        return np.asarray(logits, np.float32)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise WeightFileError(f"The weight file {path} is missing. {_ADVICE}.") from error
    except OSError as error:
        raise WeightFileError(
            f"The weight file {path} cannot be read: {error.strerror}. {_ADVICE}."
        ) from error


def _checked(session: Any, path: Path, *, name: str, version: str) -> NetworkMetadata:
    """What the file says about itself, held to what the code expects and the graph has."""
    try:
        metadata = metadata_from_props(session.get_modelmeta().custom_metadata_map)
    except ValueError as error:
        raise WeightFileError(f"{path} is no network of Lintel: {error}. {_ADVICE}.") from error
    if (metadata.name, metadata.version) != (name, version):
        raise WeightFileError(
            f"{path} holds {metadata.name} version {metadata.version}, but {name} version "
            f"{version} is needed. {_ADVICE}."
        )
    height, width, channels = metadata.input
    inputs, outputs = session.get_inputs(), session.get_outputs()
    shape = list(inputs[0].shape[1:]) if len(inputs) == 1 else None
    # A side that is left open has a name instead of a number.
    if shape and not height:
        shape[1:] = [0 if isinstance(side, str) else side for side in shape[1:]]
    if shape != [channels, height, width] or len(outputs) != 1:
        raise WeightFileError(f"{path} takes {shape}, not what it says of itself. {_ADVICE}.")
    if metadata.classes and outputs[0].shape[1:] != [len(metadata.classes)]:
        raise WeightFileError(
            f"{path} has {outputs[0].shape[1:]} outputs for {len(metadata.classes)} classes. "
            f"{_ADVICE}."
        )
    return metadata
