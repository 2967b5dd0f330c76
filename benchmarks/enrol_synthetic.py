"""`python -m benchmarks.enrol_synthetic N`: fill the database with N people who do not exist.

Run in the environment of the installation to be measured; templates are sealed as real ones are.
"""

import sys

import django

from config.servers import ensure_servers

ensure_servers()
django.setup()

from django.db import transaction  # noqa: E402 - the models need Django set up

from attendance.choices import TemplateSource  # noqa: E402
from attendance.models import Consent, Person, Template  # noqa: E402
from attendance.services.sealing import seal_vector  # noqa: E402
from recognition import load_engine  # noqa: E402
from tests.people import synthetic_vectors  # noqa: E402

_AT_ONCE = 2000


@transaction.atomic
def enrol(count: int) -> None:
    """Insert people with a consent and one template each."""
    engine = load_engine().id
    people = [
        Person(full_name=f"Synthetic {number}", employee_number=f"S{number:06d}")
        for number in range(count)
    ]
    Person.objects.bulk_create(people, batch_size=_AT_ONCE)
    consents = [Consent(person=person, recorded_by="benchmark") for person in people]
    Consent.objects.bulk_create(consents, batch_size=_AT_ONCE)
    templates = [
        Template(
            person=person,
            sealed_vector=seal_vector(vector=vector, person_id=person.pk, engine=engine),
            engine_name=engine.name,
            engine_version=engine.version,
            quality=1.0,
            source=TemplateSource.FOLDER,
            picture_digest=f"{number:064x}",
        )
        for number, (person, vector) in enumerate(
            zip(people, synthetic_vectors(count), strict=True)
        )
    ]
    Template.objects.bulk_create(templates, batch_size=_AT_ONCE)


if __name__ == "__main__":
    enrol(int(sys.argv[1]))
