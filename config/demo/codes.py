"""The lists of codes in demo.json, read from what there is: so a second start finds what has changed meanwhile."""

import secrets
from collections.abc import Iterable, Sequence
from typing import Any

from codes.ciphers import code_cipher, mark_text
from codes.formats.code_text import ForgedCode, Role
from codes.formats.crockford import ALPHABET
from codes.models import CodeOrder, Opening
from config.demo.goods import FRESH, SAMPLES, SAMPLES_EACH
from config.market.field import Field
from rewards.models import Campaign
from rewards.selectors.draws import draw_of
from stores.models import Store

FRESH_WANTED = 40
Codes = dict[str, list[str]]


def fresh_codes(stage: Field) -> list[str]:
    """Inner codes of the fresh lots whose items nobody has opened yet, oldest lot first."""
    orders = CodeOrder.objects.filter(brand=stage.brand, batch__lot__startswith=FRESH, level="item").order_by("pk")
    found: list[str] = []
    for order in orders:
        opened = set(Opening.objects.filter(order=order).values_list("serial", flat=True))
        serials = [serial for serial in range(order.first_serial, order.last_serial + 1) if serial not in opened]
        found += codes_of(order, Role.ITEM_INNER, serials)
    return found


def newest_fresh_lot(stage: Field) -> str:
    """The lot that was made last."""
    orders = CodeOrder.objects.select_related("batch").filter(brand=stage.brand, batch__lot__startswith=FRESH)
    return orders.latest("pk").batch.lot


def sample_codes(stage: Field, kept: Any) -> Codes:
    """All other lists of codes; forged ones are kept as they were."""
    packed, _cases, _pallets, idle = CodeOrder.objects.filter(brand=stage.brand, batch__lot=SAMPLES).order_by("pk")
    cases = CodeOrder.objects.get(brand=stage.brand, batch__lot=SAMPLES, level="case")
    pallets = CodeOrder.objects.filter(brand=stage.brand, level="pallet").order_by("pk")
    openings = Opening.objects.select_related("order").filter(brand=stage.brand).order_by("-opened_at")
    last = packed.last_serial
    unopened = serials_with_prizes(packed)
    return {
        "voucher_inner": codes_of(packed, Role.ITEM_INNER, unopened[True][:SAMPLES_EACH]),
        "locked_inner": codes_of(packed, Role.ITEM_INNER, unopened[False][:SAMPLES_EACH]),
        "opened_inner": [one for o in openings[:SAMPLES_EACH] for one in codes_of(o.order, Role.ITEM_INNER, [o.pk])],
        "outer": codes_of(packed, Role.ITEM_OUTER, range(packed.first_serial, packed.first_serial + SAMPLES_EACH)),
        "frozen": codes_of(packed, Role.ITEM_INNER, range(last - SAMPLES_EACH + 1, last + 1)),
        "not_activated": codes_of(idle, Role.ITEM_INNER, serials_of(idle)),
        "forged": kept if isinstance(kept, list) and kept else [forged_code() for _ in range(SAMPLES_EACH)],
        "case": codes_of(cases, Role.CASE_OUTER, serials_of(cases)),
        "case_inner": codes_of(cases, Role.CASE_INNER, serials_of(cases)),
        "pallet": [one for o in pallets[:SAMPLES_EACH] for one in codes_of(o, Role.PALLET, serials_of(o))],
        "b_code": [store.b_code for store in stage.stores[:SAMPLES_EACH]],
    }


def serials_with_prizes(order: CodeOrder) -> dict[bool, list[int]]:
    """Unopened items of the samples that are not frozen: those with a voucher (True), and with a second envelope."""
    found: dict[bool, list[int]] = {True: [], False: []}
    campaign = Campaign.objects.filter(orders=order).order_by("pk").first()
    if campaign is None:
        return found
    draw = draw_of(campaign)
    opened = set(Opening.objects.filter(order=order).values_list("serial", flat=True))
    for position, serial in enumerate(serials_of(order)[:-SAMPLES_EACH]):
        prize, _amount = draw.won(position=position, serial=serial)
        if serial not in opened and (prize.is_voucher or prize.is_locked):
            found[prize.is_voucher].append(serial)
    return found


def serials_of(order: CodeOrder) -> range:
    """All serials of an order."""
    return range(order.first_serial, order.last_serial + 1)


def codes_of(order: CodeOrder, role: Role, serials: Iterable[int]) -> list[str]:
    """The texts of the marks of this role. Raises KeyGone."""
    return [mark_text(role, serial, order.key_version) for serial in serials]


def forged_code() -> str:
    """A well-formed code under our key's version that no key of ours made."""
    cipher = code_cipher()
    while True:
        text = cipher.issuing_version + "".join(secrets.choice(ALPHABET) for _ in range(16))
        try:
            cipher.decode(text)
        except ForgedCode:
            return text


def facts_of_stores(stores: Sequence[Store]) -> list[dict[str, Any]]:
    """The stores with their B-codes and places."""
    return [
        {"name": store.name, "b_code": store.b_code, "latitude": store.latitude, "longitude": store.longitude}
        for store in stores
    ]
