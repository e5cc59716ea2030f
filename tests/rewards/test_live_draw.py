import json
from collections import Counter

import pytest
from django.core.management import call_command

from core.errors import Invalid
from rewards.draw.live import LiveDraw, LiveRow, LiveTable
from rewards.draw.permutation import DrawError
from rewards.models import BudgetSlot, Prize
from rewards.refusals import BudgetExhausted
from rewards.selectors.balances import ledger_differences
from rewards.selectors.draw_report import draw_report
from rewards.services.campaigns import PrizeRow, end_campaign
from rewards.services.claims import open_claim
from rewards.services.reviewing import submit_campaign
from tests.factories.campaigns import ACTOR, EARLIER, ConsumerFactory, active_order, draft, opened, running_campaign
from tests.factories.stores import NOON, StoreFactory

KEY = bytes(range(32))
TABLE = LiveTable((LiveRow(1, "大奖", 500, 520, 1), LiveRow(2, "红包", 100, 100, 2), LiveRow(3, "谢谢", 0, 0, 7)))
WEIGHTS = [PrizeRow("红包", 30, 9, most_fen=80), PrizeRow("谢谢", 0, 1)]


def test_the_weights_are_the_odds_and_every_amount_of_a_range_comes() -> None:
    draw = LiveDraw(KEY, TABLE)
    outcomes = [draw.outcome_of(serial) for serial in range(20_000)]
    counts = Counter(outcome.row.rank for outcome in outcomes)
    assert [round(counts[rank] / 2_000) for rank in (1, 2, 3)] == [1, 2, 7]
    assert {outcome.amount_fen for outcome in outcomes if outcome.row.rank == 1} == set(range(500, 521))
    assert {outcome.amount_fen for outcome in outcomes if outcome.row.rank > 1} == {0, 100}


def test_an_item_has_one_outcome_under_a_key_for_ever() -> None:
    drawn = [(one.row.rank, one.amount_fen) for one in map(LiveDraw(KEY, TABLE).outcome_of, range(8))]
    assert drawn == [(one.row.rank, one.amount_fen) for one in map(LiveDraw(KEY, TABLE).outcome_of, range(8))]
    other = [(one.row.rank, one.amount_fen) for one in map(LiveDraw(bytes(32), TABLE).outcome_of, range(8))]
    assert drawn != other


def test_a_live_draw_needs_a_whole_key_and_a_weight() -> None:
    with pytest.raises(DrawError, match="32 bytes"):
        LiveDraw(b"", TABLE)
    with pytest.raises(DrawError, match="a prize with a weight"):
        LiveDraw(KEY, LiveTable(()))


@pytest.fixture
def order(db):
    return active_order(quantity=40)


def live(order, *, budget_fen=5_000, **plan):
    return running_campaign(order, *WEIGHTS, draw="live", budget_fen=budget_fen, **plan)


def claim(order, number, **bound):
    scan = opened(order, order.first_serial + number, ConsumerFactory(brand=order.brand), **bound)
    return open_claim(scan_id=scan.pk, consumer=scan.consumer, visitor="", now=NOON)


def test_each_item_is_promised_what_the_draw_has_for_it(order):
    campaign = live(order, owner_share_fen=5)
    store = StoreFactory(brand=order.brand)
    claims = [claim(order, number, store=store) for number in range(12)]
    amounts = [one.envelope.amount_fen if one.envelope else 0 for one in claims]
    table = LiveTable((LiveRow(1, "红包", 30, 80, 9), LiveRow(2, "谢谢", 0, 0, 1)))
    draw = LiveDraw(bytes(campaign.sealed_key), table)
    assert amounts == [draw.outcome_of(order.first_serial + number).amount_fen for number in range(12)]
    report = draw_report(campaign)
    assert (sum(row.times for row in report), sum(row.fen for row in report)) == (12, sum(amounts))
    assert [float(row.due) for row in report] == [10.8, 1.2]
    assert ledger_differences(order.brand) == []


def test_it_goes_on_while_the_budget_lasts_and_never_beyond(order):
    campaign = live(order, budget_fen=200)
    answers = Counter()
    for number in range(30):
        try:
            answers[claim(order, number).state] += 1
        except BudgetExhausted:
            answers["exhausted"] += 1
    assert answers["exhausted"] > 0
    assert sum(row.fen for row in draw_report(campaign)) <= 200
    assert min(BudgetSlot.objects.filter(campaign=campaign).values_list("free_fen", flat=True)) >= 0
    assert ledger_differences(order.brand) == []


def faults(campaign):
    with pytest.raises(Invalid) as caught:
        submit_campaign(campaign_id=campaign.pk, brand=campaign.brand, actor=ACTOR, now=EARLIER)
    return caught.value.fields


def test_a_live_draw_takes_a_prize_and_a_budget_for_the_largest(order):
    poor = draft(order, *WEIGHTS, draw="live", budget_fen=84, owner_share_fen=5)
    assert list(faults(poor)) == ["budget_fen"]
    empty = draft(order, draw="live")
    empty.prizes.all().delete()
    assert list(faults(empty)) == ["prizes"]


def test_a_sealed_draw_has_no_ranges(order):
    sealed = draft(order, PrizeRow("红包", 30, 40, most_fen=80))
    assert len(faults(sealed)["prizes"]) == 1
    assert Prize(amount_fen=30, most_fen=80).top_fen == 80


def test_its_terms_tell_the_odds_and_its_proof_the_outcome_of_each_item(order, client, tmp_path, capsys):
    campaign = live(order)
    page = client.get(f"/campaigns/{campaign.pk}/", headers={"accept-language": "en"}).content.decode()
    for text in ("while the budget lasts", "90 %", "10 %", "¥0.30 – ¥0.80"):
        assert text in page
    early = json.loads(client.get(f"/campaigns/{campaign.pk}/draw.json").content)
    assert (early["form"], early["key"], early["won"]) == ("onecode live draw 1", None, None)
    promised = claim(order, 3)
    end_campaign(campaign_id=campaign.pk, brand=order.brand, actor=ACTOR, now=campaign.ends_at)
    late = client.get(f"/campaigns/{campaign.pk}/draw.json").content
    assert json.loads(late)["prizes"] == early["prizes"]
    (tmp_path / "draw.json").write_bytes(late)
    call_command("verify_draw", str(tmp_path / "draw.json"), f"--serial={order.first_serial + 3}")
    (item,) = json.loads(capsys.readouterr().out)["items"]
    assert item["amount_fen"] == (promised.envelope.amount_fen if promised.envelope else 0)
