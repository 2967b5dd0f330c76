"""An engine of a site that doors may use: installed and calibrated, made on the spot."""

from pathlib import Path

import pytest

from attendance.services.engines import calibrate_engine, engine_of, install_engine
from tests.recognition.engines.site.calibrations import calibration_of
from tests.recognition.engines.site.tiny import make_tiny


def ready_engine(folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Install the engine `tiny` under a folder, calibrate it, and return its name."""
    monkeypatch.setenv("LINTEL_ENGINES", str(folder / "engines"))
    files = make_tiny(folder / "files")
    install_engine(model=files.model, manifest=files.manifest, by="HR")
    calibration = calibration_of(engine_of(name="tiny").id)
    calibrate_engine(name="tiny", calibration=calibration, fpir=0.01, people=10, by="HR")
    return "tiny"
