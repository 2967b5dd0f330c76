"""Who may go where, in the console: pages, buttons, and who may press them."""

from datetime import time, timedelta

import pytest
from django.contrib.auth.models import Group as Role
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from attendance.access_choices import Day, OverrideKind
from attendance.models import Door, DoorOverride, Forgiveness, Kiosk, SchedulePeriod, VisitorPass
from attendance.selectors.presence import people_inside
from attendance.services.doors import always, everybody
from attendance.services.roles import make_roles
from tests.attendance.access_rows import (
    lead_into,
    make_group,
    make_override,
    make_pass,
    make_passage,
    make_schedule,
)
from tests.attendance.rows import make_kiosk, make_person, make_site, make_staff

pytestmark = pytest.mark.django_db

ADMIN = "/admin/attendance/"
BUTTONS = {"lockdown": OverrideKind.LOCKDOWN, "emergency": OverrideKind.EMERGENCY_OPEN}


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def inline(prefix: str, *rows: dict[str, object], begun: int = 0) -> dict[str, object]:
    """Fill in the part of a form that holds rows of another table."""
    form: dict[str, object] = {
        f"{prefix}-TOTAL_FORMS": len(rows),
        f"{prefix}-INITIAL_FORMS": begun,
    }
    for n, row in enumerate(rows):
        form.update({f"{prefix}-{n}-{name}": value for name, value in row.items()})
    return form


@pytest.fixture
def guard(client: Client) -> Client:
    """Return a browser signed in as a guard."""
    make_roles()
    user = User.objects.create_user("guard", is_staff=True)
    user.groups.add(Role.objects.get(name="Guards"))
    client.force_login(user)
    return client


@pytest.fixture
def hr(client: Client) -> Client:
    """Return a browser signed in as somebody of HR."""
    make_roles()
    user = User.objects.create_user("hana", is_staff=True)
    user.groups.add(Role.objects.get(name="HR"))
    client.force_login(user)
    return client


class TestSchedules:
    """A week is typed as periods and read as a grid."""

    def test_a_schedule_with_its_periods_is_made(self, hr: Client) -> None:
        period = {"day": int(Day.FRIDAY), "begin": "22:00", "end": "06:00"}
        form = {"name": "Nights", "minds_holidays": "on", **inline("periods", period)}
        assert hr.post(f"{ADMIN}schedule/add/", form).status_code == 302
        made = SchedulePeriod.objects.get()
        assert (made.day, made.begin, made.end) == (Day.FRIDAY, time(22), time(6))

    def test_the_week_is_shown_as_a_grid(self, hr: Client) -> None:
        schedule = make_schedule("Nights", "22:00", "06:00", (Day.FRIDAY,))
        page = text(hr, f"{ADMIN}schedule/{schedule.pk}/change/")
        assert "22:00 – 06:00" in page
        assert '<rect class="is-open" x="1320" width="120"' in page
        assert '<rect class="is-open" x="0" width="360"' in page

    def test_always_and_everybody_are_not_taken_away(self, console: Client) -> None:
        for path in (f"schedule/{always().pk}", f"group/{everybody().pk}"):
            assert console.post(f"{ADMIN}{path}/delete/", {"post": "yes"}).status_code == 403
            assert "_save" in text(console, f"{ADMIN}{path}/change/")


class TestDoors:
    """A door has its rules on its page."""

    def test_a_rule_is_added_to_a_door(self, hr: Client, kiosk: Kiosk) -> None:
        first, group, hours = kiosk.door.rules.get(), make_group(), make_schedule()
        rows = (
            {"id": first.pk, "group": first.group_id, "schedule": first.schedule_id},
            {"id": "", "group": group.pk, "schedule": hours.pk},
        )
        form = {
            "name": "Front door",
            "mode": "face",
            "challenge": "never",
            "challenge_digits": 2,
            "offline": "nothing",
            "offline_hours": 24,
            **inline("rules", *({**row, "effect": "grant"} for row in rows), begun=1),
            **inline("mode_rules"),
        }
        assert hr.post(f"{ADMIN}door/{kiosk.door.pk}/change/", form).status_code == 302
        assert kiosk.door.rules.filter(group=group, schedule=hours).exists()

    def test_an_area_of_another_site_is_refused_with_words(self, hr: Client, kiosk: Kiosk) -> None:
        elsewhere = make_site("Annex").areas.create(name="Hall")
        form = {"name": "Side", "site": kiosk.site.pk, "area": elsewhere.pk, "mode": "face"}
        more = {"challenge": "never", **inline("rules"), **inline("mode_rules")}
        page = hr.post(f"{ADMIN}door/add/", {**form, **more}).content.decode()
        assert "belongs to another site" in page
        assert not Door.objects.filter(name="Side").exists()


