"""The higher rooms whose histories the figures are counted from, by settings."""

from collections.abc import Collection, Mapping

from django.conf import settings
from django.utils.module_loading import import_string

from stores.figures import DayKey, Figures, FigureSource, UserSource


def figure_sources() -> list[FigureSource]:
    """All of settings.FIGURE_SOURCES."""
    return [import_string(path)() for path in settings.FIGURE_SOURCES]


def user_source() -> UserSource:
    """The one of settings.USER_SOURCE."""
    source: UserSource = import_string(settings.USER_SOURCE)()
    return source


def figures_from_histories(keys: Collection[DayKey]) -> Mapping[DayKey, Figures]:
    """What the histories say now about each of `keys`, summed over all sources."""
    counted = {key: Figures() for key in keys}
    for source in figure_sources():
        for key, part in source.of_days(keys).items():
            counted[key] += part
    return counted
