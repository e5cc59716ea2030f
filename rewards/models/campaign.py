"""A campaign: which items, which prizes, how much money, when."""

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, BigIntegerRangeField, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from rewards.campaign_moves import CHANGES, OPEN, OVER
from rewards.draw.prizes import VOUCHERS, PrizeKind
from rewards.models.kept_promises import KEEPS_ITS_WORD, SEALED, STAYS

BUDGET_SLOTS = 16
LONGEST_DAYS = 730
LONGEST_REMARK = 300
LIMITS = ("person_limit", "person_day_limit", "store_day_limit", "day_budget_fen", "store_budget_fen")
"""Columns that bound what is promised, beside the whole budget and the regions' budgets."""
MOST_PRIORITY = 100
"""Nothing goes before such a campaign."""


class Campaign(models.Model):
    """A prize table over the items of chosen code orders, with a budget and a time.

    Conditions may narrow it to certain products, batches, regions, dealers and stores. A live draw may be open-ended:
    over all items of its products or batches, those ordered later too. Of several campaigns for one opening that with
    the highest priority runs, of equals the one published first.

    A sealed draw lays the prizes over positions 0 … units - 1 by a keyed permutation; a live one draws for each item
    by weights, while the budget lasts. A hash of key and table is published at the start, the key at the end.
    """

    class Draw(models.TextChoices):
        SEALED = "sealed", _("sealed: so many of each prize")
        LIVE = "live", _("live: by weights, while the budget lasts")

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        REVIEW = "review", _("to be reviewed")
        PUBLISHED = "published", _("published")
        RUNNING = "running", _("running")
        ENDED = "ended", _("ended")
        SETTLED = "settled", _("settled")

    brand = models.ForeignKey("stores.Brand", on_delete=models.PROTECT, related_name="campaigns")
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80, blank=True)
    terms = models.TextField(
        blank=True,
        help_text=_(
            "Who may take part, how to claim, how and when prizes are paid. Organiser, period, prizes and odds stand "
            "above it by themselves."
        ),
    )
    terms_en = models.TextField(blank=True, help_text=_("The same in English; without it the Chinese is shown."))
    draw = models.CharField(
        max_length=6,
        choices=Draw,
        default=Draw.SEALED,
        help_text=_("Sealed: the table's quantities are the exact numbers of prizes. Live: they are weights."),
    )
    organiser = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=9, choices=State, default=State.DRAFT)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    budget_fen = models.PositiveBigIntegerField(help_text=_("In fen; never overspent. Covers prizes and all shares."))
    owner_share_fen = models.PositiveIntegerField(
        default=0, help_text=_("What the store's owner gets for each opening bound to the store, in fen.")
    )
    salesperson_share_fen = models.PositiveIntegerField(
        default=0, help_text=_("What the store's salesperson gets for each opening bound to the store, in fen.")
    )
    referrer_share_fen = models.PositiveIntegerField(
        default=0, help_text=_("What the consumer gets by whose personal link the opener came, in fen.")
    )
    orders = models.ManyToManyField(
        "codes.CodeOrder", related_name="campaigns", blank=True, help_text=_("Orders of items that take part.")
    )
    products = models.ManyToManyField(
        "codes.Product",
        related_name="+",
        blank=True,
        help_text=_("Items of these products take part; without chosen orders, all of their orders."),
    )
    batches = models.ManyToManyField(
        "codes.Batch", related_name="+", blank=True, help_text=_("Items of these batches alone take part.")
    )
    regions = models.ManyToManyField(
        "stores.Region", related_name="+", blank=True, help_text=_("Only where the selling store lies in these.")
    )
    dealers = models.ManyToManyField(
        "stores.Dealer",
        related_name="+",
        blank=True,
        help_text=_("Only where these supply the selling store."),
    )
    stores = models.ManyToManyField(
        "stores.Store", related_name="+", blank=True, help_text=_("Only where one of these stores sold the item.")
    )
    open_ended = models.BooleanField(
        default=False,
        help_text=_("Live draw alone: all items of the products or batches, also those ordered later."),
    )
    priority = models.PositiveSmallIntegerField(
        default=MOST_PRIORITY,
        help_text=_("1 to 100. Of several campaigns for one opening the highest runs, then the first published."),
    )
    person_limit = models.PositiveIntegerField(
        null=True, blank=True, help_text=_("Envelopes that one person may open in all; empty: any number.")
    )
    person_day_limit = models.PositiveIntegerField(
        null=True, blank=True, help_text=_("Envelopes that one person may open on one business day.")
    )
    store_day_limit = models.PositiveIntegerField(
        null=True, blank=True, help_text=_("Envelopes of items sold by one store, on one business day.")
    )
    day_budget_fen = models.PositiveBigIntegerField(
        null=True, blank=True, help_text=_("In fen: what may be promised on one business day.")
    )
    store_budget_fen = models.PositiveBigIntegerField(
        null=True, blank=True, help_text=_("In fen: what may be promised for items sold by one store.")
    )
    is_tallied = models.BooleanField(
        default=False, help_text=_("Whether limits or narrower budgets hold; fixed on publication.")
    )
    narrowed_by = ArrayField(
        models.CharField(max_length=6),
        default=list,
        help_text=_("Which of region, dealer and store conditions look at; fixed on publication."),
    )
    units = models.PositiveBigIntegerField(default=0, help_text=_("Items taking part; fixed on publication."))
    sealed_key = models.BinaryField(max_length=32, help_text=_("Secret of the draw until the campaign has ended."))
    commitment = models.CharField(max_length=64, blank=True, help_text=_("SHA-256 of key and prize table, published."))
    created_by = models.CharField(max_length=150)
    created_at = models.DateTimeField()
    submitted_by = models.CharField(max_length=150, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    remark = models.CharField(max_length=LONGEST_REMARK, blank=True, help_text=_("Why the review sent it back."))
    published_by = models.CharField(max_length=150, blank=True, help_text=_("The second person, who reviewed it."))
    published_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When the last promise had been paid or given up.")
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="campaign_ends_after_start"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["draft", "review", "published", "running", "ended", "settled"]),
                name="campaign_state_known",
            ),
            models.CheckConstraint(condition=models.Q(draw__in=["sealed", "live"]), name="campaign_draw_known"),
            models.CheckConstraint(
                condition=models.Q(state__in=sorted(OPEN))
                | (~models.Q(commitment="") & (models.Q(units__gte=1) | models.Q(open_ended=True))),
                name="campaign_published_is_sealed",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=sorted(OPEN))
                | models.Q(open_ended=False)
                | models.Q(draw="live", units=0),
                name="campaign_open_ended_is_live",
            ),
            models.CheckConstraint(
                condition=models.Q(priority__range=(1, MOST_PRIORITY)), name="campaign_priority_in_range"
            ),
            *(
                models.CheckConstraint(
                    condition=models.Q(**{f"{name}__isnull": True}) | models.Q(**{f"{name}__gte": 1}),
                    name=f"campaign_{name}_positive",
                )
                for name in LIMITS
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=sorted(OPEN)) | ~(models.Q(terms="") | models.Q(organiser="")),
                name="campaign_published_has_terms",
            ),
            models.CheckConstraint(
                condition=models.Q(state="draft")
                | (models.Q(state="review") & ~models.Q(submitted_by=""))
                | (
                    ~models.Q(submitted_by="")
                    & ~models.Q(published_by="")
                    & ~models.Q(published_by=models.F("submitted_by"))
                ),
                name="campaign_four_eyes",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=sorted(OVER), ended_at__isnull=False)
                | (~models.Q(state__in=sorted(OVER)) & models.Q(ended_at__isnull=True)),
                name="campaign_ended_when_over",
            ),
            models.CheckConstraint(
                condition=models.Q(state="settled", settled_at__isnull=False)
                | (~models.Q(state="settled") & models.Q(settled_at__isnull=True)),
                name="campaign_settled_when_settled",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.FSM(name="allowed_moves", field="state", transitions=CHANGES),
            KEEPS_ITS_WORD,
            STAYS,
        ]
        permissions: ClassVar = [
            ("review_campaign", _("Can review and publish campaigns that another person submitted"))
        ]
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")

    def __str__(self) -> str:
        return self.name


