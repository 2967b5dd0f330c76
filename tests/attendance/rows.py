"""Valid rows of every table, each with what a test does not care about filled in."""

import itertools
import uuid
from datetime import datetime
from typing import Any

import numpy as np
from django.contrib.auth.models import Permission, User
from django.utils import timezone
from numpy.typing import NDArray

from attendance.choices import CaptureState, DoorEventKind, ReasonCode, TemplateSource
from attendance.models import (
    Capture,
    CheckIn,
    Consent,
    DoorEvent,
    Kiosk,
    MatchPolicy,
    Person,
    Site,
    Template,
)
from attendance.services.decisions import engine
from attendance.services.policies import PolicyValues, change_policy, current_policy
from attendance.services.provisioning import create_kiosk
from attendance.services.sealing import seal_vector
from tests.attendance.pictures import portrait
from tests.people import SyntheticPerson, synthetic_vectors

# Each somebody else's; made once, for that takes longer than a test.
_made_up_vectors = itertools.cycle(synthetic_vectors(1000))


def make_site(name: str = "Main site", **values: Any) -> Site:
    """Create a site."""
    return Site.objects.create(name=name, **values)


def make_kiosk(site: Site | None = None, name: str = "Front door") -> tuple[Kiosk, str]:
    """Create a kiosk, and its site where none is given; return it with its code."""
    return create_kiosk(name=name, site=site or make_site(), zone="Ground floor")


def make_person(
    number: str = "E1", name: str = "Ada Lindqvist", *, consent: bool = True, **values: Any
) -> Person:
    """Create a person, with a consent in force unless told otherwise."""
    person = Person.objects.create(employee_number=number, full_name=name, **values)
    if consent:
        make_consent(person)
    return person


def make_consent(person: Person, **values: Any) -> Consent:
    """Create a consent without an end."""
    return Consent.objects.create(person=person, **{"recorded_by": "HR", **values})


def make_template(person: Person, vector: NDArray[np.float32] | None = None) -> Template:
    """Create a template of a made-up vector, sealed as every other."""
    if vector is None:
        vector = next(_made_up_vectors)
    return Template.objects.create(
        person=person,
        sealed_vector=seal_vector(vector=vector, person_id=person.pk, engine=engine().id),
        engine_name=engine().id.name,
        engine_version=engine().id.version,
        quality=0.9,
        source=TemplateSource.FOLDER,
        picture_digest=uuid.uuid4().hex,
    )


def enrolled(who: SyntheticPerson, *, variations: tuple[int, ...] = (0,), **values: Any) -> Person:
    """Create a drawn person with consent and a template of each variation."""
    from attendance.services.enrolment import Picture, enrol_pictures

    person = make_person(who.employee_number, who.name, **values)
    pictures = [Picture(f"{v}.jpg", portrait(who.identity, v)) for v in variations]
    outcomes = enrol_pictures(person=person, pictures=pictures, source=TemplateSource.FOLDER)
    assert all(outcome.accepted for outcome in outcomes), outcomes
    return person


def make_capture(kiosk: Kiosk, at: datetime | None = None, **values: Any) -> Capture:
    """Create a capture that waits for a worker."""
    now = at or timezone.now()
    return Capture.objects.create(
        **{
            "id": uuid.uuid4(),
            "kiosk": kiosk,
            "captured_at": now,
            "received_at": now,
            "queued_at": now,
            "clock_skew_ms": 0,
            "frame_count": 1,
            "frames_digest": "0" * 64,
            **values,
        }
    )


def make_check_in(
    kiosk: Kiosk, person: Person | None = None, at: datetime | None = None, **values: Any
) -> CheckIn:
    """Create a decided capture and its check-in: accepted for a person, refused for None."""
    now = at or timezone.now()
    capture = make_capture(kiosk, now, state=CaptureState.DECIDED, closed_at=now)
    policy = current_policy()
    return CheckIn.objects.create(
        **{
            "capture": capture,
            "person": person,
            "happened_at": now,
            "decided_at": now,
            "accepted": person is not None,
            "reason": ReasonCode.MATCHED if person else ReasonCode.NOT_RECOGNISED,
            "best_distance": 0.3 if person else 0.7,
            "frames_used": 1,
            "engine_name": "dlib-resnet",
            "engine_version": "1",
            "threshold": policy.threshold,
            "margin": policy.margin,
            "policy": policy,
            "gallery_version": 1,
            "gallery_size": 1,
            **values,
        }
    )


def make_door_event(kiosk: Kiosk, at: datetime | None = None, **values: Any) -> DoorEvent:
    """Create an event of a kiosk's door: forced open unless told otherwise."""
    now = at or timezone.now()
    return DoorEvent.objects.create(
        **{
            "id": uuid.uuid4(),
            "kiosk": kiosk,
            "kind": DoorEventKind.FORCED,
            "happened_at": now,
            "reported_at": now,
            "received_at": now,
            **values,
        }
    )


def new_policy(**changes: Any) -> MatchPolicy:
    """Put a policy in force that differs from the current one in what is given."""
    now = current_policy()
    values = {name: getattr(now, name) for name in PolicyValues.__dataclass_fields__}
    return change_policy(values=PolicyValues(**{**values, **changes}), by="HR", why="a test")


def make_staff(name: str = "hana", *, permissions: tuple[str, ...] = ()) -> User:
    """Create an account that may see the console, with permissions such as view_person."""
    user = User.objects.create_user(name, is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return user
