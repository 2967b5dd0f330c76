"""A small folder of data as the shared one is laid out, with drawn faces and drawn hands."""

from pathlib import Path

from recognition import Engine, encode_jpeg
from tests.recognition.datasets.hands import draw_hand
from tests.recognition.keypoints.labelled import write_drawn


def write_faces_and_hands(folder: Path, engine: Engine) -> None:
    """Write `faces/` of 14 people and `sign_digits/` of six signers."""
    (folder / "faces").mkdir()
    write_drawn(folder / "faces", engine, people=14, pictures=2)
    for number in range(60):
        hands = folder / "sign_digits" / str(number % 10)
        hands.mkdir(parents=True, exist_ok=True)
        picture = encode_jpeg(draw_hand(2 + number % 4)[0])
        (hands / f"IMG_{100 + number}.jpg").write_bytes(picture)
