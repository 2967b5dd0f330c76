"""Tests the requests, over real HTTP, against a server that does as it is told."""

import base64
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from kiosk.answers import Decided, Failed, Queued
from kiosk.capture import Capture
from kiosk.client import (
    LONGEST_RETRY_AFTER_S,
    Client,
    retry_after_s,
    server_address,
)
from kiosk.clock import running_s
from kiosk.errors import CallError, CaptureRejectedError, OutOfServiceError, ServerAwayError
from kiosk.trust import Trust
from kiosk.trust.identity import new_seed
from tests.kiosk.fake_server import (
    FakeServer,
    a_client,
    an_identity,
    failed,
    problem,
    queued,
    refused,
)


@pytest.fixture
async def client(server: FakeServer) -> AsyncIterator[Client]:
    """A client with the right token."""
    made = a_client(server)
    yield made
    await made.close()


def capture() -> Capture:
    """A capture of two frames."""
    return Capture(uuid4(), datetime.now(UTC), running_s(), (b"one", b"two"))


async def test_it_sends_the_frames_the_id_and_both_times(
    client: Client, server: FakeServer
) -> None:
    made = capture()
    answer = await client.send(made)
    assert isinstance(answer, Decided)
    (received,) = server.received
    assert received.capture == str(made.id)
    assert received.captured_at == made.captured_at
    assert received.sent_at >= received.captured_at
    assert received.frames == (b"one", b"two")


async def test_it_learns_what_the_server_wants(client: Client, server: FakeServer) -> None:
    server.policy = {"min_face_px": 150, "max_frames": 2}
    greeting = await client.greet()
    assert greeting.policy.min_face_px == 150
    assert greeting.site == "Head office"


async def test_a_refusal_is_an_answer(client: Client, server: FakeServer) -> None:
    server.script.append(refused("several_faces"))
    answer = await client.send(capture())
    assert isinstance(answer, Decided)
    assert (answer.accepted, answer.reason, answer.name) == (False, "several_faces", None)


async def test_queued_and_failed_are_answers(client: Client, server: FakeServer) -> None:
    server.script.extend([queued, queued, failed])
    made = capture()
    answer = await client.send(made)
    assert isinstance(answer, Queued)
    assert isinstance(await client.ask(made.id, answer.status_url), Queued)
    assert isinstance(await client.ask(made.id), Failed)
    assert server.questions == 2


async def test_no_question_is_taken_to_another_server(client: Client, server: FakeServer) -> None:
    elsewhere = FakeServer()
    try:
        await client.ask(uuid4(), f"{elsewhere.address}/api/v1/captures/x")
    finally:
        elsewhere.stop()
    assert (server.questions, elsewhere.questions) == (1, 0)


@pytest.mark.parametrize("status", [401, 403])
async def test_an_unwanted_kiosk_is_out_of_service(
    client: Client, server: FakeServer, status: int
) -> None:
    server.script.append(problem(status, "revoked"))
    with pytest.raises(OutOfServiceError, match="revoked"):
        await client.send(capture())


async def test_a_key_that_the_server_does_not_know_is_out_of_service(server: FakeServer) -> None:
    client = a_client(server, replace(an_identity(), seed=new_seed()))
    with pytest.raises(OutOfServiceError):
        await client.greet()
    await client.close()


@pytest.mark.parametrize("status", [400, 409, 413, 415, 422])
async def test_a_capture_at_fault_is_rejected_with_its_code(
    client: Client, server: FakeServer, status: int
) -> None:
    server.script.append(problem(status, "some_fault"))
    with pytest.raises(CaptureRejectedError) as caught:
        await client.send(capture())
    assert (caught.value.status, caught.value.code) == (status, "some_fault")


@pytest.mark.parametrize(
    ("status", "reached"), [(429, True), (503, True), (500, True), (404, False), (502, False)]
)
async def test_later_means_later(
    client: Client, server: FakeServer, status: int, reached: bool
) -> None:
    server.script.append(problem(status, Retry_After="7"))
    with pytest.raises(ServerAwayError) as caught:
        await client.send(capture())
    assert caught.value.retry_after_s == 7
    assert caught.value.reached is reached


async def test_a_server_that_is_gone_is_away(client: Client, server: FakeServer) -> None:
    server.stop()
    with pytest.raises(ServerAwayError) as caught:
        await client.greet()
    assert not caught.value.reached


def redirect(_: str) -> Response:
    return RedirectResponse("https://evil.example/steal", 307)


def web_page(_: str) -> Response:
    return PlainTextResponse("<h1>It works!</h1>")


def endless(_: str) -> Response:
    return PlainTextResponse("x" * 1_000_000)


async def test_it_follows_no_redirect_but_says_where_it_points(
    client: Client, server: FakeServer
) -> None:
    server.script.append(redirect)
    with pytest.raises(ServerAwayError, match=r"evil\.example"):
        await client.send(capture())


async def test_a_page_is_no_answer_and_neither_is_a_huge_one(
    client: Client, server: FakeServer
) -> None:
    server.script.extend([web_page, endless])
    with pytest.raises(ServerAwayError, match="cannot be read"):
        await client.send(capture())
    with pytest.raises(ServerAwayError, match="too large"):
        await client.send(capture())


def test_no_key_is_in_the_texts_of_objects() -> None:
    identity = an_identity()
    for shown in (repr(identity), repr(Trust(identity))):
        assert repr(identity.seed) not in shown
        assert base64.b64encode(identity.seed).decode() not in shown


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000/"),
        ("https://lintel.example/", "https://lintel.example/"),
        ("https://lintel.example/door/", "https://lintel.example/door/"),
        (" http://[::1]:8000 ", "http://[::1]:8000/"),
    ],
)
def test_it_takes_the_address_of_a_server(given: str, kept: str) -> None:
    assert server_address(given) == kept


@pytest.mark.parametrize(
    "given",
    ["", "lintel.example", "ftp://x", "http://", "http://x:99999", "http://a:b@x", "http://x/?q=1"],
)
def test_it_refuses_what_is_no_address_of_a_server(given: str) -> None:
    with pytest.raises(CallError, match="--server"):
        server_address(given)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("", 0.0),
        ("5", 5.0),
        ("-5", 0.0),
        ("soon", 0.0),
        ("nan", 0.0),
        ("9999", LONGEST_RETRY_AFTER_S),
        ("inf", LONGEST_RETRY_AFTER_S),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0),
        ("Wed, 21 Oct 2999 07:28:00 GMT", LONGEST_RETRY_AFTER_S),
    ],
)
def test_it_reads_when_to_come_again(header: str, seconds: float) -> None:
    assert retry_after_s(header) == seconds
