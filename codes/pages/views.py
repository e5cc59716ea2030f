"""The page behind a printed code. It only looks: what is scanned is posted by the page itself, once, to the API."""

import re
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from codes.models.scan import Verdict
from codes.offers import ClosedOffer, OpenedEnvelope, closed_offer_source, envelope_source
from codes.pages.refusals import SENTENCES
from codes.pages.sharing import via_of
from codes.pages.verdicts import ICONS, text_of
from codes.reading import Found, Reading, read
from codes.selectors.answers import Preview, Viewer
from codes.selectors.first_scans import was_first
from codes.selectors.previews import STORE_ROLE, link_text, preview_of
from codes.selectors.stored import TELLS_NOTHING
from codes.selectors.verdicts import is_genuine
from codes.services.scan_limits import count_guessing_look, count_look
from consumers.models import Consumer
from consumers.session import address_of, consumer_of, visitor_of
from core import clock
from stores.models import Salesperson, User
from stores.selectors.scope import visited_by
from stores.selectors.signs import sign_of

IS_GTIN = re.compile(r"[0-9]{8,14}", re.ASCII)


@never_cache
@require_safe
def scan_page(request: HttpRequest, code: str) -> HttpResponse:
    """A bottle's, case's or pallet's verdict; a store's sign; a friendly word for a member code. Writes nothing.

    A `gtin` in the query is that of the Digital Link that led here: another product's makes the verdict unknown.

    Raises:
        TooManyRequests: looks of this address, or guesses of this address or person, are used up.
    """
    count_look(address=address_of(request))
    gtin = request.GET.get("gtin", "")
    text = link_text(code, gtin if IS_GTIN.fullmatch(gtin) else "")
    reading = read(text)
    if reading.found is Found.CONSUMER:
        return render(request, "codes/pages/member.html", {"masked": reading.masked})
    consumer = consumer_of(request)
    viewer = Viewer(consumer.pk if consumer else None, clock.now())
    visitor = visitor_of(request)
    seen = preview_of(reading, viewer, visitor=visitor)
    if seen.verdict in TELLS_NOTHING:
        count_guessing_look(address=address_of(request), person=str(viewer.consumer_id or visitor))
    scanned = {"text": text, "via": via_of(request), "masked": reading.masked, "consumer": consumer}
    if seen.role == STORE_ROLE and seen.store is not None:
        return store_page(request, scanned, seen.store.id)
    again = seen.verdict == Verdict.GENUINE_REPEAT
    first_by_me = again and was_first(reading, visitor=visitor, consumer_id=viewer.consumer_id)
    opened = opened_by(reading, viewer) if seen.opened_by_me and seen.offer is None else None
    closed = closed_for(reading, seen, viewer)
    return mark_page(request, scanned | {"first_by_me": first_by_me, "opened": opened, "closed": closed}, seen)


def opened_by(reading: Reading, viewer: Viewer) -> OpenedEnvelope | None:
    """The envelope of an item that the viewer has opened; None while it is closed."""
    assert reading.serial is not None
    assert viewer.consumer_id is not None
    return envelope_source()(serial=reading.serial, consumer_id=viewer.consumer_id)


def closed_for(reading: Reading, seen: Preview, viewer: Viewer) -> ClosedOffer | None:
    """Why a genuine bottle that nobody has opened brings no envelope today; None where one can't be expected."""
    if reading.serial is None or seen.offer or seen.opened or seen.role != "item_inner" or not is_genuine(seen.verdict):
        return None
    return closed_offer_source()(serial=reading.serial, now=viewer.now)


def store_page(request: HttpRequest, scanned: dict[str, Any], store_id: int) -> HttpResponse:
    """The sign of a store, with the tap that says "I shop here"."""
    known = {"sign": sign_of(store_id), "words": page_words(), "visits_here": visits_here(request, store_id)}
    return render(request, "codes/pages/store.html", scanned | known)


