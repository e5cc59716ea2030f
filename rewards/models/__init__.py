from rewards.models.campaign import BudgetSlot, Campaign, CampaignSpan, Prize
from rewards.models.claim import Claim, Grant
from rewards.models.ledger import Account, Posting, Reason
from rewards.models.payee import PayeeAccount
from rewards.models.payout import Payout, PayoutStep
from rewards.models.risk import RiskJudgement, RiskReview, RiskRule

__all__ = [
    "Account",
    "BudgetSlot",
    "Campaign",
    "CampaignSpan",
    "Claim",
    "Grant",
    "PayeeAccount",
    "Payout",
    "PayoutStep",
    "Posting",
    "Prize",
    "Reason",
    "RiskJudgement",
    "RiskReview",
    "RiskRule",
]
