"""Which engine decides, which is being filled, and who is missing from it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from attendance.models import EngineSwitch, KeptFace, MatchPolicy, Person, SiteEngine, Template
from recognition import BUILT_IN_ENGINE, EngineId, load_engine

from .permitted import permitted_people


def open_switch() -> EngineSwitch | None:
    """Return the switch that waits for enrolments, if there is one."""
    return EngineSwitch.objects.filter(ended_at=None).first()


def people_to_enrol(
    *, at: datetime, known_to: EngineId, missing_from: EngineId
) -> QuerySet[Person]:
    """Return the permitted people whom one engine knows, in any version, and the other does not."""
    return permitted_people(at=at).filter(Exists(_any_version(known_to)), ~_templates(missing_from))


def people_to_renew(*, engine: EngineId, at: datetime) -> QuerySet[Person]:
    """Return the permitted people of whom there are templates of other versions of an engine.

    A release of Lintel may bring another version of the built-in one.
    """
    others = _any_version(engine).exclude(engine_version=engine.version)
    return permitted_people(at=at).filter(Exists(others))


def _any_version(engine: EngineId) -> QuerySet[Template]:
    return Template.objects.filter(person=OuterRef("pk"), engine_name=engine.name)


def _templates(engine: EngineId) -> Exists:
    return Exists(_any_version(engine).filter(engine_version=engine.version))


@dataclass(frozen=True)
class EngineRow:
    """An engine as the console lists it."""

    name: str
    version: str
    people: int
    """Permitted people who have a template of it."""
    decides: bool
    usable: bool
    """Whether it has a threshold; without one no door may use it."""
    why: str
    """What its threshold promises."""


@dataclass(frozen=True)
class Missing:
    """Permitted people of whom an engine has no template."""

    count: int
    from_kept: int
    """Those whose kept faces may still give one."""
    first: list[Person]
    """The first of them, by name."""


@dataclass(frozen=True)
class SwitchState:
    """How far the open switch has come."""

    switch: EngineSwitch
    people: int
    """Who is recognised now."""
    done: int
    missing: Missing


# More names than these help nobody; the list of people can be filtered.
_MOST_NAMES = 50


def engine_rows() -> list[EngineRow]:
    """Return the built-in engine and those installed, the one that decides first."""
    deciding = MatchPolicy.objects.latest().engine_name
    built_in = load_engine(BUILT_IN_ENGINE).id
    rows = [
        EngineRow(
            built_in.name,
            built_in.version,
            _people_of(built_in).count(),
            decides=built_in.name == deciding,
            usable=True,
            why="",
        )
    ]
    for engine in SiteEngine.objects.all():
        people = _people_of(EngineId(engine.name, engine.version)).count()
        rows.append(
            EngineRow(
                engine.name,
                engine.version,
                people,
                decides=engine.name == deciding,
                usable=engine.calibrated,
                why=engine.calibrated_why,
            )
        )
    return sorted(rows, key=lambda row: not row.decides)


def switch_state() -> SwitchState | None:
    """Return the open switch with its progress; None where none is open."""
    switch = open_switch()
    if switch is None:
        return None
    known, target = (
        _installed(name) for name in (MatchPolicy.objects.latest().engine_name, switch.engine_name)
    )
    people = _people_of(known)
    count, missing = people.count(), _missing(people.filter(~_templates(target)))
    return SwitchState(switch, people=count, done=count - missing.count, missing=missing)


def forgotten_by_a_release() -> Missing:
    """Return who was known to an older version of the engine in force and is not to this one."""
    engine = _installed(MatchPolicy.objects.latest().engine_name)
    return _missing(people_to_enrol(at=timezone.now(), known_to=engine, missing_from=engine))


def _missing(people: QuerySet[Person]) -> Missing:
    kept = people.filter(Exists(KeptFace.objects.filter(person=OuterRef("pk"))))
    first = list(people.order_by("full_name")[:_MOST_NAMES])
    return Missing(people.count(), kept.count(), first)


def _people_of(engine: EngineId) -> QuerySet[Person]:
    return permitted_people(at=timezone.now()).filter(_templates(engine))


def _installed(name: str) -> EngineId:
    if name == BUILT_IN_ENGINE:
        return load_engine(name).id
    engine = SiteEngine.objects.get(name=name)
    return EngineId(engine.name, engine.version)
