"""Every page of the console opens, for every table, and none of them shows a vector."""

import base64
import re
from datetime import UTC, datetime

import numpy as np
import pytest
from django.contrib import admin
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from attendance.models import (
    Area,
    Capture,
    CheckIn,
    Consent,
    Door,
    DoorEvent,
    DoorOverride,
    DuressAlarm,
    Forgiveness,
    Group,
    HolidayCalendar,
    Kiosk,
    MatchPolicy,
    Membership,
    NightlyReport,
    Person,
    Pin,
    PinCounter,
    PinEvent,
    Schedule,
    Site,
    Template,
    VisitorPass,
)
from attendance.pins.typed import TypedPin
from attendance.services.pin_checks import check_pin, claim_of
from attendance.services.pins import set_pin
from attendance.services.reports import make_report
from tests.attendance.access_rows import (
    lead_into,
    make_forgiveness,
    make_group,
    make_holiday,
    make_override,
    make_pass,
    make_schedule,
)
from tests.attendance.rows import make_check_in, make_door_event, make_person, make_template

pytestmark = pytest.mark.django_db

TABLES: list[type[Model]] = [
    Area,
    Capture,
    CheckIn,
    Consent,
    DoorEvent,
    Door,
    DoorOverride,
    Forgiveness,
    Group,
    HolidayCalendar,
    DuressAlarm,
    Kiosk,
    MatchPolicy,
    Membership,
    NightlyReport,
    Person,
    Pin,
    PinCounter,
    PinEvent,
    Schedule,
    Site,
    Template,
    VisitorPass,
]
NAMES = [str(model._meta.model_name) for model in TABLES]
READ_ONLY = [
    *("capture", "checkin", "doorevent", "dooroverride", "nightlyreport"),
    *("duressalarm", "pin", "pincounter", "pinevent", "template"),
]
SEARCHED = {
    "area": "Hall",
    "capture": "4",  # every random UUID holds its version
    "checkin": "Ada",
    "consent": "Ada",
    "doorevent": "Front",
    "door": "Front",
    "dooroverride": "test",
    "forgiveness": "Ada",
    "group": "Staff",
    "holidaycalendar": "Holidays",
    "schedule": "Office",
    "visitorpass": "Vera",
    "duressalarm": "Ada",
    "kiosk": "Front",
    "matchpolicy": "Lintel",
    "membership": "Ada",
    "person": "Ada",
    "pin": "Ada",
    "pincounter": "Ada",
    "pinevent": "Ada",
    "site": "Main",
    "template": "Ada",
}


@pytest.fixture(autouse=True)
def _some_of_everything(kiosk: Kiosk, quick_pins: None) -> None:
    ada = make_person(name="Ada Lindqvist")
    make_template(ada)
    check_in = make_check_in(kiosk, ada)
    DuressAlarm.objects.create(check_in=check_in, raised_at=timezone.now(), person=ada)
    make_check_in(kiosk, None)
    make_door_event(kiosk)
    set_pin(person=ada, pin=TypedPin("8305"), by="HR")
    for _ in range(5):
        claim, pin = claim_of(number="E1"), TypedPin("4709")
        check_pin(claim=claim, pin=pin, kiosk=kiosk, now=timezone.now())
    now = timezone.now()
    make_forgiveness(lead_into(kiosk), ada)
    make_override(kiosk.site, kiosk.door)
    make_holiday(kiosk.site, now)
    make_schedule()
    make_pass(make_person("V1", "Vera Guest", visitor=True), ada, make_group("Staff", ada))
    make_report(site=kiosk.site, on=now.date(), now=now)


def path(name: object, rest: str = "") -> str:
    return f"/admin/attendance/{name}/{rest}"


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def keys(name: str) -> list[object]:
    """Return the keys of a table's rows."""
    return list(TABLES[NAMES.index(name)]._default_manager.values_list("pk", flat=True))


def test_every_table_has_its_place_in_the_console() -> None:
    shown = {model for model in admin.site._registry if model._meta.app_label == "attendance"}
    assert shown == set(TABLES)


def test_the_first_page_opens(console: Client) -> None:
    assert "People" in text(console, "/admin/")


@pytest.mark.parametrize("name", NAMES)
def test_a_list_and_its_rows_open_and_show_no_vector(console: Client, name: str) -> None:
    sealed = bytes(Template.objects.get().sealed_vector)
    pieces = [sealed[:16].hex(), base64.b64encode(sealed[:24]).decode(), str(sealed[:16])[2:-1]]
    for address in (path(name), *(path(name, f"{key}/change/") for key in keys(name))):
        page = text(console, address)
        for piece in [*pieces, "sealed_vector", "code_hash", "memory at 0x"]:
            assert piece not in page


@pytest.mark.parametrize("name", SEARCHED)
def test_a_list_is_searched(console: Client, name: str) -> None:
    row = re.compile(rf"/{name}/[^/\"]+/change/")
    assert row.search(text(console, path(name, f"?q={SEARCHED[name]}")))
    assert not row.search(text(console, path(name, "?q=zzzzzz")))


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("capture", "state__exact=decided&failure__exact=gave_up"),
        ("checkin", "accepted__exact=1&reason__exact=matched"),
        ("kiosk", "active__exact=1"),
        ("person", "active__exact=1"),
        ("template", "source__exact=folder&engine_name=dlib-resnet"),
        ("nightlyreport", "date__year=2026"),
    ],
)
def test_a_list_is_filtered(console: Client, name: str, query: str) -> None:
    text(console, path(name, f"?{query}"))


