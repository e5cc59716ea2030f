from consumers.models.consumer import Consent, Consumer, Identity

__all__ = ["Consent", "Consumer", "Identity"]
