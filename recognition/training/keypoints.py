"""Trains the network of the 68 points.

DATA is a folder that holds tables `<name>_keypoints.csv`, each beside its folder of pictures
`<name>/`, or the classic competition's `training.csv`, or all of them; or one such table itself.
People are told apart by name: those of `Part.REPORT` and `Part.CHOICE` are never learnt from.
"""

import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from recognition.datasets.keypoints import (
    LabelledFace,
    face_with,
    pictures_of,
    read_labelled_faces,
)
from recognition.datasets.people import Part, part_of
from recognition.engines.protocol import Engine
from recognition.engines.registry import load_engine
from recognition.errors import TrainingError
from recognition.evaluation.keypoints import (
    Figure,
    answer_all,
    keypoint_figures,
    mean_error_of,
)
from recognition.keypoints.frame import frame_of_face
from recognition.keypoints.points import COUNT
from recognition.keypoints.predictor import NAME, VERSION, KeypointPredictor
from recognition.keypoints.preprocess import (
    INPUT_PX,
    crop_transform,
    cut_out,
    to_crop,
    to_grey,
)
from recognition.networks.metadata import NetworkMetadata
from recognition.networks.network import SmallNetwork
from recognition.picture_files import Skipped
from recognition.training.checkpoint import checkpoint_path
from recognition.training.export import export_onnx
from recognition.training.keypoints_batches import Example, KeypointBatches, example_of
from recognition.training.keypoints_loss import keypoint_loss
from recognition.training.keypoints_net import KeypointNet
from recognition.training.keypoints_rejection import face_threshold, run_net
from recognition.training.loop import Plan, fit, prepare
from recognition.training.options import Trained, TrainingOptions

MIN_FACE_PX = 40
"""From this width on faces are looked for: those of the data are small."""
_EPOCHS = 24
# The line after each epoch needs no more of the people kept for choices than every third picture.
_SHOWN_EVERY = 3


def train(data: Path, out: Path, *, options: TrainingOptions) -> Trained:
    """Train, choose the threshold, export; says the scores on people kept for the report.

    Raises DatasetError and TrainingError.
    """
    started = time.monotonic()
    faces = read_folder(data)
    parts = {part: [one for one in faces if part_of(one.person) is part] for part in Part}
    if not parts[Part.TRAINING] or not parts[Part.CHOICE]:
        raise TrainingError(
            f"{data} shows too few people: none is left to learn from, or none to choose by."
        )
    engine = load_engine()
    learnt = examples_of(parts[Part.TRAINING], engine)
    chosen = examples_of(parts[Part.CHOICE], engine)
    plan = Plan(
        NAME,
        epochs=options.epochs or _EPOCHS,
        learning_rate=3e-3,
        weight_decay=2e-2,
        seed=options.seed,
        threads=options.threads,
        average=0.997,
    )
    prepare(plan)
    net = fit(
        KeypointNet(),
        KeypointBatches(learnt),
        plan=plan,
        loss=keypoint_loss,
        checkpoint=checkpoint_path(out),
        resume=options.resume,
        score=lambda averaged: _words(averaged, chosen[::_SHOWN_EVERY]),
    )
    metadata = NetworkMetadata(
        name=NAME,
        version=VERSION,
        classes=(),
        input=(INPUT_PX, INPUT_PX, 1),
        threshold=face_threshold(net, chosen),
        more={"seed": str(plan.seed), "epochs": str(plan.epochs)},
    )
    export_onnx(net, out, metadata=metadata)
    scores = _scores(out, parts[Part.REPORT] or parts[Part.CHOICE], engine)
    return Trained(out, scores, time.monotonic() - started)


def read_folder(data: Path) -> tuple[LabelledFace, ...]:
    """All labelled faces of a folder or of one table. Raises DatasetError and TrainingError."""
    tables = sorted(data.glob("*.csv")) if data.is_dir() else [data]
    faces: list[LabelledFace] = []
    for table in tables:
        faces += read_labelled_faces(table, table.with_name(table.stem.removesuffix("_keypoints")))
    if not faces:
        raise TrainingError(
            f"{data} holds no table <name>_keypoints.csv beside a folder <name>, and no table of "
            "the competition."
        )
    return tuple(faces)


def examples_of(faces: Sequence[LabelledFace], engine: Engine) -> list[Example]:
    """Each face with the frame that the detector gives. Raises DatasetError where none reads."""
    skipped: list[Skipped] = []
    examples = []
    for face, image in pictures_of(faces, skipped):
        found = face_with(engine.find(image, min_face=MIN_FACE_PX), face.points)
        example = example_of(face, to_grey(image), frame_of_face(found) if found else None)
        if example is not None:
            examples.append(example)
    return examples


def _words(net: torch.nn.Module, examples: Sequence[Example]) -> str:
    """Mean error after one pass from the detector's frame, for the line after each epoch."""
    known = [(one, one.detected) for one in examples if one.detected]
    if not known:
        return "no face to measure by was found"
    outputs = run_net(net, np.stack([cut_out(one.grey, frame) for one, frame in known]))
    errors = [
        mean_error_of(
            output[: 2 * COUNT].reshape(COUNT, 2), to_crop(one.face.points, crop_transform(frame))
        )
        for (one, frame), output in zip(known, outputs, strict=True)
    ]
    measured = [error for error in errors if np.isfinite(error)]
    if not measured:
        return "no face to measure by has both outer eye corners"
    return f"error {np.mean(measured):.2%} of the eyes' distance"


def _scores(out: Path, faces: Sequence[LabelledFace], engine: Engine) -> dict[str, float]:
    """What `evaluate keypoints` would say of these faces."""
    predictor = KeypointPredictor(SmallNetwork(out, name=NAME, version=VERSION))
    answers = answer_all(
        faces, engine=engine, predictor=predictor, min_face=MIN_FACE_PX, skipped=[]
    )
    figures = keypoint_figures(answers)
    named: dict[str, Figure | None] = {
        "error over the eyes' distance, 68 points": figures.nme_68,
        "error over the eyes' distance, 15 points": figures.nme_15,
        "RMSE of 15 points at 96 px": figures.rmse_96,
    }
    scores = {name: figure.value for name, figure in named.items() if figure}
    return {**scores, "missed": figures.missed / figures.n}
