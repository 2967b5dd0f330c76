from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display

from attendance.models import NightlyReport

from .read_only import ReadOnly


@admin.register(NightlyReport)
class NightlyReportAdmin(ReadOnly, ModelAdmin):
    """Nightly reports, to read and to download."""

    empty_hint = _("The first report is made in the coming night.")

    list_display = ["date", "site", "created_at", "complete", "mailed_at", "files"]
    list_filter = ["site"]
    list_select_related = ["site"]
    date_hierarchy = "date"
    fields = ["date", "site", "created_at", "complete", "mailed_at", "files"]
    readonly_fields = fields

    @display(description=_("files"))
    def files(self, report: NightlyReport) -> SafeString:
        """Link to the page and to the file."""
        return format_html(
            '<a class="lintel-link" href="{}">{}</a> · <a class="lintel-link" href="{}">CSV</a>',
            reverse("report", args=[report.pk]),
            _("Read"),
            reverse("report-csv", args=[report.pk]),
        )
