"""A salesperson checks in at a store by its B-code."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import audit
from core.errors import Forbidden, Invalid
from stores.earth import Place, distance_m, is_on_earth
from stores.models import Salesperson, Store, User, Visit
from stores.public_codes import b_code_in
from stores.selectors.scope import visited_by

SAME_VISIT = dt.timedelta(minutes=10)
LONGEST_NOTE = 400


class NotASalesperson(Forbidden):
    code = "not_a_salesperson"
    title = gettext_lazy("Only salespeople check in at stores.")


@dataclass(frozen=True, slots=True)
class CheckIn:
    """What the phone sends: the text that was scanned or typed, where it was (if it told), and a few words."""

    code: str
    place: Place | None = None
    note: str = ""


@transaction.atomic
def check_in(*, user: User, arrival: CheckIn, now: dt.datetime) -> Visit:
    """Note a visit at one of the account's own stores; for a squad leader, the squad's as well.

    A second check-in at the same store within ten minutes is the same visit and changes nothing.

    Raises:
        NotASalesperson: the account is not that of an active salesperson.
        Invalid: no B-code in the text, or one of no store of theirs; a place that is not on the earth; a long note.
    """
    # Locked, so that two taps are one visit.
    person = Salesperson.objects.select_for_update().filter(user=user, is_active=True, brand=user.brand_id).first()
    if person is None:
        raise NotASalesperson
    store = own_store(person, arrival.code)
    require_sound(arrival)
    recent = Visit.objects.filter(store=store, salesperson=person, visited_at__gt=now - SAME_VISIT)
    known = recent.order_by("-visited_at").first()
    if known is not None:
        return known
    metres = metres_between(store, arrival.place)
    visit = Visit.objects.create(
        store=store, salesperson=person, visited_at=now, distance_m=metres, note=arrival.note.strip()
    )
    audit.record(
        actor=f"user:{user.get_username()}",
        action="visit.checked_in",
        subject=visit,
        at=now,
        brand_slug=store.brand.slug,
        after={"store": store.number, "salesperson": person.number, "distance_m": metres, "note": visit.note},
    )
    return visit


def own_store(person: Salesperson, text: str) -> Store:
    """The store that the text names, if this person looks after it.

    Raises:
        Invalid: no B-code, or that of a store which is closed or not theirs: the two are never told apart.
    """
    code = b_code_in(text)
    if not code:
        raise Invalid(fields={"code": [_("This is no store's code. It begins with B and has 17 letters and digits.")]})
    store = visited_by(person).filter(b_code=code).select_related("brand").first()
    if store is None:
        raise Invalid(fields={"code": [_("This is not the code of one of your stores.")]})
    return store


def require_sound(arrival: CheckIn) -> None:
    """Refuse what can't be kept.

    Raises:
        Invalid: see `check_in`.
    """
    if arrival.place is not None and not is_on_earth(arrival.place):
        raise Invalid(fields={"place": [_("This place is not on the earth.")]})
    if len(arrival.note.strip()) > LONGEST_NOTE:
        raise Invalid(fields={"note": [_("At most %(count)d characters.") % {"count": LONGEST_NOTE}]})


def metres_between(store: Store, place: Place | None) -> int | None:
    """How far the phone was from the store, in metres; None where either place is not known."""
    if place is None or store.latitude is None or store.longitude is None:
        return None
    return round(distance_m(place, Place(store.latitude, store.longitude)))
