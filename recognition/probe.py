"""Makes one probe of several pictures of a person: find, choose, gate, embed, check, fuse."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from recognition.advice import Advice, advice_for
from recognition.arguments import require_engine, require_kind, require_sequence
from recognition.engines.protocol import Engine
from recognition.errors import ProbeRefused
from recognition.fusion import consistent, fuse
from recognition.gates import DEFAULT_GATES, Gates, gate
from recognition.keypoints.alignment import missed_faces
from recognition.looks import look_chips, looks_for
from recognition.reasons import Reason
from recognition.values import UPRIGHT, Face, Image, Look, Probe

# A second face at least this wide, as a share of the largest, stands beside it, not behind.
SECOND_FACE_SHARE = 0.6
# Faces from this width on are looked for, so that one below the gate is called too small.
_SEARCH_PX = 80
# Where no picture has a face, this share of that width is looked for, to say the same of whoever
# stands too far away: YuNet keeps a width to the pixel.
_TOO_FAR_SHARE = 0.7
_MESSAGES = {
    Reason.NO_FACE: "No face was found in {n}.",
    Reason.SEVERAL_FACES: "More than one face stands out in {n}.",
    Reason.FACE_TOO_SMALL: "The face is too small in {n}: come nearer.",
    Reason.CUT_OFF: "The face is cut off at the picture's edge in {n}.",
    Reason.FACE_TURNED: "The face is turned about {degrees} degrees in {n}: turn to your {side}.",
    Reason.FACE_TILTED: "The head is tilted about {degrees} degrees in {n}: tilt it to your "
    "{side}.",
    Reason.TOO_DARK: "The face is too dark in {n}.",
    Reason.TOO_BRIGHT: "The face is too bright in {n}.",
    Reason.UNEVEN_LIGHT: "The face is lit from one side in {n}: turn to your {side}, towards the "
    "light.",
    Reason.LOW_CONTRAST: "The face is washed out in {n}.",
    Reason.COVERED: "A part of the face is hidden in {n}: uncover it.",
    Reason.BLURRED: "The face is blurred in {n}: hold still.",
    Reason.INCONSISTENT_FRAMES: "{n} do not all show the same person.",
}


@dataclass(frozen=True, slots=True, eq=False)
class _Sighting:
    """The largest face of one picture, and what speaks against it."""

    image: Image
    face: Face | None
    crowded: bool
    faults: tuple[Reason, ...]


def probe_from_images(
    images: Sequence[Image],
    *,
    engine: Engine,
    gates: Gates = DEFAULT_GATES,
    thorough: bool = False,
    one_look: bool = False,
) -> Probe:
    """Make one probe of pictures that show the same person, each RGB uint8 (height, width, 3).

    Of each picture the largest face is taken; pictures that do not pass the gates are left out.
    `thorough` looks for every face from 80 pixels on (for enrolment); otherwise a search ends with
    the first that is large enough, and a smaller second face can go unseen. Where `thorough` finds
    none, the network of the 68 points looks about the middle (`recognition.keypoints.alignment`).

    With `one_look` each face is embedded once, upright, as other libraries do: a single picture
    takes less than half the time, and the default rule misses a tenth more people
    (`recognition.looks`).

    Raises ProbeRefused with a reason: no_face, several_faces (where a second face is nearly as
    large in most pictures), inconsistent_frames (where they show different people), or the gate
    that most pictures failed. Raises ImageShapeError for what is no picture, and ArgumentError for
    another argument of a wrong kind.
    """
    require_sequence(images, "Pictures")
    require_kind(gates, Gates, "The gates")
    require_kind(one_look, bool, "one_look")
    require_engine(engine, "A probe is made")
    search_px = min(_SEARCH_PX, gates.min_face_px)
    seen = [_look(image, engine, gates, search_px, thorough=thorough) for image in images]
    with_face = [sighting for sighting in seen if sighting.face is not None]
    if not with_face:
        raise _nobody(images, engine, gates, max(1, round(_TOO_FAR_SHARE * search_px)))
    if 2 * sum(sighting.crowded for sighting in with_face) > len(with_face):
        raise _refused(Reason.SEVERAL_FACES, len(images))
    good = [sighting for sighting in with_face if not sighting.faults]
    if not good:
        commonest = Counter(sighting.faults[0] for sighting in with_face).most_common(1)[0][0]
        first = next(sighting.face for sighting in with_face if sighting.faults[0] is commonest)
        raise _refused(commonest, len(images), first)
    looks = ((UPRIGHT,),) * len(good) if one_look else looks_for(len(good), engine)
    return _probe_of(good, engine, looks)


def _look(
    image: Image, engine: Engine, gates: Gates, search_px: int, *, thorough: bool
) -> _Sighting:
    faces = engine.find(image, min_face=search_px, thorough=thorough)
    if not faces and thorough:
        faces = missed_faces(image)
    if not faces:
        return _Sighting(image, None, crowded=False, faults=(Reason.NO_FACE,))
    largest, others = faces[0], faces[1:]
    crowded = any(f.box.width >= SECOND_FACE_SHARE * largest.box.width for f in others)
    return _Sighting(image, largest, crowded, gate(largest, gates))


def _nobody(images: Sequence[Image], engine: Engine, gates: Gates, search_px: int) -> ProbeRefused:
    """The refusal of pictures without a face that could be compared: too small, or none at all."""
    for image in images:
        narrow = (
            face
            for face in engine.find(image, min_face=search_px)
            if face.box.width < gates.min_face_px
        )
        face = next(narrow, None)
        if face is not None:
            return _refused(Reason.FACE_TOO_SMALL, len(images), face)
    return _refused(Reason.NO_FACE, len(images))


def _probe_of(good: Sequence[_Sighting], engine: Engine, looks: Sequence[Sequence[Look]]) -> Probe:
    """Embed several looks at each face, all in one run, and fuse the pictures that agree."""
    faces = [sighting.face for sighting in good if sighting.face is not None]
    chips = [
        look_chips(sighting.image, face, engine, of_face)
        for sighting, face, of_face in zip(good, faces, looks, strict=True)
    ]
    embedded = engine.embed_chips(np.concatenate(chips))
    ends = np.cumsum([len(of_face) for of_face in looks])[:-1]
    mean_vector = engine.mean_vector
    vectors = np.stack([fuse(of_face, mean_vector) for of_face in np.split(embedded, ends)])
    kept = consistent(vectors, engine.distances.consistent)
    if kept is None:
        raise _refused(Reason.INCONSISTENT_FRAMES, len(good))
    used = tuple(faces[i] for i in kept)
    widths = np.array([face.box.width for face in used])
    return Probe(
        vector=fuse(vectors[kept], mean_vector, widths),
        faces=used,
        frames_used=len(used),
        quality=float(np.mean([face.quality.overall for face in used])),
        engine=engine.id,
    )


def _refused(reason: Reason, count: int, face: Face | None = None) -> ProbeRefused:
    pictures = "the picture" if count == 1 else f"the {count} pictures"
    quality = face.quality if face else None
    advice = advice_for(reason, quality) if quality else Advice(reason)
    text = _MESSAGES[reason].format(n=pictures, degrees=advice.degrees, side=advice.toward)
    return ProbeRefused(reason, text[0].upper() + text[1:], quality)
