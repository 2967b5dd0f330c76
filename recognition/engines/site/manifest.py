"""The manifest of an engine that a site supplies: what its files are and how they are used.

A manifest is one JSON object; docs/engines.md describes every key. It is read strictly: a key that
is missing, unknown or out of range is named and refused.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from recognition.distances import Distances
from recognition.engines.dlib_resnet.manifest import NAME as BUILT_IN
from recognition.engines.site.fields import Fields
from recognition.errors import ManifestError
from recognition.values import EngineId

SCHEMA = 1
MAX_MANIFEST_BYTES = 64 * 1024
RESERVED_NAMES = frozenset({BUILT_IN, "fake", "built-in"})
ALIGNMENTS = ("arcface-112",)
COLOURS = ("rgb", "bgr")
METRICS = ("cosine", "euclidean")
DETECTORS = ("yunet", "built-in")
# Of ArcFace-like engines in general: strict, since nobody has measured this one.
COSINE_DISTANCES = Distances(
    consistent=1.15,
    verification=1.0,
    margin=0.1,
    search=((1, 1.0), (1_000, 0.9), (1_000_000, 0.8)),
)
_FILE = r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}"
_SHA256 = r"[0-9a-f]{64}"
_FARTHEST = 1e6


@dataclass(frozen=True, slots=True)
class ModelFile:
    """An ONNX file, known by its content."""

    file: str
    sha256: str


@dataclass(frozen=True, slots=True)
class EngineManifest:
    """A manifest that has been read and checked."""

    name: str
    version: str
    licence: str
    model: ModelFile
    input_name: str
    output_name: str
    side_px: int
    """Width and height of the network's input."""
    colours: str
    """Order of the input's channels, one of COLOURS."""
    subtract: tuple[float, ...]
    """Taken off each channel of 0..255, before `divide`."""
    divide: tuple[float, ...]
    alignment: str
    metric: str
    dimension: int
    flip: bool
    """Whether a face and its mirror image are both run, and their vectors added."""
    detector: str
    """One of DETECTORS."""
    detector_model: ModelFile | None
    """The detector's file; None for the built-in one."""
    distances: Distances
    measured: bool
    """Whether the distances were measured for this engine, not taken from engines in general."""
    text: str
    """The manifest as it was written."""

    @property
    def id(self) -> EngineId:
        """Name, and version with a digest of everything that a vector depends on.

        The detector is part of it: faces found otherwise are aligned otherwise.
        """
        parts = (
            self.model.sha256,
            self.input_name,
            self.output_name,
            self.side_px,
            self.colours,
            *self.subtract,
            *self.divide,
            self.alignment,
            self.metric,
            self.flip,
            self.detector_model.sha256 if self.detector_model else self.detector,
        )
        digest = hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()
        return EngineId(self.name, f"{self.version}-{digest[:12]}")

    def with_built_in_detector(self) -> "EngineManifest":
        """The same engine without a detector of its own."""
        values = {**json.loads(self.text), "detector": {"kind": "built-in"}}
        return read_manifest(json.dumps(values, indent=2).encode())


def read_manifest(content: bytes, *, source: str = "The manifest") -> EngineManifest:
    """Read a manifest; `source` names it in messages. Raises ManifestError."""
    if len(content) > MAX_MANIFEST_BYTES:
        raise ManifestError(f"{source} has {len(content)} bytes, more than {MAX_MANIFEST_BYTES}.")
    try:
        text = content.decode()
        values = json.loads(text, object_pairs_hook=_once)
    # Bytes that are no text, text that is no JSON, and a number of thousands of digits.
    except (ValueError, RecursionError) as error:
        raise ManifestError(f"{source} is no JSON: {error}.") from error
    fields = Fields(values, source)
    if fields.whole("schema", 0, 1_000_000) != SCHEMA:
        raise ManifestError(f"{source} has a schema other than {SCHEMA}, the one understood here.")
    return _manifest(fields, text)


def _manifest(fields: Fields, text: str) -> EngineManifest:
    name = fields.text("name", pattern=r"[a-z0-9][a-z0-9-]{1,47}", means="a-z, 0-9 and -, 2 to 48")
    if name in RESERVED_NAMES:
        raise fields.wrong("name", "must not be the name of an engine that is built in", name)
    network = fields.section("input")
    metric = fields.choice("metric", METRICS)
    measured = fields.has("distances")
    if not measured and metric != "cosine":
        raise ManifestError("Distances may be left out for the metric cosine only.")
    detector, detector_model = _detector(fields.section("detector"))
    manifest = EngineManifest(
        name=name,
        version=fields.text("version", pattern=r"[A-Za-z0-9.]{1,20}", means="A-Z, a-z, 0-9 and ."),
        licence=fields.text("licence"),
        model=_model_file(fields.section("model")),
        input_name=network.text("name"),
        output_name=fields.text("output"),
        side_px=network.whole("side_px", 16, 512),
        colours=network.choice("colours", COLOURS),
        subtract=network.numbers("subtract", 3, -1e4, 1e4),
        divide=network.numbers("divide", 3, 1e-4, 1e4),
        alignment=fields.choice("alignment", ALIGNMENTS),
        metric=metric,
        dimension=fields.whole("dimension", 2, 4096),
        flip=fields.flag("flip"),
        detector=detector,
        detector_model=detector_model,
        distances=_distances(fields.section("distances")) if measured else COSINE_DISTANCES,
        measured=measured,
        text=text,
    )
    network.done()
    fields.done()
    return manifest


def _model_file(fields: Fields) -> ModelFile:
    file = fields.text("file", pattern=_FILE, means="a file's name without folders")
    sha256 = fields.text("sha256", pattern=_SHA256, means="64 hexadecimal digits, small letters")
    fields.done()
    return ModelFile(file, sha256)


def _detector(fields: Fields) -> tuple[str, ModelFile | None]:
    kind = fields.choice("kind", DETECTORS)
    if kind == "built-in":
        fields.done()
        return kind, None
    return kind, _model_file(fields)


def _distances(fields: Fields) -> Distances:
    rows = fields.rows("search")
    search = []
    for row in rows:
        entry = Fields({"row": row}, "distances.search").numbers("row", 2, 1e-6, 1e12)
        search.append((int(entry[0]), entry[1]))
    sizes = [size for size, _ in search]
    if not sizes or sizes[0] < 1 or sorted(set(sizes)) != sizes:
        raise fields.wrong("search", "must list [people, distance] by rising people", rows)
    distances = Distances(
        consistent=fields.number("consistent", 1e-6, _FARTHEST),
        verification=fields.number("verification", 1e-6, _FARTHEST),
        margin=fields.number("margin", 0.0, _FARTHEST),
        search=tuple(search),
    )
    fields.done()
    return distances


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose keys all differ: of two values nobody could say which one counts."""
    values = dict(pairs)
    if len(values) != len(pairs):
        raise ManifestError("The manifest has the same key twice in one object.")
    return values
