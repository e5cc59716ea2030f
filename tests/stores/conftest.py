import hypothesis
import pytest

# How long an example takes says something about the machine, nothing about the rule.
hypothesis.settings.register_profile(
    "unhurried", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("unhurried")


@pytest.fixture(autouse=True)
def _receipts_and_openings_alone(settings):
    """These tests are about what is counted from the histories of codes; other rooms test their own part."""
    settings.FIGURE_SOURCES = ["codes.selectors.figures.CodeFigures"]
    settings.STORE_PANELS = ["codes.dashboard.panels.latest_bindings"]
    settings.RECOUNTS = []
