"""How the rules' findings combine to one outcome."""

import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from codes.cases.judging import Reason, score_of
from rewards.risk.facts import Facts
from rewards.risk.rules import RULES, Family, Rule
from rewards.risk.thresholds import Thresholds


class Outcome(StrEnum):
    """The values are stored."""

    PASS = "pass"  # noqa: S105 - no password
    HOLD = "hold"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that holds: its conditions with what was found, and what it says against the claim, 0 to 1."""

    rule: str
    family: Family
    score: float
    reasons: tuple[Reason, ...]

    def kept(self) -> dict[str, Any]:
        """As JSON-ready values."""
        told = [{"name": reason.name, "have": reason.have, "need": reason.need} for reason in self.reasons]
        return {"rule": self.rule, "family": str(self.family), "score": round(self.score, 4), "reasons": told}


@dataclass(frozen=True, slots=True)
class Judgement:
    """The outcome, the score of 0 to 100 that led to it, the rules that hold, and the facts that they saw."""

    outcome: Outcome
    score: int
    findings: tuple[Finding, ...]
    facts: Facts
    thresholds: Thresholds

    def kept(self) -> dict[str, Any]:
        """As JSON-ready values: with them the decision can be made again."""
        return {
            "outcome": str(self.outcome),
            "score": self.score,
            "findings": [finding.kept() for finding in self.findings],
            "facts": self.facts.kept(),
            "thresholds": asdict(self.thresholds),
        }


def judge(facts: Facts, thresholds: Thresholds) -> Judgement:
    """Pass, hold or refuse.

    Each rule that holds says 1 - 1/(2 g) against the claim, g being the geometric mean of how many times its
    conditions are met, halved for rules of little weight. Of each family the gravest counts; families are
    independent, and add up as probabilities do: score = 100 (1 - Π (1 - gravest)). Held from `hold_score` on,
    refused from `refuse_score` on. What the rules refused before they never let pass by themselves.
    """
    findings = tuple(found for rule in RULES if (found := finding_of(rule, facts, thresholds)) is not None)
    score = combined(findings)
    outcome = outcome_of(score, thresholds)
    if facts.refused_before and outcome is Outcome.PASS:
        outcome = Outcome.HOLD
    return Judgement(outcome, score, findings, facts, thresholds)


def finding_of(rule: Rule, facts: Facts, thresholds: Thresholds) -> Finding | None:
    """What a rule says; None where it does not hold."""
    reasons = rule.reasons(facts, thresholds)
    if not reasons or not all(reason.holds for reason in reasons):
        return None
    return Finding(rule.name, rule.family, rule.weight * score_of(reasons), tuple(reasons))


def combined(findings: Iterable[Finding]) -> int:
    """The score, 0 to 100."""
    gravest: dict[Family, float] = {}
    for finding in findings:
        gravest[finding.family] = max(finding.score, gravest.get(finding.family, 0.0))
    return round(100 * (1 - math.prod(1 - score for score in gravest.values())))


def outcome_of(score: int, thresholds: Thresholds) -> Outcome:
    """What follows from a score."""
    if score >= thresholds.refuse_score:
        return Outcome.REFUSE
    return Outcome.HOLD if score >= thresholds.hold_score else Outcome.PASS
