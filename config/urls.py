"""The addresses of Lintel."""

from django.contrib import admin
from django.urls import include, path

from attendance.api.application import api
from attendance.api.health import healthz, readyz
from attendance.console import engines, enrol, live, pins, question, reports, threshold

urlpatterns = [
    path("", live.page, name="live"),
    path("live/events", live.events, name="live-events"),
    path("live/summary", live.summary, name="live-summary"),
    path("reports/<int:report_id>.csv", reports.csv, name="report-csv"),
    path("reports/<int:report_id>", reports.page, name="report"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("people/<uuid:person_id>/enrol", enrol.page, name="person-enrol"),
    path("people/<uuid:person_id>/pin", pins.page, name="person-pin"),
    path("access/question", question.page, name="access-question"),
    path("threshold", threshold.page, name="threshold"),
    path("engines", engines.page, name="engines"),
    path("admin/", admin.site.urls),
    path("api/v1/", api.urls),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
]
