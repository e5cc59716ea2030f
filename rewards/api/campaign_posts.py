"""What partners send about campaigns. These validate; the services save."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from codes.api.order_shapes import Moment
from rewards.models import Campaign, Prize
from rewards.models.campaign import LONGEST_DAYS, LONGEST_REMARK, MOST_PRIORITY
from rewards.selectors.prize_faults import CEILING_FEN

MOST_FEN = 2**53 - 1
"""Whatever JSON's numbers carry exactly."""
MOST_QUANTITY = 2**40
MOST_SHARE_FEN = 2**31 - 1
MOST_ROWS = 100
MOST_ORDERS = 1_000
MOST_CONDITIONS = 1_000


class PrizePost(serializers.Serializer[None]):
    name = serializers.CharField(max_length=60)
    name_en = serializers.CharField(max_length=60, allow_blank=True, default="")
    kind = serializers.ChoiceField(
        choices=Prize.Kind.choices, default="", help_text="Without it cash, or a thank-you where the amount is 0."
    )
    amount_fen = serializers.IntegerField(
        min_value=0,
        max_value=CEILING_FEN,
        help_text="Cash; of a voucher, what the owner of the store gets that redeems it.",
    )
    pays_fen = serializers.IntegerField(
        min_value=0, max_value=CEILING_FEN, default=0, help_text="A bottle for a price: what the consumer pays."
    )
    worth_fen = serializers.IntegerField(
        min_value=0, max_value=CEILING_FEN, default=0, help_text="Store voucher: what the store takes off."
    )
    valid_days = serializers.IntegerField(
        min_value=0, max_value=LONGEST_DAYS, default=0, help_text="Vouchers and locked envelopes: for how long."
    )
    any_store = serializers.BooleanField(
        default=False, help_text="Vouchers: redeemed at every store of the brand, not at that of the purchase alone."
    )
    most_fen = serializers.IntegerField(
        min_value=2, max_value=CEILING_FEN, allow_null=True, default=None, help_text="Top of a live draw's range."
    )
    quantity = serializers.IntegerField(min_value=1, max_value=MOST_QUANTITY, help_text="A live draw's weight.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A range goes upwards, from 1 fen at least."""
        most = attrs["most_fen"]
        if most is not None and not 1 <= attrs["amount_fen"] < most:
            raise serializers.ValidationError({"most_fen": [_("It must lie above the amount, which is 1 at least.")]})
        return attrs


class BatchPost(serializers.Serializer[None]):
    gtin = serializers.CharField(max_length=14, help_text="14 digits.")
    lot = serializers.CharField(max_length=20)


def numbers(help_text: str, *, longest: int = 30, most: int = MOST_CONDITIONS) -> serializers.ListField:
    """A list of numbers of things, each a text."""
    child = serializers.CharField(max_length=longest)
    return serializers.ListField(child=child, max_length=most, default=list, help_text=help_text)


class RegionBudgetPost(serializers.Serializer[None]):
    region = serializers.CharField(max_length=6, help_text="GB/T 2260.")
    amount_fen = serializers.IntegerField(min_value=1, max_value=MOST_FEN)


def limit(help_text: str, *, most: int = MOST_SHARE_FEN) -> serializers.IntegerField:
    """A number of at least 1; null for none."""
    return serializers.IntegerField(
        min_value=1, max_value=most, allow_null=True, default=None, help_text=f"{help_text} Null: any."
    )


class CampaignPost(serializers.Serializer[None]):
    """A draft: what it lacks is told when it is submitted."""

    name = serializers.CharField(max_length=80)
    name_en = serializers.CharField(max_length=80, allow_blank=True, default="")
    terms = serializers.CharField(max_length=20_000, allow_blank=True, default="")
    terms_en = serializers.CharField(max_length=20_000, allow_blank=True, default="")
    draw = serializers.ChoiceField(choices=Campaign.Draw.choices, default=Campaign.Draw.SEALED)
    organiser = serializers.CharField(max_length=120, allow_blank=True, default="")
    starts_at = Moment()
    ends_at = Moment()
    budget_fen = serializers.IntegerField(min_value=0, max_value=MOST_FEN)
    owner_share_fen = serializers.IntegerField(min_value=0, max_value=MOST_SHARE_FEN, default=0)
    salesperson_share_fen = serializers.IntegerField(min_value=0, max_value=MOST_SHARE_FEN, default=0)
    referrer_share_fen = serializers.IntegerField(min_value=0, max_value=MOST_SHARE_FEN, default=0)
    orders = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=MOST_FEN),
        max_length=MOST_ORDERS,
        default=list,
        help_text="Numbers of the brand's orders of items that take part; none: all of the products or batches.",
    )
    products = numbers("GTINs of 14 digits: items of these products take part.", longest=14)
    batches = serializers.ListField(
        child=BatchPost(), max_length=MOST_CONDITIONS, default=list, help_text="Items of these batches alone."
    )
    regions = numbers("GB/T 2260 codes of any level: the selling store lies in one of these.", longest=6)
    dealers = numbers("Numbers of dealers: one of these supplies the selling store.")
    stores = numbers("Numbers of stores: one of these sold the item.")
    open_ended = serializers.BooleanField(
        default=False, help_text="Live draw alone: all items of products or batches, those ordered later too."
    )
    person_limit = limit("Envelopes that one person may open in all.")
    person_day_limit = limit("Envelopes that one person may open on a business day.")
    store_day_limit = limit("Envelopes of items sold by one store on a business day.")
    day_budget_fen = limit("What may be promised on a business day.", most=MOST_FEN)
    store_budget_fen = limit("What may be promised for items sold by one store.", most=MOST_FEN)
    region_budgets = serializers.ListField(
        child=RegionBudgetPost(), max_length=MOST_CONDITIONS, default=list, help_text="What may be promised there."
    )
    priority = serializers.IntegerField(
        min_value=1, max_value=MOST_PRIORITY, default=MOST_PRIORITY, help_text="Of several campaigns the highest runs."
    )
    prizes = serializers.ListField(child=PrizePost(), max_length=MOST_ROWS, help_text="By rank.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The end lies after the start."""
        if attrs["ends_at"] <= attrs["starts_at"]:
            raise serializers.ValidationError({"ends_at": [_("It must lie after the start.")]})
        return attrs


class ReturnPost(serializers.Serializer[None]):
    remark = serializers.CharField(max_length=LONGEST_REMARK, help_text="What should be mended.")
