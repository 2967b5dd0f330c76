"""Engines that a site installs itself: recorded, calibrated, then put in force without a gap."""

import logging
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from attendance.errors import EngineRefused
from attendance.models import EngineSwitch, MatchPolicy, Person, SiteEngine
from attendance.selectors.engines import (
    installed_id,
    open_switch,
    people_to_enrol,
    still_to_look_at,
)
from recognition import BUILT_IN_ENGINE, Engine, EngineError, MatchRule, load_engine
from recognition import install_engine as install_files
from recognition.calibration.calibration import Calibration
from recognition.calibration.promises import promise

from .calibrations import keep_calibration
from .engine_faults import clear_fault
from .policies import PromisedRule, current_policy, promised_rule, put_engine_in_force
from .queue import queue_embedding

logger = logging.getLogger(__name__)

# Seconds for which whoever stands at a door, or waits for a page, may wait for an engine that has
# to be tried out first; a small one takes half a second, and the trial goes on meanwhile.
PATIENCE_S = 2.0


def engine_of(*, name: str, patience_s: float | None = PATIENCE_S) -> Engine:
    """Return an engine by name; raise EngineError where it is not the one that was installed.

    The database pins what lies in the engines' folder: a file that was put there past
    `install_engine`, or exchanged since, never meets a door. One that was not tried out on this
    machine as it is raises TrialUnderWay or ModelError, see `recognition.load_engine`.
    """
    engine = load_engine(name, patience_s=patience_s)
    if name == BUILT_IN_ENGINE:
        return engine
    recorded = SiteEngine.objects.filter(name=name).first()
    if recorded is None or recorded.version != engine.id.version:
        known = "none" if recorded is None else recorded.version
        raise EngineError(
            f"The engine {engine.id} is not the one installed here ({known}): "
            "run manage.py install_engine."
        )
    return engine


def wait_for_trial(*, name: str | None = None) -> None:
    """Have an engine, or the one in force, tried out here if it was not: for who has the time.

    Raises EngineError where it cannot be used.
    """
    load_engine(name or current_policy().engine_name)


def install_engine(
    *, model: Path, manifest: Path, detector: Path | None = None, by: str
) -> tuple[SiteEngine, str]:
    """Check, try out and record an engine; return it with the kind of its detector.

    Raises EngineError or EngineRefused; nothing is recorded then.
    """
    installed = install_files(model, manifest, detector)
    described = installed.manifest
    recorded = SiteEngine.objects.filter(name=installed.name).first()
    if recorded is not None and recorded.version != installed.id.version:
        raise EngineRefused(
            f"{recorded} was installed here under that name, and templates may be bound to it. "
            "Give the new engine a name of its own."
        )
    engine, _created = SiteEngine.objects.update_or_create(
        name=installed.name,
        defaults={"licence": described.licence},
        create_defaults={
            "version": installed.id.version,
            "model_sha256": described.model.sha256,
            "dimension": described.dimension,
            "licence": described.licence,
            "installed_by": by,
        },
    )
    clear_fault(engine_name=engine.name)
    return engine, described.detector


def calibrate_engine(
    *, name: str, calibration: Calibration, fpir: float, people: int, by: str
) -> SiteEngine:
    """Keep what was measured, and the rule that keeps a promise by it, for a switch to come.

    `fpir` is the share of strangers' searches among so many people that may be accepted. Raises
    EngineRefused for another engine's calibration, ValueError for a promise that cannot be made.
    """
    engine = _recorded(name)
    loaded = engine_of(name=name, patience_s=None)
    if calibration.engine != loaded.id:
        raise EngineRefused(f"The calibration is one of {calibration.engine}, not of {loaded.id}.")
    margin = loaded.distances.margin
    kept = promise(calibration, fpir=fpir, people=people, margin=margin)
    rule = MatchRule(round(kept.distance, 3), margin)
    engine.threshold, engine.margin = rule.threshold, rule.margin
    engine.promised_fpir, engine.promised_people = fpir, people
    engine.calibrated_at, engine.calibrated_by = timezone.now(), by
    engine.calibrated_why = (
        f"FPIR {fpir:g} among {people} people, by {calibration.impostor_pairs} pairs of strangers"
    )
    engine.full_clean()
    with transaction.atomic():
        keep_calibration(calibration=calibration, by=by)
        engine.save()
    return engine


