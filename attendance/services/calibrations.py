"""What was measured of engines at this site: kept for every promise to come, never overwritten."""

from attendance.models import EngineCalibration
from recognition import EngineId
from recognition.calibration.calibration import Calibration
from recognition.calibration.file import builtin_calibration, from_form, to_form


def calibration_of(*, engine: EngineId) -> Calibration | None:
    """Return what was measured of exactly this engine: here, or what ships with it."""
    kept = EngineCalibration.objects.filter(
        engine_name=engine.name, engine_version=engine.version
    ).first()
    return builtin_calibration(engine) if kept is None else from_form(kept.form)


def keep_calibration(*, calibration: Calibration, by: str) -> EngineCalibration:
    """Let a site's own calibration count from now on; the same one again changes nothing."""
    form = to_form(calibration)
    latest = EngineCalibration.objects.filter(
        engine_name=calibration.engine.name, engine_version=calibration.engine.version
    ).first()
    if latest is not None and latest.form == form:
        return latest
    return EngineCalibration.objects.create(
        engine_name=calibration.engine.name,
        engine_version=calibration.engine.version,
        form=form,
        created_by=by,
    )
