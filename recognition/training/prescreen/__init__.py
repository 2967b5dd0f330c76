"""Trains the network that tells frames without a face before they are searched closely.

DATA holds `faces/` (tables `<name>_keypoints.csv`, each beside its folder of pictures) and
`sign_digits/` (hands); further people, `drawn_people/<person>_<number>.jpg`, are learnt as well
where there are any. People are told apart by name, hands by signer. The net learns from small
frames that are drawn for it; the threshold and the scores come from frames of 640x480 of other
people, by what the detector finds in them without the prescreen.
"""

import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from recognition.datasets.people import Part
from recognition.networks.metadata import NetworkMetadata
from recognition.networks.network import SmallNetwork
from recognition.prescreen.measure import NAME, VERSION
from recognition.prescreen.preprocess import COPY_SHARE
from recognition.training.checkpoint import checkpoint_path
from recognition.training.export import export_onnx, restate
from recognition.training.loop import Plan, fit, prepare
from recognition.training.options import Trained, TrainingOptions
from recognition.training.prescreen.batches import PrescreenBatches
from recognition.training.prescreen.labelled import draw_labelled
from recognition.training.prescreen.measuring import figures, likelihoods, threshold_of, words
from recognition.training.prescreen.net import Likeliest, PrescreenLoss, PrescreenNet
from recognition.training.prescreen.pool import Pool, read_pool
from recognition.training.prescreen.scenes import FRAME_HEIGHT, FRAME_WIDTH

_EPOCHS = 6
# Frames that are learnt from, and that the detector searches for the threshold and for the scores;
# of few pictures no more than so many each are made.
_LEARNT, _SEARCHED = 12800, 2400
_MOST_EACH = 8
# Frames of validation that are looked at after each epoch.
_WATCHED = 256


def train(data: Path, out: Path, *, options: TrainingOptions) -> Trained:
    """Train, choose the threshold, export; says the scores on people kept for the report.

    Raises DatasetError and TrainingError.
    """
    started = time.monotonic()
    plan = Plan(
        NAME,
        epochs=options.epochs or _EPOCHS,
        learning_rate=4e-3,
        seed=options.seed,
        threads=options.threads,
        weight_decay=2e-2,
        average=0.995,
    )
    prepare(plan)
    pool = read_pool(data)
    small = {part: pool.scenes(part, scale=COPY_SHARE) for part in (Part.TRAINING, Part.CHOICE)}
    watched = PrescreenBatches(small[Part.CHOICE], _WATCHED, seed=plan.seed)
    seen = list(watched.epoch(np.random.default_rng(plan.seed)))
    learnt = small[Part.TRAINING]
    net = fit(
        PrescreenNet(),
        PrescreenBatches(learnt, min(_LEARNT, _MOST_EACH * len(learnt)), seed=plan.seed),
        plan=plan,
        loss=PrescreenLoss(round(FRAME_HEIGHT * COPY_SHARE), round(FRAME_WIDTH * COPY_SHARE)),
        checkpoint=checkpoint_path(out),
        resume=options.resume,
        score=lambda now: words(now, seen),
    )
    scores = _exported(net, out, pool, plan)
    return Trained(out, scores, time.monotonic() - started)


def _exported(net: torch.nn.Module, out: Path, pool: Pool, plan: Plan) -> Mapping[str, float]:
    """Write the net and its threshold, and say what it does to people kept for the report."""
    metadata = NetworkMetadata(
        name=NAME,
        version=VERSION,
        classes=(),
        input=(0, 0, 1),
        threshold=1.0,
        more={"seed": str(plan.seed), "epochs": str(plan.epochs)},
    )
    export_onnx(Likeliest(net), out, metadata=metadata)
    network = SmallNetwork(out, name=NAME, version=VERSION)
    chosen, reported = (
        draw_labelled(scenes, min(_SEARCHED, _MOST_EACH * len(scenes)), seed=(plan.seed, place))
        for place, scenes in enumerate(map(pool.scenes, (Part.CHOICE, Part.REPORT)))
    )
    threshold = round(threshold_of(chosen, likelihoods(chosen, network)), 5)
    restate(out, replace(metadata, threshold=threshold))
    return figures(reported, likelihoods(reported, network), threshold)
