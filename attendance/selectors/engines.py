"""Which engine decides, which is being filled, and who is missing from it."""

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from attendance.models import EngineSwitch, Person, Template
from recognition import EngineId

from .permitted import permitted_people


def open_switch() -> EngineSwitch | None:
    """Return the switch that waits for enrolments, if there is one."""
    return EngineSwitch.objects.filter(ended_at=None).first()


def people_to_enrol(
    *, at: datetime, known_to: EngineId, missing_from: EngineId
) -> QuerySet[Person]:
    """Return the permitted people whom one engine knows and the other does not."""
    return permitted_people(at=at).filter(_templates(known_to), ~_templates(missing_from))


def _templates(engine: EngineId) -> Exists:
    return Exists(
        Template.objects.filter(
            person=OuterRef("pk"), engine_name=engine.name, engine_version=engine.version
        )
    )
