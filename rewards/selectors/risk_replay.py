"""What rules would have done to the claims of the past: to be asked before they are switched on. Reads only.

The facts of each claim are gathered by the same joins that a claim asks, as of its own moment; of stores and their
owners the present is known alone. One statement, read in portions: neither memory nor the number of queries grows
with the claims.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

from rewards.risk.judging import Judgement, Outcome, judge
from rewards.risk.thresholds import Thresholds
from rewards.selectors.risk_facts import columns, facts_of_row, joins
from stores.models import Brand

CHUNK = 500
SAMPLES = 5
AT = "cl.claimed_at"
STATEMENT = f"""
SELECT cl.opening_id AS serial, cl.claimed_at, coalesce(pr.amount_fen, 0) AS amount_fen, {columns(AT)}
FROM codes_opening op
JOIN rewards_claim cl ON cl.opening_id = op.serial
LEFT JOIN rewards_prize pr ON pr.id = cl.prize_id
LEFT JOIN codes_binding bi ON bi.opening_id = op.serial
LEFT JOIN stores_store st ON st.id = bi.store_id
LEFT JOIN stores_storeowner ow ON ow.id = st.owner_id
{joins(AT)}
WHERE op.brand_id = %(brand)s AND op.opened_at >= %(since)s AND op.opened_at < %(until)s
  AND (cl.state <> 'refused' OR cl.reason IN ('risk', 'risk_review'))
ORDER BY op.opened_at DESC, op.serial DESC LIMIT %(limit)s
"""  # noqa: S608 - parts of our own


@dataclass(frozen=True, slots=True)
class Sample:
    """A claim that a rule holds against."""

    serial: int
    claimed_at: dt.datetime
    outcome: str
    score: int


@dataclass(slots=True)
class RuleTally:
    """Of the claims against which a rule holds: how many had which outcome, and the newest few."""

    outcomes: Counter[str] = field(default_factory=Counter)
    samples: list[Sample] = field(default_factory=list)


@dataclass(slots=True)
class Replay:
    """How many claims would have had which outcome, their consumers' prizes in fen, and the same by rule."""

    outcomes: Counter[str] = field(default_factory=Counter)
    amounts_fen: Counter[str] = field(default_factory=Counter)
    rules: dict[str, RuleTally] = field(default_factory=dict)

    @property
    def claims(self) -> int:
        return self.outcomes.total()

    def share(self, outcome: str) -> float:
        """The share of all claims, 0 to 1."""
        return self.outcomes[outcome] / self.claims if self.claims else 0.0

    def note(self, row: Mapping[str, Any], judgement: Judgement) -> None:
        """Count one claim."""
        outcome = str(judgement.outcome)
        self.outcomes[outcome] += 1
        self.amounts_fen[outcome] += row["amount_fen"]
        for finding in judgement.findings:
            tally = self.rules.setdefault(finding.rule, RuleTally())
            tally.outcomes[outcome] += 1
            if len(tally.samples) < SAMPLES:
                tally.samples.append(Sample(row["serial"], row["claimed_at"], outcome, judgement.score))

    def by_weight(self) -> list[tuple[str, RuleTally]]:
        """The rules, those that act on the most claims first."""
        acts = (str(Outcome.HOLD), str(Outcome.REFUSE))
        return sorted(self.rules.items(), key=lambda entry: (-sum(entry[1].outcomes[act] for act in acts), entry[0]))


@dataclass(frozen=True, slots=True)
class Stretch:
    """Items opened from `since` until before `until`; the newest `limit` of them."""

    since: dt.datetime
    until: dt.datetime
    limit: int


def replay(*, brand: Brand, thresholds: Thresholds, stretch: Stretch) -> Replay:
    """Judge the brand's past claims by these thresholds. What the rules would have prevented is not undone in them."""
    found = Replay()
    for row in rows_of(brand, stretch):
        found.note(row, judge(facts_of_row(row, refused_before=False), thresholds))
    return found


def rows_of(brand: Brand, stretch: Stretch) -> Iterator[dict[str, Any]]:
    """The claims with their facts, newest first, in portions. One statement."""
    told: dict[str, Any] = {"brand": brand.pk, "since": stretch.since, "until": stretch.until, "limit": stretch.limit}
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(STATEMENT, told)
        while rows := cursor.fetchmany(CHUNK):
            names = [column.name for column in cursor.description]
            for row in rows:
                yield dict(zip(names, row, strict=True))
