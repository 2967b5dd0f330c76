"""What keeps a worker from using an engine, told to whoever can mend it."""

from django.utils import timezone

from attendance.models import EngineFault

# Characters; what a process wrote last may be long, and its beginning says what it is about.
_LONGEST = 500

_cleared: set[str] = set()
"""Engines whose fault this process has taken back since it last noted one."""


def note_fault(*, engine_name: str, fault: str) -> None:
    """Keep why an engine cannot be used, for the page Engines."""
    _cleared.discard(engine_name)
    EngineFault.objects.update_or_create(
        engine_name=engine_name,
        defaults={"fault": fault[:_LONGEST], "noted_at": timezone.now()},
    )


def clear_fault(*, engine_name: str) -> None:
    """Take back what was noted of an engine that was used just now.

    Asks the database once a process, and again after a fault that it noted itself.
    """
    if engine_name not in _cleared:
        EngineFault.objects.filter(engine_name=engine_name).delete()
        _cleared.add(engine_name)
