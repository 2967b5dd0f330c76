"""The stream of check-ins that the live page listens to, through a real server."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
import pytest
import uvicorn
from django.db import connection
from django.test import Client
from django.utils import timezone

from attendance.models import CheckIn, Kiosk
from attendance.services.bells import announce
from attendance.services.check_ins import check_in_record
from attendance.services.decisions import engine, gallery_cache
from recognition import Decision, Reason
from tests.attendance.documented import PLAIN
from tests.attendance.rows import make_capture, make_check_in, make_kiosk, make_person, make_site
from tests.stack import wait_for

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass(frozen=True)
class Event:
    """One event of a stream."""

    number: int
    data: str


class Stream:
    """A browser's event source."""

    def __init__(self, answer: httpx.Response) -> None:
        self.answer = answer
        self._lines = answer.iter_lines()

    def begin(self) -> None:
        """Wait for the stream's first line."""
        next(self._lines)

    def take(self, count: int) -> list[Event]:
        """Return the next events, waiting for them."""
        found: list[Event] = []
        fields: dict[str, str] = {}
        while len(found) < count:
            line = next(self._lines)
            if not line and "id" in fields:
                found.append(Event(int(fields["id"]), fields["data"]))
                fields = {}
            name, _, value = line.partition(": ")
            fields[name] = fields.get(name, "") + value
        return found


@contextmanager
def listening(
    server: str, user: Client, query: str = "", headers: dict[str, str] | None = None
) -> Iterator[Stream]:
    """Open the stream as a signed-in browser."""
    cookies = {"sessionid": user.cookies["sessionid"].value}
    with (
        httpx.Client(base_url=server, cookies=cookies, timeout=20, verify=PLAIN) as http,
        http.stream("GET", f"/live/events{query}", headers=headers) as answer,
    ):
        yield Stream(answer)


def test_a_new_check_in_arrives_with_its_line(server: str, console: Client, kiosk: Kiosk) -> None:
    with listening(server, console, "?after=0") as stream:
        assert stream.answer.headers["Content-Type"] == "text/event-stream"
        assert stream.answer.headers["Cache-Control"] == "no-store"
        check_in = make_check_in(kiosk, make_person(name="王小明"))
        announce(capture_id=check_in.capture_id)
        (event,) = stream.take(1)
    assert event.number == check_in.pk
    assert "王小明" in event.data
    assert f'id="check-in-{check_in.pk}"' in event.data


def test_without_a_number_it_begins_with_what_is_new(
    server: str, console: Client, kiosk: Kiosk
) -> None:
    make_check_in(kiosk)
    with listening(server, console) as stream:
        stream.begin()
        fresh = make_check_in(kiosk)
        announce(capture_id=fresh.capture_id)
        assert [event.number for event in stream.take(1)] == [fresh.pk]


def test_after_a_cut_it_goes_on_where_it_was(server: str, console: Client, kiosk: Kiosk) -> None:
    rows = [make_check_in(kiosk).pk for _ in range(3)]
    with listening(server, console, "?after=0") as stream:
        seen = [event.number for event in stream.take(2)]
    rows += [make_check_in(kiosk).pk for _ in range(3)]
    resumed = {"Last-Event-ID": str(seen[-1])}
    with listening(server, console, "?after=0", resumed) as stream:
        seen += [event.number for event in stream.take(4)]
    assert seen == rows


def test_repeats_and_other_sites_stay_out(server: str, console: Client, kiosk: Kiosk) -> None:
    ada = make_person()
    first = make_check_in(kiosk, ada)
    make_check_in(kiosk, ada, repeat_of=first)
    make_check_in(make_kiosk(make_site("Annex"), "Annex door")[0])
    last = make_check_in(kiosk)
    with listening(server, console, f"?site={kiosk.site_id}&after=0") as stream:
        assert [event.number for event in stream.take(2)] == [first.pk, last.pk]


@pytest.mark.parametrize("number", ["²", "-1", "x", "9" * 30, "9" * 5000])
def test_a_number_that_is_none_begins_with_what_is_new(
    server: str, console: Client, kiosk: Kiosk, number: str
) -> None:
    with listening(server, console, f"?after={number}") as stream:
        assert stream.answer.status_code == 200


def test_it_is_not_found_without_a_site(server: str, console: Client) -> None:
    with listening(server, console) as stream:
        assert stream.answer.status_code == 404


@pytest.mark.usefixtures("redis_away")
def test_without_redis_it_looks_by_itself(server: str, console: Client, kiosk: Kiosk) -> None:
    with listening(server, console, "?after=0") as stream:
        check_in = make_check_in(kiosk)
        assert stream.take(1)[0].number == check_in.pk


def test_nothing_is_missed_while_several_workers_write(
    server: str, console: Client, kiosk: Kiosk
) -> None:
    loaded = gallery_cache().current(now=timezone.now())
    refused = Decision(accepted=False, reason=Reason.NO_FACE, match=None)

    def write(_: int) -> None:
        for _n in range(8):
            check_in_record(
                capture_id=make_capture(kiosk).pk,
                decision=refused,
                probe=None,
                loaded=loaded,
                engine=engine().id,
            )
        connection.close()

    with ThreadPoolExecutor(4) as pool:
        writing = pool.map(write, range(4))
        seen: list[int] = []
        while len(seen) < 32:
            query = f"?after={seen[-1] if seen else 0}"
            with listening(server, console, query) as stream:
                seen += [event.number for event in stream.take(4)]
        list(writing)
    assert seen == list(CheckIn.objects.order_by("id").values_list("id", flat=True))


def test_a_stream_ends_with_its_browser_whatever_it_does_at_that_moment(
    server: str, web_server: uvicorn.Server, console: Client, kiosk: Kiosk
) -> None:
    for wait_s in (0, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05) * 2:
        with listening(server, console, "?after=0"):
            time.sleep(wait_s)
    wait_for(lambda: not web_server.server_state.tasks, what="the streams to end")


def test_a_stream_that_is_left_open_holds_no_connection_to_the_database(
    server: str, console: Client, kiosk: Kiosk
) -> None:
    check_in = make_check_in(kiosk)
    streams = 25  # more than the pool has connections
    together = threading.Barrier(streams + 1)
    done = threading.Event()

    def listen(_: int) -> int:
        with listening(server, console, "?after=0") as stream:
            number = stream.take(1)[0].number
            together.wait(30)
            done.wait(30)
            return number

    with ThreadPoolExecutor(streams) as pool:
        listeners = [pool.submit(listen, n) for n in range(streams)]
        together.wait(30)
        assert console.get("/").status_code == 200
        done.set()
        assert {one.result() for one in listeners} == {check_in.pk}
