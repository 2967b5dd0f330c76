"""Fits the projection that makes a face's vector of what the built-in engine's network gives.

No labels are learnt from: the directions are the principal components of people's pictures (K.
Pearson, On lines and planes of closest fit, 1901), of dlib's descriptor and the averages before
its last block together. Who is on a picture is needed for two things only, the mean over people
and the scale. Imports no PyTorch.
"""

import hashlib
import io
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import Progress

from recognition.calibration.file import write_calibration
from recognition.engines.dlib_resnet.engine import DlibResnetEngine, engine_id
from recognition.engines.dlib_resnet.manifest import DESCRIPTOR, DIMENSION, FEATURES
from recognition.engines.dlib_resnet.projection import Features, Projection
from recognition.errors import OutputError, TrainingError
from recognition.evaluation.acquisition import Acquisition, Sample, largest_face, take_all
from recognition.evaluation.dataset import Dataset, Picture, read_dataset
from recognition.normalisation.normaliser import plain_distances
from recognition.picture_files import read_picture
from recognition.training.held_out_calibration import held_out_calibration
from recognition.training.options import Trained, TrainingOptions
from recognition.values import Vectors

# The variance of the averages beside the descriptor's: between 0.3 and 0.8 nothing changes.
_SHARE = 0.5
# Of pairs of strangers, how many are to lie as near as by dlib's descriptor.
_NEAR = 1e-4
_MIN_FACE_PX = 40
_FEWEST_PEOPLE = 20
# So that as many are left where two groups of ten are left out.
_FEWEST_TO_CALIBRATE = 26
# Pictures compared with one another for the scale: more make no difference to it.
_COMPARED = 3_000


def train(data: Path, out: Path, *, options: TrainingOptions) -> Trained:
    """Fit on the faces of DIR/<person>/<picture> or DIR/<Name>_<video><frame>.jpg.

    Beside `out`, named alike with .json, its calibration on people it was not fitted to. Raises
    EvaluationError where DIR holds no such pictures, TrainingError where too few people's faces are
    found, OutputError where a file cannot be written.
    """
    started = time.monotonic()
    acquired = acquire_features(read_dataset(data), DlibResnetEngine(threads=options.threads))
    names = np.array([sample.picture.identity for sample in acquired.samples])
    people = len(np.unique(names))
    if people < _FEWEST_TO_CALIBRATE:
        raise TrainingError(
            f"Faces of {people} people were found; {_FEWEST_TO_CALIBRATE} are needed at least."
        )
    features = np.stack([sample.vectors.mean(axis=0) for sample in acquired.samples])
    written = io.BytesIO()
    np.save(written, fit_projection(features, names))
    calibration = held_out_calibration(
        acquired,
        lambda pictures: fit_projection(features[pictures], names[pictures]),
        engine_id(hashlib.sha256(written.getvalue()).hexdigest()),
    )
    try:
        out.write_bytes(written.getvalue())
    except OSError as error:
        raise OutputError(f"{out} cannot be written: {error.strerror}.") from error
    write_calibration(out.with_suffix(".json"), calibration)
    scores = {"faces": float(len(names)), "people": float(people)}
    return Trained(out, scores, time.monotonic() - started)


def fit_projection(features: Features, names: NDArray[np.str_]) -> Projection:
    """Fit on float32 (n, 384) of n pictures and whom each shows: float32 (385, 128).

    Raises TrainingError for fewer than 20 people.
    """
    people, whom = np.unique(names, return_inverse=True)
    if len(people) < _FEWEST_PEOPLE:
        raise TrainingError(
            f"Faces of {len(people)} people were found; {_FEWEST_PEOPLE} are needed at least."
        )
    weights = _weights(features)
    weighted = features.astype(np.float64) * weights
    _, directions = np.linalg.eigh(np.cov(weighted.T))
    matrix = weights[:, None] * directions[:, ::-1][:, :DIMENSION]
    near = _nearness(features[:, :DESCRIPTOR], whom)
    matrix *= near / _nearness(np.asarray(features @ matrix, np.float32), whom)
    means = np.stack([features[whom == person].mean(axis=0) for person in range(len(people))])
    return np.vstack([matrix, -means.mean(axis=0) @ matrix]).astype(np.float32)


def _weights(features: Features) -> NDArray[np.float64]:
    """What each of the 384 columns counts."""
    variances = features.var(axis=0, dtype=np.float64)
    ratio = variances[:DESCRIPTOR].sum() / variances[DESCRIPTOR:].sum()
    weights = np.ones(features.shape[1])
    weights[DESCRIPTOR:] = np.sqrt(_SHARE * ratio)
    return weights


def _nearness(vectors: Vectors, whom: NDArray[np.intp]) -> float:
    """The distance within which one pair of strangers in ten thousand lies."""
    taken = slice(None, None, -(-len(vectors) // _COMPARED))
    distances = plain_distances(vectors[taken], vectors[taken])
    strangers = whom[taken, None] < whom[None, taken]
    return float(np.quantile(distances[strangers], _NEAR))


def acquire_features(dataset: Dataset, engine: DlibResnetEngine) -> Acquisition:
    """The largest face of each picture where there is one, and what the network gives of it."""

    def take(picture: Picture) -> Sample | None:
        found = largest_face(read_picture(picture.path), engine, _MIN_FACE_PX)
        if found is None:
            return None
        face, chips = found
        return Sample(picture, face.box, face.quality, engine.features(chips))

    middle = np.zeros(FEATURES, np.float32)
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Pictures", total=len(dataset.pictures))
        return take_all(dataset, take, engine.id, middle, on_picture=lambda: progress.advance(task))
