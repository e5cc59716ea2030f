"""What each verdict says to a person: what it is, what it means, what to do."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from codes.models.scan import Verdict

Text = str | Promise


@dataclass(frozen=True, slots=True)
class VerdictText:
    """tone: good, warn, bad or calm, as the design system has them; icon: a name of components/icon.html."""

    tone: str
    icon: str
    title: Text
    meaning: Text
    advice: Text


ICONS = ("check", "again", "clock", "stop", "warning", "question")

GENUINE_FIRST = {
    "item_inner": VerdictText(
        "good",
        "check",
        _("Genuine"),
        _("This is the very first scan of the code under the cap: nobody has opened this bottle before you."),
        _("Enjoy it. Keep the cap until your red envelope has been paid."),
    ),
    "item_outer": VerdictText(
        "good",
        "check",
        _("Genuine"),
        _("This is the very first scan of this code, and it is one of ours."),
        _("After opening, scan the code under the cap as well: it is the one that bears the reward."),
    ),
    "case": VerdictText(
        "good",
        "check",
        _("Genuine"),
        _("This is the code of a whole case or pallet, and it is one of ours."),
        _("It serves the delivery. To check a single bottle, scan the code on the bottle itself."),
    ),
}

GENUINE_REPEAT = {
    "item_inner": VerdictText(
        "warn",
        "again",
        _("Genuine code, scanned before"),
        _("The code is one of ours, but it lay under the cap and has been scanned already."),
        _("Was that you? Then all is well. If not, the bottle was opened before: do not drink it, and ask the shop."),
    ),
    "item_outer": VerdictText(
        "good",
        "again",
        _("Genuine, scanned before"),
        _("The code is one of ours. On the shelf anybody may scan it, so earlier scans are nothing unusual."),
        _("To be quite sure, scan the code under the cap after opening: that one must be scanned for the first time."),
    ),
    "case": GENUINE_FIRST["case"],
}

AGAIN_BY_ME = VerdictText(
    "good",
    "check",
    _("Genuine"),
    _("You were the first to scan this code, and it is one of ours."),
    _("Nobody scanned it before you. Keep the cap until your red envelope has been paid."),
)

MINE = VerdictText(
    "good",
    "check",
    _("Genuine, opened by you"),
    _("You have opened this bottle already; the code is one of ours."),
    _("Your red envelope is in your wallet."),
)

OTHERS = {
    Verdict.NOT_ACTIVATED: VerdictText(
        "warn",
        "clock",
        _("Not released for sale yet"),
        _("The code was printed by us, but the goods that bear it have not been released."),
        _("Do not buy it for now. Ask the shop where it comes from, and scan again later."),
    ),
    Verdict.FROZEN: VerdictText(
        "warn",
        "stop",
        _("Being checked by the brand"),
        _("The brand has stopped this code or its batch while something is looked into."),
        _("Please do not use the product for now. Keep it with the receipt, and scan again later."),
    ),
    Verdict.RECALLED: VerdictText(
        "bad",
        "warning",
        _("Recalled: do not use"),
        _("The brand has called this product back."),
        _("Do not drink or use it. Take it back to the shop where you bought it; you will be helped there."),
    ),
    Verdict.VOIDED: VerdictText(
        "bad",
        "stop",
        _("Code no longer valid"),
        _("The brand has withdrawn this code: no product on sale should bear it."),
        _("Do not buy it. If you have bought it already, show this page to the shop."),
    ),
    Verdict.UNKNOWN: VerdictText(
        "bad",
        "question",
        _("Not one of our codes"),
        _("We have never printed this code: it may be a forgery, or a letter may be wrong."),
        _("Compare it with the print once more. If it is the same, do not buy the product."),
    ),
    Verdict.MALFORMED: VerdictText(
        "calm",
        "question",
        _("This is not a complete code"),
        _("One of our codes has 17 letters and digits; something is missing or too much here."),
        _("Scan it again in good light, or type it in on the front page."),
    ),
}


def text_of(verdict: str, role: str, *, mine: bool = False, first_by_me: bool = False) -> VerdictText:
    """The words for a verdict on a mark of this role (a slug; empty where the text named no mark of ours).

    `mine`: the reader opened the item; `first_by_me`: the reader's own scan was the mark's first.
    """
    kind = role if role in {"item_inner", "item_outer"} else "case"
    if verdict == Verdict.GENUINE_FIRST:
        return GENUINE_FIRST[kind]
    if verdict == Verdict.GENUINE_REPEAT:
        if kind == "item_inner" and (mine or first_by_me):
            return MINE if mine else AGAIN_BY_ME
        return GENUINE_REPEAT[kind]
    return OTHERS[Verdict(verdict)]
