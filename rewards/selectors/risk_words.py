"""The risk rules in words: each threshold, each rule, and a finding with its numbers."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise

RULES: Mapping[str, Text] = {
    "person_hour": _("Many openings by one person within an hour"),
    "person_day": _("Many openings by one person within a day"),
    "device_hour": _("Many openings with one browser within an hour"),
    "device_day": _("Many openings with one browser within a day"),
    "address_hour": _("Many openings from one address within an hour"),
    "network_hour": _("Many openings from one network within an hour"),
    "shared_device": _("Several people on one browser"),
    "new_accounts": _("Many new accounts at one address"),
    "impossible_travel": _("A journey that nobody can make"),
    "far_from_store": _("Far from the store that sold it"),
    "guesses_person": _("Codes that were never printed, tried by this person"),
    "guesses_address": _("Codes that were never printed, tried from this address"),
    "guesses_under_attack": _("Guessing while the whole site is being tried"),
    "printing_order": _("Opened in the order in which the codes were printed"),
    "hoarding": _("Many items of one store by one person"),
    "own_store": _("The store's owner opens the store's own stock"),
}
THRESHOLDS: Mapping[str, tuple[Text, Text]] = {
    "person_hour": (
        _("Openings by one person within an hour"),
        _("People buy by the case: twelve at a feast is normal."),
    ),
    "person_day": (_("Openings by one person within a day"), ""),
    "device_hour": (_("Openings with one browser within an hour"), _("Whoever was signed in.")),
    "device_day": (_("Openings with one browser within a day"), ""),
    "address_hour": (
        _("Openings from one address within an hour"),
        _("Counts half: a restaurant has one address. It holds nothing by itself."),
    ),
    "network_hour": (
        _("Openings from one network within an hour"),
        _("Of /24 or /48. Counts half: a mobile operator puts thousands behind one."),
    ),
    "device_people": (_("People on one browser within a week"), _("A family shares a telephone.")),
    "new_accounts": (
        _("New accounts at one address within an hour"),
        _("Younger than a day, and the person is one of them."),
    ),
    "speed_kmh": (_("Speed from the person's opening before, in km/h"), _("An airliner makes 900.")),
    "jump_km": (
        _("Distance from the person's opening before, in km"),
        _("Shorter jumps may be the network's mistake."),
    ),
    "store_km": (
        _("Distance from the store that sold the item, in km"),
        _("Counts half: bottles are given away. It holds nothing by itself."),
    ),
    "guesses_person": (
        _("Codes never printed, tried by one person within a day"),
        _("Whoever types a code by hand mistypes it now and then."),
    ),
    "guesses_address": (_("Codes never printed, tried from one address within a day"), _("Counts half.")),
    "guesses_all": (_("Codes never printed, tried by everybody within an hour"), _("The whole site is being tried.")),
    "guesses_under_attack": (
        _("Codes never printed, tried by one person, while that is so"),
        _("Whoever has not guessed is left alone also then."),
    ),
    "order_run": (
        _("Openings of one person in a row along the serials"),
        _("Within two days. Whoever empties a case does not open it in the order of printing."),
    ),
    "order_step": (_("Farthest step between neighbours of such a row"), ""),
    "store_week": (_("Items of one store opened by one person within a week"), ""),
    "own_store_week": (_("The same, where the person is the store's owner"), _("Known by the owner's wallet.")),
    "hold_score": (_("Score from which on an envelope is held"), _("50 is where one rule is just met.")),
    "refuse_score": (
        _("Score from which on an envelope is refused"),
        _("101 refuses nothing: everything doubtful is then held."),
    ),
}
REASONS: Mapping[str, Text] = {
    "guesses_all": _("by everybody within an hour: %(have)s (from %(need)s on)"),
    "jump_km": _("%(have)s km at least (from %(need)s km on)"),
    "speed_kmh": _("%(have)s km/h at least (from %(need)s km/h on)"),
    "store_km": _("%(have)s km at least (from %(need)s km on)"),
}
COUNTED: Text = _("%(have)s (from %(need)s on)")


def rule_in_words(name: str) -> str:
    """A rule's name for people; its own where it is none of today's."""
    return str(RULES.get(name, name))


def finding_in_words(finding: Mapping[str, Any]) -> str:
    """One kept finding with its numbers and what it says against the claim."""
    reasons = ", ".join(
        str(REASONS.get(reason["name"], COUNTED)) % {part: f"{reason[part]:,.0f}" for part in ("have", "need")}
        for reason in finding["reasons"]
    )
    return f"{rule_in_words(finding['rule'])}: {reasons}"
