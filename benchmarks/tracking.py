"""A face that stays before the door: how often the network runs, and how many frames a core takes.

The kiosk's own parts decide which frame is searched and when a vector is made; time is the
film's, and the server answers at once.
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
from recognition import Image, load_engine
from tests.people import PEOPLE, draw

_FACE_PX = 200
_FRAMES_PER_S = 15.0
_DRAWINGS = 12


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
        )
        if detail is None:
            return
        self.looks += 1
        look = self.eyes.look(frame, detail, Policy())
        self.lookout.looked(now_s, detail, look.cost_s)
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
    return Tracking(
        seconds=seconds,
        frames=count,
        looks=door.looks,
        captures=door.captures,
        network_runs=door.network_runs,
        frames_per_s=count / took_s,
        searched_per_s=_searched_per_s(door.eyes, pictures),
    )


def _searched_per_s(eyes: Eyes, pictures: list[Image]) -> float:
    costs = [
        eyes.look(CameraFrame(image, 1, 0.0), Detail.FINE, Policy()).cost_s for image in pictures
    ]
    return float(1 / np.median(costs))
