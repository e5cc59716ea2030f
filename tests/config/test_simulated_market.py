import pytest

from codes.models import Movement, Opening
from config.market.plan import Size
from config.market.play import Script
from rewards.models import Claim, Payout
from stores.models import Store
from stores.selectors.recount import differences
from tests.config.test_simulate import play


@pytest.mark.django_db(transaction=True)
def test_a_played_market_is_counted_paid_and_without_contradiction_and_a_larger_one_adds_stores_to_it():
    tally = play()
    assert tally["openings"] == Opening.objects.count() > 10
    assert tally["claims"] == Claim.objects.filter(state="promised").count() > 10
    assert set(Payout.objects.values_list("state", flat=True)) == {"paid"}
    assert not Movement.objects.exclude(flag="").exists()
    assert list(differences()) == []
    play(Script(Size(stores=6, consumers=12, days=2), seed=4, lot="PLAY2"))
    assert Store.objects.count() == 6
    assert list(differences()) == []
