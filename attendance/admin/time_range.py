"""A filter for a span of time."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from unfold.contrib.filters.admin import RangeDateTimeFilter
from unfold.utils import parse_datetime_str


class TimeRange(RangeDateTimeFilter):
    """Keeps rows between two times, typed in the zone that the list shows its times in."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep the rows from the one time to the other; a time that is none is no bound."""
        ends = {"gte": self._typed("from"), "lte": self._typed("to")}
        bounds = {f"{self.parameter_name}__{end}": at for end, at in ends.items() if at}
        return queryset.filter(**bounds)

    def _typed(self, end: str) -> datetime | None:
        parts = (self.used_parameters.get(f"{self.parameter_name}_{end}_{n}") for n in (0, 1))
        naive = parse_datetime_str(" ".join(str(part or "") for part in parts))
        return timezone.make_aware(naive) if naive else None
