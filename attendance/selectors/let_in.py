"""Which check-ins let somebody in, and which shut them out: the one place where that is written."""

from django.db.models import Q

from attendance.choices import ReasonCode


def let_in(prefix: str = "") -> Q:
    """Return the condition on check-ins, or on what refers to them by a prefix.

    Accepted; or told to wait for a second person, who then came and let both in.
    """
    return Q(**{f"{prefix}accepted": True}) | Q(**{f"{prefix}passage__isnull": False})


def shut_out() -> Q:
    """Return the condition on check-ins that ended with a refusal.

    A face at a door that wants a PIN as well is on its way in: how that ends is another check-in.
    """
    return Q(accepted=False, passage=None) & ~Q(reason=ReasonCode.FACTOR_MISSING)
