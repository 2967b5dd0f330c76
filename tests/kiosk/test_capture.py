"""Tests what a capture is made of."""

from datetime import UTC, datetime, timedelta

import numpy as np

from kiosk.capture import make_capture
from kiosk.clock import running_s, wall_time_of
from recognition import decode
from tests.kiosk.faces import sighting

PICTURE = np.full((480, 640, 3), 90, np.uint8)


def test_a_capture_holds_a_jpeg_of_each_face_with_its_surroundings() -> None:
    now_s = running_s()
    made = make_capture([sighting(now_s + step, width=100, image=PICTURE) for step in (0, 0.1)])
    pictures = [decode(frame) for frame in made.frames]
    assert [picture.shape for picture in pictures] == [(220, 220, 3)] * 2
    assert abs(int(pictures[0].mean()) - 90) <= 2


def test_of_more_frames_than_the_server_takes_the_best_are_sent_in_their_order() -> None:
    now_s = running_s()
    seen = [
        sighting(now_s + number, overall=overall, width=100 + 20 * number, image=PICTURE)
        for number, overall in enumerate((0.5, 0.9, 0.4, 0.8))
    ]
    sizes = [decode(frame).shape[0] for frame in make_capture(seen, 2).frames]
    assert sizes == [264, 352]


def test_each_capture_has_an_id_of_its_own() -> None:
    seen = [sighting(running_s(), image=PICTURE)]
    assert make_capture(seen).id != make_capture(seen).id


def test_its_time_is_that_of_its_last_frame() -> None:
    now_s = running_s()
    made = make_capture([sighting(now_s - age, image=PICTURE) for age in (2.0, 1.0)])
    assert made.taken_s == now_s - 1.0
    age = datetime.now(UTC) - made.captured_at
    assert timedelta(seconds=0.9) < age < timedelta(seconds=60)


def test_the_wall_time_of_a_moment_has_its_zone() -> None:
    assert wall_time_of(running_s()).tzinfo is UTC
