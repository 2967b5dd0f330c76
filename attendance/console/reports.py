"""Nightly reports to read and to download."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from attendance.models import NightlyReport

from .access import staff_only


@staff_only
@permission_required("attendance.view_nightlyreport", raise_exception=True)
def page(request: HttpRequest, report_id: int) -> HttpResponse:
    """Show a report as it was mailed."""
    report = get_object_or_404(NightlyReport, pk=report_id)
    return HttpResponse(report.html)


@staff_only
@permission_required("attendance.view_nightlyreport", raise_exception=True)
def csv(request: HttpRequest, report_id: int) -> HttpResponse:
    """Download a report for a spreadsheet."""
    report = get_object_or_404(NightlyReport.objects.select_related("site"), pk=report_id)
    response = HttpResponse(report.csv, content_type="text/csv; charset=utf-8")
    name = f"attendance-{report.date}-{report.site_id}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
