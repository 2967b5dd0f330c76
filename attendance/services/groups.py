"""Who belongs to which group of people."""

from collections.abc import Collection

from attendance.models import Group, Membership, Person


def add_members(*, group: Group, people: Collection[Person]) -> int:
    """Put people into a group; return how many were not in it before."""
    before = group.memberships.count()
    Membership.objects.bulk_create(
        [Membership(group=group, person=person) for person in people], ignore_conflicts=True
    )
    return group.memberships.count() - before