@dataclass(frozen=True)
class SwitchProgress:
    """How far a switch has come: done where a policy was made, else who is missing."""

    policy: MatchPolicy | None
    missing: list[Person]
    from_kept: list[Person]
    """Those of the missing whose kept faces may still give a template."""


def switch_engine(*, name: str, by: str, why: str, force: bool = False) -> SwitchProgress:
    """Put an engine in force once everybody who is recognised now can be recognised by it.

    Until then the engine in force decides alone, templates are made of kept faces in the
    background, enrolments make templates of both, and this may be asked again. With `force` whoever
    is missing is left behind until a template is made, of a kept face or by enrolling again. Raises
    EngineRefused, EngineError.
    """
    _kept_rule(name)
    engine_of(name=name)
    with transaction.atomic():
        if current_policy().engine_name == name:
            raise EngineRefused(f"The engine {name} decides already.")
        switch = _open(name, by, why)
        missing = people_missing(switch)
        from_kept = list(still_to_look_at(people=missing, engine=installed_id(name)))
        if missing:
            transaction.on_commit(queue_embedding)
        made = None if missing and not force else _make(switch, by, why)
        return SwitchProgress(made, list(missing), from_kept)


def finish_switch() -> MatchPolicy | None:
    """Make the open switch, in the name of who began it, if nobody is missing any more.

    Raises EngineError where the engine is not the one that was installed.
    """
    with transaction.atomic():
        switch = EngineSwitch.objects.select_for_update().filter(ended_at=None).first()
        if switch is None or people_missing(switch).exists():
            return None
        engine_of(name=switch.engine_name)
        return _make(switch, switch.begun_by, switch.why or "Switch of engine")


def people_missing(switch: EngineSwitch) -> QuerySet[Person]:
    """Return who is recognised now and would not be after the switch."""
    return people_to_enrol(
        at=timezone.now(),
        known_to=installed_id(current_policy().engine_name),
        missing_from=installed_id(switch.engine_name),
    )


def _make(switch: EngineSwitch, by: str, why: str) -> MatchPolicy:
    kept = _kept_rule(switch.engine_name)
    _close()
    return put_engine_in_force(engine_name=switch.engine_name, kept=kept, by=by, why=why)


def cancel_switch() -> bool:
    """Give up the open switch; the templates that were made meanwhile stay. False where none is."""
    return bool(_close())


def candidate_engine() -> Engine | None:
    """Return the engine that an open switch fills beside the one in force.

    None as well where it cannot be used: nobody's enrolment waits for an engine that decides later.
    """
    switch = open_switch()
    if switch is None:
        return None
    try:
        return engine_of(name=switch.engine_name)
    except EngineError:
        logger.exception("no templates for the switch to %s", switch.engine_name)
        return None


def _kept_rule(name: str) -> PromisedRule:
    """Return the rule an engine decides by: as calibrated, or as set since, while it decided."""
    decided = MatchPolicy.objects.filter(engine_name=name).first()
    if name == BUILT_IN_ENGINE and decided is not None:
        return promised_rule(decided)
    engine = _recorded(name)
    if engine.calibrated_at is None or engine.threshold is None or engine.margin is None:
        raise EngineRefused(
            f"The engine {name} is not calibrated, so nobody knows how often it would let a "
            "stranger pass: run manage.py calibrate_engine."
        )
    if decided is not None and decided.created_at > engine.calibrated_at:
        return promised_rule(decided)
    rule = MatchRule(engine.threshold, engine.margin)
    return PromisedRule(rule, engine.promised_fpir, engine.promised_people)


def _recorded(name: str) -> SiteEngine:
    engine = SiteEngine.objects.filter(name=name).first()
    if engine is None:
        raise EngineRefused(f"No engine {name!r} is installed: run manage.py install_engine.")
    return engine


def _open(name: str, by: str, why: str) -> EngineSwitch:
    switch = open_switch()
    if switch is not None and switch.engine_name == name:
        return switch
    _close()
    return EngineSwitch.objects.create(engine_name=name, begun_by=by, why=why)


def _close() -> int:
    return EngineSwitch.objects.filter(ended_at=None).update(ended_at=timezone.now())
