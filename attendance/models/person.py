import unicodedata
import uuid

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

printable = RegexValidator(
    # Ends with \Z: a $ would let a line break follow.
    r"^[^\s\x00-\x1f\x7f]+( [^\s\x00-\x1f\x7f]+)*\Z",
    _("Use visible characters, with single spaces between words."),
)


class Person(models.Model):
    """Somebody who may be recognised; names are in any script."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    employee_number = models.CharField(
        _("employee number"), max_length=32, unique=True, validators=[printable]
    )
    full_name = models.CharField(_("full name"), max_length=200, validators=[printable])
    preferred_name = models.CharField(
        _("preferred name"),
        max_length=200,
        blank=True,
        validators=[printable],
        help_text=_("What the door says when it greets this person. Empty: the full name."),
    )
    birth_date = models.DateField(
        _("birth date"),
        null=True,
        blank=True,
        help_text=_("Only kept to refuse PINs that are made of it; may stay empty."),
    )
    active = models.BooleanField(
        _("active"),
        default=True,
        help_text=_("Only active people with a valid consent are ever recognised."),
    )
    visitor = models.BooleanField(
        _("visitor"),
        default=False,
        help_text=_("A visitor enters with a pass only, and does not count as one of everybody."),
    )
    valid_from = models.DateTimeField(
        _("may enter from"), null=True, blank=True, help_text=_("Empty: at once.")
    )
    valid_until = models.DateTimeField(
        _("may enter until"), null=True, blank=True, help_text=_("Empty: without an end.")
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["full_name", "employee_number"]
        constraints = [
            models.CheckConstraint(condition=~Q(full_name=""), name="person_full_name_not_empty"),
            models.CheckConstraint(
                condition=~Q(employee_number=""), name="person_employee_number_not_empty"
            ),
            models.CheckConstraint(
                condition=Q(valid_from=None)
                | Q(valid_until=None)
                | Q(valid_until__gt=models.F("valid_from")),
                name="person_validity_ends_after_it_begins",
                violation_error_message=_("The end must lie after the beginning."),
            ),
        ]
        indexes = [models.Index(fields=["full_name"], name="person_full_name")]

    def __str__(self) -> str:
        return f"{self.full_name} ({self.employee_number})"

    def clean(self) -> None:
        """Put letters in whole, so that a name typed anywhere is found everywhere."""
        for field in ("employee_number", "full_name", "preferred_name"):
            setattr(self, field, unicodedata.normalize("NFC", getattr(self, field)))

    @property
    def display_name(self) -> str:
        """Return the name as the person wishes to be greeted."""
        return self.preferred_name or self.full_name
