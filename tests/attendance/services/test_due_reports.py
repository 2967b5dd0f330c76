"""When nightly reports are made, and to whom they go."""

from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from django.core import mail
from pytest_django import DjangoAssertNumQueries, Settings

from attendance.models import Kiosk, NightlyReport, Site
from attendance.services.reports import make_due_reports
from tests.attendance.rows import make_check_in, make_person, make_site
from tests.attendance.services.test_reports import DAY, at, report, table

pytestmark = pytest.mark.django_db


class TestMail:
    """Whoever a site names gets the report."""

    def test_it_goes_to_everybody_named_with_page_and_file(self, kiosk: Kiosk) -> None:
        Site.objects.update(report_recipients="hr@example.org\nboss@example.org")
        kiosk.site.refresh_from_db()
        make_check_in(kiosk, make_person(), at(8))
        made = report(kiosk.site)
        (message,) = mail.outbox
        assert message.to == ["hr@example.org", "boss@example.org"]
        assert "2026-03-10" in message.subject
        assert isinstance(message, mail.EmailMultiAlternatives)
        assert "Ada Lindqvist" in str(message.alternatives[0][0])
        assert [name for name, _, _ in message.attachments] == ["attendance-2026-03-10.csv"]
        assert made.mailed_at is not None

    def test_without_recipients_it_is_only_kept(self, site: Site) -> None:
        assert report(site).mailed_at is None
        assert mail.outbox == []

    def test_it_is_mailed_once(self) -> None:
        site = make_site(report_recipients="hr@example.org")
        report(site)
        report(site)
        assert len(mail.outbox) == 1

    def test_without_a_mail_server_it_goes_to_a_file(
        self, settings: Settings, tmp_path: Path
    ) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
        settings.EMAIL_FILE_PATH = tmp_path
        report(make_site(report_recipients="hr@example.org"))
        (written,) = tmp_path.iterdir()
        assert "To: hr@example.org" in written.read_text()

    def test_a_mail_server_that_is_away_costs_no_report(self, settings: Settings) -> None:
        site = make_site(report_recipients="hr@example.org")
        before = settings.EMAIL_BACKEND
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens there
        made = report(site)
        assert made.mailed_at is None
        settings.EMAIL_BACKEND = before
        assert report(site).mailed_at is not None
        assert len(mail.outbox) == 1


class TestDue:
    """Beat asks every minute; what is due is made."""

    def made(self, now: datetime) -> int:
        return make_due_reports(now=now)

    def dates(self, site: Site) -> list[str]:
        return [str(d) for d in site.reports.order_by("date").values_list("date", flat=True)]

    def test_yesterdays_is_made_once_the_time_has_come(self) -> None:
        site = make_site(report_time=time(0, 30))
        self.made(at(0, 29))
        assert self.dates(site) == ["2026-03-08"]
        assert self.made(at(0, 30)) == 1
        assert self.made(at(0, 31)) == 0
        assert self.dates(site) == ["2026-03-08", "2026-03-09"]

    def test_each_site_has_its_own_midnight(self) -> None:
        tokyo = make_site("Tokyo", time_zone="Asia/Tokyo")
        york = make_site("New York", time_zone="America/New_York")
        self.made(at(16))  # the 11th in Tokyo, the 10th in New York
        assert (self.dates(tokyo), self.dates(york)) == (["2026-03-10"], ["2026-03-09"])

    def test_a_server_that_was_off_makes_what_it_missed(self) -> None:
        site = make_site()
        self.made(at(1, on=DAY))
        assert self.made(at(1, on=DAY + timedelta(days=4))) == 4
        assert len(self.dates(site)) == 5

    def test_a_server_that_was_off_for_a_year_makes_a_month(self) -> None:
        site = make_site()
        self.made(at(1, on=DAY))
        self.made(at(1, on=DAY + timedelta(days=365)))
        assert 31 <= len(self.dates(site)) <= 33

    def test_a_report_made_by_hand_hides_no_day_before_it(self) -> None:
        site = make_site()
        self.made(at(1, on=DAY))
        later = DAY + timedelta(days=4)
        report(site, later, now=at(1, on=later))
        report(site, later - timedelta(days=1), now=at(1, on=later))
        self.made(at(1, on=later))
        assert len(self.dates(site)) == 6

    def test_a_day_reported_too_early_is_completed(self, kiosk: Kiosk) -> None:
        self.made(at(1, on=DAY))
        assert not report(kiosk.site, DAY, now=at(20)).complete
        make_check_in(kiosk, make_person(), at(21))
        self.made(at(1, on=DAY + timedelta(days=1)))
        made = NightlyReport.objects.get(date=DAY)
        assert made.complete
        assert len(table(made)) == 1

    def test_a_mail_that_failed_is_tried_again_the_day_after(self, settings: Settings) -> None:
        make_site(report_recipients="hr@example.org")
        before = settings.EMAIL_BACKEND
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
        for days in range(2):
            self.made(at(1, on=DAY + timedelta(days=days)))
        settings.EMAIL_BACKEND = before
        self.made(at(2, on=DAY + timedelta(days=1)))
        assert sorted(message.subject for message in mail.outbox) == [
            "Attendance on 2026-03-09, Main site",
            "Attendance on 2026-03-10, Main site",
        ]

    def test_recipients_named_later_get_no_old_reports(self) -> None:
        site = make_site()
        for days in range(5):
            self.made(at(1, on=DAY + timedelta(days=days)))
        NightlyReport.objects.update(created_at=at(1) - timedelta(days=9))
        site.report_recipients = "hr@example.org"
        site.save()
        self.made(at(2, on=DAY + timedelta(days=4)))
        assert mail.outbox == []

    def test_nothing_to_do_costs_few_queries(
        self, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        make_site(report_recipients="hr@example.org")
        for days in range(20):
            self.made(at(1, on=DAY + timedelta(days=days)))
        with django_assert_max_num_queries(3):
            self.made(at(2, on=DAY + timedelta(days=19)))
