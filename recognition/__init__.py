"""Lintel's computer-vision library: plain NumPy in, frozen dataclasses out.

    engine = load_engine()
    probe = probe_from_images([decode(data)], engine=engine)
    decision = decide(gallery.search_probe(probe), DEFAULT_RULE)

What is named in `__all__` is the public face; everything else may change.
"""

from recognition.advice import Advice, Side, advice_for
from recognition.decision import DEFAULT_RULE, DEFAULT_VERIFICATION_RULE, decide, default_rule
from recognition.distances import Distances
from recognition.engines.fake import FakeEngine
from recognition.engines.protocol import Engine
from recognition.engines.registry import BUILT_IN as BUILT_IN_ENGINE
from recognition.engines.registry import engine_names, load_engine
from recognition.engines.site.folder import InstalledEngine
from recognition.engines.site.installation import install_engine
from recognition.errors import (
    ArgumentError,
    DecodeError,
    EngineError,
    FontError,
    GalleryError,
    ImageShapeError,
    LandmarkError,
    ManifestError,
    ModelError,
    OutputError,
    ProbeRefused,
    RecognitionError,
    SourceError,
    TrialUnderWay,
    VectorError,
    WeightFileError,
)
from recognition.face_quality import Quality
from recognition.following import Follower, find_again
from recognition.fusion import fuse
from recognition.gallery import Gallery
from recognition.gates import DEFAULT_GATES, ENROLMENT_GATES, WARNING_GATES, Gates, gate
from recognition.image_header import ImageInfo
from recognition.images import DecodeLimits, decode, encode_jpeg, inspect
from recognition.probe import probe_from_images
from recognition.reading.guide import guide_box
from recognition.reading.hold import Held, Hold, HoldRule
from recognition.reading.registry import READERS, load_reader
from recognition.reading.speller import Speller, Spelt
from recognition.reading.values import Reader, Reading
from recognition.reasons import Reason
from recognition.telemetry import refuse_telemetry
from recognition.values import (
    Box,
    Decision,
    EngineId,
    Face,
    Frame,
    Image,
    Match,
    MatchRule,
    Probe,
    Vector,
    Vectors,
)

refuse_telemetry()

__all__ = [
    "BUILT_IN_ENGINE",
    "DEFAULT_GATES",
    "DEFAULT_RULE",
    "DEFAULT_VERIFICATION_RULE",
    "ENROLMENT_GATES",
    "READERS",
    "WARNING_GATES",
    "Advice",
    "ArgumentError",
    "Box",
    "Decision",
    "DecodeError",
    "DecodeLimits",
    "Distances",
    "Engine",
    "EngineError",
    "EngineId",
    "Face",
    "FakeEngine",
    "Follower",
    "FontError",
    "Frame",
    "Gallery",
    "GalleryError",
    "Gates",
    "Held",
    "Hold",
    "HoldRule",
    "Image",
    "ImageInfo",
    "ImageShapeError",
    "InstalledEngine",
    "LandmarkError",
    "ManifestError",
    "Match",
    "MatchRule",
    "ModelError",
    "OutputError",
    "Probe",
    "ProbeRefused",
    "Quality",
    "Reader",
    "Reading",
    "Reason",
    "RecognitionError",
    "Side",
    "SourceError",
    "Speller",
    "Spelt",
    "TrialUnderWay",
    "Vector",
    "VectorError",
    "Vectors",
    "WeightFileError",
    "advice_for",
    "decide",
    "decode",
    "default_rule",
    "encode_jpeg",
    "engine_names",
    "find_again",
    "fuse",
    "gate",
    "guide_box",
    "inspect",
    "install_engine",
    "load_engine",
    "load_reader",
    "probe_from_images",
]
