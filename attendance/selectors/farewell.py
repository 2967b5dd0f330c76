"""What a deletion takes along, counted and not fetched: with one person go thousands of rows."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import CASCADE, PROTECT, Model

# More rows than this that stand in the way are not named.
MOST_NAMED = 50


@dataclass(frozen=True)
class Farewell:
    """What goes with rows that are deleted, and what stands in the way."""

    along: dict[str, int]
    """How many rows of each table go, by the table's name; tables with none are left out."""
    in_the_way: list[str]
    """Rows that are to be deleted first, or to refer to something else."""


def farewell_to(*, rows: Sequence[Model]) -> Farewell:
    """Return what the deletion of rows of one table takes along, one step far."""
    along: dict[str, int] = {}
    in_the_way: list[str] = []
    for relation in rows[0]._meta.related_objects if rows else ():
        model, how = relation.related_model, getattr(relation, "on_delete", None)
        referring = model._default_manager.filter(**{f"{relation.field.name}__in": rows})
        if how is CASCADE and (count := referring.count()):
            along[str(model._meta.verbose_name_plural)] = count
        elif how is PROTECT:
            in_the_way.extend(str(row) for row in referring[:MOST_NAMED])
    return Farewell(along, in_the_way)
