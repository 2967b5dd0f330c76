"""Says who the faces of a picture are."""

from collections.abc import Sequence
from dataclasses import dataclass

from recognition.decision import decide
from recognition.engines.protocol import Engine
from recognition.gallery import Gallery
from recognition.values import Decision, Face, Image, MatchRule


@dataclass(frozen=True, slots=True, eq=False)
class Identified:
    """A face and whose it is."""

    face: Face
    decision: Decision

    @property
    def name(self) -> str | None:
        """The accepted person; None for a stranger."""
        match = self.decision.match
        return match.label if self.decision.accepted and match is not None else None


def identify(
    image: Image, faces: Sequence[Face], *, engine: Engine, gallery: Gallery, rule: MatchRule
) -> tuple[Identified, ...]:
    """Search each face of an RGB picture in the gallery, in their order.

    One run of the network and one of the search for all of them. Every face is searched, whatever
    its quality. Raises ImageShapeError.
    """
    if not faces:
        return ()
    matches = gallery.search(engine.embed(image, faces))
    return tuple(
        Identified(face, decide(match, rule)) for face, match in zip(faces, matches, strict=True)
    )
