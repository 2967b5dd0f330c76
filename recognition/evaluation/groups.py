"""Rates of groups of people, as a table of labels names them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognition.evaluation.bootstrap import draws, interval
from recognition.evaluation.faces import Figure, Verification
from recognition.evaluation.samples import Numbers, SampleSet

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
    inside = np.isin(samples.names, list(names))
    compared, threshold = verified.comparisons, verified.tar[1e-3].threshold or 0.0
    genuine = samples.identity[compared.genuine_rows[:, :1]]
    impostor = samples.identity[compared.impostor_rows]
    ours, strangers = inside[genuine].all(axis=1), inside[impostor].all(axis=1)
    limit = np.float32(threshold)
    people = len(samples.names)
    return GroupRates(
        people=int(inside.sum()),
        genuine_pairs=int(ours.sum()),
        impostor_pairs=int(strangers.sum()),
        tar=_figure(compared.genuine[ours] <= limit, genuine[ours], people, threshold),
        fmr=_figure(compared.impostor[strangers] <= limit, impostor[strangers], people, threshold),
    )


def _figure(
    accepted: NDArray[np.bool_], people_of: Numbers, people: int, threshold: float
) -> Figure | None:
    """The share of pairs accepted; a pair counts as often as all its people were drawn."""
    if not len(accepted):
        return None
    drawn = []
    for weights in draws(people):
        counts = weights[people_of].prod(axis=1)
        total = counts.sum()
        drawn.append(float(counts[accepted].sum() / total) if total else float("nan"))
    return Figure(float(accepted.mean()), interval(drawn), threshold)
