"""Bearer tokens of kiosks."""

from asgiref.sync import sync_to_async
from django.http import HttpRequest
from ninja.security import HttpBearer

from attendance.models import Kiosk
from attendance.services.kiosks import authenticate_kiosk


class KioskToken(HttpBearer):
    """Accepts the token of an active kiosk and puts the kiosk on the request."""

    openapi_description = "The kiosk's token, shown once when it is issued in the console."

    async def authenticate(self, request: HttpRequest, token: str) -> Kiosk:
        """Return the token's kiosk; raise KioskUnknown or KioskInactive."""
        return await sync_to_async(authenticate_kiosk)(token=token)
