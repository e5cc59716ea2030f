"""The risk rules' word on a claim, and the rows that keep it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from rewards.models import Claim, RiskReview, RiskRule
from rewards.risk.judging import Finding, Judgement, Outcome, judge
from rewards.selectors.claim_facts import ClaimFacts
from rewards.selectors.risk_rules import RiskTerms


@dataclass(frozen=True, slots=True)
class Judged:
    """What the rules found under a brand's terms at a moment; `judgement` is None where the rules are off."""

    judgement: Judgement | None
    terms: RiskTerms
    at: dt.datetime

    @property
    def outcome(self) -> Outcome:
        """What follows: in watch mode nothing does."""
        acts = self.judgement is not None and self.terms.mode == RiskRule.Mode.ON
        return self.judgement.outcome if self.judgement is not None and acts else Outcome.PASS

    @property
    def decides_by(self) -> dt.datetime:
        """By when a claim that is held now is decided."""
        return self.at + dt.timedelta(hours=self.terms.review_hours)

    def judgement_rows(self, claim: Claim) -> list[dict[str, Any]]:
        """The judgement by column name, where there is something to be kept."""
        found = self.judgement
        if found is None or not (found.findings or found.outcome is not Outcome.PASS):
            return []
        about = {"brand_id": claim.brand_id, "mode": self.terms.mode, "judged_at": self.at}
        return [about | found.kept()]

    def review_rows(self, claim: Claim) -> list[dict[str, Any]]:
        """The entry of the work list by column name, where the claim is held."""
        found = self.judgement
        if found is None or self.outcome is not Outcome.HOLD:
            return []
        times = {"held_at": self.at, "decides_by": self.decides_by}
        row = {"brand_id": claim.brand_id, "state": RiskReview.State.OPEN.value, "score": found.score}
        return [row | times | {"rules": rules_by_weight(found.findings)}]


def judged(facts: ClaimFacts, now: dt.datetime) -> Judged:
    """What the rules say of a claim's facts."""
    if facts.terms.mode == RiskRule.Mode.OFF:
        return Judged(None, facts.terms, now)
    return Judged(judge(facts.risk, facts.terms.thresholds), facts.terms, now)


def rules_by_weight(findings: tuple[Finding, ...]) -> list[str]:
    """The names of the rules that hold, the gravest first."""
    return [finding.rule for finding in sorted(findings, key=lambda finding: -finding.score)]
