"""Words of the admin's theme, which brings no Chinese of its own: named here, they are in our catalogue."""

from django.utils.translation import gettext_noop

WORDS = (
    gettext_noop("Type to search"),
    gettext_noop("System"),
    gettext_noop("Light"),
    gettext_noop("Dark"),
    gettext_noop("Run the selected action"),
    gettext_noop("Reset filters"),
    gettext_noop("Apply Filters"),
    gettext_noop("Clear all filters"),
    gettext_noop("Filters"),
    gettext_noop("More actions"),
    gettext_noop("No results found"),
    gettext_noop("No results matching your query"),
    gettext_noop("This page yielded into no results. Create a new item or reset your filters."),
    gettext_noop("Select all rows"),
    gettext_noop("Record picture"),
    gettext_noop("Expand row"),
    gettext_noop("Add row"),
    gettext_noop("General"),
    gettext_noop("Previous"),
    gettext_noop("Next"),
    gettext_noop("Select action to run"),
    gettext_noop("Search apps and models..."),
    gettext_noop("Go back"),
)
