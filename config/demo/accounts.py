"""The demo's accounts. A password is made once, kept in demo.json, and made anew only where that has lost it."""

import datetime as dt
import secrets
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from oauth2_provider.generators import generate_client_secret

from config.market.field import LEADER, SALES, Field
from stores.models import PartnerClient, Salesperson, StoreOwner, User, WarehouseWorker
from stores.services.groups import install_groups
from stores.services.partners import register_partner

ACTOR = "system:demo"
PARTNER = "江南春酿造一厂"
PARTNER_SCOPES = ("codes", "review", "supply", "solve", "rewards", "redeem")

Accounts = dict[str, dict[str, str]]


@transaction.atomic
def open_accounts(stage: Field, kept: Mapping[str, Any]) -> Accounts:
    """All accounts, by their names in demo.json; those whose password is not in `kept` get a new one."""
    wanted = {
        "admin": admin_user(),
        "manager": staff_user(stage, "manager", "Brand manager"),
        "finance_officer": staff_user(stage, "finance", "Finance officer"),
        "salesperson": user_of(stage, "sales", Salesperson.objects.get(brand=stage.brand, number=SALES[0].number)),
        "squad_leader": user_of(stage, "leader", Salesperson.objects.get(brand=stage.brand, number=LEADER.number)),
        "store_owner": user_of(stage, "owner", owner_of(stage)),
        "warehouse_worker": user_of(stage, "warehouse", worker_of(stage)),
    }
    return {name: with_password(user, kept.get(name)) for name, user in wanted.items()}


def admin_user() -> User:
    """The platform's own account: it sees all brands."""
    values = {"is_staff": True, "is_superuser": True}
    return User.objects.get_or_create(username="admin", defaults=values)[0]


def staff_user(stage: Field, username: str, group: str) -> User:
    """Somebody of the brand's staff, in one of the groups; the others are there to be handed out."""
    groups = {one.name: one for one in install_groups(groups=settings.STAFF_GROUPS)}
    user, is_new = User.objects.get_or_create(username=username, defaults={"brand": stage.brand, "is_staff": True})
    if is_new:
        user.groups.add(groups[group])
    return user


def owner_of(stage: Field) -> StoreOwner:
    """The owner of the first store."""
    owner = stage.stores[0].owner
    assert owner is not None
    return owner


def worker_of(stage: Field) -> WarehouseWorker:
    """Somebody in the brand's own warehouse."""
    workers = WarehouseWorker.objects.select_related("user").filter(brand=stage.brand, dealer=None)
    return workers.order_by("pk").first() or WarehouseWorker.objects.create(brand=stage.brand, name="陈仓管")


def user_of(stage: Field, username: str, person: Salesperson | StoreOwner | WarehouseWorker) -> User:
    """The person's account; made where there is none."""
    if person.user is None:
        person.user = User.objects.create(username=username, brand=stage.brand)
        person.save(update_fields=["user"])
    return person.user


def with_password(user: User, kept: Any) -> dict[str, str]:
    """The account as demo.json has it; where it has no password, the account gets a new one."""
    if user.password and isinstance(kept, dict) and kept.get("username") == user.username and kept.get("password"):
        return {"username": user.username, "password": kept["password"]}
    password = secrets.token_urlsafe(9)
    user.set_password(password)
    user.save(update_fields=["password"])
    return {"username": user.username, "password": password}


@transaction.atomic
def open_partner(stage: Field, kept: Any, *, base_url: str, now: dt.datetime) -> dict[str, str]:
    """The partner's client; a lost secret is replaced by a new one."""
    token_url = f"{base_url}/oauth/token/"
    partner = PartnerClient.objects.select_related("application").filter(brand=stage.brand, name=PARTNER).first()
    if partner is None:
        made = register_partner(brand=stage.brand, name=PARTNER, scopes=PARTNER_SCOPES, actor=ACTOR, now=now)
        return {"client_id": made.client_id, "client_secret": made.client_secret, "token_url": token_url}
    client_id = partner.application.client_id
    if isinstance(kept, dict) and kept.get("client_id") == client_id and kept.get("client_secret"):
        return {"client_id": client_id, "client_secret": kept["client_secret"], "token_url": token_url}
    secret = generate_client_secret()
    partner.application.client_secret = secret
    partner.application.save()
    return {"client_id": client_id, "client_secret": secret, "token_url": token_url}
