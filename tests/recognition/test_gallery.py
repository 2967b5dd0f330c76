"""The search is exact, and refuses what cannot be compared."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognition import EngineId, Gallery, GalleryError, Probe
from tests.people import synthetic_vectors

ENGINE = EngineId("fake", "1")


def vectors(count: int, seed: int = 0) -> np.ndarray:
    """Vectors at the scale of the engine's."""
    return np.random.default_rng(seed).normal(0, 0.12, (count, 128)).astype(np.float32)


def slow_search(labels: list[str], rows: np.ndarray, probe: np.ndarray) -> list[tuple[float, str]]:
    """Every person's nearest template, nearest first, the long way."""
    nearest: dict[str, float] = {}
    for label, row in zip(labels, rows.astype(np.float64), strict=True):
        distance = float(np.sqrt(((row - probe.astype(np.float64)) ** 2).sum()))
        nearest[label] = min(distance, nearest.get(label, math.inf))
    return sorted((distance, label) for label, distance in nearest.items())


@given(st.integers(2, 12), st.integers(1, 40), st.integers(1, 5), st.integers(0, 2**16))
def test_it_finds_the_nearest_two_people(
    people: int, templates: int, probes: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    labels = [f"p{person}" for person in rng.integers(0, people, templates)]
    rows = vectors(templates, seed)
    asked = vectors(probes, seed + 1)

    matches = Gallery(ENGINE, labels, rows).search(asked)

    for match, probe in zip(matches, asked, strict=True):
        expected = slow_search(labels, rows, probe)
        assert match.label == expected[0][1]
        assert match.distance == pytest.approx(expected[0][0], abs=1e-6)
        if len(expected) > 1:
            assert match.second_label == expected[1][1]
            assert match.second_distance == pytest.approx(expected[1][0], abs=1e-6)
        else:
            assert (match.second_label, match.second_distance) == (None, math.inf)


def test_an_enrolled_vector_is_at_distance_zero() -> None:
    rows = vectors(500)

    match = Gallery(ENGINE, [str(i) for i in range(500)], rows).search(rows[[7]])[0]

    assert (match.label, match.distance) == ("7", 0.0)


def test_the_second_is_another_person_not_another_template() -> None:
    rows = vectors(3)
    rows[1] = rows[0] + 0.001

    match = Gallery(ENGINE, ["Ada", "Ada", "Ben"], rows).search(rows[[0]])[0]

    assert (match.label, match.second_label) == ("Ada", "Ben")


def test_an_empty_gallery_matches_nobody() -> None:
    gallery = Gallery(ENGINE, [], np.empty((0, 128), np.float32))

    match = gallery.search(vectors(1))[0]

    assert (len(gallery), gallery.people) == (0, ())
    assert (match.label, match.distance, match.second_label) == (None, math.inf, None)


def test_no_probes_give_no_matches() -> None:
    assert Gallery(ENGINE, ["Ada"], vectors(1)).search(vectors(0)) == ()


def test_it_counts_templates_and_people() -> None:
    gallery = Gallery(ENGINE, ["王小明", "Ada", "Ada"], vectors(3))

    assert len(gallery) == 3
    assert gallery.people == ("Ada", "王小明")


def test_it_keeps_its_answer_when_the_caller_changes_the_array() -> None:
    rows = vectors(4)
    probe = rows[[2]].copy()
    gallery = Gallery(ENGINE, list("abcd"), rows)

    rows[:] = 0

    assert gallery.search(probe)[0].label == "c"


def test_searching_twice_gives_the_same() -> None:
    gallery = Gallery(ENGINE, list("abcd"), vectors(4))

    assert gallery.search(vectors(3, 9)) == gallery.search(vectors(3, 9))


def test_many_probes_are_searched_in_several_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    gallery = Gallery(ENGINE, [str(i) for i in range(50)], vectors(50))
    whole = gallery.search(vectors(20, 3))

    monkeypatch.setattr("recognition.gallery._PRODUCTS_AT_ONCE", 120)

    assert gallery.search(vectors(20, 3)) == pytest.approx(whole)


def test_ten_thousand_people_are_told_apart() -> None:
    rows = synthetic_vectors(10_000)
    gallery = Gallery(ENGINE, [str(i) for i in range(10_000)], rows)

    assert [match.label for match in gallery.search(rows[::997])] == [
        str(i) for i in range(0, 10_000, 997)
    ]


@pytest.mark.parametrize(
    ("labels", "rows"),
    [
        (["Ada"], vectors(2)),
        (["Ada"], vectors(1)[0]),
        (["Ada"], np.full((1, 128), np.nan, np.float32)),
    ],
)
def test_it_refuses_templates_that_do_not_fit(labels: list[str], rows: np.ndarray) -> None:
    with pytest.raises(GalleryError):
        Gallery(ENGINE, labels, rows)


@pytest.mark.parametrize(
    "probe", [vectors(1)[:, :64], vectors(1)[0], np.full((1, 128), np.inf, np.float32)]
)
def test_it_refuses_probes_that_do_not_fit(probe: np.ndarray) -> None:
    with pytest.raises(GalleryError):
        Gallery(ENGINE, ["Ada"], vectors(1)).search(probe)


def test_it_refuses_a_probe_of_another_engine() -> None:
    gallery = Gallery(ENGINE, ["Ada"], vectors(1))
    probe = Probe(vectors(1)[0], (), 1, 1.0, EngineId("fake", "2"))

    with pytest.raises(GalleryError, match="fake 2"):
        gallery.search_probe(probe)


def test_it_searches_a_probe_of_its_own_engine() -> None:
    gallery = Gallery(ENGINE, ["Ada"], vectors(1))

    assert gallery.search_probe(Probe(vectors(1)[0], (), 1, 1.0, ENGINE)).distance == 0
