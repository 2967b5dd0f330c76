"""Lintel's recognition against the `face_recognition` package, in one process, turn by turn.

- `frame`: a 640x480 JPEG with one face of 200 pixels, from bytes to a name among 10,000 people, one
  look at the face as the peer takes it.
- `frame_all_looks`: the same with all looks that Lintel takes of a single picture.
- `descriptor`: a face that was found, from the picture to its vector.
- `chip_1_thread`, `chip_2_threads`: the network alone, on a face that is cut out; dlib has one.
- `no_face`: a 640x480 picture of an empty room, from pixels to "nobody"; the prescreen sees that
  nothing is there, as it does not in each room.
- `no_face_full_size`: the same beside dlib's detector in colour that enlarges nothing first.
- `match`: one vector searched among 10,000.
"""

import os

import numpy as np

from benchmarks import peer
from benchmarks.figures import Pair
from benchmarks.timing import alternate
from recognition import (
    DEFAULT_RULE,
    Gallery,
    Image,
    Reason,
    decide,
    decode,
    encode_jpeg,
    load_engine,
    probe_from_images,
)
from tests.people import PEOPLE, draw, synthetic_vectors

PEOPLE_ENROLLED = 10_000
# More do not make a single face quicker.
_MOST_THREADS = 4
_FACE_PX = 200


def threads() -> int:
    """How many threads both sides may use: the cores of this process, up to four."""
    return min(_MOST_THREADS, len(os.sched_getaffinity(0)))


def measure(*, rounds: int) -> dict[str, Pair]:
    """Run all; `rounds` is how often the slow ones are repeated."""
    engine = load_engine(threads=threads())
    picture = draw(PEOPLE[0].identity, face_px=_FACE_PX)
    data = encode_jpeg(picture)
    image = decode(data)
    faces = engine.find(image)
    vectors = synthetic_vectors(PEOPLE_ENROLLED)
    vectors[0] = engine.embed(image, faces)[0]
    gallery = Gallery(engine.id, [str(i) for i in range(PEOPLE_ENROLLED)], vectors)
    location = peer.locate(image)[0]
    known = [peer.encode(image, location), *vectors[1:].astype(np.float64)]

    def whole_frame(*, one_look: bool = True) -> None:
        probe = probe_from_images([decode(data)], engine=engine, one_look=one_look)
        decision = decide(gallery.search_probe(probe), DEFAULT_RULE)
        assert decision.reason is Reason.MATCHED

    chip = engine.align(image, faces)
    alone, in_two = load_engine(threads=1), load_engine(threads=2)
    empty = empty_room()
    assert peer.whole_frame(data, known) == 0
    assert not peer.locate(empty)
    return {
        "frame": alternate(whole_frame, lambda: peer.whole_frame(data, known), rounds=rounds),
        "frame_all_looks": alternate(
            lambda: whole_frame(one_look=False),
            lambda: peer.whole_frame(data, known),
            rounds=rounds,
        ),
        "descriptor": alternate(
            lambda: engine.embed(image, faces), lambda: peer.encode(image, location), rounds=rounds
        ),
        "chip_1_thread": alternate(
            lambda: alone.embed_chips(chip), lambda: peer.encode_chip(chip[0]), rounds=rounds
        ),
        "chip_2_threads": alternate(
            lambda: in_two.embed_chips(chip), lambda: peer.encode_chip(chip[0]), rounds=rounds
        ),
        "no_face": alternate(lambda: engine.find(empty), lambda: peer.locate(empty), rounds=rounds),
        "no_face_full_size": alternate(
            lambda: engine.find(empty), lambda: peer.locate_full_size(empty), rounds=rounds
        ),
        "match": alternate(
            lambda: gallery.search(vectors[:1]),
            lambda: peer.distances(known, known[0]),
            rounds=10 * rounds,
        ),
    }


def empty_room() -> Image:
    """What stands behind a drawn person, without the person: RGB (480, 640, 3)."""
    room = draw(PEOPLE[0].identity, face_px=_FACE_PX, at=(-2000, -2000))
    assert not load_engine(threads=threads()).find(room)
    return room
