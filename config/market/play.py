"""Playing a drawn market through the services, as people would: deliveries, scans, envelopes, payouts, counts.

A play may be killed on any line and played again under the same lot, seed and size: scans bear nonces, claims and
receipts may be repeated, and what is settled and counted is that already.
"""

import datetime as dt
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from codes.ciphers import code_cipher
from codes.formats.code_text import Role
from codes.services.places import Place
from codes.services.scanning import NewScan, record_scan
from config.market.envelopes import Gift, titled
from config.market.evening import close_day, hurry
from config.market.field import Field
from config.market.goods import Lot, items_of
from config.market.names import person_name
from config.market.places import moved_by
from config.market.plan import Day, Purchase, Size, drawn
from config.market.stock import PACKED_BEFORE, dealt, lot_under, receive_case, send_lot
from consumers.models import Consumer
from consumers.services.identity import sign_in_local
from core.clock import business_day, day_bounds
from rewards.refusals import ClaimRefused
from rewards.services.claims import open_claim
from stores.models import Dealer

Report = Callable[[str, int, int], None]
"""Told how far a piece of work has come: its name, how much is done, how much there is."""

EVENING = dt.timedelta(hours=23, minutes=30)
PACKED = dt.timedelta(hours=6)
OUTER_BEFORE = dt.timedelta(seconds=40)
CLAIM_AFTER = dt.timedelta(seconds=8)
AGAIN_AFTER = dt.timedelta(minutes=25)


@dataclass(frozen=True, slots=True)
class Script:
    """Which market: its size, the seed of its drawing, the lot of its goods."""

    size: Size
    seed: int
    lot: str


@dataclass(slots=True)
class Play:
    """A play under way. `cases` are each dealer's that are left, `shelves` each store's items for sale."""

    stage: Field
    script: Script
    lot: Lot
    now: dt.datetime
    cases: dict[int, deque[int]]
    shelves: list[deque[int]]
    people: dict[int, Consumer] = field(default_factory=dict)
    tally: Counter[str] = field(default_factory=Counter)


def play_market(*, stage: Field, script: Script, now: dt.datetime, report: Report) -> Counter[str]:
    """Play the days up to `now`; a tally of what happened.

    Raises:
        LocalIdentityOff: settings.LOCAL_IDENTITY is not set.
    """
    hurry()
    lot = lot_under(stage.product, script.lot)
    first_day = first_day_of(stage, script, lot, now)
    days = drawn(script.size, first_day, script.seed)
    needs = needs_of(stage, days)
    if lot is None:
        report("goods", 0, 1)
        packed_at = day_bounds(first_day, stage.brand.timezone)[0] + PACKED
        lot = send_lot(product=stage.product, name=script.lot, gift=gift_of(script), needs=needs, now=packed_at)
        report("goods", 1, 1)
    cases = dealt(lot, {dealer.pk: count for dealer, count in needs.items()})
    queues = {dealer: deque(range(span.first, span.last + 1)) for dealer, span in cases.items()}
    play = Play(stage, script, lot, now, queues, [deque() for _store in stage.stores])
    for index, day in enumerate(days):
        play_day(play, day, first_day + dt.timedelta(days=index))
        report("market days", index + 1, len(days))
    return play.tally


def gift_of(script: Script) -> Gift:
    """The campaign of a market's goods; each market's has its own."""
    return titled(f"批次 {script.lot}", f"lot {script.lot}")


def first_day_of(stage: Field, script: Script, lot: Lot | None, now: dt.datetime) -> dt.date:
    """The day on which the dealers have the lot, or would have to have it for the last day to be today."""
    if lot is not None:
        return business_day(lot.items.created_at + PACKED_BEFORE, stage.brand.timezone)
    return business_day(now, stage.brand.timezone) - dt.timedelta(days=script.size.days - 1)


def needs_of(stage: Field, days: list[Day]) -> dict[Dealer, int]:
    """How many cases each dealer will be asked for, dealers in the order of their rows."""
    needs: Counter[Dealer] = Counter()
    for day in days:
        for delivery in day.deliveries:
            dealer = stage.stores[delivery.store].dealer
            assert dealer is not None
            needs[dealer] += delivery.cases
    return dict(sorted(needs.items(), key=lambda need: need[0].pk))


