"""The small networks on one core: frames a second, whole, and many prepared pictures at once.

- single: a 640x480 frame, from pixels to what was read: finding and reading. Digits and letters are
  looked for in the guide box, faces in the whole frame.
- batch: 64 prepared pictures in one call of the network, as evaluation runs it.
"""

import statistics
import time
from collections.abc import Callable

import cv2
import numpy as np

from benchmarks.figures import Speed
from recognition import Image, load_engine
from recognition.keypoints.predictor import load_keypoint_predictor
from recognition.networks.network import SmallNetwork, weight_path
from recognition.reading.guide import guide_box
from recognition.reading.registry import load_reader
from tests.people import PEOPLE, draw

_WIDTH, _HEIGHT = 640, 480
_BATCH = 64
_ROUNDS = 15


def measure(*, rounds: int = _ROUNDS) -> dict[str, Speed]:
    """Measure every network whose weights are there, by the name that `train` uses."""
    # OpenCV would spread its part over all cores, and a core is what is measured.
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        return {name: work(rounds) for name, work in _WORKS.items() if weight_path(name).is_file()}
    finally:
        cv2.setNumThreads(threads)


def _reader_speed(name: str, frame: Image, rounds: int) -> Speed:
    reader = load_reader(name, threads=1)
    guide = guide_box(_WIDTH, _HEIGHT)
    single = _median_ms(lambda: reader.read(frame, guide=guide), rounds=rounds * 8)
    return Speed(single, _network_ms(_network_of(reader), rounds))


def _keypoint_speed(rounds: int) -> Speed:
    """The engine's detector finds the face; the network places its points."""
    engine, predictor = load_engine(threads=1), load_keypoint_predictor(threads=1)
    frame = draw(PEOPLE[0].identity, face_px=200)
    single = _median_ms(lambda: predictor.predict(frame, engine.find(frame)), rounds=rounds * 4)
    return Speed(single, _network_ms(_network_of(predictor), rounds))


def _network_ms(network: SmallNetwork, rounds: int) -> float:
    """The network alone, per picture of a batch."""
    height, width, channels = network.metadata.input
    random = np.random.default_rng(0)
    batch = random.random((_BATCH, channels, height, width), np.float32)
    return _median_ms(lambda: network.run(batch), rounds=rounds) / _BATCH


def _network_of(reader: object) -> SmallNetwork:
    """The one network that a reader holds."""
    held = [value for value in vars(reader).values() if isinstance(value, SmallNetwork)]
    assert len(held) == 1, reader
    return held[0]


def _median_ms(work: Callable[[], object], *, rounds: int) -> float:
    times = []
    for number in range(rounds + 2):
        started = time.perf_counter()
        work()
        if number >= 2:  # the first fill caches
            times.append(1000 * (time.perf_counter() - started))
    return statistics.median(times)


def _hand() -> Image:
    """Something with fingers before a wall, light and noise of a camera."""
    frame = np.full((_HEIGHT, _WIDTH, 3), (150, 158, 164), np.uint8)
    skin = (214, 170, 142)
    for number in range(2):
        cv2.line(frame, (300 + 44 * number, 300), (290 + 64 * number, 130), skin, 34)
    cv2.circle(frame, (320, 310), 76, skin, -1)
    return _noisy(frame)


def _paper(text: str) -> Image:
    """Digits in ink on paper, as many as a door asks for at once."""
    frame = np.full((_HEIGHT, _WIDTH, 3), 226, np.uint8)
    left = _WIDTH // 2 - 33 * len(text)
    cv2.putText(frame, text, (left, 275), cv2.FONT_HERSHEY_SIMPLEX, 3.2, (50, 48, 60), 9)
    return _noisy(frame)


def _noisy(frame: Image) -> Image:
    noise = np.random.default_rng(1).normal(0, 3, frame.shape)
    return np.asarray(np.clip(frame + noise, 0, 255), np.uint8)


_WORKS: dict[str, Callable[[int], Speed]] = {
    "sign-digits": lambda rounds: _reader_speed("sign", _hand(), rounds),
    "handwritten-digits": lambda rounds: _reader_speed("written", _paper("7"), rounds),
    "sign-letters": lambda rounds: _reader_speed("letters", _hand(), rounds),
    "keypoints": _keypoint_speed,
}
