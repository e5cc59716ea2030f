"""What may become of a claim and of a grant, as data: pairs of states. Pure. docs/states.md says why."""

CLAIM_CHANGES = (
    ("held", "promised"),
    ("held", "refused"),
    ("refused", "held"),
    ("refused", "promised"),
)
GRANT_CHANGES = (
    ("held", "locked"),
    ("held", "promised"),
    ("held", "released"),
    ("locked", "promised"),
    ("locked", "released"),
    ("promised", "paid"),
    ("promised", "released"),
)