def play_day(play: Play, day: Day, date: dt.date) -> None:
    """One day from the morning's deliveries to the evening; of today, what has happened so far."""
    midnight = day_bounds(date, play.stage.brand.timezone)[0]
    for delivery in day.deliveries:
        at = midnight + dt.timedelta(seconds=delivery.second)
        if at <= play.now:
            deliver(play, delivery.store, delivery.cases, at)
    for purchase in day.purchases:
        at = midnight + dt.timedelta(seconds=purchase.second)
        if at + AGAIN_AFTER <= play.now:
            buy(play, purchase, at)
    if midnight <= play.now:
        close_day(brand=play.stage.brand, now=min(midnight + EVENING, play.now))


def deliver(play: Play, store_number: int, cases: int, at: dt.datetime) -> None:
    """Cases come from the store's dealer; the store opens each and puts its items on the shelf."""
    store = play.stage.stores[store_number]
    assert store.dealer_id is not None
    for _ in range(cases):
        case = play.cases[store.dealer_id].popleft()
        receive_case(store=store, case_serial=case, now=at)
        play.shelves[store_number].extend(items_of(play.lot, case))
        play.tally["cases"] += 1


def buy(play: Play, purchase: Purchase, at: dt.datetime) -> None:
    """A consumer buys and opens the shelf's next item, scanning on the way what their habit is."""
    if not play.shelves[purchase.store]:
        return  # its delivery lies behind the present moment
    serial = play.shelves[purchase.store].popleft()
    cipher, order = code_cipher(), play.lot.items
    if purchase.b_code_before_s is not None:
        before = at - dt.timedelta(seconds=purchase.b_code_before_s)
        scan(play, purchase, play.stage.stores[purchase.store].b_code, "b", before)
    if purchase.outer_before:
        outer = cipher.encode(Role.ITEM_OUTER, serial, order.key_version)
        scan(play, purchase, outer, "o", at - OUTER_BEFORE)
    inner = cipher.encode(Role.ITEM_INNER, serial, order.key_version)
    opened = scan(play, purchase, inner, "i", at)
    if purchase.claims:
        claim(play, purchase, opened, at + CLAIM_AFTER)
    if purchase.scans_again:
        scan(play, purchase, inner, "r", at + AGAIN_AFTER)
    play.tally["openings"] += 1


def scan(play: Play, purchase: Purchase, code: str, step: str, at: dt.datetime) -> UUID:
    """One scan of the purchase's consumer, kept once however often it is played."""
    made = NewScan(
        code=code,
        visitor=visitor_of(play, purchase),
        nonce=f"{play.script.seed}:{purchase.number}:{step}",
        consumer=consumer_of(play, purchase.consumer, at),
        place=place_of(play, purchase),
    )
    play.tally["scans"] += 1
    return record_scan(made, now=at).id


def claim(play: Play, purchase: Purchase, scan_id: UUID, at: dt.datetime) -> None:
    """The consumer opens the envelope."""
    consumer = consumer_of(play, purchase.consumer, at)
    try:
        open_claim(scan_id=scan_id, consumer=consumer, visitor=visitor_of(play, purchase), now=at)
    except ClaimRefused as refusal:
        play.tally[f"refused_{refusal.code}"] += 1
    else:
        play.tally["claims"] += 1


def visitor_of(play: Play, purchase: Purchase) -> str:
    """The browser of the purchase's consumer."""
    return f"{play.script.lot}:{purchase.consumer}"


def consumer_of(play: Play, number: int, at: dt.datetime) -> Consumer:
    """The consumer of this number, who joins with the first scan."""
    known = play.people.get(number)
    if known is None:
        known = sign_in_local(brand=play.stage.brand, name=person_name(number), now=at)
        play.people[number] = known
    return known


def place_of(play: Play, purchase: Purchase) -> Place | None:
    """Where the phone says it is, if it tells."""
    store = play.stage.stores[purchase.store]
    if purchase.offset_m is None or store.latitude is None or store.longitude is None:
        return None
    latitude, longitude = moved_by(store.latitude, store.longitude, purchase.offset_m)
    return Place(latitude, longitude, purchase.accuracy_m)
