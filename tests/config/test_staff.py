"""What each group of staff may write: just what its work needs."""

import pytest

from config.staff import GROUPS

PLACES = {"stores.dealer", "stores.store", "stores.salesperson", "stores.storeowner", "stores.warehouseworker"}
GOODS = {"codes.product", "codes.batch", "codes.productlink", "codes.printerprofile"}


def written(group):
    """deed -> what is written, of all rights that are more than looking."""
    found = {}
    for right in GROUPS[group]:
        app, _, codename = right.partition(".")
        deed, _, model = codename.partition("_")
        if deed != "view":
            found.setdefault(deed, set()).add(f"{app}.{model}")
    return found


def test_the_brand_manager_writes_places_goods_orders_and_campaigns_alone():
    campaigns = {"rewards.campaign", "rewards.prize"}
    assert written("Brand manager") == {
        "add": PLACES | GOODS | campaigns | {"codes.codeorder", "codes.packing", "codes.movement", "rewards.transfer"},
        "change": PLACES
        | GOODS
        | campaigns
        | {"codes.codeorder", "codes.printfile", "codes.span", "codes.packing", "codes.roll", "codes.marketcase"},
        "delete": {"rewards.prize", "codes.productlink"},
        "solve": {"codes.movementexception"},
        "cancel": {"rewards.voucher"},
        **{deed: {"codes.codeorder"} for deed in ("release", "export", "activate")},
    }


def test_who_places_orders_does_not_review_them():
    assert "codes.review_codeorder" not in GROUPS["Brand manager"]
    assert written("Code reviewer") == {
        "change": {"codes.codeorder"},
        "review": {"codes.codeorder"},
        "reveal": {"codes.printfile"},
    }


def test_the_risk_analyst_decides_held_envelopes_cancels_vouchers_and_writes_nothing_else():
    assert written("Risk analyst") == {"decide": {"rewards.riskreview"}, "cancel": {"rewards.voucher"}}
    assert [group for group in GROUPS if "rewards.decide_riskreview" in GROUPS[group]] == ["Risk analyst"]


def test_the_finance_officer_publishes_asks_approves_closes_reconciles_and_writes_nothing_else():
    assert written("Finance officer") == {
        "add": {
            "rewards.transfer",
            "rewards.closing",
            "rewards.reconciliation",
            "rewards.differenceremark",
        },
        "change": {"rewards.campaign", "rewards.payout"},
        "approve": {"rewards.transfer"},
        "review": {"rewards.campaign"},
    }


def test_who_plans_campaigns_does_not_approve_their_money():
    assert "rewards.approve_transfer" not in GROUPS["Brand manager"]


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize(
    "kept",
    ["stores.ladderrule", "codes.caserule", "rewards.riskrule", "stores.partnerclient", "stores.user", "stores.brand"],
)
def test_rules_partners_accounts_and_brands_are_not_for_groups_to_write(group, kept):
    assert [deed for deed, things in written(group).items() if kept in things] == []


@pytest.mark.parametrize("group", GROUPS)
def test_no_group_reaches_the_platform_s_own_tables(group):
    assert {right.partition(".")[0] for right in GROUPS[group]} <= {"stores", "codes", "rewards", "consumers", "core"}
