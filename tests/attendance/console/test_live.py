"""The live page and its stream of check-ins."""

import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
import pytest
import uvicorn
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from attendance.models import CheckIn, Kiosk
from attendance.services.answers import announce
from attendance.services.check_ins import check_in_record
from attendance.services.decisions import engine, gallery_cache
from recognition import Decision, Reason
from tests.attendance.documented import PLAIN
from tests.attendance.rows import (
    make_capture,
    make_check_in,
    make_kiosk,
    make_person,
    make_site,
    make_staff,
)
from tests.stack import wait_for

pytestmark = pytest.mark.django_db(transaction=True)


class TestAccess:
    """Only signed-in staff see anything."""

    @pytest.mark.parametrize("path", ["/", "/live/summary", "/?site=1"])
    def test_a_visitor_is_sent_to_the_login(self, client: Client, path: str) -> None:
        answer = client.get(path)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/admin/login/?next=/")

    def test_a_visitor_gets_no_stream(self, server: str) -> None:
        assert httpx.get(f"{server}/live/events", verify=PLAIN).status_code == 403

    @pytest.mark.parametrize("flags", [{"is_staff": False}, {"is_staff": True, "is_active": False}])
    def test_an_account_that_is_not_staff_sees_nothing(
        self, client: Client, flags: dict[str, bool]
    ) -> None:
        client.force_login(User.objects.create(username="eve", **flags))
        assert client.get("/").status_code == 302

    def test_a_token_of_a_kiosk_opens_no_page(self, client: Client) -> None:
        _kiosk, token = make_kiosk()
        answer = client.get("/", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 302

    @pytest.mark.usefixtures("quick_passwords")
    def test_the_login_leads_back_to_the_page(self, client: Client) -> None:
        User.objects.create_superuser("root", password="correct horse battery")
        form = {"username": "root", "password": "correct horse battery", "next": "/"}
        assert client.post("/admin/login/?next=/", form)["Location"] == "/"
        assert client.get("/").status_code == 200


class TestPage:
    """What a page shows when it is opened."""

    def test_before_the_first_site_it_says_what_to_do(self, console: Client) -> None:
        assert "Create the first site" in console.get("/").content.decode()

    def test_it_shows_todays_check_ins_people_and_kiosks(
        self, console: Client, kiosk: Kiosk
    ) -> None:
        make_check_in(kiosk, make_person(name="王小明"))
        make_check_in(kiosk, None)
        page = console.get("/").content.decode()
        for text in ("王小明", "not recognised", "Front door", "never seen"):
            assert text in page
        assert page.index("not recognised") < page.index("王小明</a>")

    def test_a_name_is_no_markup(self, console: Client, kiosk: Kiosk) -> None:
        make_check_in(kiosk, make_person(name="<img/src=x>"))
        page = console.get("/").content.decode()
        assert "<img/src=x>" not in page
        assert "&lt;img/src=x&gt;" in page

    def test_the_stream_begins_where_the_page_ends(self, console: Client, kiosk: Kiosk) -> None:
        newest = make_check_in(kiosk)
        assert f"after={newest.pk}" in console.get("/").content.decode()

    def test_each_site_has_its_own_page(self, console: Client, kiosk: Kiosk) -> None:
        annex, _token = make_kiosk(make_site("Annex"), "Annex door")
        make_check_in(kiosk, make_person("E1", "Ada"))
        make_check_in(annex, make_person("E2", "Ben"))
        assert "Ben" not in console.get("/").content.decode()
        page = console.get(f"/?site={annex.site_id}").content.decode()
        assert "Ben" in page
        assert "Ada" not in page

    @pytest.mark.usefixtures("kiosk")
    @pytest.mark.parametrize("number", ["0", "x", "²", "9" * 30, "9" * 5000, "-1", "1;"])
    def test_an_unknown_site_is_not_found(self, console: Client, number: str) -> None:
        assert console.get("/", {"site": number}).status_code == 404
        assert console.get("/live/summary", {"site": number}).status_code == 404

    def test_it_costs_few_queries_however_many_come(
        self,
        console: Client,
        kiosk: Kiosk,
        django_assert_max_num_queries: DjangoAssertNumQueries,
    ) -> None:
        for n in range(30):
            make_check_in(kiosk, make_person(f"E{n}", consent=False))
        with django_assert_max_num_queries(12):
            console.get("/")

    def test_the_summary_is_a_part_of_a_page(self, console: Client, kiosk: Kiosk) -> None:
        make_check_in(kiosk, make_person())
        part = console.get("/live/summary").content.decode()
        assert "Ada Lindqvist" in part
        assert "<html" not in part

    def test_it_speaks_chinese(self, console: Client, kiosk: Kiosk) -> None:
        page = console.get("/", headers={"Accept-Language": "zh-hans"}).content.decode()
        assert '<html lang="zh-hans">' in page
        assert "Check-ins today" not in page


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


class TestStream:
    """Check-ins as they come, through a real server."""

    def test_a_new_check_in_arrives_with_its_line(
        self, server: str, console: Client, kiosk: Kiosk
    ) -> None:
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
        self, server: str, console: Client, kiosk: Kiosk
    ) -> None:
        make_check_in(kiosk)
        with listening(server, console) as stream:
            next(stream.answer.iter_raw(8))
            fresh = make_check_in(kiosk)
            stream.take(0)
        with listening(server, console, f"?after={fresh.pk - 1}") as stream:
            assert [event.number for event in stream.take(1)] == [fresh.pk]

    def test_after_a_cut_it_goes_on_where_it_was(
        self, server: str, console: Client, kiosk: Kiosk
    ) -> None:
        rows = [make_check_in(kiosk).pk for _ in range(3)]
        with listening(server, console, "?after=0") as stream:
            seen = [event.number for event in stream.take(2)]
        rows += [make_check_in(kiosk).pk for _ in range(3)]
        resumed = {"Last-Event-ID": str(seen[-1])}
        with listening(server, console, "?after=0", resumed) as stream:
            seen += [event.number for event in stream.take(4)]
        assert seen == rows

    def test_repeats_and_other_sites_stay_out(
        self, server: str, console: Client, kiosk: Kiosk
    ) -> None:
        ada = make_person()
        first = make_check_in(kiosk, ada)
        make_check_in(kiosk, ada, repeat_of=first)
        make_check_in(make_kiosk(make_site("Annex"), "Annex door")[0])
        last = make_check_in(kiosk)
        with listening(server, console, f"?site={kiosk.site_id}&after=0") as stream:
            assert [event.number for event in stream.take(2)] == [first.pk, last.pk]

    @pytest.mark.parametrize("number", ["²", "-1", "x", "9" * 30, "9" * 5000])
    def test_a_number_that_is_none_begins_with_what_is_new(
        self, server: str, console: Client, kiosk: Kiosk, number: str
    ) -> None:
        with listening(server, console, f"?after={number}") as stream:
            assert stream.answer.status_code == 200

    def test_it_is_not_found_without_a_site(self, server: str, console: Client) -> None:
        with listening(server, console) as stream:
            assert stream.answer.status_code == 404

    @pytest.mark.usefixtures("redis_away")
    def test_without_redis_it_looks_by_itself(
        self, server: str, console: Client, kiosk: Kiosk
    ) -> None:
        with listening(server, console, "?after=0") as stream:
            check_in = make_check_in(kiosk)
            assert stream.take(1)[0].number == check_in.pk

    def test_nothing_is_missed_while_several_workers_write(
        self, server: str, console: Client, kiosk: Kiosk
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
        self, server: str, web_server: uvicorn.Server, console: Client, kiosk: Kiosk
    ) -> None:
        for wait_s in (0, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05) * 2:
            with listening(server, console, "?after=0"):
                time.sleep(wait_s)
        wait_for(lambda: not web_server.server_state.tasks, what="the streams to end")

    def test_a_stream_that_is_left_open_holds_no_connection_to_the_database(
        self, server: str, console: Client, kiosk: Kiosk
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


def test_the_page_of_staff_without_rights_shows_no_more_than_names(
    client: Client, kiosk: Kiosk
) -> None:
    client.force_login(make_staff())
    make_check_in(kiosk, make_person())
    assert client.get("/").status_code == 200
    assert json.dumps(client.get("/admin/").status_code) == "200"
    assert client.get("/admin/attendance/person/").status_code == 403
