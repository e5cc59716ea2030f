"""The rewards room in the admin."""

from rewards.admin.books import AccountAdmin, PostingAdmin
from rewards.admin.campaigns import CampaignAdmin
from rewards.admin.claims import ClaimAdmin, GrantAdmin
from rewards.admin.closings import ClosingAdmin
from rewards.admin.payouts import PayoutAdmin
from rewards.admin.reconciliations import AskedComparisonAdmin, BillDifferenceAdmin, ReconciliationAdmin
from rewards.admin.risk import RiskReviewAdmin, RiskRuleAdmin
from rewards.admin.transfers import TransferAdmin
from rewards.admin.vouchers import VoucherAdmin

__all__ = [
    "AccountAdmin",
    "AskedComparisonAdmin",
    "BillDifferenceAdmin",
    "CampaignAdmin",
    "ClaimAdmin",
    "ClosingAdmin",
    "GrantAdmin",
    "PayoutAdmin",
    "PostingAdmin",
    "ReconciliationAdmin",
    "RiskReviewAdmin",
    "RiskRuleAdmin",
    "TransferAdmin",
    "VoucherAdmin",
]
