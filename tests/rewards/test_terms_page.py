import json

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rewards.models import Prize
from rewards.selectors.published_terms import PublicPrize
from rewards.services.campaigns import PrizeRow, end_campaign
from rewards.services.claims import open_claim
from tests.factories.campaigns import (
    ACTOR,
    ConsumerFactory,
    active_order,
    draft,
    opened,
    running_campaign,
    under_review,
)
from tests.factories.stores import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def order():
    return active_order(quantity=8)


@pytest.fixture
def campaign(order):
    rows = [PrizeRow("大奖", 88_800, 1, "Grand prize"), PrizeRow("谢谢", 0, 7, "Thanks")]
    return running_campaign(order, *rows, budget_fen=100_000, terms="每瓶一奖", terms_en="One prize a bottle")


def page(client, campaign, language="en"):
    return client.get(f"/campaigns/{campaign.pk}/", headers={"accept-language": language})


def over(campaign):
    return end_campaign(campaign_id=campaign.pk, brand=campaign.brand, actor=ACTOR, now=campaign.ends_at)


def test_consumers_read_organiser_period_prizes_odds_and_conditions_in_their_language(client, campaign):
    english, chinese = page(client, campaign).content.decode(), page(client, campaign, "zh-hans").content.decode()
    for text in ("江岸酒业", "Grand prize", "¥888.00", "12.5 %", "87.5 %", "no cash", "One prize a bottle"):
        assert text in english
    for text in ("开瓶有礼", "大奖", "每瓶一奖", "中奖概率", campaign.commitment):
        assert text in chinese


def test_the_key_and_what_was_won_are_public_after_the_end_alone(client, campaign, order):
    scan = opened(order, order.first_serial, ConsumerFactory(brand=order.brand))
    open_claim(scan_id=scan.pk, consumer=scan.consumer, visitor="", now=NOON)
    key = bytes(campaign.sealed_key).hex()
    assert key not in page(client, campaign).content.decode()
    over(campaign)
    after = page(client, campaign)
    assert (key in after.content.decode(), sum(row.won for row in after.context["terms"].prizes)) == (True, 1)


def test_what_was_published_proves_the_draw(client, campaign, order, tmp_path, capsys):
    sealed = json.loads(client.get(f"/campaigns/{campaign.pk}/draw.json").content)
    assert (sealed["key"], sealed["blocks"], sealed["commitment"]) == (None, None, campaign.commitment)
    scan = opened(order, order.first_serial, ConsumerFactory(brand=order.brand))
    claim = open_claim(scan_id=scan.pk, consumer=scan.consumer, visitor="", now=NOON)
    over(campaign)
    answer = client.get(f"/campaigns/{campaign.pk}/draw.json")
    assert answer["Content-Disposition"] == f'attachment; filename="draw-{campaign.pk}.json"'
    (tmp_path / "draw.json").write_bytes(answer.content)
    call_command("verify_draw", str(tmp_path / "draw.json"), f"--serial={order.first_serial}")
    found = json.loads(capsys.readouterr().out)
    assert (found["commitment"], found["items"][0]["rank"]) == (sealed["commitment"], claim.prize.rank)


def test_nobody_reads_of_a_campaign_that_was_not_published(client, order):
    for campaign in (draft(order), under_review(order)):
        assert [page(client, campaign).status_code, client.get(f"/campaigns/{campaign.pk}/draw.json").status_code] == [
            404,
            404,
        ]
    assert client.get(f"/campaigns/{'9' * 30}/").status_code == 404


def test_the_pages_cost_a_fixed_number_of_queries(client, campaign):
    for path, most in ((f"/campaigns/{campaign.pk}/", 3), (f"/campaigns/{campaign.pk}/draw.json", 2)):
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        assert len(queries) <= most


@pytest.mark.parametrize(
    ("quantity", "units", "told"),
    [
        (4, 10, "40"),
        (1, 200, "0.5"),
        (1, 30_000, "≈0.0033"),
        (1, 10_000_000, "<0.0001"),
        (7, 7, "100"),
        (1, 3, "≈33.3333"),
    ],
)
def test_odds_are_told_exactly_or_with_a_sign(quantity, units, told):
    assert PublicPrize(Prize(quantity=quantity), units, None).per_cent == told
