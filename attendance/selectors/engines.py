"""Which engine decides, which is being filled, and who is missing from it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from attendance.models import (
    EmbeddingAttempt,
    EngineFault,
    EngineSwitch,
    KeptFace,
    MatchPolicy,
    Person,
    SiteEngine,
    Template,
)
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
    """Return the permitted people of whom there are templates of another engine or version.

    A release of Lintel may bring another version of the built-in one, and a switch may have been
    made before all kept faces were looked at.
    """
    own = Q(engine_name=engine.name, engine_version=engine.version)
    others = Template.objects.filter(~own, person=OuterRef("pk"))
    return permitted_people(at=at).filter(Exists(others))


def faces_to_look_at(*, engine: EngineId) -> QuerySet[KeptFace]:
    """Return the kept faces that an engine neither has a template of nor has refused."""
    refused = _attempts(engine).filter(refused_at__isnull=False)
    return _faces_without_template(engine).filter(~Exists(refused))


def faces_to_take_up(*, engine: EngineId) -> QuerySet[KeptFace]:
    """Return the kept faces that an engine has no template of and nobody has looked at yet."""
    return _faces_without_template(engine).filter(~Exists(_attempts(engine)))


def _faces_without_template(engine: EngineId) -> QuerySet[KeptFace]:
    made = Template.objects.filter(
        person=OuterRef("person"),
        picture_digest=OuterRef("picture_digest"),
        engine_name=engine.name,
        engine_version=engine.version,
    )
    return KeptFace.objects.filter(~Exists(made))


def _attempts(engine: EngineId) -> QuerySet[EmbeddingAttempt]:
    return EmbeddingAttempt.objects.filter(
        face=OuterRef("pk"), engine_name=engine.name, engine_version=engine.version
    )


def still_to_look_at(*, people: QuerySet[Person], engine: EngineId) -> QuerySet[Person]:
    """Return those of some people with kept faces that may still give a template of an engine."""
    faces = faces_to_look_at(engine=engine).filter(person=OuterRef("pk"))
    return people.filter(Exists(faces))


def installed_id(name: str) -> EngineId:
    """Return the id of an engine as this release brings it, or as it was installed here."""
    if name == BUILT_IN_ENGINE:
        return load_engine(name).id
    engine = SiteEngine.objects.get(name=name)
    return EngineId(engine.name, engine.version)


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
    fault: EngineFault | None
    """What kept a worker from using it when one last tried; None where nothing did."""


@dataclass(frozen=True)
class Missing:
    """Permitted people of whom an engine has no template."""

    count: int
    from_kept: int
    """Those whose kept faces may still give one, by themselves."""
    first: list[Person]
    """The first of all others, by name: they must enrol again."""

    @property
    def to_enrol(self) -> int:
        """Return how many must enrol again."""
        return self.count - self.from_kept


@dataclass(frozen=True)
class Filling:
    """How far an engine has come with templates of the people who are enrolled."""

    engine: EngineId
    people: int
    """Who is to be known to it."""
    done: int
    missing: Missing


@dataclass(frozen=True)
class SwitchState:
    """The open switch, and how far it has come."""

    switch: EngineSwitch
    filling: Filling
    fault: EngineFault | None
    """Why no template can be made by it at the moment."""


# More names than these help nobody; the list of people can be filtered.
_MOST_NAMES = 50


def engine_rows() -> list[EngineRow]:
    """Return the built-in engine and those installed, the one that decides first."""
    deciding = MatchPolicy.objects.latest().engine_name
    faults = {fault.engine_name: fault for fault in EngineFault.objects.all()}
    built_in = load_engine(BUILT_IN_ENGINE).id
    rows = [
        EngineRow(
            built_in.name,
            built_in.version,
            _people_of(built_in).count(),
            decides=built_in.name == deciding,
            usable=True,
            why="",
            fault=faults.get(built_in.name),
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
                fault=faults.get(engine.name),
            )
        )
    return sorted(rows, key=lambda row: not row.decides)


def switch_state() -> SwitchState | None:
    """Return the open switch with its progress; None where none is open."""
    switch = open_switch()
    if switch is None:
        return None
    known = installed_id(MatchPolicy.objects.latest().engine_name)
    people = permitted_people(at=timezone.now()).filter(Exists(_any_version(known)))
    fault = EngineFault.objects.filter(engine_name=switch.engine_name).first()
    return SwitchState(switch, _filling(installed_id(switch.engine_name), people), fault)


def renewal_state() -> Filling:
    """Return how far the engine in force knows who is enrolled, by whatever engine or version.

    It does not know everybody after a release that changed it, or a switch that left people behind.
    """
    engine = installed_id(MatchPolicy.objects.latest().engine_name)
    enrolled = Exists(Template.objects.filter(person=OuterRef("pk")))
    return _filling(engine, permitted_people(at=timezone.now()).filter(enrolled))


def _filling(engine: EngineId, people: QuerySet[Person]) -> Filling:
    lacking = people.filter(~_templates(engine))
    waiting = still_to_look_at(people=lacking, engine=engine)
    to_enrol = lacking.exclude(pk__in=waiting).order_by("full_name")[:_MOST_NAMES]
    missing = Missing(lacking.count(), waiting.count(), list(to_enrol))
    count = people.count()
    return Filling(engine, count, count - missing.count, missing)


def _people_of(engine: EngineId) -> QuerySet[Person]:
    return permitted_people(at=timezone.now()).filter(_templates(engine))
