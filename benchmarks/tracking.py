"""A face that stays before the door: how often the network runs, and how many frames a core takes.

The kiosk's own parts decide which frame is searched and when a vector is made; time is the
film's, and the server answers at once. Beside it a film as `recognize` follows the face in it.
"""

import time
from dataclasses import dataclass, field

import cv2
import numpy as np

from benchmarks.figures import Tracking
from kiosk.answers import Policy
from kiosk.eyes import Eyes
from kiosk.frames import CameraFrame
from kiosk.lookout import Detail, Lookout, Movement
from kiosk.visits import Check, Effect, Outcome, Ready, Visits
from recognition import Engine, Follower, Image, load_engine
from recognition.commands.recognize.faces import WHOLE_EVERY_S
from recognition.engines.protocol import DEFAULT_MIN_FACE_PX
from tests.people import PEOPLE, draw
from tests.people.scene import SensorNoise
from tests.people.video import visit_frames

_FACE_PX = 200
_FRAMES_PER_S = 15.0
_DRAWINGS = 12
_FILM_S = 4.0
_FILM_SIZE = (480, 640)
_TURNS = 3


@dataclass
class _Door:
    """What the doorkeeper does with a frame, without camera, server and screen."""

    eyes: Eyes
    visits: Visits = field(default_factory=Visits)
    lookout: Lookout = field(default_factory=Lookout)
    movement: Movement = field(default_factory=Movement)
    looks: int = 0
    captures: int = 0
    network_runs: int = 0

    def see(self, frame: CameraFrame) -> None:
        now_s = frame.taken_s
        detail = self.lookout.due(
            now_s,
            moved=self.movement.seen(frame.image),
            present=self.visits.anybody(),
            eager=self.visits.eager(now_s),
            settled=self.visits.settled(),
        )
        if detail is None:
            return
        self.looks += 1
        look = self.eyes.look(frame, detail, Policy(), self.visits.places())
        self.lookout.looked(now_s, look.detail, look.cost_s)
        for effect in self.visits.observe(now_s, look.sightings):
            self._act(effect, now_s)

    def _act(self, effect: Effect, now_s: float) -> None:
        self.network_runs += 1
        if isinstance(effect, Ready):
            vector = self.eyes.vector(effect.best)
            if self.visits.begin(effect.visit, vector, now_s):
                self.captures += 1
                self.visits.answered(effect.visit, Outcome.ACCEPTED, now_s)
        elif isinstance(effect, Check):
            vector = self.eyes.vector(effect.sighting)
            assert vector is not None
            self.visits.checked(effect.visit, vector, now_s)


def measure(*, seconds: float = 20.0) -> Tracking:
    """Let somebody stand there for so long."""
    cv2.setNumThreads(1)
    pictures = [draw(PEOPLE[0].identity, at, face_px=_FACE_PX) for at in range(_DRAWINGS)]
    door = _Door(Eyes(load_engine()))
    door.eyes.warm_up()
    count = round(seconds * _FRAMES_PER_S)
    began_s = time.process_time()
    for number in range(count):
        image = pictures[number % _DRAWINGS]
        door.see(CameraFrame(image, number + 1, number / _FRAMES_PER_S))
    took_s = time.process_time() - began_s
    followed, whole = _film_per_s(load_engine(), _film())
    return Tracking(
        seconds=seconds,
        frames=count,
        looks=door.looks,
        captures=door.captures,
        network_runs=door.network_runs,
        frames_per_s=count / took_s,
        searched_per_s=_searched_per_s(door.eyes, pictures),
        film_per_s=followed,
        film_whole_per_s=whole,
    )


def _searched_per_s(eyes: Eyes, pictures: list[Image]) -> float:
    costs = [
        eyes.look(CameraFrame(image, 1, 0.0), Detail.FINE, Policy()).cost_s for image in pictures
    ]
    return float(1 / np.median(costs))


def _film() -> list[Image]:
    """Somebody walks up, stands there and leaves."""
    noise = SensorNoise(*_FILM_SIZE, deviation=1.6)
    frames = visit_frames(PEOPLE[0].identity, seconds=_FILM_S, fps=_FRAMES_PER_S, size=_FILM_SIZE)
    return [noise.over(frame) for frame in frames]


def _film_per_s(engine: Engine, film: list[Image]) -> tuple[float, float]:
    """Frames a second with a face in them, followed and each searched whole, turn by turn."""
    rates = []
    for _ in range(_TURNS):
        followers = [
            Follower(engine, min_face=DEFAULT_MIN_FACE_PX, whole_every_s=every_s)
            for every_s in (WHOLE_EVERY_S, 0.0)
        ]
        costs_s = [
            [_cost_s(engine, follower, image, number / _FRAMES_PER_S) for follower in followers]
            for number, image in enumerate(film)
        ]
        rates.append(1 / np.nanmean(costs_s, axis=0))
    followed, whole = np.median(rates, axis=0)
    return float(followed), float(whole)


def _cost_s(engine: Engine, follower: Follower, image: Image, at_s: float) -> float:
    """Seconds of one core until a frame's vectors are there; not a number where it has no face."""
    began_s = time.thread_time()
    faces = follower.find(image, at_s)
    if not faces:
        return float("nan")
    engine.embed(image, faces)
    return time.thread_time() - began_s
