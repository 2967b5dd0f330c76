from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .site import Site


class Kiosk(models.Model):
    """A camera and screen at a door. Its token is kept as a hash only."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    site = models.ForeignKey(Site, models.PROTECT, related_name="kiosks")
    zone = models.CharField(
        _("zone"),
        max_length=100,
        blank=True,
        help_text=_("The area behind this door, for example “Ground floor”."),
    )
    active = models.BooleanField(_("active"), default=True)
    # SHA-256 of a random 256-bit token: nothing to guess, so no slow hash is needed.
    token_hash = models.CharField(max_length=64, null=True, unique=True, editable=False)
    last_seen_at = models.DateTimeField(_("last seen"), null=True, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("kiosk")
        verbose_name_plural = _("kiosks")
        ordering = ["site__name", "name"]

    def __str__(self) -> str:
        return self.name
