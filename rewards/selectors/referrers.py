"""Who brought the opener: the consumer whose personal link the opening's scan came by, as a part of a statement.

The statement around it has the opening as `op` and its scan as `os`. The signature is checked by who reads the row
(`consumers.sharing`): SQL looks the named person up alone.
"""

from consumers.sharing import NAME_LENGTH, SEAL_LENGTH

NAMED = f"""CASE WHEN os.via ~ '^[0-9A-Za-z_-]{{{NAME_LENGTH + SEAL_LENGTH}}}$' THEN
    encode(decode(translate(left(os.via, {NAME_LENGTH}), '-_', '+/') || '==', 'base64'), 'hex')::uuid END"""
REFERRER = f"""
LEFT JOIN consumers_consumer rf ON rf.id = {NAMED}
  AND rf.brand_id = op.brand_id AND rf.id <> op.consumer_id AND rf.erased_at IS NULL
  AND NOT EXISTS (
    SELECT FROM rewards_payeeaccount mine JOIN rewards_payeeaccount theirs
      ON theirs.provider = mine.provider AND theirs.account = mine.account
    WHERE mine.consumer_id = op.consumer_id AND theirs.consumer_id = rf.id)"""
"""A consumer of the same brand, who is there still and is not the opener, nor paid to the opener's account."""
