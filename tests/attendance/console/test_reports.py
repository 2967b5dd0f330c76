from datetime import date

import pytest
from django.test import Client

from attendance.models import Kiosk, NightlyReport
from attendance.services.reports import make_report
from tests.attendance.rows import make_check_in, make_person, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(kiosk: Kiosk) -> NightlyReport:
    from django.utils import timezone

    now = timezone.now()
    make_check_in(kiosk, make_person(name="王小明"), now)
    return make_report(site=kiosk.site, on=now.date(), now=now)[0]


def test_staff_read_a_report(console: Client, report: NightlyReport) -> None:
    page = console.get(f"/reports/{report.pk}")
    assert page.status_code == 200
    assert "王小明" in page.content.decode()


def test_staff_download_a_report(console: Client, report: NightlyReport) -> None:
    answer = console.get(f"/reports/{report.pk}.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    name = f"attendance-{date.isoformat(report.date)}-{report.site_id}.csv"
    assert name in answer["Content-Disposition"]
    assert answer.content.decode() == report.csv
    assert answer.content.startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("suffix", ["", ".csv"])
def test_a_visitor_is_sent_to_the_login(client: Client, report: NightlyReport, suffix: str) -> None:
    answer = client.get(f"/reports/{report.pk}{suffix}")
    assert answer.status_code == 302
    assert "王小明" not in answer.content.decode()


@pytest.mark.parametrize("suffix", ["", ".csv"])
def test_only_whoever_may_see_reports_reads_one(
    client: Client, report: NightlyReport, suffix: str
) -> None:
    client.force_login(make_staff())
    assert client.get(f"/reports/{report.pk}{suffix}").status_code == 403
    client.force_login(make_staff("rolf", permissions=("view_nightlyreport",)))
    assert client.get(f"/reports/{report.pk}{suffix}").status_code == 200


@pytest.mark.parametrize("suffix", ["", ".csv"])
def test_a_report_that_is_not_there_is_not_found(console: Client, suffix: str) -> None:
    assert console.get(f"/reports/1{suffix}").status_code == 404
