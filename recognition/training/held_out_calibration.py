"""Calibrates a projection on people that it was not fitted to.

Principal components keep apart those people whom they are taken from a little better than others:
of pairs of others up to twice as many lie within the default threshold. A promise that was measured
on the former would be kept to nobody, so each pair of people is compared by a projection of
everybody else.
"""

from collections.abc import Callable
from dataclasses import replace
from itertools import combinations_with_replacement

import numpy as np
from numpy.typing import NDArray

from recognition.calibration.calibration import Calibration
from recognition.calibration.measuring import TAIL_SHARE, calibration_of
from recognition.engines.dlib_resnet.projection import Projection, project
from recognition.evaluation.acquisition import Acquisition
from recognition.evaluation.comparisons import compare_rows
from recognition.evaluation.samples import SampleSet, fused_samples, single_samples
from recognition.normalisation.normaliser import plain_distances
from recognition.values import EngineId, Vectors

GROUPS = 10
"""Of people; a projection is fitted to all but one or two of them."""
Fit = Callable[[NDArray[np.bool_]], Projection]
"""Fits a projection to some of the acquired pictures."""


def held_out_calibration(acquired: Acquisition, fit: Fit, engine: EngineId) -> Calibration:
    """Calibrate `engine`, whose projection is `fit` to everybody; sessions are fused of all looks.

    `acquired` holds what the network gives of each look, float32 (looks, 384), for vectors. Raises
    EvaluationError where there are too few people, or none with two sessions.
    """
    sessions, pictures = fused_samples(*_single(acquired)), single_samples(acquired)
    group = np.arange(len(pictures.names)) % GROUPS
    of_picture, of_session = group[pictures.identity], group[sessions.identity]
    distances = np.zeros((len(sessions), len(sessions)), np.float32)
    for one, other in combinations_with_replacement(range(GROUPS), 2):
        projection = fit((of_picture != one) & (of_picture != other))
        vectors = session_vectors(acquired, projection)
        ours, theirs = np.flatnonzero(of_session == one), np.flatnonzero(of_session == other)
        block = plain_distances(vectors[ours], vectors[theirs])
        distances[np.ix_(ours, theirs)] = block
        distances[np.ix_(theirs, ours)] = block.T
    compared = compare_rows(
        sessions, lambda rows, columns: distances[rows, columns], tail=TAIL_SHARE
    )
    return calibration_of(compared, sessions, engine)


def _single(acquired: Acquisition) -> tuple[SampleSet, Vectors]:
    single = single_samples(acquired, looks=True)
    return single, acquired.mean_vector


def session_vectors(acquired: Acquisition, projection: Projection) -> Vectors:
    """What a projection makes of each session, float32 (sessions, 128), as a door would fuse it."""
    projected = [
        replace(sample, vectors=project(sample.vectors, projection)) for sample in acquired.samples
    ]
    middle = np.zeros(projection.shape[1], np.float32)  # where a projection puts it
    seen = replace(acquired, samples=tuple(projected), mean_vector=middle)
    return fused_samples(*_single(seen)).vectors
