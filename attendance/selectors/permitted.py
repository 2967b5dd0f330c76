"""Who may be in a gallery: the one place where that rule is written."""

from datetime import datetime

from django.db.models import Exists, Min, OuterRef, Q, QuerySet

from attendance.models import Consent, Person


def standing_consents(*, at: datetime) -> QuerySet[Consent]:
    """Return the consents that are in force at a time, or will be: those that can be withdrawn."""
    return Consent.objects.filter(
        Q(until=None) | Q(until__gt=at), Q(withdrawn_at=None) | Q(withdrawn_at__gt=at)
    )


def valid_consents(*, at: datetime) -> QuerySet[Consent]:
    """Return the consents in force at a time."""
    return standing_consents(at=at).filter(given_at__lte=at)


def permitted_people(*, at: datetime) -> QuerySet[Person]:
    """Return the active people with a consent in force at a time."""
    return Person.objects.filter(
        Exists(valid_consents(at=at).filter(person=OuterRef("pk"))), active=True
    )


def next_consent_change(*, after: datetime) -> datetime | None:
    """Return when the clock alone will next put somebody in or out of the gallery."""
    times = Consent.objects.aggregate(
        begins=Min("given_at", filter=Q(given_at__gt=after)),
        ends=Min("until", filter=Q(until__gt=after)),
        withdrawn=Min("withdrawn_at", filter=Q(withdrawn_at__gt=after)),
    )
    return min((time for time in times.values() if time is not None), default=None)
