import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from attendance.choices import TemplateSource

from .person import Person


class Template(models.Model):
    """A face vector of one person, sealed; it is never shown and never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(
        Person, models.CASCADE, verbose_name=_("person"), related_name="templates"
    )
    sealed_vector = models.BinaryField(editable=False)
    engine_name = models.CharField(_("engine"), max_length=64)
    engine_version = models.CharField(_("engine version"), max_length=64)
    quality = models.FloatField(_("quality"))
    source = models.CharField(_("source"), max_length=16, choices=TemplateSource)
    # Lets the same picture be offered twice without becoming two templates.
    picture_digest = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("template")
        verbose_name_plural = _("templates")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "engine_name", "engine_version", "picture_digest"],
                name="template_once_per_picture",
            ),
            models.CheckConstraint(
                condition=Q(quality__gte=0) & Q(quality__lte=1), name="template_quality_in_range"
            ),
            models.CheckConstraint(
                condition=Q(source__in=TemplateSource.values), name="template_source_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.engine_name} {self.engine_version}"
