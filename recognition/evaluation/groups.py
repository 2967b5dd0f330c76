"""Rates of groups of people, as a table of labels names them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognition.evaluation.bootstrap import draws, interval
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
    rows = inside * np.bincount(samples.identity, minlength=people)
    of = samples.identity[compared.genuine_rows[:, 0]]
    genuine = inside * np.bincount(of, minlength=people)
    right = inside * np.bincount(of[: _within(compared.genuine, threshold)], minlength=people)
    false = samples.identity[compared.impostor_rows[: _within(compared.impostor, threshold)]]
    false = false[inside[false].all(axis=1)]
    each = draws(people)
    taken, drawn = each[:, false].prod(axis=2).sum(axis=1), each * rows
    pairs = _pairs_of_two(rows[np.newaxis])[0]
    return GroupRates(
        people=int(inside.sum()),
        genuine_pairs=int(genuine.sum()),
        impostor_pairs=int(pairs),
        tar=_figure(right.sum(), genuine.sum(), each @ right, each @ genuine, threshold),
        fmr=_figure(len(false), pairs, taken, _pairs_of_two(drawn), threshold),
    )


def _within(distances: Distances, threshold: float | None) -> int:
    """How many of ascending distances are accepted."""
    return int(np.searchsorted(distances, np.float32(threshold or 0.0), "right"))


def _pairs_of_two(rows: Values) -> Values:
    """How many pairs of rows show two people: (draws, people) rows of each to (draws,)."""
    return np.asarray((rows.sum(axis=1) ** 2 - (rows**2).sum(axis=1)) / 2)


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
