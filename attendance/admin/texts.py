"""Texts of django-unfold that have no Chinese of their own; listed here, they get ours."""

from django.utils.translation import gettext_noop as _

TEXTS = (
    _("Type to search"),
    _("Filters"),
    _("Apply Filters"),
    _("Reset filters"),
    _("Select value"),
    _("Date"),
    _("Time"),
    _("Clear all filters"),
    _("Select all rows"),
    _("Select record"),
    _("Clear selection"),
    _("Run the selected action"),
    _("More actions"),
    _("No results found"),
    _("No results matching your query"),
    _("Return to site"),
    _("Go back"),
    _("Show all"),
    _("Show counts"),
    _("Previous"),
    _("Next"),
    _("Close"),
    _("Light"),
    _("Dark"),
    _("System"),
    _("Toggle password visibility"),
    _("All applications"),
    _("Welcome back to"),
)
