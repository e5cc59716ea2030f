"""What is counted of this room while it runs; each process counts for itself, /metrics adds them up."""

from prometheus_client import Counter

CLAIMS = Counter("onecode_claims", "Claims, by outcome: promised, again, or the code of the refusal.", ["outcome"])
PAYOUTS = Counter("onecode_payouts", "Moves of payouts, by the state that they led to.", ["state"])
