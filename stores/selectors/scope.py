"""What a signed-in person may see."""

from django.db.models import Q, QuerySet

from stores.models import Salesperson, Store, User


def stores_of(user: User) -> QuerySet[Store]:
    """The stores that this account may see, closed ones included.

    The platform's superusers see all; staff of a brand all of the brand; a salesperson own stores, and a squad
    leader also those of the squad; an owner own stores. Roles add up. Anybody else sees nothing.
    """
    if not user.is_active:
        return Store.objects.none()
    if user.brand_id is None:
        return Store.objects.all() if user.is_superuser else Store.objects.none()
    of_the_brand = Store.objects.filter(brand_id=user.brand_id)
    if user.is_staff:
        return of_the_brand
    allowed = Q(owner__user=user)
    salesperson = Salesperson.objects.filter(user=user, is_active=True).first()
    if salesperson is not None:
        allowed |= Q(salesperson=salesperson)
        if salesperson.is_squad_leader:
            allowed |= Q(salesperson__leader=salesperson)
    return of_the_brand.filter(allowed)


def visited_by(person: Salesperson) -> QuerySet[Store]:
    """The open stores at which a salesperson may check in: the own ones, and a squad leader's squad's."""
    theirs = Q(salesperson=person)
    if person.is_squad_leader:
        theirs |= Q(salesperson__leader=person)
    return Store.objects.filter(theirs, brand_id=person.brand_id, is_active=True)


def people_of(user: User) -> QuerySet[Salesperson]:
    """The salespeople whose figures this account may see, by the same rules: oneself, the squad, the brand, all."""
    if not user.is_active or (user.brand_id is None and not user.is_superuser):
        return Salesperson.objects.none()
    if user.brand_id is None:
        return Salesperson.objects.all()
    of_the_brand = Salesperson.objects.filter(brand_id=user.brand_id)
    if user.is_staff:
        return of_the_brand
    return of_the_brand.filter(
        Q(user=user) | Q(leader__user=user, leader__is_squad_leader=True, leader__is_active=True)
    )
