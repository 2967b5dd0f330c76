"""Rates of groups of people, as a table of labels names them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognition.evaluation.bootstrap import draws, interval, rows_of_people, weighted_pairs
from recognition.evaluation.comparisons import Distances
from recognition.evaluation.faces import Figure, Verification
from recognition.evaluation.samples import SampleSet

Values = NDArray[np.float64]

Labels = Mapping[str, Mapping[str, str]]
"""Trait -> name -> group."""


@dataclass(frozen=True, slots=True)
class GroupRates:
    """The errors of one group of people at the threshold of all people.

    A figure is None where the group has no pair that it could be measured on.
    """

    people: int
    genuine_pairs: int
    impostor_pairs: int
    """Both people of them are in the group."""
    tar: Figure | None
    """At the distance of FMR 1e-3 over everybody."""
    fmr: Figure | None
    """Of the group's own impostor pairs, at the same distance."""


Groups = Mapping[str, Mapping[str, GroupRates]]
"""Trait -> group -> rates."""


def rates_by_group(samples: SampleSet, verified: Verification, labels: Labels) -> Groups:
    """Measure every group of every trait; people without a label count in no group."""
    return {
        trait: {
            group: _group(samples, verified, [n for n, of in groups.items() if of == group])
            for group in sorted(set(groups.values()))
        }
        for trait, groups in labels.items()
    }


def labelled_nobody(samples: SampleSet, labels: Labels) -> tuple[str, ...]:
    """Names in the labels that are nobody's in the pictures: a misspelt one counts nowhere."""
    named = {name for groups in labels.values() for name in groups}
    return tuple(sorted(named - set(samples.names)))


def _group(samples: SampleSet, verified: Verification, names: Sequence[str]) -> GroupRates:
    """Only accepted pairs are gone through: all others are counted by how many rows each has."""
    compared, threshold = verified.comparisons, verified.tar[1e-3].threshold
    people = len(samples.names)
    inside = np.isin(samples.names, list(names)).astype(np.float64)
    rows = inside * rows_of_people(samples)
    of = samples.identity[compared.genuine_rows[:, 0]]
    genuine = inside * np.bincount(of, minlength=people)
    right = inside * np.bincount(of[: _within(compared.genuine, threshold)], minlength=people)
    false = samples.identity[compared.nearest_rows[: _within(compared.nearest, threshold)]]
    one, two = false[inside[false].all(axis=1)].T
    each = draws(people)
    taken = np.array([weights[one] @ weights[two] for weights in each])
    pairs = weighted_pairs(rows[np.newaxis])[0]
    return GroupRates(
        people=int(inside.sum()),
        genuine_pairs=int(genuine.sum()),
        impostor_pairs=int(pairs),
        tar=_figure(right.sum(), genuine.sum(), each @ right, each @ genuine, threshold),
        fmr=_figure(len(one), pairs, taken, weighted_pairs(each * rows), threshold),
    )


def _within(distances: Distances, threshold: float | None) -> int:
    """How many of ascending distances are accepted."""
    return int(np.searchsorted(distances, np.float32(threshold or 0.0), "right"))


def _figure(
    accepted: float,
    pairs: float,
    in_draws: Values,
    pairs_in_draws: Values,
    threshold: float | None,
) -> Figure | None:
    """A share of pairs; in the draws a pair counts as often as all its people were drawn.

    None without a pair, or without the strangers that a threshold is taken from.
    """
    if not pairs or threshold is None:
        return None
    with np.errstate(invalid="ignore", divide="ignore"):  # nobody of the group was drawn
        between = interval(in_draws / pairs_in_draws)
    return Figure(float(accepted / pairs), between, threshold)