@pytest.mark.parametrize("name", NAMES)
def test_a_list_is_ordered_by_every_column(console: Client, name: str) -> None:
    text(console, path(name, "?o=" + ".".join(f"-{n}" for n in range(1, 10))))


def test_a_filter_keeps_who_it_says(console: Client) -> None:
    make_person("E9", "Without Consent", consent=False)
    assert "Without Consent" not in text(console, path("person", "?consent=yes"))
    without = text(console, path("person", "?consent=no"))
    assert "Without Consent" in without
    assert "Ada Lindqvist" not in without


def test_a_span_of_time_is_read_in_the_zone_that_the_list_shows(
    console: Client, kiosk: Kiosk
) -> None:
    Site.objects.update(time_zone="Asia/Tokyo")
    Consent.objects.update(given_at=datetime(2026, 3, 10, 15, 30, tzinfo=UTC))  # 00:30 in Tokyo

    def shown(begin: str, end: str) -> bool:
        span = {"from": begin, "to": end}
        query = "&".join(
            f"given_at_{name}_{n}={part}"
            for name, moment in span.items()
            for n, part in enumerate(moment.split())
        )
        return "Ada Lindqvist (E1)</" in text(console, path("consent", f"?{query}"))

    assert shown("2026-03-11 00:00", "2026-03-11 01:00")
    assert not shown("2026-03-10 15:00", "2026-03-10 16:00")
    assert shown("2026-03-11 00:00", "")
    assert shown("no-date 00:00", "")


@pytest.mark.parametrize("name", ["person", "checkin"])
def test_a_rows_history_opens(console: Client, name: str) -> None:
    text(console, path(name, f"{keys(name)[0]}/history/"))


@pytest.mark.parametrize("name", [name for name in NAMES if name not in READ_ONLY])
def test_a_form_for_a_new_row_opens(console: Client, name: str) -> None:
    text(console, path(name, "add/"))


@pytest.mark.parametrize("name", READ_ONLY)
def test_what_happened_is_neither_added_nor_changed(console: Client, name: str) -> None:
    key = keys(name)[0]
    assert console.get(path(name, "add/")).status_code == 403
    assert console.post(path(name, f"{key}/change/"), {"accepted": "on"}).status_code == 403


@pytest.mark.parametrize("name", ["capture", "checkin", "nightlyreport", "matchpolicy"])
def test_what_happened_is_not_deleted(console: Client, name: str) -> None:
    before = keys(name)
    assert console.post(path(name, f"{before[0]}/delete/"), {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": before, "post": "yes"}
    console.post(path(name), chosen)
    assert keys(name) == before


def test_lists_of_many_cost_few_queries(
    console: Client,
    kiosk: Kiosk,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for n in range(25):
        person = make_person(f"N{n}")
        make_template(person, np.ones(128, np.float32))
        make_check_in(kiosk, person)
    for name in NAMES:
        with django_assert_max_num_queries(14):
            text(console, path(name))


@pytest.mark.parametrize("name", ["user", "group"])
def test_accounts_and_groups_open(console: Client, name: str) -> None:
    text(console, f"/admin/auth/{name}/")
    text(console, f"/admin/auth/{name}/add/")


def test_a_list_opens_in_chinese(console: Client) -> None:
    console.cookies["django_language"] = "zh-hans"
    assert '<html lang="zh-hans"' in text(console, path("person"))


@pytest.mark.parametrize("name", ["person", "checkin", "duressalarm", "dooroverride"])
def test_an_empty_list_says_what_it_is_for_and_an_empty_search_how_to_leave_it(
    console: Client, name: str
) -> None:
    assert "Nothing fits what you search for" in text(console, path(name, "?q=zzzzzz"))
    model = TABLES[NAMES.index(name)]
    DuressAlarm.objects.all().delete()
    if name != "duressalarm":
        VisitorPass.objects.all().delete()
        model._default_manager.all().delete()
    page = text(console, path(name))
    assert "Nothing here yet" in page
    assert str(admin.site._registry[model].empty_hint) in page  # type: ignore[attr-defined]


# Said alike in both languages.
SAID_ALIKE = {"ID", "Lintel", "PIN", "CSV"}
LABEL = re.compile(r'<label[^>]*>(.*?)</label>|<th[^>]*scope="col"[^>]*>(.*?)</th>', re.DOTALL)
ICON = re.compile(r'<(\w+) class="[^"]*material-symbols[^>]*>.*?</\1>', re.DOTALL)


def labels(page: str) -> set[str]:
    """Return what fields and columns of a page are called."""
    found = (re.sub(r"<[^>]+>", " ", "".join(label)) for label in LABEL.findall(ICON.sub("", page)))
    return {re.sub(r"[*\s]+", " ", label).strip() for label in found}


@pytest.mark.parametrize("name", NAMES)
def test_what_a_page_calls_its_fields_is_chinese(console: Client, name: str) -> None:
    console.cookies["django_language"] = "zh-hans"
    addresses = [path(name), path(name, f"{keys(name)[0]}/change/")]
    if name not in READ_ONLY:
        addresses.append(path(name, "add/"))
    left = {
        label
        for address in addresses
        for label in labels(text(console, address))
        if re.search("[A-Za-z]{3}", label) and not re.search("[一-鿿]", label)
    }
    assert left - SAID_ALIKE == set()


def test_the_last_pages_of_check_ins_join_nothing_to_what_they_skip(console: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        text(console, path("checkin"))
    rows = [sql for sql in (q["sql"] for q in queries) if 'SELECT "attendance_checkin"' in sql]
    assert rows
    assert not any("JOIN" in sql for sql in rows)
