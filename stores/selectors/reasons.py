"""Why a store stands where it stands, in words that a person can read, built from the facts that were kept."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from stores.ladder import Condition

WORDS = {
    "opened": gettext_lazy("openings in the window"),
    "active_days": gettext_lazy("days with an opening in the weaker of the last weeks"),
    "growth": gettext_lazy("growth of the last week against the three before"),
    "new_users": gettext_lazy("new users in the weaker of the last weeks"),
    "peer_weeks": gettext_lazy("weeks well above the peers"),
    "repeat_rate": gettext_lazy("share of users who came back"),
    "kocs": gettext_lazy("key opinion consumers"),
}
SHARES = frozenset({"repeat_rate"})


@dataclass(frozen=True, slots=True)
class Reading:
    """One condition for the page: its words, what is there, what it takes, and how far along (0 to 100)."""

    words: str
    have: str
    need: str
    holds: bool
    percent: int


def facts_of(conditions: Iterable[Condition]) -> list[dict[str, Any]]:
    """Conditions as JSON-ready facts, to be kept."""
    return [
        {"name": each.name, "have": None if each.have is None else round(each.have, 3), "need": each.need}
        for each in conditions
    ]


def readings(facts: Iterable[Mapping[str, Any]]) -> list[Reading]:
    """Kept facts in the present language."""
    return [reading(Condition(fact["name"], fact["have"], fact["need"])) for fact in facts]


def reading(condition: Condition) -> Reading:
    """One condition in the present language."""
    reached = 0.0 if condition.have is None else min(condition.have / condition.need if condition.need else 1.0, 1.0)
    return Reading(
        words=str(WORDS[condition.name]),
        have=amount(condition.name, condition.have),
        need=amount(condition.name, condition.need),
        holds=condition.holds,
        percent=int(reached * 100),
    )


def amount(name: str, value: float | None) -> str:
    """A figure as people write it: shares in percent, others with at most two decimals."""
    if value is None:
        return _("not known")
    return f"{round(value * 100)}%" if name in SHARES else f"{round(value, 2):g}"


def reason(facts: Iterable[Mapping[str, Any]], *, rose: bool) -> str:
    """One sentence for a change: what was reached, or what failed."""
    told = [each for each in readings(facts) if rose or not each.holds]
    if not told:
        return _("the rule of the step before no longer held")
    parts = [
        _("%(words)s %(have)s, asked for %(need)s") % {"words": each.words, "have": each.have, "need": each.need}
        for each in told
    ]
    return pgettext("between parts of a sentence", "; ").join(parts)
