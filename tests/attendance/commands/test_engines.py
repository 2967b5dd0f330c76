"""The commands that install, calibrate and switch engines."""

from pathlib import Path

import pytest

from attendance.models import SiteEngine
from attendance.services.policies import current_policy
from recognition import load_engine
from recognition.calibration.file import write_calibration
from tests.attendance.commands.running import Ended, run
from tests.attendance.rows import make_person, make_template
from tests.recognition.engines.site.calibrations import calibration_of
from tests.recognition.engines.site.tiny import Tiny, make_tiny

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tiny:
    """Return the files of an engine that is not installed yet."""
    monkeypatch.setenv("LINTEL_ENGINES", str(tmp_path / "engines"))
    return make_tiny(tmp_path / "files")


def calibrate(tiny: Tiny, *more: str) -> Ended:
    file = tiny.model.parent / "calibration.json"
    write_calibration(file, calibration_of(load_engine("tiny").id))
    return run("calibrate_engine", "tiny", "--calibration", str(file), "--people", "10", *more)


def install(tiny: Tiny) -> str:
    ended = run("install_engine", str(tiny.model), "--manifest", str(tiny.manifest))
    assert ended.status == 0, ended.out
    return ended.out


def test_it_installs_calibrates_and_switches(tiny: Tiny) -> None:
    assert "before it is calibrated" in install(tiny)
    assert run("switch_engine", "tiny").status == 1
    assert calibrate(tiny).status == 0

    ended = run("switch_engine", "tiny", "--by", "Hana")

    assert (ended.status, current_policy().engine_name) == (0, "tiny")
    engine = SiteEngine.objects.get()
    assert (current_policy().threshold, current_policy().margin) == (engine.threshold, 0.1)
    assert current_policy().created_by == "Hana"
    assert run("threshold").status == 0
    assert "decides already" in calibrate(tiny).out


def test_it_lists_who_must_enrol_again(tiny: Tiny) -> None:
    install(tiny)
    calibrate(tiny)
    make_template(make_person("E7", "Ada Lindqvist"))

    ended = run("switch_engine", "tiny")

    assert ended.status == 1
    assert "has no template yet: Ada Lindqvist (E7)" in ended.out
    assert "without a template: 1." in ended.out
    assert current_policy().engine_name == "dlib-resnet"
    assert run("switch_engine", "--cancel").out == "Given up.\n"
    assert run("switch_engine", "tiny", "--force").status == 0


def test_a_refused_file_is_named(tiny: Tiny) -> None:
    tiny.model.write_bytes(b"")

    ended = run("install_engine", str(tiny.model), "--manifest", str(tiny.manifest))

    assert ended.status == 1
    assert str(tiny.model) in ended.out
    assert not SiteEngine.objects.exists()


@pytest.mark.parametrize("promise", ["--fpir=0", "--fpir=1", "--fpir=nan", "--people=0"])
def test_a_promise_that_nobody_can_make_is_a_wrong_call(tiny: Tiny, promise: str) -> None:
    install(tiny)

    assert calibrate(tiny, promise).status == 2
    assert not SiteEngine.objects.get().calibrated


@pytest.mark.parametrize("arguments", [(), ("tiny", "--cancel")])
def test_a_switch_needs_one_thing_to_do(arguments: tuple[str, ...]) -> None:
    assert run("switch_engine", *arguments).status == 2
