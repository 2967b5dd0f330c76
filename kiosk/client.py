"""One request to the server and its answer, or the error that says what to do about it."""

import base64
import email.utils
import math
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit
from uuid import UUID

import httpx

from kiosk.answers import Answer, Greeting, parse_answer, parse_greeting
from kiosk.capture import Capture
from kiosk.clock import wall_time
from kiosk.entry_request import EntryRequest
from kiosk.errors import CallError, CaptureRejectedError, OutOfServiceError, ServerAwayError
from kiosk.exchange import LARGEST_ANSWER, Reply, exchange
from kiosk.spool import LateEntry
from kiosk.trust import Trust

LARGEST_PACK = 64 * 2**20
"""Bytes of an offline gallery: 30,000 people with three pictures each."""
LARGEST_PINS = 8 * 2**20
"""Bytes of a list of PINs: 500 people, each with dozens of windows."""
LONGEST_RETRY_AFTER_S = 60.0
"""A server that asks for a longer pause is asked once a minute all the same."""
FINAL = frozenset({400, 409, 413, 415, 422})
"""Refusals that end a capture: believed only with the server's signature."""


class Client:
    """Speaks the kiosk API: signs each request, and believes no answer but the server's own.

    Each method is one request; none retries. Use in one event loop.
    """

    def __init__(self, server: str, trust: Trust, http: httpx.AsyncClient) -> None:
        """`server` is the address of the site, with or without a path.

        Raises CallError when it is no http or https address.
        """
        self._base = server_address(server)
        self.trust = trust
        self._http = http

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def greet(self, *, knows: str = "", wait_s: float = 0.0) -> Greeting:
        """Say that this kiosk is there, and learn what is wanted of it.

        With `knows`, the `news` of the greeting before, the server answers as soon as there is
        something else, `wait_s` seconds from now at the latest.

        Raises ServerAwayError or OutOfServiceError.
        """
        address = urljoin(self._base, "api/v1/kiosk")
        if knows:
            address += "?" + urlencode({"knows": knows, "wait": f"{wait_s:g}"})
        reply = await self._request("GET", address)
        if reply.status != 200:
            raise _error(reply)
        return parse_greeting(reply.json())

    async def send(
        self,
        capture: Capture,
        skew: timedelta | None = None,
        offline_person: UUID | None = None,
    ) -> Answer:
        """Send a capture; the same capture may be sent again, and gets the same answer.

        `skew` is how far this machine's clock was ahead of the server's when it was taken;
        `offline_person` whom the kiosk has let in on it by itself.

        Raises ServerAwayError, OutOfServiceError or CaptureRejectedError.
        """
        files = [
            ("frames", (f"{number}.jpg", frame, "image/jpeg"))
            for number, frame in enumerate(capture.frames, 1)
        ]
        fields = {
            "id": str(capture.id),
            "captured_at": capture.captured_at.isoformat(),
            "sent_at": wall_time().isoformat(),
        }
        if skew is not None:
            fields["capture_skew_ms"] = str(round(skew.total_seconds() * 1000))
        if offline_person is not None:
            fields["offline_person"] = str(offline_person)
        address = urljoin(self._base, "api/v1/captures")
        return _answer(await self._request("POST", address, data=fields, files=files), capture.id)

    async def enter(self, entry: EntryRequest, skew: timedelta | None = None) -> Answer:
        """Send an entry; the same entry may be sent again, and gets the same answer.

        `skew` is how far this machine's clock is ahead of the server's: by it the server knows
        how old the entry is, however long it was on its way.

        Raises ServerAwayError, OutOfServiceError or CaptureRejectedError.
        """
        address = urljoin(self._base, "api/v1/entries")
        fields = entry.body()
        if skew is not None:
            fields["capture_skew_ms"] = round(skew.total_seconds() * 1000)
        return _answer(await self._request("POST", address, json=fields), entry.id)

    async def enter_late(self, late: LateEntry, skew: timedelta | None) -> Answer:
        """Tell of an entry that this kiosk has decided by itself; the same one is one event.

        Raises ServerAwayError, OutOfServiceError or CaptureRejectedError.
        """
        person = late.reading.offline_person
        fields = {
            "id": str(late.id),
            "employee_number": late.number,
            "how": list(late.how),
            "entered_at": late.reading.captured_at.isoformat(),
            "sent_at": wall_time().isoformat(),
            "capture_skew_ms": None if skew is None else round(skew.total_seconds() * 1000),
            "offline": {
                "person": None if person is None else str(person),
                "let_in": late.let_in,
                "proof": base64.b64encode(late.proof).decode(),
            },
        }
        address = urljoin(self._base, "api/v1/entries")
        return _answer(await self._request("POST", address, json=fields), late.id)

    async def ask(self, capture: UUID, status_url: str | None = None) -> Answer:
        """Ask what became of a capture that was queued.

        Raises ServerAwayError, OutOfServiceError or CaptureRejectedError.
        """
        own = urljoin(self._base, f"api/v1/captures/{capture}")
        named = urljoin(self._base, status_url) if status_url else own
        # A question goes to the server it is meant for, wherever an answer points.
        address = named if _origin(named) == _origin(own) else own
        return _answer(await self._request("GET", address), capture)

    async def report(self, event: UUID, fields: Mapping[str, object]) -> None:
        """Tell what happened at the door; the same event again is the same one.

        Raises ServerAwayError, OutOfServiceError or CaptureRejectedError.
        """
        told = {"id": str(event), **fields}
        address = urljoin(self._base, "api/v1/door-events")
        reply = await self._request("POST", address, json=told)
        if reply.status != 200:
            raise _error(reply)

    async def offline_pack(self) -> tuple[bytes, str]:
        """What the door may go by while cut off, and the server's signature; empty: nothing.

        Raises ServerAwayError, OutOfServiceError or CaptureRejectedError.
        """
        address = urljoin(self._base, "api/v1/kiosk/offline")
        reply = await self._request("GET", address, largest=LARGEST_PACK)
        if reply.status != 200:
            raise _error(reply)
        fields = reply.json()
        pack = fields.get("pack") if isinstance(fields, Mapping) else None
        signature = fields.get("signature") if isinstance(fields, Mapping) else None
        if not isinstance(pack, str) or not isinstance(signature, str):
            raise ServerAwayError("The server's answer cannot be read.", reached=True)
        return pack.encode(), signature

    async def offline_pins(self, seal_key: str) -> bytes:
        """Whose PINs may be checked while cut off, sealed to a key (X25519, base64); empty: none.

        Raises ServerAwayError, OutOfServiceError or CaptureRejectedError.
        """
        address = urljoin(self._base, "api/v1/kiosk/offline-pins")
        told = {"seal_key": seal_key}
        reply = await self._request("POST", address, largest=LARGEST_PINS, json=told)
        if reply.status != 200:
            raise _error(reply)
        fields = reply.json()
        sealed = fields.get("sealed") if isinstance(fields, Mapping) else None
        try:
            return base64.b64decode(sealed, validate=True)  # type: ignore[arg-type]
        except (TypeError, ValueError):
            raise ServerAwayError("The server's answer cannot be read.", reached=True) from None

    async def tell_health(self, fields: Mapping[str, object]) -> None:
        """Tell the server how this kiosk is doing.

        Raises ServerAwayError, OutOfServiceError or CaptureRejectedError.
        """
        address = urljoin(self._base, "api/v1/kiosk/health")
        reply = await self._request("PUT", address, json=fields)
        if reply.status != 200:
            raise _error(reply)

    async def change_key(self, body: Mapping[str, str]) -> None:
        """Hand in the next key, signed with the one in use.

        Raises ServerAwayError, OutOfServiceError or CaptureRejectedError.
        """
        reply = await self._request("POST", urljoin(self._base, "api/v1/kiosk/key"), json=body)
        if reply.status != 200:
            raise _error(reply)

    async def _request(
        self, method: str, address: str, *, largest: int = LARGEST_ANSWER, **parts: Any
    ) -> Reply:
        """One signed request and its answer, which is the server's own wherever that matters.

        Raises ServerAwayError when somebody else answered.
        """
        request = self._http.build_request(method, address, **parts)
        signed = self.trust.signed(
            method=method,
            target=request.url.raw_path.decode("ascii"),
            body=await request.aread(),
        )
        request.headers.update(signed.headers)
        reply = await exchange(self._http, request, largest=largest)
        if reply.status < 300 or reply.status in FINAL:
            if not self.trust.answers(signed.nonce, reply.status, reply.headers, reply.body):
                raise ServerAwayError("Whoever answered is not our server: no valid signature.")
        elif reply.status == 401 and signed.key != self.trust.key:
            # It crossed with a change of keys; signed with the new one it will be taken.
            raise ServerAwayError("The key was changed meanwhile.", reached=True)
        return reply