class TestVisitors:
    """A pass is made in the name of who is signed in."""

    def test_a_pass_is_made(self, hr: Client) -> None:
        vera, host = make_person("V1", "Vera Guest", visitor=True), make_person()
        form = {
            "person": vera.pk,
            "host": host.pk,
            "group": make_group("Guests").pk,
            "begins_at_0": "2026-03-02",
            "begins_at_1": "10:00",
            "ends_at_0": "2026-03-02",
            "ends_at_1": "16:00",
        }
        assert hr.post(f"{ADMIN}visitorpass/add/", form).status_code == 302
        assert VisitorPass.objects.get().created_by == "hana"


class TestOverrides:
    """Lockdown and emergency: pressed, asked, written down."""

    @pytest.mark.parametrize("button", BUTTONS)
    @pytest.mark.parametrize("of", ["door", "site"])
    def test_a_button_asks_why_and_then_acts(
        self, guard: Client, kiosk: Kiosk, button: str, of: str
    ) -> None:
        subject = kiosk.door if of == "door" else kiosk.site
        path = f"{ADMIN}{of}/{subject.pk}/{button}/"
        assert path in text(guard, f"{ADMIN}{of}/{subject.pk}/change/")
        assert 'name="why"' in text(guard, path)
        assert guard.post(path, {"why": " ", "minutes": "60"}).status_code == 200
        assert not DoorOverride.objects.exists()
        assert guard.post(path, {"why": "smoke", "minutes": "60"}).status_code == 302
        begun = DoorOverride.objects.get()
        assert (begun.kind, begun.site, begun.why) == (BUTTONS[button], kiosk.site, "smoke")
        assert (begun.door, begun.begun_by) == (kiosk.door if of == "door" else None, "guard")

    @pytest.mark.parametrize("minutes", ["", "0", "-1", "1000", "soon"])
    def test_an_emergency_without_an_end_is_none(
        self, guard: Client, kiosk: Kiosk, minutes: str
    ) -> None:
        path = f"{ADMIN}site/{kiosk.site.pk}/emergency/"
        assert guard.post(path, {"why": "smoke", "minutes": minutes}).status_code == 200
        assert not DoorOverride.objects.exists()

    def test_an_emergency_that_ran_out_says_so(self, guard: Client, kiosk: Kiosk) -> None:
        begun = timezone.now() - timedelta(hours=2)
        make_override(kiosk.site, kind=OverrideKind.EMERGENCY_OPEN, begun_at=begun)
        assert "its time was over" in text(guard, f"{ADMIN}dooroverride/")
        assert "by its rules" in text(guard, f"{ADMIN}door/")

    def test_pressed_twice_it_is_one(self, guard: Client, kiosk: Kiosk) -> None:
        for _ in range(2):
            guard.post(f"{ADMIN}site/{kiosk.site.pk}/lockdown/", {"why": "smoke"})
        assert DoorOverride.objects.count() == 1

    def test_it_is_ended_and_stays_in_the_history(self, guard: Client, kiosk: Kiosk) -> None:
        override = make_override(kiosk.site)
        path = f"{ADMIN}dooroverride/{override.pk}/end/"
        text(guard, path)
        override.refresh_from_db()
        assert override.ended_at is None
        assert guard.post(path).status_code == 302
        override.refresh_from_db()
        assert override.ended_by == "guard"
        assert "ended by guard" in text(guard, f"{ADMIN}dooroverride/")

    @pytest.mark.parametrize("button", BUTTONS)
    def test_hr_and_onlookers_have_no_such_button(
        self, client: Client, kiosk: Kiosk, button: str
    ) -> None:
        make_roles()
        may = ("view_door", "change_door", "view_dooroverride", "change_dooroverride")
        client.force_login(make_staff(permissions=may))
        path = f"{ADMIN}door/{kiosk.door.pk}/{button}/"
        assert client.get(path).status_code == 403
        assert client.post(path, {"why": "smoke"}).status_code == 403
        override = make_override(kiosk.site)
        assert client.post(f"{ADMIN}dooroverride/{override.pk}/end/").status_code == 403
        override.refresh_from_db()
        assert override.ended_at is None

    def test_the_list_of_doors_says_what_stands_over_them(
        self, guard: Client, kiosk: Kiosk
    ) -> None:
        assert "by its rules" in text(guard, f"{ADMIN}door/")
        make_override(kiosk.site)
        assert "lockdown" in text(guard, f"{ADMIN}door/")


