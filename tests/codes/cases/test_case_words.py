import pytest

from codes.models import MarketCase
from codes.selectors.case_words import REASONS, reason_in_words, subject_in_words
from stores.models import Dealer, Region


@pytest.mark.parametrize(
    ("name", "have", "need", "told"),
    [
        ("units", 30, 5, "30 (from 5 on)"),
        ("share", 0.755, 0.2, "76% (from 20% on)"),
        ("chance", 0.0004, 0.001, "0.0004 (at most 0.0010)"),
        ("chance", 1e-30, 0.001, "< 0.0001 (at most"),
        ("speed_kmh", 113_340.2, 1_000.0, "113,340 km/h"),
        ("distance_km", None, 50, "— km"),
    ],
)
def test_a_reason_is_told_with_its_numbers(name, have, need, told):
    assert told in reason_in_words({"name": name, "have": have, "need": need, "at_most": False})


def test_every_reason_of_the_rules_has_words():
    assert len(REASONS) == 12


@pytest.mark.parametrize(
    ("kind", "told"), [("diversion", "金陵 → 合肥市"), ("clone", "unit 846"), ("unknown", "合肥市")]
)
def test_a_case_says_what_it_is_about(kind, told):
    about = {"dealer": Dealer(name="金陵"), "region": Region(name="合肥市"), "serial": 846}
    assert subject_in_words(MarketCase(kind=kind, **about)) == told
