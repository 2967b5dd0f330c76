"""Nightly reports: made once per site and date, mailed, kept."""

import csv
import io
import logging
from datetime import date, datetime, timedelta
from smtplib import SMTPException

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from attendance.models import NightlyReport, Site
from attendance.selectors.attendance_day import AttendanceDay, attendance_day

logger = logging.getLogger(__name__)

CSV_COLUMNS = (
    "date",
    "kind",
    "employee_number",
    "name",
    "first_in",
    "last_out",
    "hours",
    "count",
    "reason",
)
# Days. A server that was off this long still makes the reports it missed.
_CATCH_UP = 31
# How long a mail that failed is tried again; recipients named later get no older reports.
_MAIL_TRIES = timedelta(days=2)
# A spreadsheet takes a cell that begins with one of these for a formula.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def make_report(*, site: Site, on: date, now: datetime) -> tuple[NightlyReport, bool]:
    """Return the report of a site and date, and whether it was made now.

    Started twice, even at once, it is made and mailed once: the unique key decides who makes it,
    and the mail is sent by whoever holds the row. A report of a day that was not over is made,
    and mailed, anew once the day is over; until then it is only brought up to date.
    """
    report = NightlyReport.objects.filter(site=site, date=on).first()
    made = report is None
    if report is None:
        values = _values(attendance_day(site=site, on=on, now=now))
        report, made = NightlyReport.objects.get_or_create(site=site, date=on, defaults=values)
    elif not report.complete:
        made = _bring_up_to_date(report, now=now)
    if report.mailed_at is None and site.report_addresses:
        _mail_once(report)
    return report, made


def _values(day: AttendanceDay) -> dict[str, str | bool]:
    return {"html": report_html(day), "csv": report_csv(day), "complete": day.complete}


@transaction.atomic
def _bring_up_to_date(report: NightlyReport, *, now: datetime) -> bool:
    """Make an incomplete report anew; return whether it is complete now."""
    held = NightlyReport.objects.select_for_update().get(pk=report.pk)
    if held.complete:
        return False
    for name, value in _values(attendance_day(site=held.site, on=held.date, now=now)).items():
        setattr(held, name, value)
    if held.complete:
        held.mailed_at = None
    held.created_at = now
    held.save()
    report.refresh_from_db()
    return held.complete


def make_due_reports(*, now: datetime) -> int:
    """Make every report that is due and missing; return how many were made.

    Due is yesterday's, once the site's report time has come, and every earlier one since the
    oldest that there is: a server that was off catches up. A mail that failed is tried again.
    """
    made = 0
    for site in Site.objects.all():
        for on in _open_dates(site, now=now):
            made += make_report(site=site, on=on, now=now)[1]
    return made


def _open_dates(site: Site, *, now: datetime) -> list[date]:
    """Return the dates whose report is due and missing, incomplete, or still to be mailed."""
    local = now.astimezone(site.zone)
    last = local.date() - timedelta(days=1 if local.time() >= site.report_time else 2)
    reports = site.reports.filter(date__lte=last)
    oldest = reports.order_by("date").values_list("date", flat=True).first()
    begin = max(oldest or last, last - timedelta(days=_CATCH_UP))
    unmailed = Q(mailed_at=None, created_at__gt=now - _MAIL_TRIES)
    settled = reports.filter(date__gte=begin, complete=True)
    if site.report_addresses:
        settled = settled.exclude(unmailed)
    done = set(settled.values_list("date", flat=True))
    days = (begin + timedelta(days=n) for n in range((last - begin).days + 1))
    return [on for on in days if on not in done]


def report_html(day: AttendanceDay) -> str:
    """Return the report as a page that also reads as a mail."""
    return render_to_string("mail/nightly_report.html", {"day": day})


def report_csv(day: AttendanceDay) -> str:
    """Return the report as CSV with a byte order mark, so that spreadsheets read every script."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow(CSV_COLUMNS)
    on = day.date.isoformat()
    for row in day.people:
        person = (_cell(row.person.employee_number), _cell(row.person.full_name))
        last = row.last_out.isoformat(timespec="seconds") if row.last_out else ""
        first = row.first_in.isoformat(timespec="seconds")
        writer.writerow([on, "attendance", *person, first, last, row.hours, row.check_ins, ""])
    for refused in day.refused:
        writer.writerow([on, "refused", "", "", "", "", "", refused.count, refused.reason])
    return out.getvalue()


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _mail_once(report: NightlyReport) -> None:
    with transaction.atomic():
        held = (
            NightlyReport.objects.select_for_update(of=("self",), skip_locked=True)
            .select_related("site")
            .filter(pk=report.pk, mailed_at=None)
            .first()
        )
        if held is None:
            return
        try:
            _mail(held)
        except (SMTPException, OSError) as error:
            # Kept in the console; beat tries the mail again in a minute.
            logger.warning("report %s not mailed: %s", held.pk, type(error).__name__)
            return
        held.mailed_at = report.mailed_at = timezone.now()
        held.save(update_fields=["mailed_at"])


def _mail(report: NightlyReport) -> None:
    subject = _("Attendance on %(date)s, %(site)s") % {"date": report.date, "site": report.site}
    message = EmailMultiAlternatives(
        subject=subject,
        body=_("The report is in the HTML part of this message and in the attached file."),
        to=report.site.report_addresses,
    )
    message.attach_alternative(report.html, "text/html")
    message.attach(f"attendance-{report.date}.csv", report.csv.encode("utf-8"), "text/csv")
    message.send()
