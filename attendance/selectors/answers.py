"""Reading captures with their decisions."""

import uuid

from attendance.models import Capture, Kiosk


def find_capture(*, capture_id: uuid.UUID, kiosk: Kiosk) -> Capture | None:
    """Return a kiosk's own capture with its decision and person, or None."""
    return (
        Capture.objects.select_related("check_in__person", "kiosk__site", "check_in__door")
        .filter(pk=capture_id, kiosk=kiosk)
        .first()
    )
