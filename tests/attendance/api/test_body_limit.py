"""Bodies are bounded before anything reads them, whether they say their size or not."""

from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from attendance import defaults
from attendance.api.body_limit import BodyLimit, Message, Receive, Scope, Send
from attendance.models import Capture
from tests.attendance.door import Door

pytestmark = pytest.mark.django_db(transaction=True)

MIB = bytes(2**20)
TOO_MANY = defaults.MAX_CAPTURE_BODY_BYTES // 2**20 + 2


class TestAtTheServer:
    """The whole way through a real server."""

    def test_a_body_that_says_it_is_too_large_is_refused(self, door: Door) -> None:
        answer = door.request("POST", "/api/v1/captures", content=MIB * TOO_MANY)
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")

    def test_a_chunked_body_that_grows_too_large_is_refused(self, door: Door) -> None:
        def chunks() -> Iterator[bytes]:
            for _ in range(TOO_MANY):
                yield MIB

        answer = door.request("POST", "/api/v1/captures", content=chunks())
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
        assert not Capture.objects.exists()

    def test_five_large_frames_fit(self, door: Door) -> None:
        answer = door.send(*[bytes(defaults.MAX_FRAME_BYTES)] * 5)
        assert answer.status_code == 415  # they are no pictures, but they were read


class TestTheLayer:
    """The layer alone, around an application that reads everything it is given."""

    async def ask(self, path: str, content: object, **headers: str) -> httpx.Response:
        async def reads(scope: Scope, receive: Receive, send: Send) -> None:
            more = True
            while more:
                message = await receive()
                more = bool(message.get("more_body"))
            start: Message = {"type": "http.response.start", "status": 200, "headers": []}
            await send(start)
            await send({"type": "http.response.body", "body": b"read"})

        transport = httpx.ASGITransport(BodyLimit(reads))
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.post(path, content=content, headers=headers)  # type: ignore[arg-type]

    @pytest.mark.parametrize("length", ["", "-1", "1e9", "99999999999999999999", "²"])
    async def test_a_length_that_is_no_length_is_refused(self, length: str) -> None:
        headers = {"content-length": length.encode()}
        answer = await self.ask("/api/v1/captures", b"", **headers)  # type: ignore[arg-type]
        assert answer.status_code == 413

    async def test_an_upload_in_the_console_may_be_larger(self) -> None:
        body = bytes(defaults.MAX_CAPTURE_BODY_BYTES + 1)
        assert (await self.ask("/people/1/enrol", body)).status_code == 200
        assert (await self.ask("/api/v1/captures", body)).status_code == 413

    async def test_a_chunked_body_is_counted(self) -> None:
        async def chunks() -> AsyncIterator[bytes]:
            for _ in range(TOO_MANY):
                yield MIB

        assert (await self.ask("/api/v1/captures", chunks())).status_code == 413

    async def test_what_is_no_request_passes(self) -> None:
        passed = []

        async def application(scope: Scope, receive: Receive, send: Send) -> None:
            passed.append(scope["type"])

        await BodyLimit(application)({"type": "lifespan"}, None, None)  # type: ignore[arg-type]
        assert passed == ["lifespan"]
