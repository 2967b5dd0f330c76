"""The figures keep their form, and both sides really do the work."""

import json
from pathlib import Path

import pytest

from benchmarks import small_networks, timing
from benchmarks.figures import Figures, Http, Pair, Speed
from benchmarks.report import print_table, write_json
from recognition.networks.network import WEIGHTS

HTTP = Http(p50_ms=40.0, p95_ms=60.0, compute_ms=14.0, four_p50_ms=90.0, four_p95_ms=120.0)


def test_the_json_has_the_keys_that_scripts_read(tmp_path: Path) -> None:
    figures = Figures({"frame": Pair(12.5, 250.0)}, HTTP)
    path = tmp_path / "new" / "bench.json"

    write_json(figures, path)

    written = json.loads(path.read_text())
    assert written["frame"] == {"lintel_ms": 12.5, "peer_ms": 250.0, "ratio": 20.0}
    assert {"p50_ms": 40.0, "p95_ms": 60.0, "compute_ms": 14.0}.items() <= written["http"].items()


def test_small_networks_are_written_with_frames_a_second(tmp_path: Path) -> None:
    figures = Figures({}, networks={"sign-letters": Speed(single_ms=2.0, batch_ms=0.5)})

    write_json(figures, tmp_path / "bench.json")

    assert json.loads((tmp_path / "bench.json").read_text())["sign-letters"] == {
        "single_ms": 2.0,
        "batch_ms": 0.5,
        "frames_a_second": 500.0,
        "pictures_a_second": 2000.0,
    }


@pytest.mark.slow
def test_every_network_with_weights_is_measured(capsys: pytest.CaptureFixture[str]) -> None:
    speeds = small_networks.measure(rounds=1)
    small_networks.print_speeds(speeds)

    assert set(speeds) == {path.stem for path in WEIGHTS.glob("*.onnx")}
    printed = capsys.readouterr().out
    assert all(name in printed and speed.single_ms > 0 for name, speed in speeds.items())


def test_the_table_names_everything(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(Figures({"frame": Pair(12.5, 250.0)}, HTTP), "a machine")

    printed = capsys.readouterr().out
    assert all(word in printed for word in ("frame", "12.50", "20.0", "p95 60.0", "a machine"))


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

    assert set(pairs) == {"frame", "descriptor", "no_face", "match"}
    assert all(pair.lintel_ms > 0 and pair.peer_ms > 0 for pair in pairs.values())
