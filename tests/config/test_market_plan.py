import datetime as dt

from config.market.names import person_name
from config.market.plan import Size, drawn

FIRST_DAY = dt.date(2026, 3, 2)
SIZE = Size(stores=24, consumers=300, days=35)


def test_the_same_seed_draws_the_same_market():
    assert drawn(SIZE, FIRST_DAY, 7) == drawn(SIZE, FIRST_DAY, 7)
    assert drawn(SIZE, FIRST_DAY, 7) != drawn(SIZE, FIRST_DAY, 8)


def test_a_store_never_sells_what_has_not_been_delivered_to_it():
    stock = dict.fromkeys(range(SIZE.stores), 0)
    for day in drawn(SIZE, FIRST_DAY, 1):
        for delivery in day.deliveries:
            stock[delivery.store] += delivery.cases * 12
        for purchase in day.purchases:
            stock[purchase.store] -= 1
        assert min(stock.values()) >= 0


def test_the_demos_market_has_about_twelve_hundred_purchases():
    purchases = [each for day in drawn(SIZE, FIRST_DAY, 1) for each in day.purchases]
    assert 1_000 < len(purchases) < 1_400
    assert [each.number for each in sorted(purchases, key=lambda each: each.number)] == list(range(len(purchases)))


def test_a_market_with_fewer_people_than_stores_can_be_drawn():
    assert drawn(Size(stores=12, consumers=1, days=3), FIRST_DAY, 1)


def test_six_hundred_people_bear_six_hundred_names_and_those_after_them_others():
    assert len({person_name(number) for number in range(1_800)}) == 1_800
