"""Synthetic people: drawn portraits and videos, so that no photograph of anyone is needed.

    picture = draw(identity, variation)                  one frame, RGB uint8
    write_pictures(folder, PEOPLE[:10])                  folder/<name>/<n>.jpg
    write_door_video("door.mp4", [87, 55, 202])          they walk up, one after another
    vectors = synthetic_vectors(10_000)                  a gallery without pictures

Everything follows from seeds. Accuracy is never claimed on these people: they take the
code's real way, from pixels to a decision.
"""

from tests.people.drawing import draw
from tests.people.pictures import DEMO_PEOPLE, DEMO_STRANGER, write_demo, write_pictures
from tests.people.roster import IDENTITIES, PEOPLE, SyntheticPerson
from tests.people.skin import Light
from tests.people.vectors import synthetic_vectors
from tests.people.video import write_door_video

__all__ = [
    "DEMO_PEOPLE",
    "DEMO_STRANGER",
    "IDENTITIES",
    "PEOPLE",
    "Light",
    "SyntheticPerson",
    "draw",
    "synthetic_vectors",
    "write_demo",
    "write_door_video",
    "write_pictures",
]
