"""What a benchmark ends with."""

from collections.abc import Mapping, Sequence
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
    entry_p50_ms: float
    """A number and a PIN, request to decision."""
    entry_p95_ms: float


@dataclass(frozen=True, slots=True)
class KioskFigures:
    """A kiosk alone: what it takes while nobody is there, and how quick the door is."""

    idle_share: float
    """Of one core."""
    online_p50_ms: float
    """Face in view to door open."""
    online_p95_ms: float
    offline_p50_ms: float
    offline_p95_ms: float


@dataclass(frozen=True, slots=True)
class SignedPins:
    """PINs of four digits, each signed by a held-out signer at 15 frames a second."""

    signers: int
    pins: int
    right: int
    wrong: int
    """Sent with other digits; the rest were not sent at all."""
    p50_s: float
    """First sign to entry complete, of those that were right; the pause that sends it included."""
    p95_s: float
    read_p95_ms: float
    """One frame read; below the 67 ms between two frames."""


@dataclass(frozen=True, slots=True)
class Search:
    """One exact search among so many people, medians in one run."""

    lintel_ms: float
    product_ms: float
    """One BLAS product of the same matrix: what no exact search can do without."""
    faiss_ms: float
    """`faiss.IndexFlatL2`."""
    face_distance_ms: float
    """`face_recognition.face_distance`."""


@dataclass(frozen=True, slots=True)
class GalleryMemory:
    """A gallery of so many people in a process of its own, resident memory."""

    people: int
    matrix_mib: float
    over_share: float
    """What the gallery takes beside the bare matrix, as a share of it."""
    add_ms: float
    add_share: float
    """Most that is taken in addition while one person is added, the old gallery kept beside."""
    remove_ms: float
    remove_share: float


@dataclass(frozen=True, slots=True)
class Tracking:
    """A face that stays in view for a while, as the kiosk watches it."""

    seconds: float
    frames: int
    looks: int
    """Frames that were searched for faces."""
    captures: int
    network_runs: int
    """For the best frame of each capture, and to see that it is still the same person."""
    frames_per_s: float
    """On one core, all that the kiosk does with a frame."""
    searched_per_s: float
    """On one core, if every frame were searched."""
    film_per_s: float
    """On one core, frames of a film as `recognize` follows a face in it, its vector included."""
    film_whole_per_s: float
    """The same, were every frame searched as a whole."""


@dataclass(frozen=True, slots=True)
class Curve:
    """How cost grows: milliseconds against something, one line a name."""

    across: str
    at: Sequence[float]
    lines: Mapping[str, Sequence[float]]
    log: bool = False


@dataclass(frozen=True, slots=True)
class Speed:
    """Medians of one small network on one thread."""

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
    """By name: frame, descriptor, no_face, match and others."""
    http: Http | None = None
    search: Mapping[int, Search] = field(default_factory=dict)
    """By number of people."""
    memory: GalleryMemory | None = None
    tracking: Tracking | None = None
    worker_start_s: float | None = None
    """From a worker's start to both of its processes ready, 10,000 sealed templates."""
    curves: Mapping[str, Curve] = field(default_factory=dict)
    networks: Mapping[str, Speed] = field(default_factory=dict)
    """By name: sign-digits, handwritten-digits, sign-letters, keypoints."""
    kiosk: KioskFigures | None = None
    pin: SignedPins | None = None
    """None where the held-out signers' pictures are not there."""

    def as_json(self) -> dict[str, object]:
        """The form that is written to BENCH_JSON, in milliseconds where nothing else is said."""
        written: dict[str, object] = {
            name: {
                "lintel_ms": round(pair.lintel_ms, 4),
                "peer_ms": round(pair.peer_ms, 4),
                "ratio": round(pair.ratio, 2),
            }
            for name, pair in self.pairs.items()
        }
        for people, search in self.search.items():
            times = {key: round(value, 4) for key, value in asdict(search).items()}
            ratio = round(search.lintel_ms / search.product_ms, 3)
            written[f"search_{people}"] = {**times, "times_the_product": ratio}
        for name, part in (
            ("gallery", self.memory),
            ("tracking", self.tracking),
            ("kiosk", self.kiosk),
            ("pin", self.pin),
        ):
            if part is not None:
                written[name] = {key: round(value, 4) for key, value in asdict(part).items()}
        if self.worker_start_s is not None:
            written["worker_start_s"] = round(self.worker_start_s, 2)
        if self.http is not None:
            written["http"] = {key: round(value, 2) for key, value in asdict(self.http).items()}
        for name, speed in self.networks.items():
            # A network that has a peer stands among the pairs too.
            beside = written.get(name)
            pair = beside if isinstance(beside, dict) else {}
            written[name] = {**pair, **speed.as_json()}
        written["curves"] = {name: asdict(curve) for name, curve in self.curves.items()}
        return written
