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
    gettext_noop("Select record"),
    gettext_noop("Select Record"),
    gettext_noop("Select action"),
    gettext_noop("Run"),
    gettext_noop("Select value"),
    gettext_noop("Select format"),
    gettext_noop("Date"),
    gettext_noop("After you've created a user, you’ll be able to edit more user options."),
    gettext_noop(
        "Raw passwords are not stored, so there is no way to see this user’s password, but you can change the "
        'password using <a href="{}" class="text-primary-600 dark:text-primary-500">this form</a>.'
    ),
    gettext_noop("True"),
    gettext_noop("False"),
)
