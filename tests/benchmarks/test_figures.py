"""The figures keep their form, and both sides really do the work."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks import small_networks, timing
from benchmarks.documents import write_documents
from benchmarks.figures import (
    Curve,
    Figures,
    GalleryMemory,
    Http,
    KioskFigures,
    Pair,
    Search,
    SignedPins,
    Speed,
    Tracking,
)
from benchmarks.report import print_tables, write_json
from recognition.networks.network import WEIGHTS

HTTP = Http(
    p50_ms=40.0,
    p95_ms=60.0,
    compute_ms=14.0,
    four_p50_ms=90.0,
    four_p95_ms=120.0,
    entry_p50_ms=210.0,
    entry_p95_ms=260.0,
)
FIGURES = Figures(
    {"frame": Pair(12.5, 250.0)},
    HTTP,
    {10_000: Search(0.2, 0.16, 0.6, 1.6), 1_000_000: Search(26.0, 25.0, 76.0, 257.0)},
    GalleryMemory(1_000_000, 488.3, 0.041, 12.0, 0.008, 14.0, 0.009),
    Tracking(20.0, 300, 130, 1, 40, 90.0, 40.0, 60.0, 30.0),
    1.4,
    {
        "people": Curve(
            "people", (10_000, 1_000_000), {"one": (0.2, 26.0), "other": (1.6, 9)}, True
        ),
        "faces": Curve("faces", (1, 2), {"one": (10.0, 14.0)}),
    },
    {"sign-letters": Speed(single_ms=2.0, batch_ms=0.5)},
    KioskFigures(0.045, 699.0, 903.0, 707.0, 799.0),
    SignedPins(20, 60, 54, 1, 8.4, 9.6, 12.0),
)


def test_the_json_has_the_keys_that_scripts_read(tmp_path: Path) -> None:
    figures = Figures({"frame": Pair(12.5, 250.0)}, HTTP)
    path = tmp_path / "new" / "bench.json"

    write_json(figures, path)

    written = json.loads(path.read_text())
    assert written["frame"] == {"lintel_ms": 12.5, "peer_ms": 250.0, "ratio": 20.0}
    assert {"p50_ms": 40.0, "p95_ms": 60.0, "compute_ms": 14.0}.items() <= written["http"].items()


def test_small_networks_are_written_with_frames_a_second() -> None:
    assert FIGURES.as_json()["sign-letters"] == {
        "single_ms": 2.0,
        "batch_ms": 0.5,
        "frames_a_second": 500.0,
        "pictures_a_second": 2000.0,
    }


@pytest.mark.slow
def test_every_network_with_weights_is_measured() -> None:
    speeds = small_networks.measure(rounds=1)

    # Each face that is found is asked whether it is covered, and each frame without a near one
    # whether it shows any: `frame` and `no_face` time these two.
    assert set(speeds) == {path.stem for path in WEIGHTS.glob("*.onnx")} - {"covers", "prescreen"}
    assert all(min(speed.single_ms, speed.batch_ms) > 0 for speed in speeds.values())


def test_every_part_of_a_run_is_written() -> None:
    written = FIGURES.as_json()

    assert json.loads(json.dumps(written)) is not None
    assert written["search_10000"] == {
        "lintel_ms": 0.2,
        "product_ms": 0.16,
        "faiss_ms": 0.6,
        "face_distance_ms": 1.6,
        "times_the_product": 1.25,
    }
    assert {"gallery", "tracking", "worker_start_s", "curves", "kiosk", "pin"} <= set(written)


def test_the_tables_name_everything(capsys: pytest.CaptureFixture[str]) -> None:
    print_tables(FIGURES, "a machine")

    printed = " ".join(capsys.readouterr().out.split())
    for word in (
        "frame",
        "12.50",
        "20.0",
        "p95 60.0",
        "903 ms",
        "8.4 s",
        "210 ms",
        "54 right, 1 wrong, 5 not complete",
        "1,000,000",
        "1.04",
        "sign-letters",
        "4.1%",
        "a machine",
    ):
        assert word in printed, word


def test_the_page_takes_figures_and_plots_between_its_marks(tmp_path: Path) -> None:
    page = tmp_path / "benchmarks.md"
    whole = (Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md").read_text()
    page.write_text(whole)

    write_documents(FIGURES, "a machine", tmp_path)
    once = page.read_text()
    write_documents(FIGURES, "a machine", tmp_path)

    assert page.read_text() == once
    assert "| `frame` | 12.50 | 250.00 | 20.0 |" in once
    assert once.startswith(whole.partition("<!--")[0])
    assert once.endswith(whole.rpartition("-->")[2])
    for name in ("people", "faces"):
        assert f"images/cost-{name}.svg" in once
        drawn = ElementTree.parse(tmp_path / "images" / f"cost-{name}.svg")  # noqa: S314 - our own
        lines = [part for part in drawn.iter() if part.tag.endswith("polyline")]
        assert len(lines) == len(FIGURES.curves[name].lines)


def test_a_page_without_marks_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "benchmarks.md").write_text("nothing")

    with pytest.raises(ValueError, match="no place"):
        write_documents(FIGURES, "a machine", tmp_path)


def test_both_sides_run_in_turn_as_often_as_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []

    def took(work: timing.Work) -> float:
        work()
        return 2.0 if order[-1] == "lintel" else 40.0

    monkeypatch.setattr(timing, "_milliseconds", took)

    pair = timing.alternate(
        lambda: order.append("lintel"), lambda: order.append("peer"), rounds=3, warm_up=1
    )

    assert order == ["lintel", "peer"] * 4
    assert (pair, pair.ratio) == (Pair(2.0, 40.0), 20.0)


@pytest.mark.slow
def test_every_comparison_gives_a_pair() -> None:
    from benchmarks import vision

    pairs = vision.measure(rounds=1)

    assert {"frame", "descriptor", "no_face", "match"} < set(pairs)
    assert all(pair.lintel_ms > 0 and pair.peer_ms > 0 for pair in pairs.values())


@pytest.mark.slow
def test_searches_are_measured_beside_three_others() -> None:
    from benchmarks import search

    figures = search.measure(rounds=1, sizes=(300,))[300]

    assert min(figures.lintel_ms, figures.product_ms, figures.faiss_ms) > 0
    assert figures.face_distance_ms > 0


@pytest.mark.slow
def test_a_gallery_of_100_000_takes_five_hundredths_more_than_its_matrix_and_changes_in_place() -> (
    None
):
    from benchmarks import gallery_memory

    figures = gallery_memory.measure(100_000)

    # What a process of that size allocates besides, counted in pages, is a few hundredths more.
    assert figures.over_share < 0.08
    # One block of thirteen, and nothing like the matrix.
    assert max(figures.add_share, figures.remove_share) < 0.2


@pytest.mark.slow
def test_the_network_runs_for_best_frames_and_not_for_every_frame() -> None:
    from benchmarks import tracking

    figures = tracking.measure(seconds=4.0)

    assert figures.captures == 1
    # The best frame of the capture, and twice a second whether it is still the same person.
    assert figures.network_runs <= 1 + 2 * 4
    assert figures.network_runs < figures.looks / 3


@pytest.mark.slow
def test_held_out_signers_enter_pins_in_the_time_of_the_camera(shared_data: Path) -> None:
    from benchmarks import pin

    figures = pin.measure(shared_data, most_signers=2)

    assert figures is not None
    assert figures.right + figures.wrong <= figures.pins == 2 * len(pin.PINS)
    # Four signs held for 0.8 s, three ways between them, and the pause that sends.
    assert 6.0 < figures.p50_s <= figures.p95_s < 12.0
    assert pin.measure(shared_data / "nowhere") is None
