import pytest

from tests.codes.scanning import market as markets


@pytest.fixture(autouse=True)
def _offers(settings):
    settings.OFFER_SOURCE = "tests.codes.scanning.market.open_source"
    markets.offered.clear()


@pytest.fixture
def market(db):
    return markets.Market()
