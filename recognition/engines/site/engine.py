"""An engine made of a site's network, its manifest, and YuNet or the built-in detector."""

import threading
from collections.abc import Callable, Sequence

import numpy as np

from recognition.arguments import require_threads
from recognition.distances import Distances
from recognition.engines.alignable import require_alignable
from recognition.engines.dlib_resnet.detector import HogDetector
from recognition.engines.protocol import DEFAULT_LOOKS, DEFAULT_MIN_FACE_PX
from recognition.engines.site.alignment import align
from recognition.engines.site.embedder import SiteEmbedder
from recognition.engines.site.manifest import EngineManifest
from recognition.engines.site.yunet import YuNetDetector
from recognition.images import require_chips, require_rgb
from recognition.landmarks import LandmarkKind
from recognition.values import EngineId, Face, Image, Look, Vector, Vectors

Reader = Callable[[], bytes]


class SiteEngine:
    """Implements `Engine` by a manifest; safe to share between threads.

    The files are read, and held to their hashes, when first used: a process which only looks for
    faces never loads the network.
    """

    def __init__(
        self,
        manifest: EngineManifest,
        *,
        read_model: Reader,
        read_detector: Reader | None,
        threads: int = 1,
    ) -> None:
        """Take a manifest and what reads its checked files; `read_detector` None: built in."""
        require_threads(threads)
        self._manifest = manifest
        self._read_model = read_model
        self._read_detector = read_detector
        self._threads = threads
        self._detector: HogDetector | YuNetDetector | None = None
        self._embedder: SiteEmbedder | None = None
        self._lock = threading.Lock()

    @property
    def id(self) -> EngineId:
        """The version ends with a digest of everything that a vector depends on."""
        return self._manifest.id

    @property
    def dimension(self) -> int:
        """As the manifest says."""
        return self._manifest.dimension

    @property
    def chip_px(self) -> int:
        """As the manifest says."""
        return self._manifest.side_px

    @property
    def distances(self) -> Distances:
        """As the manifest says, or those of cosine engines in general."""
        return self._manifest.distances

    @property
    def mean_vector(self) -> Vector:
        """Zero, float32 (dimension,): directions are spread around no common middle."""
        return np.zeros(self.dimension, np.float32)

    @property
    def looks(self) -> tuple[Look, ...]:
        """Turned and mirrored: what else a network gains by is not known of a site's."""
        return DEFAULT_LOOKS

    def find(
        self, image: Image, *, min_face: int = DEFAULT_MIN_FACE_PX, thorough: bool = False
    ) -> tuple[Face, ...]:
        """Find faces, largest first; see `Engine.find`."""
        return self._loaded_detector().find(image, min_face=min_face, thorough=thorough)

    def align(self, image: Image, faces: Sequence[Face]) -> Image:
        """Cut faces out upright: uint8 (n, side, side, 3)."""
        require_rgb(image)
        require_alignable(faces, tuple(LandmarkKind))
        return align(image, faces, side_px=self._manifest.side_px)

    def embed_chips(self, chips: Image) -> Vectors:
        """uint8 (n, side, side, 3) to float32 (n, dimension)."""
        require_chips(chips, self._manifest.side_px)
        return self._loaded_embedder().embed(chips)

    def embed(self, image: Image, faces: Sequence[Face]) -> Vectors:
        """Align and embed faces of one picture: float32 (n, dimension), in their order."""
        return self.embed_chips(self.align(image, faces))

    def _loaded_detector(self) -> HogDetector | YuNetDetector:
        with self._lock:
            if self._detector is None:
                if self._read_detector is None:
                    self._detector = HogDetector()
                else:
                    name = f"the detector of {self._manifest.name}"
                    self._detector = YuNetDetector(self._read_detector(), name=name)
            return self._detector

    def _loaded_embedder(self) -> SiteEmbedder:
        with self._lock:
            if self._embedder is None:
                self._embedder = SiteEmbedder(
                    self._read_model(), self._manifest, threads=self._threads
                )
            return self._embedder
