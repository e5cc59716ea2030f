from rewards.models.campaign import BudgetSlot, Campaign, CampaignSpan, Prize
from rewards.models.claim import Claim, Grant
from rewards.models.closing import Closing
from rewards.models.condition import CampaignCondition
from rewards.models.ledger import Account, Posting, Reason
from rewards.models.payee import PayeeAccount
from rewards.models.payout import Payout, PayoutStep
from rewards.models.reconciliation import AskedComparison, BillDifference, DifferenceRemark, Reconciliation
from rewards.models.risk import RiskJudgement, RiskReview, RiskRule
from rewards.models.tally import RegionBudget, Tally, TallyEntry
from rewards.models.transfer import Transfer
from rewards.models.voucher import Voucher

__all__ = [
    "Account",
    "AskedComparison",
    "BillDifference",
    "BudgetSlot",
    "Campaign",
    "CampaignCondition",
    "CampaignSpan",
    "Claim",
    "Closing",
    "DifferenceRemark",
    "Grant",
    "PayeeAccount",
    "Payout",
    "PayoutStep",
    "Posting",
    "Prize",
    "Reason",
    "Reconciliation",
    "RegionBudget",
    "RiskJudgement",
    "RiskReview",
    "RiskRule",
    "Tally",
    "TallyEntry",
    "Transfer",
    "Voucher",
]
