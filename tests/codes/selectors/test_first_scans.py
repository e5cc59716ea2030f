import pytest

from codes.reading import read
from codes.selectors.first_scans import was_first
from codes.services.scanning import record_scan
from tests.codes.scanning.market import Market, code, posted
from tests.factories.consumers import ConsumerFactory
from tests.factories.stores import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def market():
    return Market()


def test_the_browser_that_scanned_first_is_known(market):
    record_scan(posted(code(1000), visitor="mine"), now=NOON)
    asked = {visitor: was_first(read(code(1000)), visitor=visitor, consumer_id=None) for visitor in ("mine", "other")}
    assert asked == {"mine": True, "other": False}


def test_the_consumer_who_scanned_first_is_known_in_another_browser(market):
    consumer = ConsumerFactory(brand=market.brand)
    record_scan(posted(code(1000), visitor="phone", consumer=consumer), now=NOON)
    assert was_first(read(code(1000)), visitor="tablet", consumer_id=consumer.pk)


def test_nobody_was_first_to_scan_what_is_no_mark():
    assert not was_first(read("nonsense"), visitor="mine", consumer_id=None)
