"""What is counted of this room while it runs; each process counts for itself, /metrics adds them up."""

from prometheus_client import Counter

SCANS = Counter("onecode_scans", "Scans that were kept, by their verdict.", ["verdict"])
