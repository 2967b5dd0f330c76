"""Everything that frames are made of, told apart by what it is used for."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from recognition.datasets.people import Part, part_of
from recognition.datasets.sign_digits import Part as HandPart
from recognition.datasets.sign_digits import Sign, read_signs
from recognition.engines.dlib_resnet.detector import HogDetector
from recognition.errors import TrainingError
from recognition.keypoints.preprocess import to_grey
from recognition.training.covers import hands_of
from recognition.training.keypoints import read_folder
from recognition.training.prescreen.scenes import Scenes
from recognition.training.prescreen.sources import (
    DRAWN_FOLDER,
    Source,
    drawn_sources,
    labelled_sources,
)
from recognition.training.sign_digits.drawn import drawn_grounds

_HANDS = {
    Part.TRAINING: HandPart.TRAIN,
    Part.CHOICE: HandPart.VALIDATION,
    Part.REPORT: HandPart.TEST,
}
_GROUNDS = {Part.TRAINING: 1200, Part.CHOICE: 240, Part.REPORT: 240}


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """Faces and hands of everybody."""

    sources: Sequence[Source]
    signs: Sequence[Sign]

    def scenes(self, part: Part, *, scale: float = 1.0) -> Scenes:
        """Frames of one part's people, signers and grounds, 640x480 times `scale`.

        Raises TrainingError where nobody serves it.
        """
        own = [source for source in self.sources if part_of(source.person) is part]
        hands = hands_of(self.signs, _HANDS[part])
        if not own or not hands:
            raise TrainingError(f"There are too few people or hands: none serves as {part}.")
        drawn = drawn_grounds(_GROUNDS[part], seed=list(Part).index(part), faces=False)
        return Scenes(own, [to_grey(ground) for ground in drawn], hands, scale=scale)


def read_pool(data: Path) -> Pool:
    """Read DATA/faces, DATA/sign_digits and, where it is there, DATA/drawn_people.

    Raises DatasetError and TrainingError.
    """
    drawn = drawn_sources(data / DRAWN_FOLDER, HogDetector(prescreened=False))
    return Pool([*labelled_sources(read_folder(data / "faces")), *drawn], read_signs(data))
