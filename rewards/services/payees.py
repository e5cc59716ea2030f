"""Who is paid where: the accounts that consumers, store owners and salespeople have proved to be theirs."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from celery import signature
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from consumers.models import Consumer
from core import audit
from core.bell import ring_on_commit
from core.errors import Invalid
from core.sealing import masked, seal, unseal
from rewards.models import Grant, PayeeAccount
from rewards.selectors.claim_facts import KnownAccount
from rewards.services.providers import present_pace
from stores.models import Salesperson, StoreOwner

CREATE_WAITING = signature("rewards.tasks.create_waiting_payouts")
LONGEST = 128
Person = Consumer | StoreOwner | Salesperson
COLUMNS = {Consumer: "consumer", StoreOwner: "store_owner", Salesperson: "salesperson"}
"""By whom a person's account and grants are known."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What a person has proved: an `account` at a `provider`, as `app` knows it. `name`: their real name, or empty."""

    provider: str
    app: str
    account: str
    name: str = ""


def link_account(*, payee: Person, proof: Proof, now: dt.datetime, actor: str) -> PayeeAccount:
    """From now on the payee's promises are paid there; those that waited for an account get their bills.

    Bills that were made already keep their account: their bytes never change. A name that is not given stays.

    Raises:
        Invalid: the account is empty or too long.
    """
    account = proof.account.strip()
    if not account or max(len(account), len(proof.name)) > LONGEST or "\x00" in account + proof.name:
        raise Invalid(fields={"account": [_("1 to %(most)d characters.") % {"most": LONGEST}]})
    whose: dict[str, Any] = {COLUMNS[type(payee)]: payee}
    told = {
        "brand": payee.brand,
        "app": proof.app,
        "account": seal(account),
        "hint": masked(account),
        "verified_at": now,
    } | ({"name": seal(proof.name)} if proof.name else {})
    with transaction.atomic():
        linked, _created = PayeeAccount.objects.update_or_create(**whose, provider=proof.provider, defaults=told)
        audit.record(
            actor=actor,
            action="payee.linked",
            subject=linked,
            at=now,
            brand_slug=payee.brand.slug,
            after={"provider": proof.provider, "account": linked.hint, "has_name": bool(linked.name)},
        )
        ring_on_commit(CREATE_WAITING)
    return linked


def forget_accounts(consumer: Consumer) -> None:
    """Remove where a consumer is paid, who wants to be forgotten. Bills that were made keep theirs until they end."""
    PayeeAccount.objects.filter(consumer=consumer).delete()


def accounts_of(grants: Sequence[Grant]) -> dict[UUID, str]:
    """Where each grant's money goes, sealed.

    Grants whose payee has no account yet, or no name for such an amount, are left out. One query at most; none with
    the sandbox, which knows everybody.
    """
    if settings.PAYMENT_PROVIDER == "sandbox":
        return {grant.pk: account for grant in grants if (account := sandbox_account(grant))}
    people = [person_of(grant) for grant in grants]
    whose = Q(consumer__in=[one[0] for one in people if one[0]])
    whose |= Q(store_owner__in=[one[1] for one in people if one[1]])
    whose |= Q(salesperson__in=[one[2] for one in people if one[2]])
    rows = PayeeAccount.objects.filter(whose, provider=settings.PAYMENT_PROVIDER)
    known = {person_of(row): row for row in rows}
    found = ((grant, known.get(person_of(grant))) for grant in grants)
    return {grant.pk: row.account for grant, row in found if row and (row.name or not wants_name(grant.amount_fen))}


def person_of(row: Grant | PayeeAccount) -> tuple[UUID | None, int | None, int | None]:
    """Whose a grant or an account is: consumer, store owner or salesperson, one of them alone."""
    return row.consumer_id, row.store_owner_id, row.salesperson_id


def accounts_among(grants: Sequence[Grant], known: Mapping[str, KnownAccount]) -> dict[UUID, str]:
    """As `accounts_of`, from what is `known` by kind of payee already: without a query."""
    if settings.PAYMENT_PROVIDER == "sandbox":
        return accounts_of(grants)
    found = ((grant, known.get(grant.payee)) for grant in grants)
    return {grant.pk: one.account for grant, one in found if one and (one.named or not wants_name(grant.amount_fen))}


def sandbox_account(grant: Grant) -> str:
    """The embedded wallet's account of a payee: their own by their id, or what the store's owner gave, if they did."""
    if grant.store_owner is not None:
        return grant.store_owner.wallet
    if grant.salesperson_id is not None:
        return f"salesperson:{grant.salesperson_id}"
    return f"consumer:{grant.consumer_id}"


def wants_name(amount_fen: int) -> bool:
    """Whether the present provider pays such an amount only to a real name."""
    name_from = name_wanted_from()
    return name_from is not None and amount_fen >= name_from


def name_wanted_from() -> int | None:
    """From which amount on (fen) the present provider wants a real name; None: never."""
    return present_pace().name_from_fen


def real_name(*, provider_name: str, account: str) -> str:
    """The real name of whom this sealed account belongs to; empty where it is not known."""
    named = PayeeAccount.objects.filter(provider=provider_name, account=account).exclude(name="").first()
    return unseal(named.name) if named else ""
