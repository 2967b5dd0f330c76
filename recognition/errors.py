"""Everything `recognition` raises on purpose.

    RecognitionError
    ├── ArgumentError      a value of a wrong kind, out of range, or unknown (also a ValueError)
    ├── DecodeError        bytes that are no usable picture; `.code` says which fault
    ├── ImageShapeError    an array that is no RGB picture (also a ValueError)
    ├── LandmarkError      five points of a face that cannot be aligned (also a ValueError)
    ├── VectorError        numbers that are no vectors, or not finite (also a ValueError)
    ├── SourceError        a file, folder, camera or stream that gives no frames
    ├── OutputError        a picture or video that cannot be written
    ├── EngineError        an engine that is not there or cannot be loaded
    │   ├── WeightFileError    a weight file that does not read as expected
    │   ├── ManifestError      a manifest of an engine that does not say what it must
    │   ├── ModelError         a network that is damaged, unsafe or not what its manifest says
    │   └── TrialUnderWay      an engine that is being tried out on this machine; ask again
    ├── GalleryError       templates that cannot stand in one gallery, or be searched by this probe
    ├── EvaluationError    pictures that no figure can be measured on
    ├── DatasetError       labelled data that does not read as it must
    ├── TrainingError      a network that cannot be trained, resumed or exported
    ├── FontError          no font on this machine can write a name
    └── ProbeRefused       pictures of which no probe can be made; `.reason` says why

The message of each is a sentence for a person: what happened, with which input, what to do.
"""

from typing import Literal

from recognition.face_quality import Quality
from recognition.reasons import Reason

DecodeFault = Literal[
    "empty",
    "not_an_image",
    "unsupported_format",
    "too_many_bytes",
    "too_many_pixels",
    "animated",
    "truncated",
    "corrupt",
]


class RecognitionError(Exception):
    """The root of everything this library raises on purpose."""


class ArgumentError(RecognitionError, ValueError):
    """This argument is of another kind, this number out of range, or this name unknown."""


class DecodeError(RecognitionError):
    """These bytes are no picture that can be used.

    `code` is one of `DecodeFault`, for programs; the message is for people.
    """

    def __init__(self, code: DecodeFault, message: str) -> None:
        super().__init__(message)
        self.code: DecodeFault = code

    def __reduce__(self) -> tuple[type["DecodeError"], tuple[str, str]]:
        """Travel between processes with both arguments."""
        return (type(self), (self.code, str(self)))


class ImageShapeError(RecognitionError, ValueError):
    """This array is not a (height, width, 3) picture of uint8."""


class LandmarkError(RecognitionError, ValueError):
    """These points of a face are not five, not finite, all in one place, or of another kind."""


class VectorError(RecognitionError, ValueError):
    """These numbers are no float32 (n, dimension), or not finite."""


class SourceError(RecognitionError):
    """This file, folder, camera or stream gives no frames."""


class OutputError(RecognitionError):
    """This picture or video cannot be written."""


class EngineError(RecognitionError):
    """This engine is not there or cannot be loaded."""


class WeightFileError(EngineError):
    """This weight file does not read as expected."""


class ManifestError(EngineError):
    """This manifest of an engine does not say what it must."""


class ModelError(EngineError):
    """This network is damaged, unsafe, or not what its manifest says."""


class TrialUnderWay(EngineError):
    """This engine is being tried out on this machine before it is used; ask again."""


class GalleryError(RecognitionError):
    """These templates cannot stand in one gallery, or not be searched by this probe."""


class EvaluationError(RecognitionError):
    """No figure can be measured on these pictures, or no threshold derived from them."""


class DatasetError(RecognitionError):
    """This labelled data does not read as it must: a file, a label, a shape."""


class TrainingError(RecognitionError):
    """This network cannot be trained, its training not resumed, or its weights not exported."""


class FontError(RecognitionError):
    """No font on this machine has the glyphs of a name."""


class ProbeRefused(RecognitionError):
    """No probe can be made of these pictures; `reason` says why.

    `quality` is that of the first face refused for it, for `advice_for`; None where the reason is
    about no single face.
    """

    def __init__(self, reason: Reason, message: str, quality: Quality | None = None) -> None:
        super().__init__(message)
        self.reason = reason
        self.quality = quality

    def __reduce__(self) -> tuple[type["ProbeRefused"], tuple[Reason, str, Quality | None]]:
        """Travel between processes with all arguments."""
        return (type(self), (self.reason, str(self), self.quality))
