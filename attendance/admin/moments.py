"""A day and a clock time in a form, where the day alone will do."""

from typing import Any

from django import forms
from django.db import models
from django.http import HttpRequest

# A day alone is its beginning, but its end for what lasts until then.
BEGINNING, END = "00:00:00", "23:59:59"
LASTS_UNTIL = frozenset({"valid_until", "until", "ends_at"})


class MomentField(forms.SplitDateTimeField):
    """A day and a clock time, which may stay empty."""

    alone = BEGINNING

    def clean(self, value: Any) -> Any:
        """Return the moment, with the clock time that a day alone stands for."""
        if isinstance(value, (list, tuple)) and len(value) == 2 and value[0] and not value[1]:
            value = [value[0], self.alone]
        return super().clean(value)


class LastMomentField(MomentField):
    """A day and a clock time until which something lasts."""

    alone = END


class DaysWillDo:
    """Adds to an admin page that times may be left empty beside their day."""

    def formfield_for_dbfield(
        self, db_field: "models.Field[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> Any:
        """Take a day alone."""
        if isinstance(db_field, models.DateTimeField):
            lasts = db_field.name in LASTS_UNTIL
            kwargs["form_class"] = LastMomentField if lasts else MomentField
        return super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
