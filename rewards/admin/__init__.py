from rewards.admin.payouts import PayoutAdmin

__all__ = ["PayoutAdmin"]
