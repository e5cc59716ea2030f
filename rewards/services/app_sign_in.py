"""Signing in by the app that pays: whoever proves an account there is known by it, and is paid to it."""

import datetime as dt

from django.db import IntegrityError, transaction

from consumers.models import Consumer, Identity
from consumers.services.identity import consumer_by, find_or_join
from core.sealing import seal
from rewards.models import PayeeAccount
from rewards.services.payees import Proof, link_account
from stores.models import Brand


def sign_in_by(*, kind: str, proof: Proof, brand: Brand, present: Consumer | None, now: dt.datetime) -> Consumer:
    """The consumer whose account it is, an identity of that `kind`; their promises are paid to it from now on.

    A new account becomes one of `present`, who is signed in already; where nobody is, of a new consumer. A known one
    is its consumer's, whoever is signed in.
    """
    consumer = known_by(proof.account, kind=kind, brand=brand, present=present, now=now)
    if not is_paid_to(consumer, proof):
        link_account(payee=consumer, proof=proof, now=now, actor=f"consumer:{consumer.pk}")
    return consumer


def known_by(account: str, *, kind: str, brand: Brand, present: Consumer | None, now: dt.datetime) -> Consumer:
    """Whose account it is; from now on, where it was nobody's yet."""
    known = consumer_by(brand=brand, provider=kind, subject=account)
    if known is None and present is not None and present.brand_id == brand.pk and takes(present, kind, account):
        return present
    return known or find_or_join(brand=brand, provider=kind, subject=account, name="", now=now)


def takes(consumer: Consumer, kind: str, account: str) -> bool:
    """Whether the consumer takes the account on: who has another one already, or comes too late, does not."""
    if Identity.objects.filter(consumer=consumer, provider=kind).exists():
        return False
    try:
        with transaction.atomic():
            Identity.objects.create(brand=consumer.brand, consumer=consumer, provider=kind, subject=account)
    except IntegrityError:
        return False
    return True


def is_paid_to(consumer: Consumer, proof: Proof) -> bool:
    """Whether this very account is on file."""
    return PayeeAccount.objects.filter(
        consumer=consumer, provider=proof.provider, app=proof.app, account=seal(proof.account)
    ).exists()
