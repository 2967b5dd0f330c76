from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .person import Person


class Consent(models.Model):
    """A person's recorded agreement to be recognised by face."""

    person = models.ForeignKey(
        Person, models.CASCADE, verbose_name=_("person"), related_name="consents"
    )
    given_at = models.DateTimeField(_("given"), default=timezone.now)
    recorded_by = models.CharField(_("recorded by"), max_length=150)
    until = models.DateTimeField(
        _("valid until"), null=True, blank=True, help_text=_("Empty: until withdrawn.")
    )
    keeps_pictures = models.BooleanField(
        _("pictures may be kept"),
        default=False,
        help_text=_(
            "The faces of enrolment pictures stay here, sealed, so that a better engine needs no "
            "new ones. They go with the consent."
        ),
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["-given_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gt=F("given_at")),
                name="consent_ends_after_it_begins",
                violation_error_message=_("A consent must end after it was given."),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(withdrawn_at__gte=F("given_at")),
                name="consent_withdrawn_after_it_was_given",
                violation_error_message=_("A consent cannot be withdrawn before it was given."),
            ),
            models.CheckConstraint(condition=~Q(recorded_by=""), name="consent_names_its_recorder"),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.given_at:%Y-%m-%d}"
