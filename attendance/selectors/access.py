"""The question that is put to the access policy, gathered from the tables."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from attendance import access
from attendance.access_choices import Direction
from attendance.choices import ReasonCode
from attendance.models import CheckIn, Door, Membership, Person, Pin, VisitorPass

from .door_rules import EVERYBODY, door_facts, site_holidays
from .overrides import standing_of
from .presence import EverybodysArea, area_facts


@dataclass(frozen=True)
class Attempt:
    """What somebody does at a door."""

    direction: Direction
    factors: frozenset[access.Factor]
    at: datetime
    """When it happened; by this the schedules are judged."""
    doubtful: bool = False


def access_question(
    *,
    person: Person,
    door: Door,
    attempt: Attempt,
    overrides_at: datetime,
    until: datetime | None = None,
) -> access.AccessQuestion:
    """Gather what decides about an attempt.

    ``overrides_at`` is the time whose lockdown counts; ``until`` leaves out later passages.
    """
    return access.AccessQuestion(
        person=person_facts(person=person, at=attempt.at),
        door=door_facts(door=door, standing=standing_of(door=door, at=overrides_at)),
        at=attempt.at.astimezone(door.site.zone),
        factors=attempt.factors,
        doubtful=attempt.doubtful,
        direction=access.Direction(attempt.direction),
        holidays=site_holidays(site=door.site),
        area=area_facts(area=door.area, person=person, at=attempt.at, until=until)
        if door.area
        else None,
        companions=_waiting(door, attempt.at, until),
    )


def access_questions(
    *, people: Iterable[Person], door: Door, attempt: Attempt, overrides_at: datetime
) -> Iterator[tuple[Person, access.AccessQuestion]]:
    """Gather the question for each of many people who are no visitors, in a few queries for all."""
    facts = door_facts(door=door, standing=standing_of(door=door, at=overrides_at))
    at, holidays = attempt.at.astimezone(door.site.zone), site_holidays(site=door.site)
    companions = _waiting(door, attempt.at, None)
    area = EverybodysArea(area=door.area, at=attempt.at) if door.area else None
    groups: defaultdict[uuid.UUID, set[str]] = defaultdict(set)
    for member, group in Membership.objects.values_list("person_id", "group_id"):
        groups[member].add(str(group))
    with_pin = set(Pin.objects.values_list("person_id", flat=True))
    for person in people:
        yield (
            person,
            access.AccessQuestion(
                person=_facts(
                    person, groups[person.pk] | {EVERYBODY}, has_pin=person.pk in with_pin
                ),
                door=facts,
                at=at,
                factors=attempt.factors,
                doubtful=attempt.doubtful,
                direction=access.Direction(attempt.direction),
                holidays=holidays,
                area=area.facts(person) if area else None,
                companions=companions,
            ),
        )


def person_facts(*, person: Person, at: datetime) -> access.PersonFacts:
    """Return a person as the policy sees them; a pass of now puts a visitor into its group."""
    groups = set(Membership.objects.filter(person=person).values_list("group_id", flat=True))
    visits: list[access.Visit] = []
    if person.visitor:
        for row in VisitorPass.objects.filter(person=person).select_related("host"):
            visit = access.Visit(row.host.full_name, row.host.active, row.begins_at, row.ends_at)
            visits.append(visit)
            if visit.begins <= at < visit.ends and visit.host_active:
                groups.add(row.group_id)
    names = {str(key) for key in groups}
    if not person.visitor:
        names.add(EVERYBODY)
    has_pin = Pin.objects.filter(person=person).exists()
    return _facts(person, names, tuple(visits), has_pin=has_pin)


def _facts(
    person: Person,
    groups: Iterable[str],
    visits: tuple[access.Visit, ...] = (),
    *,
    has_pin: bool,
) -> access.PersonFacts:
    return access.PersonFacts(
        key=str(person.pk),
        active=person.active,
        valid_from=person.valid_from,
        valid_until=person.valid_until,
        groups=frozenset(groups),
        visitor=person.visitor,
        visits=visits,
        has_pin=has_pin,
    )


def waiting_check_in(*, door: Door, person_id: uuid.UUID, at: datetime) -> CheckIn | None:
    """Return the check-in with which a person was told to wait for a second one."""
    return _waiting_rows(door, at).filter(person=person_id).order_by("-happened_at").first()


def _waiting(door: Door, at: datetime, until: datetime | None) -> tuple[access.Companion, ...]:
    if door.two_person_s is None:
        return ()
    rows = _waiting_rows(door, at)
    if until is not None:
        rows = rows.filter(happened_at__lte=until)
    return tuple(
        access.Companion(str(person), happened_at)
        for person, happened_at in rows.values_list("person", "happened_at")
    )


def _waiting_rows(door: Door, at: datetime) -> QuerySet[CheckIn]:
    within = timedelta(seconds=door.two_person_s or 0)
    return CheckIn.objects.filter(
        door=door,
        reason=ReasonCode.SECOND_PERSON,
        happened_at__gte=at - within,
        happened_at__lte=at + within,
        # A wait that let somebody in is over, and whoever was switched off waits no more.
        passage=None,
        person__active=True,
    )
