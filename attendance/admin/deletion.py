"""The question before a deletion."""

from typing import Any

from django.http import HttpRequest

from attendance.selectors.farewell import farewell_to


class CountedDeletion:
    """Says how much goes along, and lets whoever may delete a row do so.

    Django names every row that goes, and asks for the right to delete each: what happened is only
    read in the console, but goes with whom it happened to.
    """

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        """Return the rows, what goes along, missing rights, and what stands in the way."""
        rows = list(objs)
        farewell = farewell_to(rows=rows)
        opts: Any = self.opts  # type: ignore[attr-defined]
        may = self.has_delete_permission(request)  # type: ignore[attr-defined]
        return (
            [str(row) for row in rows],
            {str(opts.verbose_name_plural): len(rows), **farewell.along},
            set() if may else {str(opts.verbose_name)},
            farewell.in_the_way,
        )