def visits_here(request: HttpRequest, store_id: int) -> bool:
    """Whether the signed-in person is a salesperson who may check in at this store."""
    if not isinstance(request.user, User):
        return False
    person = Salesperson.objects.filter(user=request.user, is_active=True).first()
    return person is not None and visited_by(person).filter(pk=store_id).exists()


def mark_page(request: HttpRequest, scanned: dict[str, Any], seen: Preview) -> HttpResponse:
    """The verdict on a mark, and all that is known of its unit."""
    words = page_words()
    opened = scanned["opened"]
    known = {
        "seen": seen,
        "payment_words": said_of(opened, words) if opened else "",
        "verdict": text_of(seen.verdict, seen.role, mine=seen.opened_by_me, first_by_me=scanned["first_by_me"]),
        "asks_place": is_genuine(seen.verdict),
        "is_repeat": seen.verdict == Verdict.GENUINE_REPEAT,
        "signed_in": is_known_to(scanned["consumer"], seen.brand_slug),
        "local_identity": settings.LOCAL_IDENTITY,
        "wechat": settings.WECHAT_APP is not None,
        "alipay": settings.ALIPAY_SIGN_IN,
        "taken": seen.opened and not seen.opened_by_me and seen.role == "item_inner",
        "icons": ICONS,
        "words": words | {"verdicts": verdict_words(seen.role)},
    }
    return render(request, "codes/pages/mark.html", scanned | known)


def said_of(opened: OpenedEnvelope, words: Mapping[str, str]) -> str:
    """How it stands with an envelope, in words."""
    said = words.get(opened.payment or "thanks", words["on_its_way"])
    moment = opened.decides_by or opened.until
    return said if moment is None else said % {"moment": date_format(localtime(moment), "Y-m-d H:i")}


def is_known_to(consumer: Consumer | None, brand_slug: str) -> bool:
    """Whether the consumer is one of this brand's; brands don't know each other's people."""
    return consumer is not None and consumer.brand.slug == brand_slug


def verdict_words(role: str) -> dict[str, dict[str, str]]:
    """All verdicts on a mark of this role, for the page's script: the posted scan may be told another than shown."""
    return {
        verdict.value: {
            "tone": said.tone,
            "icon": said.icon,
            "title": str(said.title),
            "meaning": str(said.meaning),
            "advice": str(said.advice),
        }
        for verdict in Verdict
        for said in [text_of(verdict, role)]
    }


def page_words() -> dict[str, Any]:
    """What the page's script says, in the reader's language."""
    return {
        "problems": {code: str(sentence) for code, sentence in SENTENCES.items()},
        "keeping": _("Noting your scan …"),
        "kept": _("Your scan has been noted."),
        "opening": _("Opening …"),
        "on_its_way": _("The money is on its way to you …"),
        "paid": _("Paid to your wallet"),
        "released": _("This envelope could not be paid. The amount went back to the campaign; please ask the shop."),
        "awaiting_confirmation": _("Please confirm the receipt in your wallet."),
        "held": _("This envelope is being looked at. You will find the answer here by %(moment)s."),
        "refused": _(
            "This envelope cannot be opened. If you bought the bottle yourself, please contact the organiser."
        ),
        "voucher": _("Show your voucher at the store by %(moment)s."),
        "voucher_redeemed": _("Your voucher was redeemed."),
        "voucher_lapsed": _("Your voucher was not redeemed in time."),
        "voucher_cancelled": _("Your voucher was cancelled by the organiser."),
        "locked": _("Locked: open another bottle by %(moment)s, and it is paid to you."),
        "slow": _("This takes a little longer. You may close the page: your wallet shows when it has been paid."),
        "thanks": _("No cash in this one, but our warm thanks. Better luck with the next bottle!"),
        "show_voucher": _("Show the voucher"),
        "name_missing": _("Please write a name of 1 to 60 characters."),
    }