def server_address(text: str) -> str:
    """The server's address with a slash at its end. Raises CallError when it is none."""
    parts = urlsplit(text.strip())
    try:
        usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise CallError(f"--server: {text!r} is not an address such as https://lintel.example.")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise CallError("--server: give the address alone, without a name, password or query.")
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}/"


def _origin(address: str) -> tuple[str, str]:
    parts = urlsplit(address)
    return parts.scheme, parts.netloc


def _answer(reply: Reply, capture: UUID) -> Answer:
    if reply.status not in {200, 201, 202}:
        raise _error(reply)
    return parse_answer(reply.json(), capture)


def _error(reply: Reply) -> OutOfServiceError | CaptureRejectedError | ServerAwayError:
    """Turn a refusal into the error that says what can be done."""
    problem = _problem(reply)
    detail = str(problem.get("detail") or problem.get("title") or reply.phrase)
    said = f"The server answered {reply.status}: {detail}"
    if reply.status in {401, 403}:
        return OutOfServiceError(said)
    if 300 <= reply.status < 400:
        where = reply.headers.get("Location", "elsewhere")
        return ServerAwayError(f"The server sends us to {where}; give that address as --server.")
    # 404: not our server, or one that is being set up. 408, 425, 429 and 5xx: later.
    if reply.status in {404, 405, 408, 425, 429} or reply.status >= 500:
        return ServerAwayError(
            said,
            retry_after_s=retry_after_s(reply.headers.get("Retry-After", "")),
            reached=reply.status not in {404, 405, 502, 504},
        )
    code = str(problem.get("code") or "rejected")
    return CaptureRejectedError(said, status=reply.status, code=code)


def _problem(reply: Reply) -> Mapping[str, Any]:
    """The problem document of a refusal; empty where something else stands between."""
    try:
        body = reply.json()
    except ServerAwayError:
        return {}
    return body if isinstance(body, Mapping) else {}


def retry_after_s(header: str) -> float:
    """Seconds to wait as a Retry-After header says, in either of its two forms; 0 for none."""
    try:
        seconds = float(header)
    except ValueError:
        try:
            moment = email.utils.parsedate_to_datetime(header)
        except ValueError:
            return 0.0
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        seconds = (aware - datetime.now(UTC)).total_seconds()
    if math.isnan(seconds):
        return 0.0
    return min(max(0.0, seconds), LONGEST_RETRY_AFTER_S)
