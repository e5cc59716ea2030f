import pytest


@pytest.fixture(autouse=True)
def _receipts_and_openings_alone(settings):
    """These tests are about what is counted from the histories of codes; other rooms test their own part."""
    settings.FIGURE_SOURCES = ["codes.selectors.figures.CodeFigures"]
    settings.STORE_PANELS = ["codes.dashboard.panels.latest_bindings"]
    settings.OVERVIEW_PANELS = []
    settings.RECOUNTS = []
