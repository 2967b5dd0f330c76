"""Trains the network that tells whether something hides a part of a face.

DATA holds `faces/` (tables `<name>_keypoints.csv`, each beside its folder of pictures) and
`sign_digits/` (hands). People are told apart by name, hands by signer: what serves `Part.REPORT` or
`Part.CHOICE` is never learnt from, and one half of these people tells where to put the bound that
is counted on the other. `--variant without-mask` (or another kind) leaves a kind of
cover out of what is learnt, to see how it fares with what it was never shown.
"""

import time
from collections.abc import Sequence
from pathlib import Path

from recognition.covers.measure import NAME, PARTS, VERSION
from recognition.covers.preprocess import INPUT_PX
from recognition.datasets.covers.occluders import Cover
from recognition.datasets.cut_outs import CutOut, cut_out
from recognition.datasets.keypoints import LabelledFace, pictures_of
from recognition.datasets.people import Part, part_of
from recognition.datasets.sign_digits import Part as HandPart
from recognition.datasets.sign_digits import Sign, read_signs
from recognition.engines.registry import load_engine
from recognition.errors import TrainingError
from recognition.evaluation.covers import answers, figures
from recognition.networks.metadata import NetworkMetadata
from recognition.networks.network import SmallNetwork
from recognition.training.checkpoint import checkpoint_path
from recognition.training.covers.batches import CoverBatches, Example, example_of
from recognition.training.covers.net import CoverNet, cover_loss
from recognition.training.export import export_onnx
from recognition.training.keypoints import read_folder
from recognition.training.loop import Plan, fit, prepare
from recognition.training.options import Trained, TrainingOptions

_EPOCHS = 12
_WITHOUT = "without-"
# Hands of which one serves: neighbouring files show one hand again.
_HAND_EVERY = 6


def train(data: Path, out: Path, *, options: TrainingOptions) -> Trained:
    """Train, choose the threshold, export; says the scores on people kept for the report.

    Raises DatasetError and TrainingError.
    """
    started = time.monotonic()
    kinds = _kinds(options.variant)
    faces = read_folder(data / "faces")
    parts = {part: [one for one in faces if part_of(one.person) is part] for part in Part}
    signs = read_signs(data)
    hands = {part: hands_of(signs, part) for part in HandPart}
    if not all(parts.values()) or not all(hands.values()):
        raise TrainingError(f"{data} shows too few people or hands to learn from some of them.")
    plan = Plan(
        f"{NAME} {options.variant or ''}".strip(),
        epochs=options.epochs or _EPOCHS,
        learning_rate=6e-3,
        weight_decay=2e-2,
        seed=options.seed,
        threads=options.threads,
    )
    prepare(plan)
    net = fit(
        CoverNet(len(PARTS)),
        CoverBatches(
            examples_of(parts[Part.TRAINING]), hands[HandPart.TRAIN], kinds, seed=plan.seed
        ),
        plan=plan,
        loss=cover_loss,
        checkpoint=checkpoint_path(out),
        resume=options.resume,
    )
    metadata = NetworkMetadata(
        name=NAME,
        version=VERSION,
        classes=(),
        input=(INPUT_PX, INPUT_PX, 1),
        more={"seed": str(plan.seed), "epochs": str(plan.epochs)},
    )
    export_onnx(net, out, metadata=metadata)
    network = SmallNetwork(out, name=NAME, version=VERSION)
    held_out = [*parts[Part.CHOICE], *parts[Part.REPORT]]
    others = [*hands[HandPart.VALIDATION], *hands[HandPart.TEST]]
    given = answers(held_out, others, load_engine(), network)
    return Trained(out, figures(given), time.monotonic() - started)


def hands_of(signs: Sequence[Sign], part: HandPart) -> list[CutOut]:
    """Cut-out hands of one part's signers."""
    pictures = [sign.image for sign in signs if sign.part is part][::_HAND_EVERY]
    return [hand for hand in map(cut_out, pictures) if hand is not None]


def examples_of(faces: Sequence[LabelledFace]) -> list[Example]:
    """Each face that can be read and lies in its picture. Raises DatasetError where none does."""
    found = [example_of(face.points, image) for face, image in pictures_of(faces, [])]
    return [example for example in found if example is not None]


def _kinds(variant: str | None) -> tuple[Cover, ...]:
    if variant is None:
        return tuple(Cover)
    left_out = variant.removeprefix(_WITHOUT)
    if not variant.startswith(_WITHOUT) or left_out not in set(Cover):
        named = ", ".join(f"{_WITHOUT}{cover}" for cover in Cover)
        raise TrainingError(f"There is no variant {variant}; there is {named}.")
    return tuple(cover for cover in Cover if cover != left_out)
