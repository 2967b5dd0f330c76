"""A door that somebody else's controller opens, told by HTTP."""

import asyncio
import hashlib
import hmac
import json
import logging
from uuid import uuid4

import httpx

from kiosk.clock import wall_time
from kiosk.doors.driver import Report
from kiosk.errors import DoorError

log = logging.getLogger(__name__)

LIMIT_S = 2.0
"""Somebody stands there; and a controller that answers later may open for the next."""
SIGNATURE = "Lintel-Door-Signature"


class WebhookDoor:
    """Posts one signed message for each order, once, and wants an answer in two seconds.

    The body is JSON: event (unlock, hold_open, lock), id, seconds, and at (the time, so that the
    receiver can refuse what is old). Its signature is HMAC-SHA256 under the shared secret,
    hexadecimal.
    """

    def __init__(
        self, address: str, secret: bytes, *, http: httpx.AsyncClient, limit_s: float = LIMIT_S
    ) -> None:
        self._address = address
        self._secret = secret
        self._http = http
        self._limit_s = limit_s

    async def unlock(self, seconds: float) -> None:
        """Have the door opened. Raises DoorError for anything but a plain yes in time."""
        await self._post("unlock", seconds)
        log.info("The web hook has unlocked the door for %.0f s.", seconds)

    async def hold_open(self, seconds: float) -> None:
        """Have the door kept open. Raises DoorError for anything but a plain yes in time."""
        await self._post("hold_open", seconds)

    async def lock(self) -> None:
        """Have the door locked. Raises DoorError for anything but a plain yes in time."""
        await self._post("lock", None)
        log.info("The web hook has locked the door.")

    async def _post(self, event: str, seconds: float | None) -> None:
        message = {
            "event": event,
            "id": str(uuid4()),
            **({} if seconds is None else {"seconds": seconds}),
            "at": wall_time().isoformat(timespec="milliseconds"),
        }
        body = json.dumps(message).encode()
        signature = hmac.new(self._secret, body, hashlib.sha256).hexdigest()
        headers = {"Content-Type": "application/json", SIGNATURE: signature}
        try:
            async with asyncio.timeout(self._limit_s):
                reply = await self._http.post(self._address, content=body, headers=headers)
        except (httpx.HTTPError, TimeoutError) as error:
            raise DoorError(f"The web hook did not answer ({error or 'too slow'}).") from error
        if not 200 <= reply.status_code < 300:
            raise DoorError(f"The web hook answered {reply.status_code}.")

    async def watch(self, report: Report) -> None:
        """A web hook tells nothing back."""

    async def close(self) -> None:
        """The controller has a fail mode of its own."""
        await self._http.aclose()
