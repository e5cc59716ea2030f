"""Market cases in words: what each is about, and every reason with its numbers."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from codes.models import MarketCase

REASONS: Mapping[str, str | Promise] = {
    "units": _("Different units of the shipment seen there: %(have)s (from %(need)s on)"),
    "people": _("Different people who scanned them: %(have)s (from %(need)s on)"),
    "share": _("Share of all seen units of the shipment: %(have)s (from %(need)s on)"),
    "chance": _("Chance that travel alone explains it: %(have)s (at most %(need)s)"),
    "distance_km": _("From the dealer's territory, in the middle: %(have)s km (from %(need)s km on)"),
    "received": _("Items that stores there received: %(have)s (from %(need)s on)"),
    "receipt_km": _("From that store to the territory: %(have)s km (from %(need)s km on)"),
    "mark_people": _("Other people on one inner mark after its opening: %(have)s (from %(need)s on)"),
    "jumps": _("Journeys that nobody can make: %(have)s (from %(need)s on)"),
    "speed_kmh": _("The fastest of them: %(have)s km/h (above %(need)s km/h)"),
    "cluster_codes": _("Different codes seen there: %(have)s (from %(need)s on)"),
    "cluster_people": _("Different people who scanned them: %(have)s (from %(need)s on)"),
}
THRESHOLDS: Mapping[str, tuple[str | Promise, str | Promise]] = {
    "window_days": (_("Days looked at"), _("Sightings of one shipment, or of one mark, are counted over so many.")),
    "units_at_least": (_("Different units of one shipment in one foreign city"), ""),
    "people_at_least": (
        _("Different people who scanned them there"),
        _("One traveller with a suitcase is no dealer."),
    ),
    "share_at_least": (_("Share of the shipment's seen units"), _("A fraction: 0.2 is 20%.")),
    "travel_share": (
        _("Share that honest travel brings to any one foreign city"),
        _("A fraction: 0.05 is 5%. A region may have its own below."),
    ),
    "chance_at_most": (
        _("Chance that travel alone explains it, at most"),
        _("A fraction. Smaller means fewer and surer cases."),
    ),
    "distance_km": (
        _("Distance from the dealer's territory, in km"),
        _("As the middle of the sightings: suburbs are no diversion."),
    ),
    "accuracy_m_at_most": (
        _("Accuracy of a place, in m, at most"),
        _("A telephone that knows its place no better tells no place."),
    ),
    "receipt_items": (_("Items of one shipment that a store outside the territory received"), ""),
    "receipt_km": (
        _("Distance of that store from the territory, in km"),
        _("A store across the street is no diversion."),
    ),
    "mark_people": (_("Other people on one inner mark after its opening"), ""),
    "jumps": (
        _("Journeys of one mark that nobody can make"),
        _("One is a picture sent to a friend."),
    ),
    "speed_kmh": (_("Speed of such a journey, in km/h"), _("An airliner makes 900.")),
    "jump_km": (_("Distance of such a journey, in km"), _("Shorter jumps may be the network's mistake.")),
    "cluster_days": (_("Days over which codes that are not in trade are counted"), ""),
    "cluster_people": (_("Different people who scanned such codes in one city"), ""),
    "cluster_codes": (
        _("Different such codes in one city"),
        _("Not activated, not shipped, or not ours at all."),
    ),
}
PERCENTAGES = frozenset({"share"})
TINY = 0.0001


def reason_in_words(reason: Mapping[str, Any]) -> str:
    """One stored reason for people."""
    name = reason["name"]
    have, need = (number_in_words(name, reason[part]) for part in ("have", "need"))
    return str(REASONS[name]) % {"have": have, "need": need}


def number_in_words(name: str, value: float | None) -> str:
    """A number of a reason: shares in percent, chances as they are, all else in whole numbers."""
    if value is None:
        return "—"
    if name in PERCENTAGES:
        return f"{value:.0%}"
    if name == "chance":
        return f"{value:.4f}" if value >= TINY else f"< {TINY}"
    return f"{value:,.0f}"


def subject_in_words(case: MarketCase) -> str:
    """What a case is about, in one line; `dealer` and `region` are loaded."""
    if case.kind == MarketCase.Kind.DIVERSION:
        return f"{case.dealer} → {case.region}"
    if case.kind == MarketCase.Kind.CLONE:
        return str(_("unit %(serial)d")) % {"serial": case.serial}
    return f"{case.region}"
