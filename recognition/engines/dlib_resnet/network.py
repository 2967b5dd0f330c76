"""Makes the descriptor network once, checks it against dlib, and keeps it in the cache folder."""

import logging
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from recognition.cache import cache_folder, cached_bytes
from recognition.engines.dlib_resnet.files import DESCRIPTOR_FILE, SHA256, weight_file
from recognition.engines.dlib_resnet.manifest import (
    CHIP_PX,
    CONVERTER_VERSION,
    DESCRIPTOR,
    NAME,
)
from recognition.engines.dlib_resnet.projection import Features
from recognition.errors import EngineError
from recognition.values import Image

log = logging.getLogger(__name__)

# Largest accepted L2 distance from dlib's own descriptor; 1.3e-6 is what rounding costs.
MAX_DIFFERENCE = 1e-5


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """The network as the bytes of an ONNX file."""

    content: bytes
    path: Path
    """Where it is kept."""
    made_now: bool


def weights_digest() -> str:
    """SHA-256 of dlib's weight file, in hexadecimal, once the file was held to it."""
    return SHA256[weight_file(DESCRIPTOR_FILE).name]


def load_network() -> Network:
    """Take the network from the cache folder, or make it there.

    Raises EngineError where the weight file is missing or is not what it should be, or where the
    network does not give dlib's descriptors.
    """
    name = f"{NAME}-{weights_digest()[:16]}-{CONVERTER_VERSION}.onnx"
    path = cache_folder() / name
    content, made_now = cached_bytes(path, _make)
    return Network(content, path, made_now)


def run_once(content: bytes, chips: Image) -> Features:
    """Run the network of these bytes on chips, uint8 (n, 150, 150, 3): float32 (n, 384)."""
    import onnxruntime

    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    return np.asarray(session.run(None, {"chips": chips})[0], np.float32)


def difference_from_dlib(content: bytes) -> float:
    """The largest L2 distance between descriptors of this network and of dlib, on fixed chips."""
    import dlib

    chips = check_chips()
    reference = dlib.face_recognition_model_v1(str(weight_file(DESCRIPTOR_FILE)))
    expected = np.array(reference.compute_face_descriptor(list(chips)), np.float64)
    descriptors = run_once(content, chips)[:, :DESCRIPTOR]
    return float(np.linalg.norm(descriptors - expected, axis=1).max())


def check_chips() -> Image:
    """The chips the network is checked on: noise, a slope, a drawn face. uint8 (3, 150, 150, 3)."""
    noise = np.random.default_rng(20_24).integers(0, 256, (CHIP_PX, CHIP_PX, 3), np.uint8)
    y, x = np.mgrid[:CHIP_PX, :CHIP_PX].astype(np.float64)
    slope = np.stack([x, y, (x + y) / 2], axis=2) * (255 / CHIP_PX)
    face = np.full((CHIP_PX, CHIP_PX, 3), 60.0)
    for centre_x, centre_y, wide, high, colour in (
        (75, 80, 48, 62, (224, 172, 140)),
        (54, 66, 9, 5, (40, 30, 28)),
        (96, 66, 9, 5, (40, 30, 28)),
        (75, 88, 6, 12, (196, 140, 112)),
        (75, 114, 20, 6, (150, 60, 64)),
    ):
        inner = ((x - centre_x) / wide) ** 2 + ((y - centre_y) / high) ** 2 <= 1
        face[inner] = colour
    return np.stack([noise, slope.astype(np.uint8), face.astype(np.uint8)])


def _make() -> bytes:
    """Convert and check."""
    # The onnx package is only needed here, and takes longer to import than the network to load.
    from recognition.engines.dlib_resnet.graph import build_model
    from recognition.engines.dlib_resnet.weight_file import read_weights

    log.info("Converting dlib's descriptor network; this happens once.")
    note = f"from {DESCRIPTOR_FILE}, SHA-256 {weights_digest()}"
    content = build_model(read_weights(_read_weight_file()), note=note)
    difference = difference_from_dlib(content)
    if not difference <= MAX_DIFFERENCE:
        raise EngineError(
            f"The converted descriptor network differs from dlib by {difference:.1e}, "
            f"more than {MAX_DIFFERENCE:.0e}."
        )
    return content


def _read_weight_file() -> bytes:
    path = weight_file(DESCRIPTOR_FILE)
    try:
        return path.read_bytes()
    except OSError as error:
        raise EngineError(f"The weight file {path} cannot be read: {error}.") from error
