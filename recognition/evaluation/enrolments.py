"""How many pictures a face is found in, and how many people can be enrolled."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognition.evaluation.acquisition import Acquisition
from recognition.evaluation.bootstrap import draws, interval
from recognition.evaluation.dataset import Picture
from recognition.evaluation.faces import Figure

Counts = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Enrolments:
    """What became of the pictures, and of the people."""

    people: int
    detection: Figure
    """The share of pictures in which a face was found."""
    failure_to_enrol: Figure
    """FTE, the share of people of whose first session no picture gave a template."""


def enrolments(acquisition: Acquisition) -> Enrolments:
    """Count pictures with a face, and people whose first session has one."""
    pictures = [sample.picture for sample in acquisition.samples]
    every = (*pictures, *acquisition.missed)
    first: dict[str, str] = {}
    for picture in every:
        before = first.get(picture.identity, picture.session)
        first[picture.identity] = min(before, picture.session)
    enrolled = {one.identity for one in pictures if one.session == first[one.identity]}
    failed = np.array([name not in enrolled for name in first], np.float64)
    return Enrolments(
        len(first),
        _share(_counts(pictures, first), _counts(every, first)),
        _share(failed, np.ones(len(first))),
    )


def _counts(pictures: Iterable[Picture], people: Iterable[str]) -> Counts:
    """How many pictures there are of each person."""
    count = dict.fromkeys(people, 0)
    for picture in pictures:
        count[picture.identity] += 1
    return np.array(list(count.values()), np.float64)


def _share(some: Counts, of: Counts) -> Figure:
    """A share whose parts are counted by person, and what other people would make of it."""
    weights = draws(len(of))
    return Figure(float(some.sum() / of.sum()), interval((weights @ some) / (weights @ of)))
