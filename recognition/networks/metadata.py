"""What a small network's file says about itself, as text beside its weights.

ONNX keeps `metadata_props`, pairs of text. Lintel's networks carry their name and version, so that
code and weights that do not belong together are told apart before the first frame.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class NetworkMetadata:
    """Name, version and calibration of a network."""

    name: str
    """As its file is called: sign-digits, handwritten-digits, sign-letters, keypoints, covers,
    prescreen."""
    version: str
    """Raised whenever preprocessing, classes or the meaning of the output changes."""
    classes: tuple[str, ...]
    """What each output stands for; empty where outputs are no classes."""
    input: tuple[int, int, int]
    """Height, width and channels of one picture; a height and a width of 0 may be any."""
    threshold: float = 0.0
    """Confidence from which on a reading is accepted, 0..1."""
    temperature: float = 1.0
    """Logits are divided by it before the softmax, so that confidence means what it says."""
    more: Mapping[str, str] = field(default_factory=dict)
    """Further pairs: the command, the seed, the score."""

    def as_props(self) -> dict[str, str]:
        """The pairs that are written into the file."""
        return {
            **self.more,
            "name": self.name,
            "version": self.version,
            "classes": ",".join(self.classes),
            "input": ",".join(str(side) for side in self.input),
            "threshold": repr(self.threshold),
            "temperature": repr(self.temperature),
        }


def metadata_from_props(props: Mapping[str, str]) -> NetworkMetadata:
    """Read the pairs of a file. Raises ValueError, saying which is missing or malformed."""
    own = ("name", "version", "classes", "input", "threshold", "temperature")
    missing = [key for key in own if key not in props]
    if missing:
        raise ValueError(f"it does not say its {missing[0]}")
    sides = props["input"].split(",")
    if len(sides) != 3 or not all(side.isdecimal() for side in sides) or not _possible(sides):
        raise ValueError(f"its input is {props['input']!r}, not height,width,channels")
    try:
        threshold, temperature = float(props["threshold"]), float(props["temperature"])
    except ValueError as error:
        raise ValueError("its threshold or temperature is no number") from error
    if not 0 <= threshold <= 1 or not 0 < temperature < float("inf"):
        raise ValueError(f"its threshold {threshold} or temperature {temperature} is out of range")
    height, width, channels = (int(side) for side in sides)
    return NetworkMetadata(
        name=props["name"],
        version=props["version"],
        classes=tuple(props["classes"].split(",")) if props["classes"] else (),
        input=(height, width, channels),
        threshold=threshold,
        temperature=temperature,
        more={key: value for key, value in props.items() if key not in own},
    )


def _possible(sides: Sequence[str]) -> bool:
    """Whether height, width and channels are given, or height and width are left open."""
    height, width, channels = (int(side) for side in sides)
    return channels > 0 and (height > 0) == (width > 0)
