"""Real photographs and a real video: who should be known is, and nobody else."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from recognition import (
    DEFAULT_RULE,
    Engine,
    Follower,
    Gallery,
    Image,
    Match,
    Probe,
    ProbeRefused,
    Reason,
    Vectors,
    decide,
    decode,
    default_rule,
    fuse,
    gate,
    probe_from_images,
)
from recognition.gallery_folder import load_gallery_folder
from recognition.identification import identify
from recognition.sources import open_source

Photographs = Mapping[str, Vectors]


@pytest.fixture(scope="module")
def photographs(shared_data: Path, engine: Engine) -> Photographs:
    """Return the vectors of ten people, of ten photographs each."""
    found: dict[str, list[Vectors]] = {}
    for path in sorted((shared_data / "people" / "lfw").glob("*/*.jpg")):
        image = decode(path.read_bytes())
        faces = engine.find(image)
        assert faces, path
        found.setdefault(path.parent.name, []).append(engine.embed(image, faces[:1]))
    return {name: np.concatenate(vectors) for name, vectors in found.items()}


def enrolled(engine: Engine, photographs: Photographs, names: Sequence[str]) -> Gallery:
    """A gallery of three photographs each."""
    labels = [name for name in names for _ in range(3)]
    return Gallery(engine.id, labels, np.concatenate([photographs[name][:3] for name in names]))


@pytest.mark.slow
def test_known_people_are_accepted_and_strangers_refused(
    engine: Engine, photographs: Photographs
) -> None:
    names = sorted(photographs)
    known, strangers = names[::2], names[1::2]
    gallery = enrolled(engine, photographs, known)
    rule = default_rule(len(known))

    def search(vectors: Vectors) -> tuple[bool, Match]:
        match = gallery.search(fuse(vectors, engine.mean_vector)[np.newaxis])[0]
        return decide(match, rule).accepted, match

    mine = [(name, search(photographs[name][at : at + 3])) for name in known for at in (3, 6)]
    others = [search(photographs[name][at : at + 3]) for name in strangers for at in (0, 3, 6)]

    right = sum(accepted and match.label == name for name, (accepted, match) in mine)
    assert right >= 9
    assert not any(accepted and match.label != name for name, (accepted, match) in mine)
    assert sum(accepted for accepted, _ in others) == 0


def best_spread(frames: Sequence[Image], engine: Engine) -> list[Image]:
    """The five best frames of a visit, at least five frames apart, as the door chooses them."""
    marked = []
    for index, image in enumerate(frames):
        faces = engine.find(image)
        if faces and not gate(faces[0]):
            marked.append((faces[0].quality.overall, index))
    chosen: list[int] = []
    for _, index in sorted(marked, reverse=True):
        if len(chosen) < 5 and all(abs(index - other) >= 5 for other in chosen):
            chosen.append(index)
    return [frames[index] for index in sorted(chosen)]


@pytest.fixture(scope="module")
def video(shared_data: Path) -> list[Image]:
    """Return the frames of the real video."""
    with open_source(str(shared_data / "video" / "two_people.mp4")) as source:
        return [frame.image for frame in source.frames()]


@pytest.fixture(scope="module")
def two_men(shared_data: Path, engine: Engine, photographs: Photographs) -> Gallery:
    """Return a gallery of the two men of the video among ten others."""
    men = load_gallery_folder(shared_data / "people" / "clip", engine=engine).gallery
    vectors = []
    for name in men.people:
        path = shared_data / "people" / "clip" / f"{name}.png"
        image = decode(path.read_bytes())
        vectors.append(engine.embed(image, engine.find(image)[:1]))
    others = sorted(photographs)
    rows = np.concatenate([*vectors, *(photographs[name][:1] for name in others)])
    return Gallery(engine.id, [*men.people, *others], rows)


@pytest.mark.slow
def test_the_man_in_the_video_is_recognised_and_the_audience_is_not(
    engine: Engine, video: list[Image], two_men: Gallery
) -> None:
    walks = {"on stage": video[82:162], "later": video[130:212], "audience": video[212:]}
    decisions: dict[str, tuple[Reason, str | None]] = {}
    for walk, frames in walks.items():
        try:
            probe: Probe = probe_from_images(best_spread(frames, engine), engine=engine)
        except ProbeRefused as refusal:
            decisions[walk] = (refusal.reason, None)
        else:
            decision = decide(two_men.search_probe(probe), DEFAULT_RULE)
            assert decision.match is not None
            decisions[walk] = (decision.reason, decision.match.label)

    assert decisions == {
        "on stage": (Reason.MATCHED, "lin_manuel_miranda"),
        "later": (Reason.MATCHED, "lin_manuel_miranda"),
        "audience": (Reason.NO_FACE, None),
    }


@pytest.mark.slow
def test_no_frame_of_the_video_names_somebody_who_is_not_in_it(
    engine: Engine, video: list[Image], two_men: Gallery
) -> None:
    rule = default_rule(len(two_men.people))
    follower = Follower(engine, min_face=80, whole_every_s=0.25)
    named = set()
    for number, image in enumerate(video[::3]):
        faces = follower.find(image, number / 10)
        found = identify(image, faces, engine=engine, gallery=two_men, rule=rule)
        named |= {identified.name for identified in found}

    assert named == {"lin_manuel_miranda", None}


@pytest.mark.slow
def test_a_followed_face_is_found_in_every_frame_in_which_the_whole_search_finds_it(
    engine: Engine, video: list[Image]
) -> None:
    follower = Follower(engine, min_face=80, whole_every_s=0.25)
    lost = 0
    for number, image in enumerate(video):
        followed = follower.find(image, number / 30)
        for face in engine.find(image, min_face=80, thorough=True):
            lost += all(face.box.iou(other.box) < 0.5 for other in followed)

    assert lost == 0
