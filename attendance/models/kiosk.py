from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from attendance.access_choices import Direction

from .door import Door
from .site import Site


class Kiosk(models.Model):
    """A camera and screen at a door. It signs what it says; the public half of its key is here."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    site = models.ForeignKey(Site, models.PROTECT, verbose_name=_("site"), related_name="kiosks")
    door = models.ForeignKey(
        Door,
        models.PROTECT,
        verbose_name=_("door"),
        related_name="kiosks",
        blank=True,
        help_text=_("Empty: a new door of the kiosk's name, open to everybody at any time."),
    )
    direction = models.CharField(
        _("lets people"),
        max_length=4,
        choices=Direction,
        default=Direction.IN,
        help_text=_("In: the kiosk hangs outside. Out: it hangs inside, for those who leave."),
    )
    zone = models.CharField(
        _("zone"),
        max_length=100,
        blank=True,
        help_text=_("The area behind this door, for example “Ground floor”."),
    )
    active = models.BooleanField(_("active"), default=True)
    # Ed25519, raw, in base64; empty before provisioning and after revocation.
    public_key = models.CharField(max_length=44, blank=True, default="", editable=False)
    key_since = models.DateTimeField(_("key since"), null=True, editable=False)
    # Which of the two empties it is: a revoked kiosk is told so.
    key_revoked = models.BooleanField(default=False, editable=False)
    rotation_wanted = models.BooleanField(_("new key wanted"), default=False, editable=False)
    # The one-time code: by what it is found, and its SHA-256 (79 random bits: no slow hash needed).
    code_name = models.CharField(max_length=32, null=True, unique=True, editable=False)
    code_hash = models.CharField(max_length=64, blank=True, default="", editable=False)
    code_expires_at = models.DateTimeField(_("code valid until"), null=True, editable=False)
    code_used_at = models.DateTimeField(_("code used"), null=True, editable=False)
    last_seen_at = models.DateTimeField(_("last seen"), null=True, editable=False)
    clock_skew_ms = models.IntegerField(
        _("clock skew, ms"),
        null=True,
        editable=False,
        help_text=_("How far the kiosk's clock was ahead of the server's."),
    )
    # What the kiosk said of itself last.
    camera = models.CharField(_("camera"), max_length=16, blank=True, editable=False)
    spool_waiting = models.PositiveIntegerField(_("waiting to be sent"), default=0, editable=False)
    spool_aside = models.PositiveIntegerField(_("set aside"), default=0, editable=False)
    spool_full = models.BooleanField(_("spool is full"), default=False, editable=False)
    door_faults = models.PositiveIntegerField(
        _("door did not open, times"), default=0, editable=False
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("kiosk")
        verbose_name_plural = _("kiosks")
        ordering = ["site__name", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["public_key"],
                name="kiosk_key_is_one_kiosks",
                condition=~Q(public_key=""),
            ),
            models.CheckConstraint(
                condition=Q(key_revoked=False) | Q(public_key=""),
                name="kiosk_revoked_has_no_key",
            ),
            models.CheckConstraint(
                condition=Q(direction__in=Direction.values), name="kiosk_direction_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse a door of another site; the database does as well."""
        door = Door.objects.filter(pk=self.door_id).first()
        if door is not None and self.site_id is not None and door.site_id != self.site_id:
            raise ValidationError({"door": _("This door belongs to another site.")})
