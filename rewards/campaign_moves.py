"""The moves of a campaign as data. Pure. docs/states.md is the same in words."""

import enum

from rewards.moves import NEW, Move, changes_of

OPEN = frozenset({"draft", "review"})
"""Not published yet: nobody was promised anything."""
LIVE = frozenset({"published", "running"})
"""Published and not over; from `starts_at` on, prizes are won."""
OVER = frozenset({"ended", "settled"})


class Cause(enum.StrEnum):
    DRAFTED = "drafted"
    SUBMITTED = "submitted"
    SENT_BACK = "sent_back"
    PUBLISHED = "published"
    BEGUN = "begun"
    ENDED = "ended"
    SETTLED = "settled"


MOVES: tuple[Move, ...] = (
    Move(NEW, "draft", Cause.DRAFTED),
    Move("draft", "review", Cause.SUBMITTED),
    Move("review", "draft", Cause.SENT_BACK),
    Move("review", "published", Cause.PUBLISHED),
    Move("review", "running", Cause.PUBLISHED),
    Move("published", "running", Cause.BEGUN),
    Move("published", "ended", Cause.ENDED),
    Move("running", "ended", Cause.ENDED),
    Move("ended", "settled", Cause.SETTLED),
)
CHANGES = changes_of(MOVES)
"""Pairs of states that the database lets pass."""
