import pytest

from tests.factories.shop_window import ShopWindow


@pytest.fixture
def window(db):
    return ShopWindow()