@pytest.mark.parametrize(
    "table", ["door", "group", "schedule", "visitorpass", "dooroverride", "area"]
)
def test_a_list_takes_as_many_queries_for_many_rows_as_for_one(
    console: Client, kiosk: Kiosk, table: str
) -> None:
    counts = []
    for n in range(3):
        site = make_site(f"Site {n}")
        outside = make_kiosk(site, f"Door {n}")[0]
        make_override(site, outside.door)
        lead_into(outside)
        vera = make_person(f"V{n}", f"Vera {n}", visitor=True)
        make_pass(vera, make_person(f"H{n}"), make_group(f"Group {n}", vera))
        make_schedule(f"Hours {n}")
        with CaptureQueriesContext(connection) as queries:
            text(console, f"{ADMIN}{table}/")
        counts.append(len(queries))
    assert counts[1] == counts[2], counts


def test_a_door_that_nobody_was_given_a_way_through_says_so(console: Client, kiosk: Kiosk) -> None:
    kiosk.door.rules.all().delete()
    assert "opens for nobody yet" in text(console, f"{ADMIN}door/")


class TestForgiveness:
    """A guard takes somebody to have left; HR does not."""

    def test_the_page_of_an_area_names_who_is_inside(self, guard: Client, kiosk: Kiosk) -> None:
        area = lead_into(kiosk)
        ada = make_person()
        make_passage(kiosk, ada)
        page = text(guard, f"{ADMIN}area/{area.pk}/change/")
        assert ada.full_name in page
        assert f"forgiveness/add/?area={area.pk}&amp;person={ada.pk}" in page

    def test_an_area_with_very_many_people_says_how_many_more(
        self, guard: Client, kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("attendance.admin.areas.MOST_NAMES", 2)
        area = lead_into(kiosk)
        for n in range(5):
            make_passage(kiosk, make_person(f"E{n}"))
        assert "And 3 more." in text(guard, f"{ADMIN}area/{area.pk}/change/")

    def test_a_guard_forgives_in_their_own_name(self, guard: Client, kiosk: Kiosk) -> None:
        area, ada = lead_into(kiosk), make_person()
        make_passage(kiosk, ada)
        form = {"area": area.pk, "person": ada.pk, "why": "went out by the gate"}
        assert guard.post(f"{ADMIN}forgiveness/add/", form).status_code == 302
        assert Forgiveness.objects.get().by == "guard"
        assert not people_inside(area=area, at=timezone.now()).exists()

    def test_hr_may_not(self, hr: Client, kiosk: Kiosk) -> None:
        form = {"area": lead_into(kiosk).pk, "person": make_person().pk, "why": "a favour"}
        assert hr.post(f"{ADMIN}forgiveness/add/", form).status_code == 403

    def test_a_guard_changes_no_rule(self, guard: Client, kiosk: Kiosk) -> None:
        for path in (f"door/{kiosk.door.pk}/change/", "group/add/", "schedule/add/"):
            assert guard.post(f"{ADMIN}{path}", {"name": "Mine"}).status_code == 403
