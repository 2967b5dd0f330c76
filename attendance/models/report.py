from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .site import Site


class NightlyReport(models.Model):
    """The attendance of one site on one date, as it was written then."""

    site = models.ForeignKey(Site, models.PROTECT, verbose_name=_("site"), related_name="reports")
    date = models.DateField(_("date"))
    html = models.TextField(editable=False)
    csv = models.TextField(editable=False)
    complete = models.BooleanField(
        _("complete"),
        default=True,
        help_text=_("Not complete: made before the day was over; made anew after its end."),
    )
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    mailed_at = models.DateTimeField(_("mailed"), null=True, editable=False)

    class Meta:
        verbose_name = _("nightly report")
        verbose_name_plural = _("nightly reports")
        ordering = ["-date", "site__name"]
        constraints = [
            models.UniqueConstraint(fields=["site", "date"], name="report_once_per_site_and_date")
        ]

    def __str__(self) -> str:
        return f"{self.site} {self.date}"
