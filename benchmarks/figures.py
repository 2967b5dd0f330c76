"""What a benchmark ends with."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field


@dataclass(frozen=True, slots=True)
class Pair:
    """Medians of the same work done by Lintel and by the `face_recognition` package."""

    lintel_ms: float
    peer_ms: float

    @property
    def ratio(self) -> float:
        """How many times as long the peer takes."""
        return self.peer_ms / self.lintel_ms


@dataclass(frozen=True, slots=True)
class Http:
    """Request to decision over HTTP with one kiosk and with four, and the recognition in it."""

    p50_ms: float
    p95_ms: float
    compute_ms: float
    four_p50_ms: float
    four_p95_ms: float


@dataclass(frozen=True, slots=True)
class Speed:
    """Medians of one network on one thread."""

    single_ms: float
    """A whole frame, found and read."""
    batch_ms: float
    """One of many prepared pictures."""

    def as_json(self) -> dict[str, float]:
        """Milliseconds, and frames and pictures a second."""
        return {
            "single_ms": round(self.single_ms, 4),
            "batch_ms": round(self.batch_ms, 4),
            "frames_a_second": round(1000 / self.single_ms, 1),
            "pictures_a_second": round(1000 / self.batch_ms, 1),
        }


@dataclass(frozen=True, slots=True)
class Figures:
    """All of one run."""

    pairs: Mapping[str, Pair]
    """By name: frame, descriptor, no_face, match."""
    http: Http | None = None
    networks: Mapping[str, Speed] = field(default_factory=dict)
    """By name: sign-digits, handwritten-digits, sign-letters, keypoints."""

    def as_json(self) -> dict[str, dict[str, float]]:
        """The form that is written to BENCH_JSON, in milliseconds."""
        written = {
            name: {
                "lintel_ms": round(pair.lintel_ms, 4),
                "peer_ms": round(pair.peer_ms, 4),
                "ratio": round(pair.ratio, 2),
            }
            for name, pair in self.pairs.items()
        }
        if self.http is not None:
            written["http"] = {key: round(value, 2) for key, value in asdict(self.http).items()}
        return written | {name: speed.as_json() for name, speed in self.networks.items()}
