"""The rewards room in the admin."""

from rewards.admin.books import AccountAdmin, PostingAdmin
from rewards.admin.campaigns import CampaignAdmin
from rewards.admin.claims import ClaimAdmin, GrantAdmin
from rewards.admin.payouts import PayoutAdmin
from rewards.admin.risk import RiskReviewAdmin, RiskRuleAdmin

__all__ = [
    "AccountAdmin",
    "CampaignAdmin",
    "ClaimAdmin",
    "GrantAdmin",
    "PayoutAdmin",
    "PostingAdmin",
    "RiskReviewAdmin",
    "RiskRuleAdmin",
]
