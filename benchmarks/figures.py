"""What a benchmark ends with."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass


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
class Figures:
    """All of one run."""

    pairs: Mapping[str, Pair]
    """By name: frame, descriptor, no_face, match."""
    http: Http | None = None

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
        return written
