"""Loading the demo: quick where it is there, resumed where it was killed.

Each step is done once: the field, the samples and a fresh lot are one transaction each, the market may be played
again from its beginning, and everything else is read from what there is. The samples come after the market, so that
whoever finds them knows the market to be whole.
"""

import datetime as dt
from pathlib import Path

from config.demo.accounts import open_accounts, open_partner
from config.demo.codes import FRESH_WANTED, facts_of_stores, fresh_codes, newest_fresh_lot, sample_codes
from config.demo.document import Document, read_document, write_document
from config.demo.goods import SAMPLES, make_fresh_lot, make_samples
from config.market.evening import close_day
from config.market.field import BRAND_SLUG, Field, furnish
from config.market.plan import Size
from config.market.play import Report, Script, play_market
from config.market.stock import lot_under
from rewards.models import RiskRule
from rewards.services.risk_rules import RuleFacts, set_risk_rule
from stores.models import Brand

MARKET = Script(Size(stores=24, consumers=300, days=35), seed=1, lot="JN-MARKET")


def load_demo(*, home: Path, base_url: str, now: dt.datetime, report: Report, script: Script = MARKET) -> Document:
    """Bring the demo about and write demo.json below `home`; answers what it says."""
    kept = read_document(home)
    write_document(home, kept)  # first of all: a folder that can't be written is told before anything is made
    stage = furnish(slug=BRAND_SLUG, stores=script.size.stores, seed=script.seed, now=now)
    document: Document = {
        "base_url": base_url,
        "brand": stage.brand.slug,
        "gtin": stage.product.gtin,
        "lot": kept.get("lot", ""),
        **open_accounts(stage, kept),
        "partner": open_partner(stage, kept.get("partner"), base_url=base_url, now=now),
        "codes": kept.get("codes", {}),
        "stores": facts_of_stores(stage.stores),
    }
    only_watch(stage.brand, now)
    write_document(home, document)  # passwords first: a load that is killed from here on has not lost them
    make_goods(stage, script, now, report)
    forged = document["codes"].get("forged")
    document["codes"] = {"fresh_inner": fresh_codes(stage), **sample_codes(stage, forged)}
    document["lot"] = newest_fresh_lot(stage)
    write_document(home, document)
    return document


def only_watch(brand: Brand, now: dt.datetime) -> None:
    """Risk rules note what they find and hold nothing: visitors open more bottles in an hour than people in a year."""
    if not RiskRule.objects.filter(brand=brand).exists():
        facts = RuleFacts(RiskRule.Mode.WATCH, {}, 24, RiskRule.AfterTime.RELEASE)
        set_risk_rule(brand=brand, facts=facts, actor="system:demo", now=now)


def make_goods(stage: Field, script: Script, now: dt.datetime, report: Report) -> None:
    """The market, the samples, and enough fresh items."""
    if lot_under(stage.product, SAMPLES) is None:
        play_market(stage=stage, script=script, now=now, report=report)
        make_samples(stage, now)
    if len(fresh_codes(stage)) < FRESH_WANTED:
        make_fresh_lot(stage, now)
        close_day(brand=stage.brand, now=now)
