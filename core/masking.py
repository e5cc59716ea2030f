"""What may be shown of an account. Pure."""

LONG = 8


def ends_of(account: str) -> str:
    """Its first two and last two characters; of a short one, its last two."""
    return f"{account[:2]}…{account[-2:]}" if len(account) > LONG else f"…{account[-2:]}"
