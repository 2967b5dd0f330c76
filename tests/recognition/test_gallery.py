"""The search is exact, and refuses what cannot be compared."""

import math
import threading
import uuid

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognition import EngineId, Gallery, GalleryError, Probe, template_blocks
from recognition.template_blocks import encode_label
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

    monkeypatch.setattr("recognition.gallery._PROBES_AT_ONCE", 3)

    assert gallery.search(vectors(20, 3)) == pytest.approx(whole)


@st.composite
def changes(draw: st.DrawFn) -> list[tuple[bool, list[str]]]:
    """Templates added (one each time a name stands) and people taken out, in turn."""
    names = st.sampled_from([*"abcdefg", "a longer name", "王小明", str(uuid.UUID(int=7 << 120))])
    return draw(st.lists(st.tuples(st.booleans(), st.lists(names, max_size=6)), max_size=8))


@given(changes(), st.integers(0, 2**16))
def test_a_gallery_that_was_changed_is_the_one_made_of_what_is_left(
    steps: list[tuple[bool, list[str]]], seed: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(template_blocks, "_BLOCK_BYTES", 4 * 512)  # four rows a block
        gallery = Gallery(ENGINE, [], np.empty((0, 128), np.float32))
        left: list[tuple[str, np.ndarray]] = []
        for number, (adds, names) in enumerate(steps):
            before, seen = gallery, gallery.people
            rows = vectors(len(names), seed + number)
            if adds:
                gallery = gallery.with_templates(names, rows)
                left += zip(names, rows, strict=True)
            else:
                gallery = gallery.without_people(names)
                left = [one for one in left if one[0] not in names]
            assert before.people == seen
        labels = [name for name, _ in left]
        assert (len(gallery), gallery.people_count) == (len(left), len(set(labels)))
        assert gallery.people == tuple(sorted(set(labels)))
        if left:
            rows = np.array([row for _, row in left])
            asked = vectors(2, seed + 99)
            expected = Gallery(ENGINE, labels, rows).search(asked)
            assert gallery.search(asked) == expected
            assert (gallery.search(asked[:1])[0], *gallery.search(asked[1:])) == expected


def test_taking_one_person_out_copies_no_other_block() -> None:
    rows = template_blocks.block_rows(128)
    gallery = Gallery(ENGINE, [str(i) for i in range(3 * rows)], vectors(3 * rows))
    blocks = gallery._blocks

    changed = gallery.without_people([str(rows + 5)])

    assert [len(block) for block in changed._blocks] == [rows, rows, rows - 1]
    assert changed._blocks[0] is blocks[0]
    assert np.shares_memory(changed._blocks[2].vectors, blocks[2].vectors)
    more = changed.with_templates(["new"], vectors(1, 9))
    assert more._blocks[:2] == changed._blocks[:2]
    assert len(more) == 3 * rows


def test_a_search_sees_the_gallery_before_a_change_or_after_it() -> None:
    rows = vectors(2000)
    gallery = Gallery(ENGINE, [str(i) for i in range(2000)], rows)
    newest, seen, done = [gallery], [], threading.Event()

    def search() -> None:
        while not done.is_set():
            current = newest[0]
            seen.append((len(current), current.search(rows[[1999]])[0].label))

    thread = threading.Thread(target=search)
    thread.start()
    for number in range(200):
        newest[0] = newest[0].without_people([str(number)])
    done.set()
    thread.join()

    assert {label for _, label in seen} == {"1999"}
    assert newest[0].search(rows[[0]])[0].label != "0"
    assert gallery.search(rows[[0]])[0].label == "0"


def test_a_person_of_very_many_templates_has_a_second_person_beside() -> None:
    rows = vectors(3000)
    rows[:2900] = rows[0] + vectors(2900, 3) / 1000
    labels = ["Ada"] * 2900 + [f"p{i}" for i in range(100)]

    match = Gallery(ENGINE, labels, rows).search(rows[[0]])[0]

    expected = slow_search(labels, rows, rows[0])[:2]
    assert [match.label, match.second_label] == [label for _, label in expected]
    assert [match.distance, match.second_distance] == pytest.approx(
        [distance for distance, _ in expected], abs=1e-6
    )


@given(st.lists(st.one_of(st.uuids().map(str), st.text(max_size=40)), min_size=1, unique=True))
def test_labels_come_back_as_they_were_given(labels: list[str]) -> None:
    labels = [label.replace("\0", "") for label in labels]

    gallery = Gallery(ENGINE, labels, vectors(len(labels)))

    assert gallery.people == tuple(sorted(set(labels)))


@pytest.mark.parametrize("number", [0, 0xFF << 120, 1])
def test_a_uuid_takes_17_bytes_whatever_its_number(number: int) -> None:
    label = str(uuid.UUID(int=number))

    assert len(encode_label(label)) == 17
    assert Gallery(ENGINE, [label], vectors(1)).people == (label,)
    upper = label.upper()
    assert Gallery(ENGINE, [upper], vectors(1)).people == (upper,)


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
        (["Ada"], np.full((1, 128), 1e300)),
        (["Ada"], np.full((1, 128), 1e30, np.float32)),
        (["Ada"], np.full((1, 128), "0.1")),
        (["Ada"], [[0.1], [0.1, 0.2]]),
        (["A\0da"], vectors(1)),
        ([1], vectors(1)),
    ],
)
def test_it_refuses_templates_that_do_not_fit(labels: list[str], rows: np.ndarray) -> None:
    with pytest.raises(GalleryError):
        Gallery(ENGINE, labels, rows)


@pytest.mark.parametrize(
    "probe",
    [
        vectors(1)[:, :64],
        vectors(1)[0],
        np.full((1, 128), np.inf, np.float32),
        np.full((1, 128), 1e300),
        np.full((1, 128), None),
        np.full((1, 128), 1j),
    ],
)
def test_it_refuses_probes_that_do_not_fit(probe: np.ndarray) -> None:
    with pytest.raises(GalleryError):
        Gallery(ENGINE, ["Ada"], vectors(1)).search(probe)


def test_it_refuses_templates_of_another_dimension() -> None:
    with pytest.raises(GalleryError, match="64 dimensions"):
        Gallery(ENGINE, ["Ada"], vectors(1)).with_templates(["Ben"], vectors(1)[:, :64])


def test_it_refuses_a_probe_of_another_engine() -> None:
    gallery = Gallery(ENGINE, ["Ada"], vectors(1))
    probe = Probe(vectors(1)[0], (), 1, 1.0, EngineId("fake", "2"))

    with pytest.raises(GalleryError, match="fake 2"):
        gallery.search_probe(probe)


def test_it_searches_a_probe_of_its_own_engine() -> None:
    gallery = Gallery(ENGINE, ["Ada"], vectors(1))

    assert gallery.search_probe(Probe(vectors(1)[0], (), 1, 1.0, ENGINE)).distance == 0
