"""The built-in engine: dlib's HOG detector, five points, dlib's ResNet by ONNX Runtime."""

import threading
from collections.abc import Sequence
from functools import cached_property

import numpy as np

from recognition.arguments import require_threads
from recognition.decision import DEFAULT_DISTANCES
from recognition.distances import Distances
from recognition.engines.alignable import require_alignable
from recognition.engines.dlib_resnet.detector import HogDetector
from recognition.engines.dlib_resnet.embedder import OnnxEmbedder, align
from recognition.engines.dlib_resnet.manifest import CHIP_PX, DESCRIPTOR, DIMENSION, NAME, VERSION
from recognition.engines.dlib_resnet.network import load_network, weights_digest
from recognition.engines.dlib_resnet.projection import (
    SHA256,
    Features,
    committed_projection,
    project,
)
from recognition.engines.protocol import DEFAULT_MIN_FACE_PX
from recognition.images import require_chips, require_rgb
from recognition.landmarks import LandmarkKind
from recognition.values import UPRIGHT, EngineId, Face, Image, Look, Vector, Vectors

# What is softened is the network's own: its answers hang on the blocks and the noise of small faces
# drawn large. One pixel of a chip is enough for that.
_SOFT = 1 / CHIP_PX
_LOOKS = (
    UPRIGHT,
    Look(mirrored=True, softness=_SOFT),
    Look(wider=0.1),
    Look(mirrored=True, wider=0.1, softness=_SOFT),
    Look(-6.0, softness=_SOFT),
    Look(6.0, mirrored=True),
    Look(6.0),
    Look(-6.0, mirrored=True, softness=_SOFT),
)


class DlibResnetEngine:
    """Implements `Engine` with 128 dimensions; safe to share between threads.

    Detector and embedder are loaded when first used, so that a process which only looks for faces
    never pays for the network.
    """

    dimension = DIMENSION

    def __init__(self, *, threads: int = 1) -> None:
        """Make an engine whose network runs on so many threads; loads nothing yet."""
        require_threads(threads)
        self._threads = threads
        self._detector = HogDetector()
        self._embedder: OnnxEmbedder | None = None
        self._lock = threading.Lock()

    @cached_property
    def id(self) -> EngineId:
        """The version names weights and projection, not the way they are run."""
        return engine_id(SHA256)

    @property
    def chip_px(self) -> int:
        """150."""
        return CHIP_PX

    @property
    def distances(self) -> Distances:
        """As measured, see docs/decisions/002-default-threshold.md."""
        return DEFAULT_DISTANCES

    @property
    def mean_vector(self) -> Vector:
        """float32 (128,), zeros: the projection puts it there."""
        return np.zeros(DIMENSION, np.float32)

    @property
    def looks(self) -> tuple[Look, ...]:
        """Turned, a little wider and every second one softened."""
        return _LOOKS

    def find(
        self, image: Image, *, min_face: int = DEFAULT_MIN_FACE_PX, thorough: bool = False
    ) -> tuple[Face, ...]:
        """Find faces, largest first; see `Engine.find`."""
        return self._detector.find(image, min_face=min_face, thorough=thorough)

    def align(self, image: Image, faces: Sequence[Face]) -> Image:
        """Cut faces out upright: uint8 (n, 150, 150, 3)."""
        require_rgb(image)
        require_alignable(faces, (LandmarkKind.EYE_CORNERS_NOSE,))
        return align(image, faces)

    def features(self, chips: Image) -> Features:
        """What the network gives of aligned faces: uint8 (n, 150, 150, 3) to float32 (n, 384)."""
        require_chips(chips, CHIP_PX)
        return self._loaded_embedder().features(chips)

    def descriptors(self, chips: Image) -> Vectors:
        """dlib's own descriptors of aligned faces, float32 (n, 128), 1e-5 from dlib's at most.

        They are no templates: `embed_chips` makes what this engine compares.
        """
        return self.features(chips)[:, :DESCRIPTOR]

    def embed_chips(self, chips: Image) -> Vectors:
        """uint8 (n, 150, 150, 3) to float32 (n, 128), in one run."""
        return project(self.features(chips), committed_projection())

    def embed(self, image: Image, faces: Sequence[Face]) -> Vectors:
        """Align and embed faces of one picture: float32 (n, 128), in their order."""
        return self.embed_chips(self.align(image, faces))

    def _loaded_embedder(self) -> OnnxEmbedder:
        with self._lock:
            if self._embedder is None:
                self._embedder = OnnxEmbedder(load_network().content, threads=self._threads)
            return self._embedder


def engine_id(projection_digest: str) -> EngineId:
    """The engine's id with the projection whose file has this SHA-256."""
    return EngineId(NAME, f"{VERSION}-{weights_digest()[:12]}-{projection_digest[:8]}")
