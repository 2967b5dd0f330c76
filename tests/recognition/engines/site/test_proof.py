"""An engine is loaded only where its trial has passed: this content, this code, this machine."""

import os
import platform
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from recognition import EngineError, ModelError, TrialUnderWay, install_engine, load_engine
from recognition.engines import registry
from recognition.engines.site import proof, trial
from recognition.engines.site.folder import installed_engine
from recognition.engines.site.runtime import _processor
from recognition.engines.site.self_test import known_chips
from tests.recognition.commands.running import run
from tests.recognition.engines.site.dying import LAST_WORD, ends_by_abort
from tests.recognition.engines.site.tiny import Tiny

pytestmark = pytest.mark.slow

LOAD = "from recognition import load_engine; load_engine('tiny')"


def leaves_a_mark_and_aborts(*_: str) -> None:
    with Path(os.environ["TRIALS"]).open("a") as marks:
        marks.write("tried\n")
    os.abort()


def takes_its_time(folder: str, by: str) -> None:
    with Path(os.environ["TRIALS"]).open("a") as marks:
        marks.write("tried\n")
    time.sleep(1.5)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a cache folder of this test's own, in a process that has loaded and seen nothing."""
    monkeypatch.setenv("LINTEL_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(registry, "_loaded", {})
    monkeypatch.setattr(proof, "_failed", {})
    return tmp_path / "cache"


@pytest.fixture
def installed(engines: Path, tiny: Tiny, cache: Path) -> Path:
    """Install the tiny engine and return its folder."""
    return install_engine(tiny.model, tiny.manifest).folder


@pytest.fixture
def trials(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the file in which trials leave a mark, none so far."""
    marks = tmp_path / "trials"
    marks.touch()
    monkeypatch.setenv("TRIALS", str(marks))
    return marks


def unproven(cache: Path) -> None:
    """Leave things as after an update: nothing is known of this engine by this code."""
    shutil.rmtree(cache / "trials")


def crash(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every trial from now on end its process."""
    monkeypatch.setattr(trial, "_trial", ends_by_abort)


def test_what_passed_at_its_installation_is_not_tried_again(
    installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crash(monkeypatch)

    assert load_engine("tiny").id.name == "tiny"


def test_without_a_proof_it_is_tried_first_and_a_crash_there_is_a_refusal(
    installed: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unproven(cache)
    crash(monkeypatch)

    with pytest.raises(ModelError, match=rf"by a signal \(Aborted\): {LAST_WORD}"):
        load_engine("tiny")
    assert load_engine("dlib-resnet").id.name == "dlib-resnet"


def test_a_pass_is_remembered_by_all_processes(installed: Path, cache: Path) -> None:
    unproven(cache)

    load_engine("tiny")

    (note,) = (cache / "trials").glob("*.json")
    before = note.stat().st_mtime_ns
    subprocess.run([sys.executable, "-c", LOAD], check=True)
    assert note.stat().st_mtime_ns == before


@pytest.mark.parametrize("damage", [b"", b"{}", b"\xff"])
def test_a_damaged_proof_is_none(
    installed: Path, cache: Path, monkeypatch: pytest.MonkeyPatch, damage: bytes
) -> None:
    (note,) = (cache / "trials").glob("*.json")
    note.write_bytes(damage)
    crash(monkeypatch)

    with pytest.raises(ModelError, match="Aborted"):
        load_engine("tiny")


def test_another_runtime_needs_another_trial(
    installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import onnxruntime

    crash(monkeypatch)
    monkeypatch.setattr(onnxruntime, "__version__", "9.9.9")

    with pytest.raises(ModelError, match="Aborted"):
        load_engine("tiny")


def test_a_trial_by_other_code_than_asks_proves_nothing(
    installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import onnxruntime

    monkeypatch.setattr(onnxruntime, "__version__", "9.9.9")  # here, not in the trial's process

    with pytest.raises(ModelError, match="changed under a running process"):
        load_engine("tiny")


def test_another_manifest_needs_another_trial(
    installed: Path, tiny: Tiny, monkeypatch: pytest.MonkeyPatch
) -> None:
    crash(monkeypatch)
    tiny.write_manifest(licence="another's")
    shutil.copy(tiny.manifest, installed / "manifest.json")

    with pytest.raises(ModelError, match="Aborted"):
        load_engine("tiny")


def test_a_proof_does_not_stand_for_the_hash(installed: Path) -> None:
    (installed / "model.onnx").write_bytes(b"another")

    engine = load_engine("tiny")

    with pytest.raises(ModelError, match="is not the file its manifest names"):
        engine.embed_chips(known_chips(engine.chip_px))


def test_a_file_that_is_damaged_is_named_without_a_trial_and_may_be_put_back_at_once(
    installed: Path, cache: Path, tmp_path: Path
) -> None:
    unproven(cache)
    shutil.copy(installed / "model.onnx", tmp_path / "kept")
    (installed / "model.onnx").write_bytes(b"another")
    with pytest.raises(ModelError, match="is not the file its manifest names"):
        load_engine("tiny")

    shutil.copy(tmp_path / "kept", installed / "model.onnx")

    assert load_engine("tiny").id.name == "tiny"


def test_a_failure_is_believed_for_a_while_and_no_longer_than_a_pass(
    installed: Path, tiny: Tiny, cache: Path, trials: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unproven(cache)
    with monkeypatch.context() as crashing:
        crashing.setattr(trial, "_trial", leaves_a_mark_and_aborts)
        for _ in range(3):
            with pytest.raises(ModelError, match="Aborted"):
                load_engine("tiny")
        assert trials.read_text() == "tried\n"
        monkeypatch.setattr(proof, "_FAILED_FOR_S", 0.0)
        with pytest.raises(ModelError, match="Aborted"):
            load_engine("tiny")
        assert trials.read_text() == "tried\n" * 2
    monkeypatch.setattr(proof, "_FAILED_FOR_S", 3600.0)

    install_engine(tiny.model, tiny.manifest)

    assert load_engine("tiny").id.name == "tiny"


def test_an_engine_that_fails_when_installed_again_has_no_proof_any_more(
    installed: Path, tiny: Tiny, monkeypatch: pytest.MonkeyPatch
) -> None:
    crash(monkeypatch)
    with pytest.raises(ModelError, match="Aborted"):
        install_engine(tiny.model, tiny.manifest)

    with pytest.raises(ModelError, match="Aborted"):
        load_engine("tiny")


def test_who_has_no_time_is_told_so_and_the_trial_goes_on(
    installed: Path, cache: Path, trials: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unproven(cache)
    monkeypatch.setattr(trial, "_trial", takes_its_time)

    with pytest.raises(TrialUnderWay, match="is being tried out on this machine"):
        load_engine("tiny", patience_s=0.05)

    assert load_engine("tiny").id.name == "tiny"
    assert trials.read_text() == "tried\n"


def test_threads_that_ask_together_make_one_trial(
    installed: Path, cache: Path, trials: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unproven(cache)
    monkeypatch.setattr(trial, "_trial", takes_its_time)

    with ThreadPoolExecutor(8) as pool:
        loaded = list(pool.map(lambda _: load_engine("tiny"), range(8)))

    assert len({id(engine) for engine in loaded}) == 1
    assert trials.read_text() == "tried\n"


def test_processes_that_start_together_make_one_trial(installed: Path, cache: Path) -> None:
    unproven(cache)
    code = (
        "import sys; from recognition.engines.site import proof; from recognition import *\n"
        "made = proof.try_out\n"
        "def try_out(*given, **more):\n"
        "    sys.stdout.write('tried\\n'); made(*given, **more)\n"
        "proof.try_out = try_out; load_engine('tiny')"
    )

    together = [
        subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) for _ in range(4)
    ]
    said = [process.communicate()[0] for process in together]

    assert [process.returncode for process in together] == [0] * 4
    assert b"".join(said) == b"tried\n"


def test_a_cache_that_cannot_be_written_costs_a_trial_and_nothing_else(
    installed: Path, cache: Path
) -> None:
    shutil.rmtree(cache)
    cache.write_text("a file, no folder")

    assert load_engine("tiny").id.name == "tiny"


def test_the_commands_say_why_an_engine_is_not_used(
    installed: Path,
    cache: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    unproven(cache)
    crash(monkeypatch)
    (tmp_path / "gallery").mkdir()

    listed = run(capsys, "engines", "--json")
    recognised = run(
        capsys, "recognize", str(tmp_path), "--gallery", str(tmp_path), "--engine", "tiny"
    )

    assert (listed.status, recognised.status) == (1, 1)
    assert "Aborted" in listed.json["engines"][1]["fault"]
    assert "Aborted" in recognised.err


def test_an_engine_that_is_not_there_is_not_tried(engines: Path, cache: Path) -> None:
    with pytest.raises(EngineError, match="There is no engine"):
        load_engine("tiny")
    with pytest.raises(EngineError, match="There is no engine"):
        installed_engine("tiny")


def test_a_processor_is_told_by_what_does_not_change(tmp_path: Path) -> None:
    one = "processor\t: 0\nmodel name\t: A\ncpu MHz\t\t: 2000.1\nflags\t\t: avx2\n"
    listed = tmp_path / "cpuinfo"
    told = []
    for text in (one, one.replace("2000.1", "2900.5"), one.replace("avx2", "avx512f")):
        listed.write_text(f"{text}\nprocessor\t: 1\n")
        told.append(_processor(listed))

    assert told[0] == told[1] == "model name\t: A\nflags\t\t: avx2"
    assert told[2] != told[0]
    assert _processor(tmp_path / "none") == platform.processor()