class CampaignSpan(models.Model):
    """Items that take part: a serial block and the campaign position of its first serial."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="spans")
    order = models.ForeignKey("codes.CodeOrder", on_delete=models.PROTECT, related_name="campaign_spans")
    serials = BigIntegerRangeField()
    first_position = models.BigIntegerField(help_text=_("Position of the first serial in the sealed draw."))

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="campaign_span_apart",
                expressions=[("campaign", RangeOperators.EQUAL), ("serials", RangeOperators.OVERLAPS)],
            ),
        ]
        indexes: ClassVar = [GistIndex(fields=["serials"], name="campaign_span_serials")]
        triggers: ClassVar = [SEALED]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.serials}"


class Prize(models.Model):
    """One row of the prize table: so many prizes of such a kind and amount; in a live draw, a weight and a range.

    `amount_fen` is what one of them takes from the budget: the consumer's cash, or what the owner of the store that
    redeems a voucher gets for it.
    """

    class Kind(models.TextChoices):
        CASH = PrizeKind.CASH.value, _("cash")
        THANKS = PrizeKind.THANKS.value, _("thank-you")
        BOTTLE = PrizeKind.BOTTLE.value, _("one more bottle")
        EXCHANGE = PrizeKind.EXCHANGE.value, _("a bottle for a price")
        STORE_VOUCHER = PrizeKind.STORE_VOUCHER.value, _("store voucher")
        LOCKED = PrizeKind.LOCKED.value, _("second envelope, locked")

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="prizes")
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=13, choices=Kind, default=Kind.CASH)
    amount_fen = models.PositiveIntegerField(
        help_text=_("In fen: the consumer's cash; of a voucher, what the owner of the store gets that redeems it.")
    )
    pays_fen = models.PositiveIntegerField(
        default=0, help_text=_("A bottle for a price alone: what the consumer pays at the store, in fen.")
    )
    worth_fen = models.PositiveIntegerField(
        default=0, help_text=_("Store voucher alone: what the store takes off, in fen.")
    )
    valid_days = models.PositiveSmallIntegerField(
        default=0, help_text=_("Vouchers and locked envelopes: for how many days.")
    )
    any_store = models.BooleanField(
        default=False, help_text=_("Vouchers: redeemed at every store of the brand, not at that of the purchase alone.")
    )
    most_fen = models.PositiveIntegerField(
        null=True, blank=True, help_text=_("Live draw alone: the amount lies between the other and this, in fen.")
    )
    quantity = models.PositiveBigIntegerField(help_text=_("Sealed draw: how many; live draw: the weight."))
    rank = models.PositiveSmallIntegerField(help_text=_("Order of the rows; part of the sealed table."))

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campaign", "rank"], name="prize_rank_once"),
            models.CheckConstraint(condition=models.Q(quantity__gte=1), name="prize_at_least_one"),
            models.CheckConstraint(
                condition=models.Q(kind__in=[kind.value for kind in PrizeKind]), name="prize_kind_known"
            ),
            models.CheckConstraint(condition=models.Q(valid_days__lte=LONGEST_DAYS), name="prize_valid_for_two_years"),
            models.CheckConstraint(condition=models.Q(amount_fen__lte=5_000_000), name="prize_legal_ceiling"),
            models.CheckConstraint(
                condition=models.Q(most_fen__isnull=True)
                | models.Q(amount_fen__gte=1, most_fen__gt=models.F("amount_fen"), most_fen__lte=5_000_000),
                name="prize_range_whole",
            ),
        ]
        ordering: ClassVar = ["campaign", "rank"]
        triggers: ClassVar = [SEALED]
        verbose_name = _("prize")
        verbose_name_plural = _("prizes")

    def __str__(self) -> str:
        return self.name

    @property
    def top_fen(self) -> int:
        """The most that it may be."""
        return self.amount_fen if self.most_fen is None else self.most_fen

    @property
    def is_voucher(self) -> bool:
        """Whether a store redeems it."""
        return self.kind in VOUCHERS

    @property
    def is_locked(self) -> bool:
        """Whether it is a second envelope, which the consumer's next opening unlocks."""
        return self.kind == PrizeKind.LOCKED


class BudgetSlot(models.Model):
    """A part of a campaign's free budget. Several slots let claims reserve side by side; none can go below zero."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="budget_slots")
    slot = models.PositiveSmallIntegerField()
    free_fen = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campaign", "slot"], name="budget_slot_once"),
            models.CheckConstraint(condition=models.Q(free_fen__gte=0), name="budget_slot_never_overspent"),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id}/{self.slot}"
