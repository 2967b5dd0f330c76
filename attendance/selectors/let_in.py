"""Which check-ins let somebody in: the one place where that is written."""

from django.db.models import Q


def let_in(prefix: str = "") -> Q:
    """Return the condition on check-ins, or on what refers to them by a prefix.

    Accepted; or told to wait for a second person, who then came and let both in.
    """
    return Q(**{f"{prefix}accepted": True}) | Q(**{f"{prefix}passage__isnull": False})
